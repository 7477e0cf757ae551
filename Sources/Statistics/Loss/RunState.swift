import Glibc

/// The run that is under way, and when it may end.
struct RunState {
  private let law: RunsLaw
  private var received: RunEnds
  private var lost: RunEnds
  private var isLost = false
  /// The packets of the run so far; 0 before the first packet.
  private var age = 0
  /// Of the first run nobody knows how many packets it had before.
  private var isFirst = true

  init(_ law: RunsLaw) {
    self.law = law
    received = RunEnds(law.received)
    lost = RunEnds(law.lost)
  }

  /// The probability that the next packet is lost.
  mutating func loss() -> Double {
    guard age > 0 else { return law.lossShare }
    let end =
      isLost ? lost.probability(at: age, isResidual: isFirst) : received.probability(at: age, isResidual: isFirst)
    return isLost ? 1 - end : end
  }

  mutating func observe(_ isLost: Bool) {
    if age > 0, self.isLost != isLost { (age, isFirst) = (0, false) }
    self.isLost = isLost
    age += 1
  }
}

/// The probabilities that runs of one law end after so many packets.
private struct RunEnds {
  /// From this age on the end is as likely as there: a log-series is nearly geometric that far out.
  private static let oldest = 1 << 20

  private let law: RunLengthLaw
  /// Of a log-series, the probability to be at least as long as n ÷ that to be just as long, from n = 1 on.
  private var ratios: [Double] = []

  init(_ law: RunLengthLaw) { self.law = law }

  /// - Parameter isResidual: whether the run was under way already when it was first seen.
  mutating func probability(at age: Int, isResidual: Bool) -> Double {
    switch law {
    case .geometric(let p): return p
    case .constant(let length):
      guard isResidual else { return age == length ? 1 : 0 }
      return age < length ? 1 / Double(length - age + 1) : 1
    case .poisson, .weighted:
      let (tail, sum) = (law.tail(age), law.sumOfTails(age))
      if isResidual { return sum > tail ? tail / sum : 1 }
      return tail > 0 ? min(1, exp(law.logMass(age)) / tail) : 1
    case .logarithmic(let p):
      let age = min(age, Self.oldest)
      while ratios.count < age { extend(p) }
      guard isResidual else { return 1 / ratios[age - 1] }
      // By their logarithms: far out both are too small.
      let tail = exp(law.logMass(age) + log(ratios[age - 1]))
      let sum = exp(Double(age) * log(p)) / ((1 - p) * -log1p(-p)) - Double(age - 1) * tail
      return sum > 0 ? min(1, tail / sum) : 1 / ratios[age - 1]
    }
  }

  /// Doubles the table. The ratio at its end is a sum; those before it follow from it, which keeps their digits.
  private mutating func extend(_ p: Double) {
    let (first, last) = (ratios.count + 1, max(64, 2 * ratios.count))
    var (ratio, power, n) = (0.0, 1.0, Double(last))
    while power > 1e-17 * ratio {
      ratio += power * Double(last) / n
      power *= p
      n += 1
    }
    var piece = [ratio]
    for n in stride(from: last - 1, through: first, by: -1) {
      ratio = 1 + p * Double(n) / Double(n + 1) * ratio
      piece.append(ratio)
    }
    ratios += piece.reversed()
  }
}
