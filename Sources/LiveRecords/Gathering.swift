import Quantities
import Results
import Scenarios
import Timebase

/// What `gapcast gather` found: the records of servers and devices, joined to runs.
package struct Gathering: Sendable {
  /// The runs in the order of their beginnings.
  package private(set) var runs: [JoinedRun] = []
  /// What was left out, and why.
  package private(set) var notes: [String] = []
  private static let deepest = 3

  /// Reads everything at and below some paths.
  ///
  /// - Throws: a ``LiveRecordsError`` if a path does not exist, or there is no record.
  package init(_ paths: [String]) throws {
    var recordings: [Recording] = []
    for path in paths {
      guard Workspace.exists(path) else { throw LiveRecordsError.missing(path: path) }
      try read(path, depth: 0, into: &recordings)
    }
    guard !recordings.isEmpty else { throw LiveRecordsError.noRecords(paths: paths) }
    join(recordings)
  }

  private mutating func read(_ path: String, depth: Int, into recordings: inout [Recording]) throws {
    if path.hasSuffix(".journal") { return readJournal(path, into: &recordings) }
    guard let names = try? Workspace.names(in: path) else { return }
    guard !names.contains(ResultFile.manifest.rawValue) else {
      let folder = try ResultsFolder(at: path)
      guard folder.isLive else { return notes.append("\(path) holds simulated runs, and is left out") }
      return recordings.append(try Recording(folder))
    }
    guard depth < Self.deepest else { return }
    for name in names where !name.hasPrefix(".") {
      try read("\(path)/\(name)", depth: depth + 1, into: &recordings)
    }
  }

  /// The journal of one who was killed is a record as well.
  private mutating func readJournal(_ path: String, into recordings: inout [Recording]) {
    do { recordings.append(try Recording(journal: path)) } catch ResultsError.busy {
      notes.append("\(path) is still being written, and is left out")
    } catch {
      notes.append("\(path) is left out: \(error)")
    }
  }

  /// Joins the records of devices to the server's record that has them: the same file, and the address and port that the
  /// device asked from; for a device of MTFTP, which may have asked for nothing, the same file and group. If several have
  /// it, the one that began at the nearest time.
  private mutating func join(_ recordings: [Recording]) {
    let servers = recordings.filter { $0.header.source == .server }
    let devices = recordings.filter { $0.header.source == .device }
    var own = [[(number: Int, record: Recording)]](repeating: [], count: servers.count)
    var silent = [[Recording]](repeating: [], count: servers.count)
    var alone: [Recording] = []
    let directories = servers.map(\.askers)
    for device in devices {
      let candidates = servers.indices.compactMap { index in
        directories[index][device.header.own].flatMap {
          servers[index].header.file == device.header.file ? (index, $0) : nil
        }
      }
      func distance(_ index: Int) -> UInt64 {
        (servers[index].header.began - device.header.began).count.magnitude
      }
      if let (index, number) = candidates.min(by: { distance($0.0) < distance($1.0) }) {
        own[index].append((number, device))
      } else if device.isOfMTFTP,
        let index = servers.indices.filter({
          servers[$0].header.file == device.header.file && servers[$0].header.group == device.header.group
        }).min(by: { distance($0) < distance($1) })
      {
        silent[index].append(device)
      } else {
        alone.append(device)
      }
    }
    var joined = servers.indices.map { index in
      JoinedRun(
        server: servers[index], own: own[index],
        silent: silent[index].sorted { ($0.header.began, $0.header.own) < ($1.header.began, $1.header.own) })
    }
    if servers.isEmpty {
      let byFile = Dictionary(grouping: alone) { $0.header.file + " " + $0.header.server }
      joined += byFile.sorted { $0.key < $1.key }.compactMap { JoinedRun(own: $0.value) }
    } else {
      notes += alone.map { "the record of \($0.header.own) belongs to no server's record, and is left out" }
    }
    notes += joined.filter { $0.deviceCount == 0 }.map { "a run of \($0.header.file) without devices is left out" }
    runs = joined.filter { $0.deviceCount > 0 }.sorted {
      ($0.header.began, $0.header.server) < ($1.header.began, $1.header.server)
    }
  }

  /// Writes the directory, one replication for each run. Returns false if the same one was there already.
  ///
  /// - Parameter isForced: whether other results are replaced.
  /// - Throws: a ``LiveRecordsError``, a ``ResultsError``, or a ``ResumeError`` if other results are there.
  @discardableResult
  package func write(
    to path: String, scenario: Scenario? = nil, label: String? = nil, isForced: Bool = false
  ) throws -> Bool {
    try LiveResults.write(runs, to: path, scenario: scenario, label: label, isForced: isForced)
  }

  /// What was joined, a line for each run.
  package var text: String {
    runs.enumerated().map { index, run in
      let description = run.description(replication: index + 1)
      let error = description.clockError.map {
        ", clocks joined within \(HumanUnits.text($0, in: HumanUnits.timeScale(of: $0)))"
      }
      return "run \(index + 1): \(run.header.file) from \(run.header.server), "
        + HumanUnits.plural(run.deviceCount, "device")
        + (description.hasServer
          ? ", \(description.ownRecords) with \(description.ownRecords == 1 ? "a record" : "records") of their own\(error ?? "")"
          : ", no record of the server") + "\n"
    }.joined()
  }
}

extension Recording {
  /// The devices of a server's record, by the address and port that they asked from.
  fileprivate var askers: [String: Int] {
    var numbers: [String: Int] = [:]
    for event in events {
      if case .requested(let from) = event.event, !from.isEmpty, let device = event.device { numbers[from] = device }
    }
    return numbers
  }
}
