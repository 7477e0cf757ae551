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
  init(for directory: String, design: SweepDesign, start: Sweep.Start) throws {
    let path = SweepJournal.path(besideResults: directory)
    let survey = try SweepJournal.survey(at: path)
    let unfinished = survey.flatMap { $0.places.isEmpty || start == .restart ? nil : $0 }
    if let unfinished {
      guard start == .resume else { throw SweepError.unfinished(journal: path, runs: unfinished.places.count) }
      try design.expect(unfinished.design, of: path)
    }
    finished = start == .resume ? try FinishedRuns(in: directory, design: design) : nil
    journal = try unfinished.map { try SweepJournal(continuing: $0) } ?? SweepJournal(creating: path, design: design)
    places = unfinished?.places ?? [:]
    reader = try InputFile(path)
    found = Set(places.keys).union(finished?.places.keys.map { $0 } ?? []).count
    var name = CSVBuffer()
    name.append(design.scenarioName, columns: [.text("", "") { $0 }])
    nameLength = name.bytes.count - 1
  }

  /// Appends a run to the journal.
  func append(_ run: RunID, _ rows: RunRows) throws { places[run] = try journal.append(run, rows) }

  /// The line of a run in `runs.csv`; nil if it is not done.
  func line(of run: RunID) throws -> RunLine? {
    guard let lines = lines(of: run, file: 0) else { return nil }
    guard let line = RunLine(try lines.bytes, nameLength: nameLength) else {
      throw SweepError.changed(path: reader.path)
    }
    return line
  }

  /// A run with all its lines; nil if it is not done.
  func rows(of run: RunID) -> RunRows? {
    let lines = RunRows.files.indices.compactMap { self.lines(of: run, file: $0) }
    return lines.isEmpty ? nil : RunRows(lines: lines)
  }

  private func lines(of run: RunID, file index: Int) -> Lines? {
    if let finished, let place = finished.places[run] { return finished.lines(of: place, file: index) }
    return places[run].map { .stored(reader, at: $0.starts[index], count: $0.lengths[index]) }
  }
}
