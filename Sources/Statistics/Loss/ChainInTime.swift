import Glibc

/// A hidden chain that goes by time (N13): its stays are exponential, and a packet's fate is drawn in the state of its
/// instant.
package struct ChainInTime: HiddenChain {
  package static let stayScale = ParameterScale.positive

  /// The mean stay in good, in seconds.
  package let good: Double
  /// The mean stay in bad, in seconds.
  package let bad: Double
  package let lossInGood: Double
  package let lossInBad: Double
  /// How fast the state is forgotten, by second.
  private let forgetting: Double

  package init(good: Double, bad: Double, lossInGood: Double, lossInBad: Double) {
    (self.good, self.bad, self.lossInGood, self.lossInBad) = (good, bad, lossInGood, lossInBad)
    forgetting = 1 / good + 1 / bad
  }

  package init(stays: SIMD2<Double>, lossInGood: Double, lossInBad: Double) {
    self.init(good: stays.x, bad: stays.y, lossInGood: lossInGood, lossInBad: lossInBad)
  }

  package var stays: SIMD2<Double> { SIMD2(good, bad) }
  package var badShare: Double { bad / (good + bad) }

  package func memory(after passed: Double) -> Double { exp(-forgetting * passed) }

  /// The forward algorithm, packet by packet: the chain is seen at the packets' instants.
  package func logLikelihood(of data: LossData) -> Double {
    let memories = data.steps.intervals.map { memory(after: $0) }
    return memories.withUnsafeBufferPointer { memories in
      data.steps.positions.withUnsafeBufferPointer { positions in
        data.steps.fates.withUnsafeBufferPointer { forward($0, positions, memories) }
      }
    }
  }

  /// What ``StateFilter`` does, written out: this loop is most of the work of a fit.
  private func forward(
    _ fates: UnsafeBufferPointer<Bool>, _ positions: UnsafeBufferPointer<Int32>, _ memories: UnsafeBufferPointer<Double>
  ) -> Double {
    let stationary = badShare
    let (passedInGood, passedInBad) = (1 - lossInGood, 1 - lossInBad)
    var (total, product, isBad) = (0.0, 1.0, stationary)
    var packet = 0
    while packet < fates.count {
      let position = positions[packet]
      isBad = position < 0 ? stationary : stationary + memories[Int(position)] * (isBad - stationary)
      let isLost = fates[packet]
      let inBad = isBad * (isLost ? lossInBad : passedInBad)
      let likelihood = inBad + (1 - isBad) * (isLost ? lossInGood : passedInGood)
      guard likelihood > 0 else { return -.infinity }
      isBad = inBad / likelihood
      product *= likelihood
      if product < 1e-200 {
        total += log(product)
        product = 1
      }
      packet += 1
    }
    return total + log(product)
  }
}
