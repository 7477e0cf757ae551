import Glibc
import Quantities
import Results
import Statistics

extension Tuning {
  /// What a person reads at the end: what was done, what is uncertain, and in the last line what to do.
  package var text: String {
    var lines = [heading, effort]
    if answers.count == 1 {
      lines += described(answer).map { "  " + $0 }
    } else {
      for answer in answers {
        lines += [label(of: answer) + ":"] + described(answer).map { "  " + $0 } + ["  → " + sentence(of: answer)]
      }
    }
    if !answer.isLimited, answer.certainty != .noneFeasible {
      lines.append("  to use it: " + chosenArguments.map(\.shellQuoted).joined(separator: " "))
    }
    return lines.joined(separator: "\n") + "\n\n" + sentence + "\n"
  }

  // MARK: - What was done

  private var heading: String {
    let candidates = design.candidates
    guard design.isOfThresholds else { return "\(context.scenario): \(objective.title), \(candidates.count) points" }
    return "\(context.scenario): \(objective.title), \(candidates.count) thresholds from \(design.name(of: 0)) to "
      + design.name(of: candidates.count - 1)
      + (design.leftOut > 0 ? " (\(leftOut), for runs are long; see --candidates)" : "")
  }

  private var leftOut: String { design.leftOut == 1 ? "1 more is left out" : "\(design.leftOut) more are left out" }

  private var effort: String {
    let replications = answers.map(\.replications).max() ?? 0
    return
      "seed \(context.seed), up to \(replications) replications, \(HumanUnits.grouped(Double(runs), decimals: 0)) runs; "
      + "a difference of \(amount(answer.indifference)) does not matter"
      + (answer.margin > answer.indifference ? ", but they tell no less than \(amount(answer.margin))" : "")
  }

  /// The name of an environment.
  func label(of answer: Answer) -> String {
    switch answer.scope {
    case .environment(let index): Self.name(of: design.environments[index].values)
    case .mean: "the mean over them"
    }
  }

  /// The name of an environment: its keys with their values.
  package static func name(of environment: [VariedKey]) -> String {
    environment.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
  }

  // MARK: - What became of the candidates

  private func described(_ answer: Answer) -> [String] {
    var lines: [String] = []
    func add(_ indices: [Int], one: String, many: String) {
      guard !indices.isEmpty else { return }
      lines.append("\(count(indices.count)) \(indices.count == 1 ? one : many): \(ranges(indices, in: answer))")
    }
    func add(_ status: Status, one: String, many: String) { add(answer.candidates(status), one: one, many: many) }
    add(.alive, one: "cannot be told apart from the choice", many: "cannot be told apart from the choice")
    add(.better, one: "seems better than the choice", many: "seem better than the choice")
    add(.eliminated, one: "is worse", many: "are worse")
    let unfit = answer.candidates(.unfit)
    add(
      unfit.filter { !answer.candidates[$0].hasNoValue },
      one: "\(isEstimated ? "seems not to" : "does not") meet what is required",
      many: "\(isEstimated ? "seem not to" : "do not") meet what is required")
    add(
      unfit.filter { answer.candidates[$0].hasNoValue }, one: "has no value in some replication",
      many: "have no value in some replication")
    lines += failingsLines(answer)
    if answer.isLimited {
      lines.append("warning: a limit ended runs of the choice; see limits: in the scenario")
    }
    return lines
  }

  /// Whether that a candidate misses what is required is an estimate: a budget ends before it is certain.
  var isEstimated: Bool { if case .budget = method { true } else { false } }

  private func count(_ count: Int) -> String {
    HumanUnits.plural(count, design.isOfThresholds ? "threshold" : "point")
  }

  /// The outcome of the default rule about devices left behind, and of the requirements.
  private func failingsLines(_ answer: Answer) -> [String] {
    var lines: [String] = []
    let failings = answer.failings(of: answer.chosen)
    if let fitness = answer.fitness, let mean = failings.mean {
      let least = answer.leastFailings
      lines.append(
        "left behind: \(HumanUnits.fixed(mean, decimals: 2)) of \(devices(of: answer)) on average, the fittest "
          + "\(HumanUnits.fixed(least, decimals: 2)); \(Self.bound(fitness.bound)) more are allowed")
    }
    for (index, requirement) in requirements.enumerated() {
      let values = SampleStatistics(answer.candidates[answer.chosen].runs.compactMap { $0.required[index] })
      guard let mean = values.mean else { continue }
      let shown = requirement.isUpper ? mean : -mean
      lines.append(
        "\(requirement.text): "
          + self.mean(shown, halfWidth: values.halfWidth, of: requirement.expression, in: answer))
    }
    return lines
  }

  /// A number of devices with two decimals, and of one that is smaller its first digit.
  private static func bound(_ devices: Double) -> String {
    HumanUnits.fixed(devices, decimals: devices > 0 && devices < 0.01 ? min(6, -Int(log10(devices).rounded(.down))) : 2)
  }

  /// How many devices there are with the choice: `14 devices`, or `14 to 20 004 devices` over several environments.
  private func devices(of answer: Answer) -> String {
    let counts = contexts(of: answer).map(\.devices)
    let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
    return (least < most ? HumanUnits.grouped(Double(least), decimals: 0) + " to " : "")
      + HumanUnits.plural(most, "device")
  }

  /// Candidates as ranges of neighbours. The choice may lie within a range of candidates that cannot be told apart from
  /// it.
  private func ranges(_ indices: [Int], in answer: Answer) -> String {
    guard design.isOfThresholds else { return listed(indices.map { design.name(of: $0) }) }
    var runs: [ClosedRange<Int>] = []
    for index in indices {
      if let last = runs.last, index == last.upperBound + 1 {
        runs[runs.count - 1] = last.lowerBound...index
      } else {
        runs.append(index...index)
      }
    }
    return listed(
      runs.map {
        $0.count == 1
          ? design.name(of: $0.lowerBound) : "\(design.name(of: $0.lowerBound)) to \(design.name(of: $0.upperBound))"
      })
  }

  private func listed(_ names: [String]) -> String {
    let most = 6
    let rest = names.count - most
    return names.prefix(most).joined(separator: design.isOfThresholds ? ", " : "; ")
      + (rest > 0 ? " … and \(rest) more (tune.csv)" : "")
  }
}
