import CGSL
import Glibc
import RandomStreams

/// A law of the length of a run, which has at least one packet. The `runs` of a scenario know it by the same name.
package enum RunLengthLaw: Hashable, Sendable {
  /// Each packet of the run is its last one with probability p.
  case geometric(p: Double)
  /// Fisher's log-series: few long runs beside many short ones.
  case logarithmic(p: Double)
  /// Always as long.
  case constant(Int)
  /// The Poisson law of a mean so large that a length of 0 does not occur.
  case poisson(mean: Double)
  /// One of some lengths, ascending, whose weights add up to 1.
  case weighted([WeightedLength])

  /// The least mean of a Poisson law of lengths: of a million runs less than one has no packet.
  package static let leastPoissonMean = 14.0

  /// The mean length.
  package var mean: Double {
    switch self {
    case .geometric(let p): 1 / p
    case .logarithmic(let p): -p / ((1 - p) * log1p(-p))
    case .constant(let length): Double(length)
    case .poisson(let mean): mean
    case .weighted(let lengths): lengths.reduce(0) { $0 + $1.weight * Double($1.length) }
    }
  }

  /// The logarithm of the probability of a length.
  package func logMass(_ length: Int) -> Double {
    switch self {
    case .geometric(let p): Double(length - 1) * log1p(-p) + log(p)
    case .logarithmic(let p): Double(length) * log(p) - log(Double(length)) - log(-log1p(-p))
    case .constant(let constant): length == constant ? 0 : -.infinity
    case .poisson(let mean): Double(length) * log(mean) - mean - lgamma(Double(length) + 1)
    case .weighted(let lengths): lengths.first { $0.length == length }.map { log($0.weight) } ?? -.infinity
    }
  }

  /// The probability of a length of at least `length`.
  package func tail(_ length: Int) -> Double {
    switch self {
    case .geometric(let p): exp(Double(length - 1) * log1p(-p))
    case .logarithmic(let p): Self.logarithmicTail(p, length)
    case .constant(let constant): length <= constant ? 1 : 0
    case .poisson(let mean): Self.poissonTail(mean, length)
    case .weighted(let lengths): lengths.reduce(0) { $1.length >= length ? $0 + $1.weight : $0 }
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
    case .poisson(let mean):
      max(0, mean * Self.poissonTail(mean, length - 1) - Double(length - 1) * Self.poissonTail(mean, length))
    case .weighted(let lengths):
      lengths.reduce(0) { $0 + $1.weight * Double(max(0, $1.length - length + 1)) }
    }
  }

  private static func poissonTail(_ mean: Double, _ length: Int) -> Double {
    guard length > 0 else { return 1 }
    GSL.prepare()
    return gsl_cdf_poisson_Q(UInt32(clamping: length - 1), mean)
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
