/// The runs of a sweep that are done: in the journal, and in the results of a finished sweep that is being extended.
final class RunStore {
  /// Where runs are appended.
  let journal: SweepJournal
  /// How many runs were there at the beginning.
  let found: Int
  private let reader: InputFile
  private var places: [RunID: SweepJournal.Place]
  private let finished: FinishedRuns?
  private let nameLength: Int

  /// Opens what there is for the results in `directory`.
  init(for directory: String, scenario: Scenario, start: Sweep.Start) throws {
    let path = SweepJournal.path(besideResults: directory)
    let design = SweepDesign(scenario)
    let survey = try SweepJournal.survey(at: path)
    let unfinished = survey.flatMap { $0.places.isEmpty || start == .restart ? nil : $0 }
    if let unfinished {
      guard start == .resume else { throw SweepError.unfinished(journal: path, runs: unfinished.places.count) }
      try design.expect(unfinished.design, of: path)
    }
    finished =
      start == .resume ? try FinishedRuns(in: directory, design: design, scenarioName: scenario.name) : nil
    journal = try unfinished.map { try SweepJournal(continuing: $0) } ?? SweepJournal(creating: path, design: design)
    places = unfinished?.places ?? [:]
    reader = try InputFile(path)
    found = Set(places.keys).union(finished?.places.keys.map { $0 } ?? []).count
    var name = CSVBuffer()
    name.append(scenario.name, columns: [.text("", "") { $0 }])
    nameLength = name.bytes.count - 1
  }

  /// Appends a run to the journal.
  func append(_ run: RunID, _ rows: RunRows) throws { places[run] = try journal.append(run, rows) }

  /// The line of a run in `runs.csv`; nil if it is not done.
  func line(of run: RunID) throws -> RunLine? {
    guard let lines = try lines(of: run, file: 0) else { return nil }
    guard let line = RunLine(lines, nameLength: nameLength) else { throw SweepError.changed(path: reader.path) }
    return line
  }

  /// A run with all its lines; nil if it is not done.
  func rows(of run: RunID) throws -> RunRows? {
    var rows = RunRows(lines: [])
    for index in RunRows.files.indices {
      guard let lines = try lines(of: run, file: index) else { return nil }
      rows.lines.append(lines)
    }
    return rows
  }

  private func lines(of run: RunID, file index: Int) throws -> [UInt8]? {
    if let finished, let place = finished.places[run] { return try finished.lines(of: place, file: index) }
    guard let place = places[run] else { return nil }
    return try reader.read(at: place.starts[index], count: Int(place.lengths[index]))
  }
}
