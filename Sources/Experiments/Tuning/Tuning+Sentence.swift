import Glibc
import Quantities
import RunMetrics
import Statistics

extension Tuning {
  /// What to do, and how sure that is; with environments on average, and in which of them there is no answer.
  package var sentence: String {
    guard answers.count > 1 else { return sentence(of: answer) }
    func none(_ words: String, _ isMeant: (Answer) -> Bool) -> String {
      let environments = isMeant(answer) ? [] : answers.dropLast().filter(isMeant)
      return environments.isEmpty ? "" : "; \(words) with " + environments.map(label).joined(separator: "; ")
    }
    return "on average over \(answers.count - 1) environments: " + sentence(of: answer)
      + none("no answer yet") { $0.certainty.isOpen && !$0.isLimited }
      + none("no answer") { $0.certainty == .noneFeasible || $0.isLimited }
  }

  /// What to do, and how sure that is.
  package func sentence(of answer: Answer) -> String {
    let value = value(of: answer)
    if answer.isLimited, answer.certainty != .noneFeasible {
      let runs = answer.candidates[answer.chosen].runs
      return
        "no answer: a limit ended \(runs.count(where: \.isLimited)) of \(HumanUnits.plural(runs.count, "run")) of "
        + "\(name(answer.chosen)), and no other \(noun) does better; raise the limits of the scenario (limits:)"
    }
    switch answer.certainty {
    case .noneFeasible:
      return
        "no answer: no \(noun) \(isEstimated ? "seems to meet" : "meets") what is required (\(required)); "
        + "\(name(answer.chosen)) misses it least: \(value)"
    case .undecided:
      return
        "no answer yet: after \(HumanUnits.plural(answer.replications, "replication")) \(name(answer.chosen)) looks best "
        + "(\(value)), but \(doubts(answer)); \(remedy(answer))"
    case .estimated(let probability) where answer.certainty.isOpen:
      return
        "no answer yet: after \(HumanUnits.grouped(Double(runs), decimals: 0)) runs \(name(answer.chosen)) looks best "
        + "(\(value)), but with an estimated probability of only "
        + (probability < 0.01 ? "1 % or less" : Self.percent(probability))
        + (requirements.isEmpty ? "" : " it meets what is required and")
        + " no other \(noun) is better by \(amount(answer.margin)); \(remedy(answer))"
    case .settled, .fitnessOpen, .estimated:
      return advice(answer) + ": " + value + (saving(answer).map { ", " + $0 } ?? "") + ", " + promise(answer)
    }
  }

  private var noun: String { design.isOfThresholds ? "threshold" : "point" }

  private var required: String { requirements.map(\.text).joined(separator: ", ") }

  private func name(_ index: Int) -> String {
    design.isOfThresholds ? "a threshold of " + design.name(of: index) : design.name(of: index)
  }

  /// What is not known.
  private func doubts(_ answer: Answer) -> String {
    let doubt = answer.doubt
    var doubts: [String] = []
    if isAboutObjective(answer) {
      doubts.append(rivals(answer))
    }
    if !doubt.limits.isEmpty {
      let open = doubt.limits.map { requirements[$0].text }.joined(separator: ", ")
      doubts.append("it is not known whether it meets what is required (\(open))")
    }
    if doubt.isAboutFitness { doubts.append("it is not known whether it leaves more devices behind than another one") }
    return doubts.joined(separator: ", and ")
  }

  /// Whether another candidate may be better, as far as is known.
  private func isAboutObjective(_ answer: Answer) -> Bool {
    answer.doubt.isOnlyAboutObjective || answer.doubt.isAboutObjective || !answer.candidates(.better).isEmpty
  }

