import CGSL
import RandomStreams

/// Whether runs end as a law expects: a χ² test of the lengths of runs.
///
/// A packet that follows a run of n received (or n lost) packets has a probability to be lost, by the law and by all that
/// became of the packets before it. Packets are put into classes by fate and n. In each class the lost packets are counted
/// and held against the sum of these probabilities. What differs is a sum of martingale differences, so that the classes are
/// independent and nearly normal with known variances, for chains too and at uneven instants, where the lengths of runs
/// themselves depend on each other.
///
/// Estimated parameters make the differences smaller: their covariance is I − C J⁻¹ Cᵀ, with C how expectations change with
/// the parameters, and J the information (D. W. K. Andrews, "Chi-square diagnostic tests for econometric models", Econometrica
/// 56 (1988)). So the sum of squares is no χ² but a weighted sum of such; it is taken for c χ²(d) with the same mean and
/// variance (F. E. Satterthwaite, Biometrics Bulletin 2 (1946)).
package struct RunLengthTest: Hashable, Sendable {
  /// The probability of differences at least as large.
  package let p: Double
  /// The sum of the squares of the differences.
  package let statistic: Double
  /// The degrees of freedom, as far as they are left.
  package let freedom: Double

  /// The least variance of a class: smaller ones are taken together.
  private static let leastVariance = 5.0
  /// Classes of one fate: runs of 1, 2, 3–4, 5–8, … packets.
  private static let classesPerFate = 48

  private struct Sums {
    var difference = [Double](repeating: 0, count: 2 * classesPerFate)
    var expected = [Double](repeating: 0, count: 2 * classesPerFate)
    var variance = [Double](repeating: 0, count: 2 * classesPerFate)
  }

  init?(_ estimate: LossEstimate, on data: LossData) {
    let sums = Self.sums(estimate.law, data)
    let groups = Self.groups(sums.variance)
    guard !groups.isEmpty else { return nil }
    func grouped(_ values: [Double]) -> [Double] { groups.map { $0.reduce(0) { $0 + values[$1] } } }
    let deviations = grouped(sums.variance).map { $0.squareRoot() }
    let scores = zip(grouped(sums.difference), deviations).map { $0 / $1 }
    let covariance = Self.covariance(estimate, data, deviations, grouped)
    let trace = groups.indices.reduce(0) { $0 + covariance[$1][$1] }
    let squares = covariance.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
    guard trace > 0.5 else { return nil }
    statistic = scores.reduce(0) { $0 + $1 * $1 }
    freedom = trace * trace / squares
    GSL.prepare()
    p = gsl_cdf_chisq_Q(statistic * trace / squares, freedom)
  }

  /// I − C J⁻¹ Cᵀ, by differences of the expectations to both sides of the estimates.
  private static func covariance(
    _ estimate: LossEstimate, _ data: LossData, _ deviations: [Double], _ grouped: ([Double]) -> [Double]
  ) -> [[Double]] {
    let inverse = estimate.covariance ?? []
    let changes: [[Double]] = inverse.indices.map { parameter in
      let step = 0.1 * inverse[parameter][parameter].squareRoot()
      let sides = [step, -step].map { move in
        var point = estimate.point
        point[parameter] += move
        return grouped(sums(estimate.lawAt(point), data).expected)
      }
      return zip(zip(sides[0], sides[1]), deviations).map { ($0.0 - $0.1) / (2 * step * $1) }
    }
    return deviations.indices.map { row in
      deviations.indices.map { column in
        var value = row == column ? 1.0 : 0
        for i in inverse.indices {
          for j in inverse.indices { value -= changes[i][row] * inverse[i][j] * changes[j][column] }
        }
        return value
      }
    }
  }

  private static func sums(_ law: LossLaw, _ data: LossData) -> Sums {
    var sums = Sums()
    for sequence in data.sequences {
      var prediction = LossPrediction(law)
      var (age, wasLost) = (0, false)
      sequence.forEachPacket { isLost, passed in
        let loss = prediction.next(after: passed)
        prediction.observe(isLost)
        if age > 0 {
          let index = (wasLost ? classesPerFate : 0) + Int.bitWidth - (age - 1).leadingZeroBitCount
          sums.difference[index] += (isLost ? 1 : 0) - loss
          sums.expected[index] += loss
          sums.variance[index] += loss * (1 - loss)
        }
        age = age > 0 && wasLost == isLost ? age + 1 : 1
        wasLost = isLost
      }
    }
    return sums
  }

  /// Neighbouring classes of one fate, taken together until their variance is large enough.
  private static func groups(_ variance: [Double]) -> [[Int]] {
    var groups: [[Int]] = []
    for fate in 0...1 {
      var (open, sum): ([Int], Double) = ([], 0)
      let first = groups.count
      for index in fate * classesPerFate..<(fate + 1) * classesPerFate {
        open.append(index)
        sum += variance[index]
        if sum >= leastVariance {
          groups.append(open)
          (open, sum) = ([], 0)
        }
      }
      if groups.count > first { groups[groups.count - 1] += open }
    }
    return groups
  }
}
