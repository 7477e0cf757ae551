import Glibc

/// A law of the length of a run, which has at least one packet. The `runs` of a scenario know it by the same name.
package enum RunLengthLaw: Hashable, Sendable {
  /// Each packet of the run is its last one with probability p.
  case geometric(p: Double)
  /// Fisher's log-series: few long runs beside many short ones.
  case logarithmic(p: Double)
  /// Always as long.
  case constant(Int)

  /// The mean length.
  package var mean: Double {
    switch self {
    case .geometric(let p): 1 / p
    case .logarithmic(let p): -p / ((1 - p) * log1p(-p))
    case .constant(let length): Double(length)
    }
  }

  /// The logarithm of the probability of a length.
  package func logMass(_ length: Int) -> Double {
    switch self {
    case .geometric(let p): Double(length - 1) * log1p(-p) + log(p)
    case .logarithmic(let p): Double(length) * log(p) - log(Double(length)) - log(-log1p(-p))
    case .constant(let constant): length == constant ? 0 : -.infinity
    }
  }

  /// The probability of a length of at least `length`.
  package func tail(_ length: Int) -> Double {
    switch self {
    case .geometric(let p): exp(Double(length - 1) * log1p(-p))
    case .logarithmic(let p): Self.logarithmicTail(p, length)
    case .constant(let constant): length <= constant ? 1 : 0
    }
  }

  /// The sum of the tails from `length` on. Divided by the mean it is the probability that of a run that is under way at
  /// some packet at least so many packets are left.
  package func sumOfTails(_ length: Int) -> Double {
    switch self {
    case .geometric(let p): exp(Double(length - 1) * log1p(-p)) / p
    case .logarithmic(let p):
      max(0, -exp(Double(length) * log(p)) / ((1 - p) * log1p(-p)) - Double(length - 1) * tail(length))
    case .constant(let constant): Double(max(0, constant - length + 1))
    }
  }

  /// From the beginning of the series where the tail is most of it, or else from its end: a difference would have no
  /// digits left.
  private static func logarithmicTail(_ p: Double, _ length: Int) -> Double {
    let factor = -1 / log1p(-p)
    var (power, sum) = (1.0, 0.0)
    for n in stride(from: 1, to: length, by: 1) {
      power *= p
      sum += power / Double(n)
    }
    let tail = 1 - factor * sum
    guard tail < 1e-6 else { return min(1, tail) }
    var term = exp(Double(length) * log(p))
    (sum, power) = (0, Double(length))
    while term / power > 1e-17 * sum, term > 0 {
      sum += term / power
      term *= p
      power += 1
    }
    return factor * sum
  }
}
