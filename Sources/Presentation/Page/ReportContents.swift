import Comparison
import Experiments
import Glibc
import RunMetrics
import Results

extension Metric {
  /// The unit in which people read a value.
  func displayUnit(for value: Double) -> DisplayUnit {
    switch unit {
    case .seconds: .seconds(upTo: value.magnitude)
    case .bytes: .bytes(upTo: value.magnitude)
    case .fraction: DisplayUnit(name: "%", size: 0.01)
    default: DisplayUnit(name: "", size: 1)
    }
  }

  /// A mean with half the width of its interval, if it has one.
  func text(_ estimate: Estimate) -> String {
    let unit = displayUnit(for: estimate.mean)
    return estimate.text(in: unit) + (unit.name.isEmpty ? "" : " " + unit.name)
  }
}

extension DataTable {
  /// A table of results, unchanged.
  init(_ table: CSVTable) { self.init(header: table.header, rows: table.rows) }
}

/// What a report says first, and its tables, depending on which command wrote the directory.
struct ReportContents: Sendable {
  /// The sentence before everything else, if there is one.
  var lead = ""
  var figures: [KeyFigure] = []
  /// A table that stands beside the figures, with its caption, if there is one.
  var main: (caption: String, table: DataTable)?
  /// What the figures mean, in a sentence or two each.
  var meaning: [String] = []
  /// Tables with their headings, and the file that has each table in full.
  var tables: [(title: String, table: DataTable, file: String)] = []

  init(_ folder: ResultsFolder) throws {
    switch folder.kind {
    case .run: try addRun(folder)
    case .sweep: try folder.isRace ? addRace(folder) : addSweep(folder)
    case .tune: try addTuning(folder)
    }
  }

  private static let first: [Metric] = [
    .makespan, .completionP95, .promotionRate, .sessions, .serverBytes, .gapBytesMean, .failed,
  ]

  private mutating func addRun(_ folder: ResultsFolder) throws {
    let point = try SweepData(folder).points[0]
    let replications = try folder.table(.runs).rows.count
    for metric in Self.first {
      guard let estimate = point[metric] else { continue }
      figures.append(
        KeyFigure(
          label: metric.title, value: metric.text(estimate),
          note: estimate.high > estimate.low
            ? "mean, 95 % confidence interval of \(replications) replications"
            : replications > 1 ? "the same in all \(replications) replications" : "one replication"))
    }
    tables = [("Every metric", Self.metrics(try folder.table(.summary)), ResultFile.summary.rawValue)]
    tables.append(("Replications", DataTable(try folder.table(.runs)), ResultFile.runs.rawValue))
    tables.append(("Sessions", DataTable(try folder.table(.sessions)), ResultFile.sessions.rawValue))
    if folder.has(.segments) {
      tables.append(("Segments", DataTable(try folder.table(.segments)), ResultFile.segments.rawValue))
    }
  }

  /// The summary of a run, without the columns that are the same in all rows, and with numbers of six digits.
  private static func metrics(_ summary: CSVTable) -> DataTable {
    let columns = summary.header.indices.filter { !["scenario", "point"].contains(summary.header[$0]) }
    let rows = summary.rows.map { row in
      columns.map { column -> String in
        guard row[column].contains("."), let number = CSVTable.number(row[column]) else { return row[column] }
        let digits = number == 0 ? 0 : log10(number.magnitude).rounded(.down) + 1
        let places = Double(pow(10, min(6, max(0, 6 - digits))))
        return GnuplotScript.number((number * places).rounded() / places)
      }
    }
    return DataTable(header: columns.map { summary.header[$0] }, rows: rows)
  }

  private mutating func addSweep(_ folder: ResultsFolder) throws {
    let data = try SweepData(folder)
    figures.append(
      KeyFigure(label: "Points", value: "\(data.points.count)", note: "of " + data.keys.joined(separator: " × ")))
    addChoices(data, try data.choices(folder))
    let metrics = Self.first + [.promoted]
    tables += [
      (
        "Points",
        DataTable(
          header: ["point"] + data.keys + metrics.map(\.title),
          rows: data.points.map { point in
            [point.number] + point.values
              + metrics.map { metric in point[metric].map(metric.text) ?? "" }
          }), ResultFile.summary.rawValue
      )
    ]
  }

  /// Where the metrics are least: figures if there is one environment, and always a table.
  private mutating func addChoices(_ data: SweepData, _ choices: SweepChoices) {
    guard let first = choices.choices.first else { return }
    let (keys, environment) = (choices.keys.joined(separator: ", "), choices.environment.joined(separator: ", "))
    if choices.environment.isEmpty {
      lead =
        "\(first.metric.title) is least at \(SweepChoice.text(first.first.values)), as far as "
        + "\(first.replications) replications can tell: \(first.note)."
      for choice in choices.choices {
        let metric = choice.metric
        let value =
          data.point(choice.first.number)?[metric].map(metric.text) ?? choice.meanText(choice.first)
        let place = zip(choices.keys, choice.first.values).map { "\($0) = \($1)" }.joined(separator: ", ")
        figures.append(KeyFigure(label: "Least: \(metric.title)", value: value, note: "at \(place); \(choice.note)"))
      }
    } else {
      lead =
        "Nobody chooses \(environment): the table “Where it is least” names the best \(keys) for each of its values."
    }
    tables.append(
      (
        "Where it is least: \(choices.method)",
        DataTable(
          header: choices.environment + ["metric", keys, "mean", "how sure"],
          rows: choices.choices.map { choice in
            choice.environment + [
              choice.metric.title, SweepChoice.text(choice.first.values),
              choice.meanText(choice.first), choice.note,
            ]
          }), ResultFile.runs.rawValue
      ))
  }

  private mutating func addTuning(_ folder: ResultsFolder) throws {
    let table = try folder.table(.tune)
    let data = try TuneData(folder)
    let candidates = data.candidates
    lead = data.outcome.sentence ?? ""
    func bytes(_ value: Double) -> String { DisplayUnit.bytes(upTo: value).text(value) }
    if let choice = data.choice {
      figures.append(
        KeyFigure(
          label: "The threshold", value: bytes(choice.threshold),
          note: "the choice; exactly \(GnuplotScript.number(choice.threshold)) B"))
      figures.append(
        KeyFigure(
          label: data.label, value: choice.objective.text(in: DisplayUnit(name: "", size: 1)),
          note: "mean, 95 % confidence interval"))
      if let rate = choice.promotionRate {
        figures.append(
          KeyFigure(label: Metric.promotionRate.title, value: DisplayUnit.short(rate * 100) + " %", note: ""))
      }
    }
    figures.append(
      KeyFigure(
        label: "Candidates", value: "\(candidates.count)",
        note: "\(candidates.count { $0.status == "alive" }) not told apart from the choice, "
          + "\(candidates.count { $0.status == "eliminated" }) eliminated"))
    tables = [("Candidates", DataTable(table), ResultFile.tune.rawValue)]
  }
}