  /// What leads to an answer, or to one of less: more runs, and a larger difference or tolerance where that is in doubt.
  private func remedy(_ answer: Answer) -> String {
    let doubt = answer.doubt
    var remedies: [String]
    if case .budget = method, !endedByReplications {
      remedies = ["give more with --budget"]
    } else {
      let more = "give more with --max-replications"
      remedies = [more + (endedByReplications ? ", which ended it before --budget did" : "")]
    }
    if isAboutObjective(answer) {
      remedies.append("a larger --indifference")
    }
    if !doubt.limits.isEmpty { remedies.append("a larger tolerance in --require (± behind the limit)") }
    if doubt.isAboutFitness { remedies.append("a --require about failed_devices with a tolerance (±)") }
    return remedies.joined(separator: ", or ")
  }

  /// Whether the most replications of a candidate were reached before the budget was spent.
  private var endedByReplications: Bool {
    guard case .budget(let budget) = method else { return false }
    let environments = design.environments.count
    return runs < budget / environments * environments && answers.contains { $0.replications >= mostReplications }
  }

  /// Which candidates may still be better, and by how much.
  private func rivals(_ answer: Answer) -> String {
    let better = answer.candidates(.better)
    if let first = better.first { return "\(name(first)) seems better still" }
    let alive = answer.candidates(.alive)
    let most = alive.compactMap { answer.interval(of: $0, from: answer.chosen)?.lowerBound }.min()
      .map { answer.scale.unscaled(-$0) }
    if let most, most >= answer.indifference {
      return "\(HumanUnits.plural(alive.count, "other")) cannot be told apart from it and may be better by up to "
        + amount(most)
    }
    // Each interval holds with 95 % by itself, and the answer for all candidates together.
    return "that no other \(noun) is better by \(amount(answer.indifference)) is not certain enough"
  }

  private func advice(_ answer: Answer) -> String {
    guard design.isOfThresholds else { return "choose " + design.name(of: answer.chosen) }
    let threshold = design.candidates[answer.chosen].threshold
    if threshold == 0 { return "promote nobody" }
    if threshold > largestFile(of: answer) {
      let files = answers.count > 1 && answer.scope == .mean ? "each file's" : "the file's"
      return "promote everybody, with a threshold above \(files) size"
    }
    return "promote below " + design.name(of: answer.chosen)
  }

  /// The objective of the choice with its interval.
  private func value(of answer: Answer) -> String {
    let statistics = answer.scaled(of: answer.chosen)
    return objective.title + " "
      + mean(
        answer.scale.unscaled(statistics.mean ?? 0), halfWidth: statistics.halfWidth.map(answer.scale.unscaled),
        of: objective.expression, in: answer)
  }

  /// A mean with its interval, which ends at what is possible in the answer's environment; nil for the answer that counts.
  func mean(
    _ mean: Double, halfWidth: Double?, of expression: MetricExpression, in answer: Answer? = nil
  ) -> String {
    let scale = Self.scale(of: mean, expression.unit)
    let decimals = Self.decimals(for: halfWidth.map { $0 / scale.size })
    let isTiny = mean / scale.size != 0 && (mean / scale.size).magnitude < Self.tiny
    func number(_ value: Double) -> String { Self.number(value / scale.size, decimals: decimals, isTiny: isTiny) }
    guard let halfWidth else { return number(mean) + Self.spaced(scale.name) }
    let worlds = contexts(of: answer ?? self.answer)
    let possible = expression.possible(
      in: design.isOfThresholds && worlds.count == 1 ? worlds[0].extent : Metric.Extent())
    let estimate = Estimate(mean: mean, low: mean - halfWidth, high: mean + halfWidth, within: possible)
    return estimate.text(number) + Self.spaced(scale.name)
  }

  private func promise(_ answer: Answer) -> String {
    let margin = amount(answer.margin)
    switch (method, answer.certainty) {
    case (_, .estimated(let probability)):
      return "the best after \(HumanUnits.grouped(Double(runs), decimals: 0)) runs; with an estimated probability of "
        + "\(Self.percent(min(probability, 0.999))) or more no other \(noun) is better by \(margin)"
    case (.confidence(let confidence), let certainty):
      let rivals = noun + restriction(answer)
      return
        "at least as good as any other \(rivals) to within \(margin) with \(HumanUnits.exactPercent(confidence)) confidence"
        + (certainty == .fitnessOpen
          ? "; \(HumanUnits.plural(answer.replications, "replication")) are too few to show that it leaves no more devices "
            + "behind than another one" : "")
    case (.budget, _): return "the best of what was run"
    }
  }

