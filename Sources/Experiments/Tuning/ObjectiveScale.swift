import Glibc

/// A power of two by which an objective's values are divided if their squares would not be finite, or would be 0.
package struct ObjectiveScale: Hashable, Sendable {
  private var exponent = 0

  /// The range of values whose squares, and sums of squares, can be computed.
  private static let plain = 1e-100...1e100

  /// Values stay as they are.
  init() {}

  /// The scale for these values.
  init(of values: [Double]) {
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    if largest > 0, !Self.plain.contains(largest) { exponent = Int(largest.exponent) }
  }

  func scaled(_ value: Double) -> Double { exponent == 0 ? value : scalbn(value, Int32(-exponent)) }
  func unscaled(_ value: Double) -> Double { exponent == 0 ? value : scalbn(value, Int32(exponent)) }
}
