import Glibc

/// A chain of a good and a bad state that nobody sees, in which packets are lost with different probabilities.
///
/// E. N. Gilbert, "Capacity of a burst-noise channel", Bell System Technical Journal 39 (1960), loses nothing in the good
/// state; E. O. Elliott, "Estimates of error rates for codes on burst-noise channels", BSTJ 42 (1963), loses something in
/// both. What is often called the simple Gilbert model loses nothing in good and everything in bad, so that the state is
/// seen. Each sequence starts in the stationary state.
package protocol HiddenChain: Hashable, Sendable {
  /// How the parameters of the stays are transformed for the search.
  static var stayScale: ParameterScale { get }
  /// The parameters of the stays in good and in bad.
  var stays: SIMD2<Double> { get }
  /// The probability of loss in good.
  var lossInGood: Double { get }
  /// The probability of loss in bad.
  var lossInBad: Double { get }
  /// The share of packets, or of time, in bad.
  var badShare: Double { get }

  init(stays: SIMD2<Double>, lossInGood: Double, lossInBad: Double)

  /// What is left of the knowledge of the state at the next packet, `passed` seconds later: 1 if the state stays, 0 if
  /// nothing is left.
  func memory(after passed: Double) -> Double

  /// The logarithm of the probability of the data.
  func logLikelihood(of data: LossData) -> Double
}

extension HiddenChain {
  /// The same chain with its states the other way round, if more is lost in good than in bad.
  func ordered() -> Self {
    guard lossInGood > lossInBad else { return self }
    return Self(stays: swapped, lossInGood: lossInBad, lossInBad: lossInGood)
  }

  private var swapped: SIMD2<Double> { SIMD2(stays.y, stays.x) }

  /// The mean share of lost packets.
  package var lossShare: Double { (1 - badShare) * lossInGood + badShare * lossInBad }
}

/// What is known of the state of a chain, from what became of the packets so far.
struct StateFilter<Chain: HiddenChain> {
  private let chain: Chain
  private let stationary: Double
  /// The probability of bad at the next packet.
  private var bad: Double

  init(_ chain: Chain) {
    self.chain = chain
    stationary = chain.badShare
    bad = stationary
  }

  /// Lets time pass from one packet to the next.
  @inline(__always)
  mutating func advance(_ passed: Double) { bad = stationary + chain.memory(after: passed) * (bad - stationary) }

  /// The probability that the next packet is lost.
  @inline(__always)
  var loss: Double { (1 - bad) * chain.lossInGood + bad * chain.lossInBad }

  /// Takes what became of the packet, and returns how likely that was.
  @inline(__always)
  mutating func observe(_ isLost: Bool) -> Double {
    let inBad = bad * (isLost ? chain.lossInBad : 1 - chain.lossInBad)
    let likelihood = inBad + (1 - bad) * (isLost ? chain.lossInGood : 1 - chain.lossInGood)
    bad = likelihood > 0 ? inBad / likelihood : stationary
    return likelihood
  }
}
