import Results

/// A source of the lines of finished runs.
protocol RunSource: AnyObject {
  /// The name of the files in messages.
  var path: String { get }
  /// The bytes of the scenario's name in the files.
  var nameLength: Int { get }
  /// A run with all its lines; nil if it is not finished.
  func rows(of run: RunID) throws -> RunRows?
}

extension RunSource {
  /// The line of a run in `runs.csv`; nil if it is not finished.
  package func line(of run: RunID) throws -> RunLine? {
    try rows(of: run).map(line)
  }

  /// The line in `runs.csv` among a run's lines.
  package func line(in rows: RunRows) throws -> RunLine {
    guard let line = RunLine(try rows[.runs].bytes, nameLength: nameLength) else {
      throw ResultsError.damaged(path: path)
    }
    return line
  }

  /// The metrics of the cohorts in a run's lines, in the order of ``Metric/ofCohorts``.
  package func cohorts(in rows: RunRows, of run: RunID, at context: RunContext) throws -> [[Double?]] {
    guard let cohorts = CohortLines(try rows[.cohorts].bytes, of: context, replication: run.replication) else {
      throw ResultsError.damaged(path: path)
    }
    return cohorts.metrics
  }

  /// How busy the segments were, from a run's lines.
  package func segments(in rows: RunRows, of run: RunID, at context: RunContext) throws -> [SegmentSummary] {
    guard let lines = SegmentLines(try rows[.segments].bytes, of: context, replication: run.replication) else {
      throw ResultsError.damaged(path: path)
    }
    return lines.segments
  }
}

extension CSVBuffer {
  /// How many bytes a text takes as a field.
  static func length(of text: String) -> Int {
    var buffer = CSVBuffer()
    buffer.append(text, columns: [.text("", "") { $0 }])
    return buffer.bytes.count - 1
  }
}
