import Experiments
import PromotionRun
import Quantities
import Results
import Runs
import Scenarios

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
          + "if any did.", .note
      )
        + list("The slowest", "slowest", run.slowest)
        + list("Failed", "failed", run.failures + (try failures(digest, rerun)))
    }
  }

  /// The stories of the devices that failed in the first replications of which there are any, but for replication 1.
  private static func failures(_ digest: DeviceDigest?, _ rerun: Rerun) throws -> [ExplainedDevice] {
    var scenario = rerun.scenario
    // Results may name devices that their scenario does not have.
    let known = (digest?.failed ?? []).filter { (UInt32($0.device) ?? 0).isDevice(of: scenario) }
    let failed = Dictionary(grouping: known) { Int($0.replication) ?? 1 }
    scenario.network.limits = rerun.limits
    return try failed.keys.filter { (2...max(2, scenario.replications)).contains($0) }.sorted().prefix(
      furtherReplications
    ).flatMap { replication in
      try DeviceStory.stories(
        of: (failed[replication] ?? []).prefix(furtherDevices).compactMap { UInt32($0.device) }, in: scenario.network,
        seed: scenario.seed, replication: replication
      )
      // Others were switched off, or a limit of the rerun ended it before them.
      .filter { $0.ending == .failed }
      .map { ExplainedDevice($0, in: scenario, replication: replication) }
    }
  }

  /// In how many further replications failed devices are followed, and how many in each.
  private static let (furtherReplications, furtherDevices) = (2, 5)

  private static func list(_ title: String, _ id: String, _ devices: [ExplainedDevice]) -> PagePart {
    guard !devices.isEmpty else { return PagePart() }
    return devices.reduce(.heading(title, id: "stories-" + id)) { part, device in
      let (number, replication) = (device.story.device, device.replication)
      return part
        + story(
          (replication > 1 ? "replication \(replication), " : "") + device.line, device.text,
          id: replication > 1 ? "story-\(replication)-\(number)" : "story-\(number)")
    }
  }

  private static func story(_ line: String, _ text: String, id: String) -> PagePart {
    .folded(line, id: id, PagePart(html: HTML.element("pre", text, "class=\"story\"") + "\n"))
  }

  private static func recorded(_ folder: ResultsFolder) throws -> PagePart {
    guard let run = try RecordedRun(folder, replication: 1) else { return PagePart() }
    return try run.named.reduce(.text("What the server and the devices of run 1 wrote down.", .note)) { part, named in
      try part + (run.story(of: named.device).map { story(named.line, $0, id: "story-\(named.device)") } ?? PagePart())
    }
  }
}

extension UInt32 {
  fileprivate func isDevice(of scenario: Scenario) -> Bool { self >= 1 && UInt64(self) <= UInt64(scenario.devices) }
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
