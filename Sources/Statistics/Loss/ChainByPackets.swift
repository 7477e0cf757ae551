import Glibc

/// A hidden chain that steps once per packet, after the packet's fate is drawn (N6).
package struct ChainByPackets: HiddenChain {
  package static let stayScale = ParameterScale.probability

  /// From good to bad.
  package let p: Double
  /// From bad to good.
  package let r: Double
  package let lossInGood: Double
  package let lossInBad: Double

  package init(p: Double, r: Double, lossInGood: Double, lossInBad: Double) {
    (self.p, self.r, self.lossInGood, self.lossInBad) = (p, r, lossInGood, lossInBad)
  }

  package init(stays: SIMD2<Double>, lossInGood: Double, lossInBad: Double) {
    self.init(p: stays.x, r: stays.y, lossInGood: lossInGood, lossInBad: lossInBad)
  }

  package var stays: SIMD2<Double> { SIMD2(p, r) }
  package var badShare: Double { p + r > 0 ? p / (p + r) : 0 }

  package func memory(after passed: Double) -> Double { 1 - p - r }

  /// The forward algorithm, run by run: what a run of n packets with one fate does to the state is the n-th power of what
  /// one does. So it costs a step for each run, and the powers for each length that occurs.
  package func logLikelihood(of data: LossData) -> Double {
    let powers =
      RunMatrix.powers(of: step(isLost: false), data.lengths.received)
      + RunMatrix.powers(of: step(isLost: true), data.lengths.lost)
    var total = 0.0
    powers.withUnsafeBufferPointer { powers in
      for runs in data.positions {
        total += runs.withUnsafeBufferPointer { forward($0, powers) }
      }
    }
    return total
  }

  private func forward(_ runs: UnsafeBufferPointer<Int32>, _ powers: UnsafeBufferPointer<RunMatrix>) -> Double {
    var (good, bad) = (1 - badShare, badShare)
    var total = 0.0
    // One logarithm for many runs.
    var product = 1.0
    for run in runs {
      let power = powers[Int(run)]
      let nextGood = good * power.gg + bad * power.bg
      let nextBad = good * power.gb + bad * power.bb
      let sum = nextGood + nextBad
      guard sum > 0 else { return -.infinity }
      (good, bad) = (nextGood / sum, nextBad / sum)
      total += power.logarithm
      product *= sum
      if product < 1e-200 {
        total += log(product)
        product = 1
      }
    }
    return total + log(product)
  }

  private func step(isLost: Bool) -> RunMatrix {
    let (good, bad) = isLost ? (lossInGood, lossInBad) : (1 - lossInGood, 1 - lossInBad)
    return RunMatrix(gg: good * (1 - p), gb: good * p, bg: bad * r, bb: bad * (1 - r))
  }
}

/// What a run of packets does to the probabilities of good and bad: a matrix, and the logarithm of a factor before it.
private struct RunMatrix {
  var gg: Double
  var gb: Double
  var bg: Double
  var bb: Double
  var logarithm = 0.0

  private static let one = RunMatrix(gg: 1, gb: 0, bg: 0, bb: 1)

  /// The powers of a matrix for exponents that ascend.
  static func powers(of step: RunMatrix, _ exponents: [Int]) -> [RunMatrix] {
    var squares = [step]
    var power = one
    var reached = 0
    return exponents.map { exponent in
      var rest = exponent - reached
      reached = exponent
      var bit = 0
      while rest > 0 {
        if bit == squares.count { squares.append(squares[bit - 1].times(squares[bit - 1])) }
        if rest & 1 == 1 { power = power.times(squares[bit]) }
        rest >>= 1
        bit += 1
      }
      return power
    }
  }

  private func times(_ other: RunMatrix) -> RunMatrix {
    var product = RunMatrix(
      gg: gg * other.gg + gb * other.bg, gb: gg * other.gb + gb * other.bb,
      bg: bg * other.gg + bb * other.bg, bb: bg * other.gb + bb * other.bb,
      logarithm: logarithm + other.logarithm)
    let largest = max(max(product.gg, product.gb), max(product.bg, product.bb))
    guard largest > 0, largest < 1e-100 else { return product }
    product.gg /= largest
    product.gb /= largest
    product.bg /= largest
    product.bb /= largest
    product.logarithm += log(largest)
    return product
  }
}
