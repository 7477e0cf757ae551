import Results

/// The finished runs of a sweep: in the journal, and in the results of a finished sweep that is being extended.
final class RunStore: RunSource {
  /// Where runs are appended.
  let journal: Journal
  /// How many runs existed at the start.
  let found: Int
  let nameLength: Int
  private var places: [RunID: Journal.Place] = [:]
  private let finished: FinishedRuns?

  /// Opens the journal for the results in `directory`, together with finished runs that are kept.
  init(for directory: String, design: SweepDesign, finished: FinishedRuns?, start: Journal.Start) throws {
    journal = try Journal(at: Journal.path(besideResults: directory), design: design.text, start: start)
    self.finished = finished
    for (key, place) in journal.found {
      if let run = RunID(key: key) { places[run] = place }
    }
    found = Set(places.keys).union(finished?.places.keys.map { $0 } ?? []).count
    nameLength = CSVBuffer.length(of: design.scenarioName)
  }

  var path: String { journal.path }

  /// Appends a run to the journal.
  func append(_ run: RunID, _ rows: RunRows) throws {
    places[run] = try journal.append(key: run.key, parts: rows.lines)
  }

  /// A run with all its lines; nil if it is not finished.
  func rows(of run: RunID) throws -> RunRows? {
    if let rows = finished?.rows(of: run) { return rows }
    guard let place = places[run] else { return nil }
    let lines = try journal.parts(at: place)
    guard lines.count == RunRows.files.count else { throw ResultsError.damaged(path: journal.path) }
    return RunRows(lines: lines)
  }
}

extension RunID {
  /// The run's name in a journal.
  package var key: String { "\(point)/\(replication)" }

  /// The run with this name in a journal; nil if there can be none.
  init?(key: String) {
    let numbers = key.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let point = numbers[0], let replication = numbers[1] else { return nil }
    self.init(point: point, replication: replication)
  }
}
