import Experiments
import Quantities
import Results
import RunMetrics

/// What a report says of a sweep.
extension ReportContents {
  private static let ofPoints: [Metric] = [
    .makespan, .completionP95, .serverBytes, .promotionRate, .promoted, .sessions, .gapBytesMean, .failed,
  ]
  /// The most surroundings whose answers stand on the first screen.
  private static let mostAnswers = 4
  private static let tablePlace = PagePart.Place(id: "t-points", title: "The points")

  mutating func addSweep() throws {
    let (data, runs) = (try SweepData(folder), try folder.table(.runs))
    let names = Dictionary(data.points.map { ($0.number, SweepChoice.text($0.values)) }) { first, _ in first }
    try addTroubles(runs, names)
    let choices = try data.choices(folder)
    addChoices(data, choices)
    addEffects(data, try SweepSamples(runs, without: choices.unfit), try folder.rareDelays())
    add("s-pareto", "Time against bytes", pictures.take("time-bytes"))
    addPictures(of: data)
    let means = Self.ofPoints.map { metric in metric.cells(data.points.map { $0[metric] }) }
    var points = PageTable(
      id: "t-points", caption: "Points: \(Estimate.legend(means.joined().map(\.text)))",
      header: ["point"] + data.keys + Self.ofPoints.map(\.short),
      rows: data.points.enumerated().map { row, point in
        [PageTable.Cell(point.number)] + point.values.map(Self.value) + means.map { $0[row] }
      })
    points.anchor = ("points", ["point"])
    add("s-points", "Points", .table(points) + source(.summary))
  }

  private mutating func addPictures(of data: SweepData) {
    let maps = pictures.take(prefix: "map-")
    let rest = pictures.takeRest()
    add("s-lines", data.keys.count == 1 ? "Over \(data.keys[0])" : "Over the keys", rest)
    add("s-maps", "Maps over both keys", maps)
  }

  private mutating func addTroubles(_ runs: CSVTable, _ names: [String: String]) throws {
    let failed = folder.manifest.sweep?.failedRuns ?? []
    if let first = failed.first {
      troubles.append(
        Remark(
          .bad,
          "\(HumanUnits.plural(failed.count, "run")) contradicted the protocol's rules and have no results; first, "
            + "point \(first.point), replication \(first.replication): \(first.reason).", at: Self.tablePlace))
    }
    troubles += try Troubles(runs) { names[$0] ?? "point \($0)" }
      .remarks(devices: Self.tablePlace, sessions: Self.tablePlace, table: Self.tablePlace)
  }

  /// A value of a key: sorted as the number that it is, if it is one.
  private static func value(_ text: String) -> PageTable.Cell {
    PageTable.Cell(text, value: VariedValue(text).number)
  }

  /// Where the metrics are least: figures if there is one environment, and always a table.
  private mutating func addChoices(_ data: SweepData, _ choices: SweepChoices) {
    // What is to be said of a share is said of all its results.
    if folder.manifest.share == nil, let reason = choices.whyNone { verdict.append(Remark(.plain, reason)) }
    guard let first = choices.choices.first else { return }
    let place = PagePart.Place(id: "s-least", title: "Where it is least")
    let (keys, environment) = (choices.keys.joined(separator: ", "), choices.environment.joined(separator: ", "))
    if choices.environment.isEmpty {
      verdict.append(
        Remark(
          .plain,
          "\(first.metric.title) \(first.claim), as far as "
            + "\(HumanUnits.plural(first.replications, "replication")) can tell: \(first.note).", at: place))
      for choice in choices.choices {
        let metric = choice.metric
        let value = data.point(choice.first.number)?[metric].map(metric.text) ?? choice.meanText(choice.first)
        let values = zip(choices.keys, choice.first.values).map { "\($0) = \($1)" }.joined(separator: ", ")
        figures.append(KeyFigure(label: "Least: \(metric.title)", value: value, note: "at \(values); \(choice.note)"))
      }
    } else {
      verdict.append(
        Remark(.plain, "Nobody chooses \(environment): there is an answer for each of its values.", at: place))
      verdict += choices.choices.filter { $0.metric == first.metric }.prefix(Self.mostAnswers).map { choice in
        Remark(
          .plain,
          "At \(SweepChoice.text(choice.environment)): \(choice.metric.short) \(choice.meanText(choice.first)) at "
            + "\(keys) \(SweepChoice.text(choice.first.values)); \(choice.note).")
      }
      verdict += choices.refused.prefix(Self.mostAnswers).map { environment, leftOut in
        Remark(.warning, "At \(SweepChoice.text(environment)): no point is recommended, for \(leftOut.reason).")
      }
    }
    add(
      place.id, place.title,
      .table(
        PageTable(
          id: "t-least", caption: choices.method, header: choices.environment + ["metric", keys, "mean", "how sure"],
          rows: choices.choices.map { choice in
            choice.environment.map(Self.value) + [
              PageTable.Cell(choice.metric.title), Self.value(SweepChoice.text(choice.first.values)),
              PageTable.Cell(choice.meanText(choice.first), value: choice.first.mean), PageTable.Cell(choice.note),
            ]
          }
        ).wrapping()) + source(.runs))
  }
}