  /// Which other candidates a promise is about.
  private func restriction(_ answer: Answer) -> String {
    guard requirements.isEmpty else { return " that meets what is required" }
    let leaves = answer.candidates.contains { candidate in
      if case .infeasible(.fitness) = candidate.standing { true } else { false }
    }
    return leaves ? " that leaves as few devices behind" : ""
  }

  /// The comparison with promoting no device, if that is a candidate.
  private func saving(_ answer: Answer) -> String? {
    guard design.isOfThresholds, let none = design.candidates.firstIndex(where: { $0.threshold == 0 }),
      none != answer.chosen
    else { return nil }
    let difference = answer.difference(of: none, from: answer.chosen)
    let common = answer.candidates[none].runs.prefix(difference.count).compactMap {
      $0.objective.map(answer.scale.scaled)
    }
    guard let mean = difference.mean, let base = SampleStatistics(common).mean, base != 0 else { return nil }
    if let interval = answer.interval(of: none, from: answer.chosen), interval.contains(0) {
      return "not to be told apart from no promotion"
    }
    let words =
      switch objective.unit {
      case .seconds: ("shorter", "longer")
      case .bytes: ("less", "more")
      default: ("lower", "higher")
      }
    let share = mean / base.magnitude
    return "\(Self.percent(share.magnitude)) \(share > 0 ? words.0 : words.1) than no promotion"
  }

  // MARK: - Numbers

  /// A value of the objective with its unit and three significant digits.
  package func amount(_ value: Double) -> String {
    let scale = Self.scale(of: value, objective.unit)
    let scaled = value / scale.size
    return Self.number(scaled, decimals: Self.decimals(for: scaled, digits: 3), isTiny: scaled.magnitude < Self.tiny)
      + Self.spaced(scale.name)
  }

  private static func scale(of value: Double, _ unit: MetricUnit?) -> HumanUnits.Scale {
    switch unit {
    case .seconds: HumanUnits.timeScale(of: value)
    case .bytes: HumanUnits.byteScale(of: value)
    default: HumanUnits.Scale(name: "", size: 1, decimals: 3)
    }
  }

  private static func spaced(_ unit: String) -> String { unit.isEmpty ? "" : " " + unit }

  /// Numbers below have no three digits among six decimals.
  private static let tiny = 1e-4

  /// A number with its decimals, or with a power of ten if it has too many digits to read, or is tiny.
  private static func number(_ value: Double, decimals: Int, isTiny: Bool) -> String {
    guard value.magnitude >= 1e15 || isTiny && value != 0 else { return HumanUnits.grouped(value, decimals: decimals) }
    guard value.isFinite else { return "–" }
    let exponent = Int(log10(value.magnitude).rounded(.down))
    return HumanUnits.fixed(value / pow(10, Double(exponent)), decimals: 3) + "e\(exponent)"
  }

  /// The number of decimals for two significant digits, or for as many as wanted.
  private static func decimals(for value: Double?, digits: Int = 2) -> Int {
    guard let value, value > 0, value.isFinite else { return digits == 2 ? 3 : 0 }
    return max(0, min(6, digits - 1 - Int(log10(value).rounded(.down))))
  }

  private static func percent(_ share: Double, least: Double) -> String {
    share < least ? "less than \(percent(least))" : percent(share)
  }

  private static func percent(_ share: Double) -> String {
    let percent = 100 * share
    let isPlain = (10..<90).contains(percent) || (percent * 10).rounded().truncatingRemainder(dividingBy: 10) == 0
    return HumanUnits.fixed(percent, decimals: isPlain ? 0 : 1) + " %"
  }
}
