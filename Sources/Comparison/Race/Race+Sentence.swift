import Experiments
import RunMetrics
import Quantities
import Results
import Runs

/// The answer to "is promotion worth it here?"; without promotion in the race, "which one is the best here?".
extension Race {
  /// The answer in a word.
  package enum Verdict: String, Hashable, Sendable {
    /// It is better than every other that is judged.
    case worthIt = "worth_it"
    /// Another one is better, or it leaves devices behind, beyond chance.
    case notWorthIt = "not_worth_it"
    /// Some other may be as good, or better.
    case notToldApart = "not_told_apart"
    /// Some other is as good, and none better.
    case asGood = "as_good"
    /// There is nothing that could be said.
    case unknown
  }

  /// The answer.
  package struct Answer: Sendable {
    /// The strategy that it is about.
    package let subject: Entrant
    package let verdict: Verdict
    /// The strategy that it is held against; nil if there is none.
    package let against: Entrant?
  }

  /// The answer about promotion, or without it about the best.
  package var answer: Answer {
    let subject = entrants.first { $0.name == StrategyName.promotion.rawValue } ?? entrants[0]
    let others = entrants.filter { $0.standing.isJudged && $0.name != subject.name }
    func first(_ relation: Relation) -> Entrant? { others.first { self.relation(of: subject, to: $0) == relation } }
    guard subject.standing.isJudged else {
      let isUnfit = subject.isSurelyUnfit && !others.isEmpty
      return Answer(subject: subject, verdict: isUnfit ? .notWorthIt : .unknown, against: others.first)
    }
    guard let next = others.first else { return Answer(subject: subject, verdict: .worthIt, against: nil) }
    if let better = first(.worse) { return Answer(subject: subject, verdict: .notWorthIt, against: better) }
    if let open = first(.open) { return Answer(subject: subject, verdict: .notToldApart, against: open) }
    if let same = first(.same) { return Answer(subject: subject, verdict: .asGood, against: same) }
    return Answer(subject: subject, verdict: .worthIt, against: next)
  }

  /// The answer in a sentence: is promotion worth it here, against what, by how much, and how sure is that?
  package var sentence: String {
    guard !entrants.isEmpty else { return "No strategy has a run that could be judged." }
    let answer = answer
    let (subject, words) = (answer.subject, RaceWords(self))
    let name = subject.name.prefix(1).uppercased() + subject.name.dropFirst()
    let isPromotion = subject.name == StrategyName.promotion.rawValue
    let parts: [String?]
    switch (answer.verdict, answer.against) {
    case (.unknown, _):
      return "\(name) cannot be judged here: \(words.fault(of: subject))."
    case (.worthIt, nil):
      parts = ["\(name) is the only one to judge here: " + words.claim(subject)]
    case (.worthIt, let next?):
      parts = [
        "\(name) is \(isPromotion ? "worth it" : "the best") here: \(words.claim(subject)), "
          + words.comparison(of: subject, to: next, as: "the next best, \(next.name)")
          + words.price(of: subject, against: next, as: "its"),
        words.besideUnicast(subject, unless: next),
      ]
    case (.notWorthIt, let better?) where subject.standing == .unfit:
      parts = [
        "\(name) is not worth it here: \(words.fault(of: subject)); the best of those that do not, \(better.name): "
          + words.claim(better)
      ]
    case (.notWorthIt, let better?):
      parts = [
        "\(name) is not worth it here: with \(better.name) \(words.claim(better)), "
          + words.comparison(of: better, to: subject, as: subject.name)
          + words.price(of: better, against: subject, as: "\(subject.name)'s"),
        words.list(
          "%@ %is better too",
          entrants.filter { $0.name != better.name && self.relation(of: $0, to: subject) == .better }),
      ]
    case (.notToldApart, let other?):
      parts = [
        "\(name) cannot be told apart from \(other.name) here: \(words.claim(subject)), against "
          + words.doubt(of: subject, beside: other) + words.price(of: subject, against: other, as: "its"),
        words.list("nor from %@", others(.open, to: subject).filter { $0.name != other.name }),
        words.list("it is as good as %@", others(.same, to: subject)),
        words.list("it is better than %@", others(.better, to: subject)),
        words.cure(subject, other),
      ]
    case (.asGood, let other?):
      parts = [
        "\(name) makes no difference to \(words.names(others(.same, to: subject))) here: \(words.claim(subject)), "
          + words.sameness(of: subject, and: other),
        words.list("it is better than %@", others(.better, to: subject)),
      ]
    case (_, nil):
      parts = ["\(name) is alone here: " + words.claim(subject)]
    }
    let faults = entrants.filter { !$0.standing.isJudged && $0.name != subject.name }
      .map { "\($0.name) is not judged: \(words.fault(of: $0))" }
    return (parts.compactMap(\.self) + faults + [words.switchedOff].compactMap(\.self)).joined(separator: "; ") + "."
  }

