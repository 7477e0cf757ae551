/// The runs of a sweep that are done: in the journal, and in the results of a finished sweep that is being extended.
final class RunStore {
  /// Where runs are appended.
  let journal: Journal
  /// How many runs were there at the beginning.
  let found: Int
  private var places: [RunID: Journal.Place] = [:]
  private let finished: FinishedRuns?
  private let nameLength: Int

  /// Opens what there is for the results in `directory`.
  init(for directory: String, design: SweepDesign, start: Journal.Start) throws {
    journal = try Journal(at: Journal.path(besideResults: directory), design: design.text, start: start)
    do {
      finished = start == .resume ? try FinishedRuns(in: directory, design: design) : nil
    } catch {
      journal.leave()
      throw error
    }
    for (key, place) in journal.found {
      if let run = RunID(key: key) { places[run] = place }
    }
    found = Set(places.keys).union(finished?.places.keys.map { $0 } ?? []).count
    var name = CSVBuffer()
    name.append(design.scenarioName, columns: [.text("", "") { $0 }])
    nameLength = name.bytes.count - 1
  }

  /// Appends a run to the journal.
  func append(_ run: RunID, _ rows: RunRows) throws {
    places[run] = try journal.append(key: run.key, parts: rows.lines)
  }

  /// The line of a run in `runs.csv`; nil if it is not done.
  func line(of run: RunID) throws -> RunLine? {
    guard let rows = try rows(of: run) else { return nil }
    guard let line = RunLine(try rows[.runs].bytes, nameLength: nameLength) else {
      throw ResultsError.damaged(path: journal.path)
    }
    return line
  }

  /// The metrics of a run's cohorts, each in the order of `CohortsTable.metrics`; none if it is not done.
  func cohorts(of run: RunID, at context: RunContext) throws -> [[Double?]] {
    guard let rows = try rows(of: run) else { return [] }
    guard let lines = CohortLines(try rows[.cohorts].bytes, of: context, replication: run.replication) else {
      throw ResultsError.damaged(path: journal.path)
    }
    return lines.metrics
  }

  /// A run with all its lines; nil if it is not done.
  func rows(of run: RunID) throws -> RunRows? {
    if let finished, let place = finished.places[run] {
      return RunRows(lines: RunRows.files.indices.map { finished.lines(of: place, file: $0) })
    }
    guard let place = places[run] else { return nil }
    let lines = try journal.parts(at: place)
    guard lines.count == RunRows.files.count else { throw ResultsError.damaged(path: journal.path) }
    return RunRows(lines: lines)
  }
}

extension RunID {
  /// The run's name in a journal.
  var key: String { "\(point)/\(replication)" }

  /// The run that is called so in a journal; nil if none can be.
  init?(key: String) {
    let numbers = key.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let point = numbers[0], let replication = numbers[1] else { return nil }
    self.init(point: point, replication: replication)
  }
}
