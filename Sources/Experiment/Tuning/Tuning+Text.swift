import Glibc

extension Tuning {
  /// What a person reads at the end: what was done, what is not known, and in the last line what to do.
  package var text: String {
    var lines = [heading, effort]
    if let rivals = described(notToldApart) { lines.append("  \(rivals) cannot be told apart from the choice") }
    let unfit = candidates.indices.filter { candidates[$0].isUnfit }
    if let unfit = described(unfit) {
      lines.append("  \(unfit) eliminated for leaving devices without the file, or for runs that a limit ended")
    }
    let others = candidates.indices.filter { candidates[$0].status == .eliminated && !candidates[$0].isUnfit }
    if let others = described(others) { lines.append("  \(others) eliminated for what they cost") }
    if desertions > 0 {
      lines.append("  warning: the choice left \(desertions) devices without the file in all its replications together")
    }
    if endedByLimit { lines.append("  warning: a limit ended runs of the choice; see limits: in the scenario") }
    lines.append("  to use it: --set 'protocol.promotion.threshold=\(threshold) B'")
    return lines.joined(separator: "\n") + "\n\n" + sentence + "\n"
  }

  /// What to do, and how sure that is.
  package var sentence: String {
    let statistics = statistics(of: chosen)
    let half = statistics.halfWidth
    let scale = scale(of: statistics.mean ?? 0)
    let decimals = Self.decimals(for: half.map { $0 / scale.size })
    var text = "\(advice): \(objective.title) "
    text += HumanUnits.grouped((statistics.mean ?? 0) / scale.size, decimals: decimals) + Self.spaced(scale.name)
    if let half { text += " ± " + HumanUnits.fixed(half / scale.size, decimals: decimals) }
    if let saving { text += ", " + saving }
    return text + ", " + certainty
  }

  private var advice: String {
    if threshold == 0 { return "promote nobody" }
    if threshold > context.file.size { return "promote everybody, with a threshold above the file's size" }
    return "promote below " + Self.bytes(threshold)
  }

  private var certainty: String {
    let margin = amount(indifference)
    switch method {
    case .confidence(let confidence):
      guard isSettled else {
        return "the best of what \(HumanUnits.grouped(Double(replications), decimals: 0)) replications show, "
          + "but others cannot be told apart from it"
      }
      return "at least as good as any other threshold to within \(margin) with \(Self.percent(confidence)) confidence"
    case .budget(let runs):
      let probability = min(probability, 0.999)
      return "the best after \(HumanUnits.grouped(Double(min(runs, self.runs)), decimals: 0)) runs; "
        + "with an estimated probability of \(Self.percent(probability)) or more no other threshold is better by \(margin)"
    }
  }

  /// The comparison with promoting nobody, if that is a candidate.
  private var saving: String? {
    guard let none = candidates.firstIndex(where: { $0.threshold == 0 }), none != chosen else { return nil }
    let difference = difference(of: none, from: chosen)
    let common = SampleStatistics(candidates[none].runs.prefix(difference.count).compactMap(\.objective))
    guard let mean = difference.mean, let base = common.mean, base != 0 else { return nil }
    if let interval = difference.confidenceInterval, interval.contains(0) {
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

  private var desertions: Int { candidates[chosen].runs.reduce(0) { $0 + $1.deserted } }

  private var heading: String {
    let ends = "\(Self.bytes(candidates[0].threshold)) to \(Self.bytes(candidates[candidates.count - 1].threshold))"
    return "\(context.scenario): \(objective.title), \(candidates.count) thresholds from \(ends)"
  }

  private var effort: String {
    "seed \(context.seed), up to \(replications) replications, \(HumanUnits.grouped(Double(runs), decimals: 0)) runs; "
      + "a difference of \(amount(indifference)) does not matter"
  }

  /// `12 thresholds from 16.00 KiB to 1.00 MiB`; nil for none.
  private func described(_ indices: [Int]) -> String? {
    guard let first = indices.first, let last = indices.last else { return nil }
    if first == last { return "1 threshold, \(Self.bytes(candidates[first].threshold))," }
    let ends = "\(Self.bytes(candidates[first].threshold)) to \(Self.bytes(candidates[last].threshold))"
    return "\(indices.count) thresholds from \(ends)"
  }

  /// A value of the objective with its unit and three digits that count.
  private func amount(_ value: Double) -> String {
    let scale = scale(of: value)
    let scaled = value / scale.size
    let decimals = scaled > 0 ? max(0, min(6, 2 - Int(log10(scaled).rounded(.down)))) : 0
    return HumanUnits.fixed(scaled, decimals: decimals) + Self.spaced(scale.name)
  }

  private func scale(of value: Double) -> HumanUnits.Scale {
    switch objective.unit {
    case .seconds: HumanUnits.timeScale(of: value)
    case .bytes: HumanUnits.byteScale(of: value)
    default: HumanUnits.Scale(name: "", size: 1, decimals: 3)
    }
  }

  private static func bytes(_ count: UInt64) -> String {
    HumanUnits.text(Double(count), in: HumanUnits.byteScale(of: Double(count)))
  }

  private static func spaced(_ unit: String) -> String { unit.isEmpty ? "" : " " + unit }

  /// So many that a half-width shows two digits that count.
  private static func decimals(for half: Double?) -> Int {
    guard let half, half > 0 else { return 3 }
    return max(0, min(6, 1 - Int(log10(half).rounded(.down))))
  }

  private static func percent(_ share: Double) -> String {
    let percent = 100 * share
    let isPlain = (10..<90).contains(percent) || (percent * 10).rounded().truncatingRemainder(dividingBy: 10) == 0
    return HumanUnits.fixed(percent, decimals: isPlain ? 0 : 1) + " %"
  }
}
