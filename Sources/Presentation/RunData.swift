import Experiments
import FoundationEssentials
import LiveRecords
import Network
import Quantities
import Results
import Runs
import Scenarios

/// The data from which the pictures of a run are drawn.
struct RunData: Sendable {
  /// The data of one device in one replication that pictures show.
  struct Device: Sendable {
    /// The replication, from 0 in the order of the file.
    var replication: Int
    var cohort: Int
    /// Seconds from the join to the last missing block; nil if it was never complete.
    var completion: Double?
    /// The total gap at its first check in bytes; nil if it never checked.
    var gapBytes: Double?
    /// What became of it in the end.
    var fate: DeviceFate
  }

  /// What devices did not get, of what had passed all ports above them.
  struct DeviceLosses: Sendable {
    /// Frames that their links dropped.
    var linkDrops = 0.0
    /// Packets that the losses of their paths took.
    var paths = 0.0
    /// Packets that did not fit into their buffers.
    var overruns = 0.0

    fileprivate mutating func add(_ counts: [Double]) {
      linkDrops += counts[0]
      paths += counts[1]
      overruns += counts[2]
    }
  }

  let folder: ResultsFolder
  /// The network of the scenario; an empty one if this program cannot read the scenario.
  let network: NetworkConfiguration
  /// What was run; nil if this program cannot read the scenario.
  let configuration: SimulationConfiguration?
  /// The names of the cohorts, in the order of their first devices.
  private(set) var cohorts: [String] = []
  /// All devices of all replications.
  private(set) var devices: [Device] = []
  /// The losses of all devices of all replications, by the name of their segment.
  private(set) var lossesOfDevices: [String: DeviceLosses] = [:]
  /// How many replications there are.
  let replications: Int
  /// The replications in `devices.csv`, in its order.
  private(set) var replicationNames: [String] = []
  /// The threshold in bytes; nil if nobody can be promoted.
  let threshold: Double?
  /// The blocks of the file.
  let blocks: Int
  /// The name of the scenario.
  let scenario: String
  /// The first replication, run again.
  let rerun: Result<Rerun, any Error>
  /// What a live run wrote down in the first replication; nil for a simulated one.
  let recorded: RecordedDetail?

  /// Reads a directory of a plain run, and runs its first replication again.
  init(_ folder: ResultsFolder, rerun cost: Rerun.Cost = .little) throws {
    self.folder = folder
    let runs = try folder.table(.runs)
    replications = runs.rows.count
    guard replications > 0 else {
      throw CSVError(path: runs.path, line: 2, "there is no row; a run has one for each replication")
    }
    scenario = runs.rows[0][try runs.column("scenario")]
    let promotes = try !runs.rows[0][runs.column("threshold_bytes")].isEmpty
    threshold = promotes ? try Self.whole(runs, "threshold_bytes") : nil
    blocks = Int(try Self.whole(runs, "blocks"))
    let manifest = folder.manifest
    let parsed = try? Scenario.parse(text: manifest.scenario, file: ResultFile.manifest.rawValue).scenario
    configuration = parsed?.network
    network = configuration?.network ?? NetworkConfiguration(cohorts: [])
    rerun = Result { try Rerun(manifest, replication: 1, samples: 240, runs: runs, cost: cost) }
    recorded = folder.isLive ? try RecordedDetail(folder, replication: 1) : nil
    if hasDevices { try readDevices() }
  }

  /// The gaps of the devices of the first replication at their first checks, as they lie in the file; nil if they are not
  /// known.
  var firstGaps: [DeviceGaps]? {
    if let recorded { return recorded.firstGaps }
    return if case .success(let rerun) = rerun { rerun.record.firstGaps } else { nil }
  }

  /// What had been sent in the first replication, over time; nil if it is not known.
  var sent: [TimelineSample]? {
    // A live server waits for latecomers long after the last packet.
    if let recorded {
      let silence = recorded.sent.dropLast().reversed().prefix { $0.sent == recorded.sent.last?.sent }.count
      return recorded.sent.dropLast(silence)
    }
    return if case .success(let rerun) = rerun { rerun.record.timeline } else { nil }
  }

  /// The roles that the devices of the first replication entered, device by device; nil if they are not known.
  var roleChanges: [RoleChange]? {
    if let recorded { return recorded.roleChanges }
    return if case .success(let rerun) = rerun { rerun.record.roleChanges } else { nil }
  }

  /// The first replication or the first live run, in words.
  var firstName: String { folder.isLive ? "run 1" : "replication 1" }

  /// What a picture of all replications was made of, and what it shows of them.
  func subtitle(_ parts: String...) -> String {
    Subtitle.text(scenario, [HumanUnits.plural(replications, folder.isLive ? "run" : "replication")] + parts)
  }

  /// What a picture of the first replication was made of, and what it shows of it.
  func subtitleOfFirst(_ parts: String...) -> String {
    Subtitle.text(scenario, ["\(firstName) of \(replications)"] + parts)
  }

  /// How many devices the first replication has.
  var devicesOfFirst: Int {
    if case .success(let rerun) = rerun { return rerun.record.devices.count }
    return network.cohorts.reduce(0) { $0 + $1.count }
  }

  /// Whether there are segments, links or buffers (N10, N11).
  var hasPorts: Bool {
    !network.segments.isEmpty || network.cohorts.contains { $0.link != nil || $0.receiver != nil }
  }

  /// Whether the run wrote its devices.
  var hasDevices: Bool { folder.has(.devices) }

  private static func whole(_ runs: CSVTable, _ name: String) throws -> Double {
    let column = try runs.column(name)
    guard let number = try runs.number(0, column), number >= 0, number < 1e18, number == number.rounded() else {
      throw CSVError(path: runs.path, line: runs.line(ofRow: 0), column: name, "a whole number is expected")
    }
    return number
  }

  private mutating func readDevices() throws {
    var reader = try folder.reader(.devices)
    let (path, header) = (reader.path, reader.header)
    let cohort = try CSVTable.column("cohort", in: header, of: path)
    let numbers = try ["join_s", "completed_s", "gap_bytes"].map { try CSVTable.column($0, in: header, of: path) }
    let replication = try CSVTable.column("replication", in: header, of: path)
    let roles = try CSVTable.column("roles", in: header, of: path)
    // Earlier versions did not write all of these.
    let segment = header.firstIndex(of: "segment")
    let losses = ["link_drops", "lost_packets", "overruns"].map { header.firstIndex(of: $0) }
    while let (line, fields) = try reader.next() {
      lossesOfDevices[segment.map { fields[$0] } ?? "", default: DeviceLosses()].add(
        losses.map { column in column.flatMap { CSVTable.number(fields[$0]) } ?? 0 })
      let values = try numbers.map { column -> Double? in
        if fields[column].isEmpty { return nil }
        guard let number = CSVTable.number(fields[column]) else {
          throw CSVError(
            path: path, line: line, column: header[column], "'\(fields[column].printable.prefix(60))' is not a number")
        }
        return number
      }
      let index = cohorts.firstIndex(of: fields[cohort]) ?? cohorts.count
      if index == cohorts.count { cohorts.append(fields[cohort]) }
      if replicationNames.last != fields[replication] { replicationNames.append(fields[replication]) }
      devices.append(
        Device(
          replication: replicationNames.count - 1, cohort: index,
          completion: values[1].map { max(0, $0 - (values[0] ?? 0)) }, gapBytes: values[2],
          fate: DeviceFate(roles: fields[roles], isComplete: values[1] != nil)))
    }
  }
}
