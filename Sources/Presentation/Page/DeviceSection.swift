import Experiments
import PromotionRun
import Quantities
import Results
import Runs

/// What a page says of single devices: the last of each replication, those that never got everything, and the stories of
/// the slowest and the failed ones of the first replication.
struct DeviceSection: Sendable {
  let body: PagePart

  init(_ folder: ResultsFolder, _ digest: DeviceDigest?, _ data: RunData?) throws {
    var body = try Self.stories(folder, digest, data)
    if let digest { body += Self.failed(digest) + Self.last(digest) }
    self.body = body
  }

  private static func last(_ digest: DeviceDigest) -> PagePart {
    guard !digest.last.isEmpty else { return PagePart() }
    let table = PageTable(
      id: "t-last", caption: "The last device of each replication", header: digest.header,
      rows: digest.last.map { $0.cells })
    return .folded(table.caption, isOpen: false, .table(table))
  }

  private static func failed(_ digest: DeviceDigest) -> PagePart {
    guard digest.failedCount > 0 else { return PagePart() }
    var table = PageTable(
      id: "t-failed", caption: "Devices that never got everything", header: digest.header,
      rows: digest.failed.map { $0.cells })
    table.total = digest.failedCount
    table.elsewhere = "devices.csv has all."
    return .folded(
      "\(table.caption): \(HumanUnits.plural(digest.failedCount, "device")) of all replications",
      isOpen: digest.failedCount <= 25,
      .table(table))
  }

  // MARK: - Stories

  private static func stories(_ folder: ResultsFolder, _ digest: DeviceDigest?, _ data: RunData?) throws -> PagePart {
    if folder.isLive { return try recorded(folder) }
    guard let data else { return PagePart() }
    switch data.rerun {
    case .failure(let error):
      return .text(
        "What happened to them, and why, is not told: \(error). 'gapsim explain' tells it of any device.", .note)
    case .success(let rerun):
      guard rerun.scenario.network.strategy.isOfPromotionEngine else {
        return .text("What happened to a single device, and why, is told of multicast TFTP with promotion only.", .note)
      }
      let run = try ExplainedRun(of: rerun.scenario, replication: 1, record: rerun.record)
      return .text(
        "What 'gapsim explain' tells of them. Replication 1 was run again for this, and the next ones in which devices failed, "
          + "if any did.", .note)) { part, named in
      try part + (run.story(of: named.device).map { story(named.line, $0, id: "story-\(named.device)") } ?? PagePart())
    }
  }
}

extension DeviceDigest.Device {
  fileprivate var cells: [PageTable.Cell] { fields.map { PageTable.Cell($0) } }
}

extension DeviceDigest {
  /// All devices, as far as the page has room.
  var table: PageTable {
    var table = PageTable(id: "t-devices", caption: "Devices", DataTable(header: header, rows: rows))
    table.anchor = ("devices", ["replication", "device"])
    table.total = count
    table.elsewhere = "devices.csv has all."
    return table
  }
}