  /// Whether the scenario switched devices off before they had the file, with any strategy.
  package var hasLeft: Bool { entrants.contains { $0.switchedOff > 0 } }

  /// The strategies to which the subject stands like this.
  private func others(_ relation: Relation, to subject: Entrant) -> [Entrant] {
    entrants.filter {
      $0.standing.isJudged && $0.name != subject.name && self.relation(of: subject, to: $0) == relation
    }
  }
}

/// The words of a race's sentence.
struct RaceWords {
  private let race: Race
  private let objective: MetricExpression
  private let metric: Metric?

  init(_ race: Race) {
    self.race = race
    objective = race.question.objective.expression
    metric = objective.loneMetric
  }

  /// `promotion, nack and wds`.
  func names(_ entrants: [Race.Entrant]) -> String {
    let names = entrants.map(\.name)
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The names in the place of `%@`, and a verb in that of `%is`; nil without any names.
  func list(_ text: String, _ entrants: [Race.Entrant]) -> String? {
    guard !entrants.isEmpty else { return nil }
    return text.replacing("%@", with: names(entrants)).replacing("%is", with: entrants.count == 1 ? "is" : "are")
  }

  /// The objective of a strategy: `the last device has the file after 3.2 s`.
  func claim(_ entrant: Race.Entrant) -> String {
    let value = value(entrant)
    return switch metric {
    case .makespan: "the last device has the file after \(value)"
    case .completionP95: "95 % of the devices have the file within \(value) of their join"
    case .completionMean: "a device has the file \(value) after its join, on average"
    case .serverBytes: "the server sends \(value)"
    default: "\(race.question.objective.title) is \(value)"
    }
  }

  /// `41 % sooner than with nack (5.4 s; 95 % sure: 38 to 44 %)`.
  func comparison(of entrant: Race.Entrant, to other: Race.Entrant, as name: String) -> String {
    guard let difference = race.difference(of: other, to: entrant), let interval = difference.interval else {
      return ""
    }
    let base = other.mean ?? 0
    guard base != 0 else { return "\(direction(1)) than with \(name) (\(value(other)))" }
    // A share of what may be negative says nothing.
    if metric == nil, min(base, entrant.mean ?? 0) <= 0 {
      func amount(_ value: Double) -> String { race.question.text(value) }
      return "\(direction(1)) by \(amount(difference.mean)) than with \(name) (\(value(other)); \(sure): "
        + "\(amount(interval.lowerBound)) to \(amount(interval.upperBound)))"
    }
    // No metric is negative, so nothing can be less by more than all of it, whatever Student's t thinks.
    let most = metric == nil ? Double.infinity : 100
    func percent(_ value: Double) -> String {
      let percent = min(100 * value / base.magnitude, most)
      return Self.number(percent, digits: (99..<100).contains(percent) ? 3 : 2)
    }
    return "\(percent(difference.mean)) % \(direction(1)) than with \(name) (\(value(other)); \(sure): "
      + "\(percent(interval.lowerBound)) to \(percent(interval.upperBound)) %)"
  }

  /// `5.4 s with nack (95 % sure: from 0.3 s sooner to 0.5 s later)`. A share could be more than all of it.
  func doubt(of entrant: Race.Entrant, beside other: Race.Entrant) -> String {
    let text = "\(value(other)) with \(other.name)"
    guard let interval = race.possibleInterval(of: entrant, to: other) else { return text }
    func end(_ value: Double) -> String { "\(race.question.text(value.magnitude)) \(direction(-value))" }
    return "\(text) (\(sure): from \(end(interval.lowerBound)) to \(end(interval.upperBound)))"
  }

  /// `the same to within 1 % (95 % sure)`.
  func sameness(of entrant: Race.Entrant, and other: Race.Entrant) -> String {
    guard let best = race.entrants.first?.mean, best != 0 else { return "with all of them (\(sure))" }
    return "the same to within \(HumanUnits.roundedPercent(race.indifference / best.magnitude)) (\(sure))"
  }

  /// What the server sends for it, or how long it takes if the bytes are the objective: `, with 1.07 × its bytes`.
  func price(of entrant: Race.Entrant, against other: Race.Entrant, as whose: String) -> String {
    let other = (metric == .serverBytes ? Metric.makespan : .serverBytes, other)
    let (mine, theirs) = (entrant.statistics(of: other.0).mean, other.1.statistics(of: other.0).mean)
    guard let mine, let theirs, theirs > 0 else { return "" }
    return
      ", with \(Self.number(mine / theirs, digits: mine < theirs ? 2 : 3)) × \(whose) \(other.0 == .makespan ? "time" : "bytes")"
  }

  /// How many times as fast as plain TFTP it is, or how many times less it takes.
  func besideUnicast(_ entrant: Race.Entrant, unless next: Race.Entrant) -> String? {
    let plain = race.entrants.first { $0.name == StrategyName.unicast.rawValue }
    guard let plain, plain.name != next.name, plain.standing.isJudged, let mine = entrant.mean, mine > 0,
      let theirs = plain.mean, theirs > mine
    else { return nil }
    let ratio = Self.number(theirs / mine)
    return race.question.objective.unit == .seconds
      ? "against plain unicast it is \(ratio) times as fast" : "plain unicast has \(ratio) times as much"
  }

  /// How the doubt could end.
  func cure(_ entrant: Race.Entrant, _ other: Race.Entrant) -> String {
    guard race.replications > 1 else { return "one replication tells nothing apart: give more with --replications" }
    let needed = race.replicationsNeeded(entrant, other).map {
      "about " + HumanUnits.grouped(Double(Self.rounded($0)), decimals: 0)
    }
    return "\(needed ?? "more than a billion") replications would tell"
  }

  /// Why a strategy is not judged.
  func fault(of entrant: Race.Entrant) -> String {
    guard entrant.standing == .unfit else {
      return "\(race.question.objective.title) has no value in some replication"
    }
    let limit = entrant.limited > 0 ? ", and a limit ended \(HumanUnits.plural(entrant.limited, "run"))" : ""
    let chance = entrant.isSurelyUnfit ? "" : ", which may be chance: more --replications would tell"
    return "it leaves \(Self.number(entrant.leftBehind, digits: 3)) of "
      + "\(HumanUnits.plural(race.devices, "device")) without the file, on average\(limit)\(chance)"
  }

  /// How many devices were switched off without the file, where that depends on the strategy: a strategy is fast too where
  /// the slow devices have gone.
  var switchedOff: String? {
    let judged = race.entrants.filter(\.standing.isJudged)
    guard let fewest = judged.map(\.switchedOff).min(), judged.contains(where: { $0.switchedOff > fewest }) else {
      return nil
    }
    let counts = judged.map { "\($0.name) \(Self.number($0.switchedOff, digits: 3))" }.joined(separator: ", ")
    return "not all served the same devices: of \(race.devices) so many were switched off before they had the file, on "
      + "average: \(counts)"
  }

  private func value(_ entrant: Race.Entrant) -> String { race.question.text(entrant.mean ?? 0) }

  private var sure: String { "\(HumanUnits.exactPercent(race.question.confidence)) sure" }

  /// The word for less of the objective, or for more of it.
  private func direction(_ gain: Double) -> String {
    switch race.question.objective.unit {
    case .seconds where metric != nil: gain >= 0 ? "sooner" : "later"
    case .bytes: gain >= 0 ? "less" : "more"
    default: gain >= 0 ? "lower" : "higher"
    }
  }

  /// A number with two digits that count, or more before the point.
  private static func number(_ value: Double, digits: Int = 2) -> String {
    guard value.isFinite else { return "–" }
    var (decimals, bound) = (digits - 1, 10.0)
    while decimals > 0, value.magnitude >= bound { (decimals, bound) = (decimals - 1, bound * 10) }
    if value.magnitude < 1 { decimals += 1 }
    let text = HumanUnits.grouped(value, decimals: decimals)
    guard text.contains(".") else { return text }
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }

  /// A count with two digits that count, upwards.
  private static func rounded(_ count: Int) -> Int {
    var step = 1
    while count / step >= 100 { step *= 10 }
    return (count + step - 1) / step * step
  }
}
