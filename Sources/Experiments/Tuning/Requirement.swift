import RunMetrics
import Quantities
import Statistics

/// A condition on a mean that the choice of a tuning must meet: `failed_devices <= 0.1`, `completion_p95 <= 60 s ± 1 s`.
package struct Requirement: Sendable {
  /// As the user wrote it, without space at its ends.
  package let text: String
  package let expression: MetricExpression
  /// Whether the limit is an upper one; otherwise it is a lower one.
  package let isUpper: Bool
  /// In the unit of the expression.
  package let limit: Double
  /// The least distance from the limit that must be seen.
  let tolerance: Double

  /// The default tolerance: a hundredth of the limit. For counts it is half of the limit, and at least a twentieth of
  /// one.
  private static func usualTolerance(_ limit: Double, isCount: Bool) -> Double {
    isCount ? max(limit.magnitude / 2, 0.05) : limit.magnitude / 100
  }

  /// Reads `EXPRESSION <= LIMIT`, or with `>=`, and after it an optional `± TOLERANCE` (or `+- TOLERANCE`).
  ///
  /// - Throws: An ``ObjectiveError`` or a ``CandidateError`` that says what is wrong.
  package init(_ text: String) throws {
    self.text = text.trimmed
    guard let sign = ["<=", ">="].compactMap({ text.firstRange(of: $0) }).first else {
      throw CandidateError(
        "'\(text.excerpt)' compares nothing; write a metric, <= or >=, and a limit: failed_devices <= 0.1")
    }
    var parser = ObjectiveParser(String(text[..<sign.lowerBound]), of: "requirement")
    expression = try parser.parse()
    isUpper = text[sign].hasPrefix("<")
    let right = String(text[sign.upperBound...]).replacing("+-", with: "±")
    let parts = right.split(separator: "±", maxSplits: 1, omittingEmptySubsequences: false).map { String($0).trimmed }
    limit = try expression.quantity(parts[0])
    let tolerance =
      parts.count > 1
      ? try expression.quantity(parts[1]) : Self.usualTolerance(limit, isCount: expression.isCount)
    guard tolerance > 0 else {
      throw CandidateError("'\(text.excerpt)' needs a tolerance above 0: write ± and a value behind the limit")
    }
    self.tolerance = tolerance
  }

  /// The quantity with an upper limit: the expression, or its negative.
  package func value(of run: RunFigures) -> Double? { expression.value(of: run).map { isUpper ? $0 : -$0 } }

  /// The mean that may not be exceeded.
  ///
  /// - Parameter jump: how far it may jump in rare replications.
  func selectionLimit(jump: RareJump) -> ConstrainedSelection.Limit {
    ConstrainedSelection.Limit(
      bound: isUpper ? limit : -limit, tolerance: tolerance, isCount: expression.isCount, jump: jump)
  }

  /// Whether it says how many devices may be left behind. Then the default rule about them is not needed.
  var isAboutFailures: Bool {
    expression.loneMetric.map { [.failed, .completed].contains($0) } ?? false
  }
}
