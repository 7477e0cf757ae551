import CGSL

/// Values with weights, of which draws pick one: Walker's aliases, as GSL makes and draws them.
public struct WeightedValues: Hashable, Sendable {
  /// The values; at least one.
  public let values: [Double]
  /// How likely each of them is, compared with the others: none is negative, and one is more than 0.
  public let weights: [Double]
  private let aliases: [Int]
  private let cutoffs: [Double]

  /// Nil if there is not one weight for each value, or if they are no weights.
  public init?(_ values: [Double], weights: [Double]) {
    let sum = weights.reduce(0, +)
    guard values.count == weights.count, sum > 0, sum.isFinite, weights.allSatisfy({ $0 >= 0 }) else { return nil }
    GSL.prepare()
    guard let table = gsl_ran_discrete_preproc(weights.count, weights) else { return nil }
    defer { gsl_ran_discrete_free(table) }
    self.values = values
    self.weights = weights
    // The table is a value that can be copied and compared; GSL's own is memory that somebody must free.
    aliases = (0..<values.count).map { Int(table.pointee.A[$0]) }
    cutoffs = (0..<values.count).map { table.pointee.F[$0] }
  }

  /// Draws one of the values.
  func draw(from stream: inout RandomStream) -> Double {
    let index = aliases.withUnsafeBufferPointer { aliases in
      cutoffs.withUnsafeBufferPointer { cutoffs in
        // GSL only reads them.
        var table = gsl_ran_discrete_t(
          K: values.count,
          A: UnsafeMutablePointer(mutating: aliases.baseAddress),
          F: UnsafeMutablePointer(mutating: cutoffs.baseAddress))
        return stream.withGenerator { gsl_ran_discrete($0, &table) }
      }
    }
    return values[Int(index)]
  }

  /// The values that are ever drawn.
  var possible: [Double] { zip(values, weights).filter { $0.1 > 0 }.map(\.0) }

  /// The expected value.
  var mean: Double {
    let sum = weights.reduce(0, +)
    return zip(values, weights).reduce(0) { $0 + $1.0 * ($1.1 / sum) }
  }

  /// The probability of the values that meet a condition.
  public func probability(of condition: (Double) -> Bool) -> Double {
    let sum = weights.reduce(0, +)
    return zip(values, weights).reduce(0) { condition($1.0) ? $0 + $1.1 / sum : $0 }
  }
}
