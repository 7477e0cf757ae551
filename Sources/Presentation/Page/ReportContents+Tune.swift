import Quantities
import Results
import RunMetrics

/// What a report says of a tuning.
extension ReportContents {
  private static let candidatesPlace = PagePart.Place(id: "s-candidates", title: "The candidates")

  mutating func addTuning() throws {
    let (table, data) = (try folder.table(.tune), try TuneData(folder))
    addAnswer(data)
    addFigures(data)
    add("s-objective", "The objective", pictures.take("objective"))
    add("s-pareto", "Time against bytes", pictures.take("time-bytes"))
    add(
      Self.candidatesPlace.id, "Candidates",
      .table(PageTable(id: "t-candidates", caption: "Candidates", DataTable(table, without: ["scenario"])))
        + source(.tune))
  }

  /// The tuner's sentence, and what should make a reader careful.
  private mutating func addAnswer(_ data: TuneData) {
    let (outcome, place) = (data.outcome, Self.candidatesPlace)
    let answer = outcome.answer
    if let sentence = outcome.sentence {
      let isMet = answer?.requirementsMet ?? true
      verdict.append(
        Remark(!isMet ? .bad : answer?.settled ?? true ? .good : .warning, Self.capitalised(sentence) + ".", at: place))
    }
    for other in (outcome.answers ?? []) where (outcome.answers ?? []).count > 1 {
      guard let environment = other.environment, let sentence = other.sentence else { continue }
      verdict.append(
        Remark(other.settled ?? true ? .plain : .warning, "\(Self.words(environment)): \(sentence).", at: place))
    }
    if let behind = answer?.leftBehind, behind > 0 {
      let least = answer?.leastLeftBehind ?? behind
      troubles.append(
        Remark(
          .bad,
          "With the choice, \(DisplayUnit.short(behind)) devices on average never get the image"
            + (least < behind
              ? "; the fittest candidate leaves \(DisplayUnit.short(least)) behind." : "; no candidate does better."),
          at: place))
    }
    let candidates = data.candidates
    for (status, one, many) in [
      (
        "better", "seems better than the choice: there is no answer yet",
        "seem better than the choice: there is no answer yet"
      ),
      (
        "unfit", "\(outcome.isEstimated ? "seems not to" : "does not") meet what is required",
        "\(outcome.isEstimated ? "seem not to" : "do not") meet what is required"
      ),
    ] {
      let count = candidates.count { $0.status == status }
      guard count > 0 else { continue }
      troubles.append(
        Remark(
          status == "better" ? .warning : .plain,
          "\(count) of \(candidates.count) candidates \(count == 1 ? one : many).", at: place))
    }
    addExpectations(outcome)
  }

  /// Whether the choice is what the scenario expects, in each environment.
  private mutating func addExpectations(_ outcome: TuneData.Outcome) {
    guard let expectations = outcome.expect, let first = expectations.first else { return }
    let environments = (outcome.answers ?? []).map(\.environment)
    for (index, expectation) in expectations.enumerated() {
      let environment = expectations.count > 1 && index < environments.count ? environments[index] : nil
      let place = environment.map { " with " + Self.words($0) } ?? ""
      for condition in expectation.conditions where !condition.met {
        let scope = condition.scope == "mean" ? "the mean" : "every replication"
        verdict.append(Remark(.bad, "\(condition.condition) (in \(scope)): not met by the choice\(place)."))
      }
    }
    guard expectations.allSatisfy({ $0.conditions.allSatisfy(\.met) }) else { return }
    let names = first.conditions.map(\.condition).joined(separator: ", ")
    verdict.append(Remark(.good, "The choice meets what is expected: \(names)."))
  }

  private static func words(_ environment: [String: String]) -> String {
    environment.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
  }

  private mutating func addFigures(_ data: TuneData) {
    func bytes(_ value: Double) -> String { DisplayUnit.bytes(upTo: value).text(value) }
    if let choice = data.choice {
      figures.append(
        data.isOfPoints
          ? KeyFigure(label: "The choice", value: choice.point, note: "")
          : KeyFigure(
            label: "The threshold", value: bytes(choice.threshold),
            note: "exactly \(HumanUnits.grouped(choice.threshold, decimals: 0)) B"))
      figures.append(
        KeyFigure(
          label: data.metric?.title ?? data.label,
          value: Self.text(choice.objective, of: data.metric),
          note: "the objective, with its 95 % confidence interval"))
      if let rate = choice.promotionRate {
        figures.append(
          KeyFigure(label: Metric.promotionRate.title, value: DisplayUnit.short(rate * 100) + " %", note: ""))
      }
      if let makespan = choice.makespan, data.metric != .makespan {
        figures.append(
          KeyFigure(
            label: Metric.makespan.title, value: Metric.makespan.displayUnit(for: makespan).text(makespan), note: ""))
      }
      if let sent = choice.serverBytes, data.metric != .serverBytes {
        figures.append(KeyFigure(label: Metric.serverBytes.title, value: bytes(sent), note: ""))
      }
    }
    figures.append(
      KeyFigure(
        label: "Candidates", value: "\(data.candidates.count)",
        note: "\(data.candidates.count { $0.status == "alive" }) not told apart from the choice, "
          + "\(data.candidates.count { $0.status == "eliminated" }) eliminated"))
  }

  /// The objective in the unit of the tuner's sentence, which has times in seconds.
  private static func text(_ objective: Estimate, of metric: Metric?) -> String {
    guard let metric, metric.unit != .seconds else {
      return objective.text(in: DisplayUnit(name: "", size: 1)) + (metric == nil ? "" : " s")
    }
    return metric.text(objective)
  }

  private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
