import CGSL
import RandomStreams
import TestSupport
import Testing

@testable import Statistics

/// Fits of data whose law is known.
///
/// The promise: in a case, data are drawn from a law and its model is fitted. A case counts as recovered if the true
/// parameters are within three standard errors. For one parameter that is |estimate − truth| ≤ 3 s.e., which holds with a
/// probability of 0.9973. For several it is the ellipsoid with the same probability: dᵀ C⁻¹ d ≤ the quantile of χ² at
/// 0.9973, for the differences d on the scale of the search and their covariance C. So 0.8 of 300 cases are expected to
/// fail, and more than three, which is less than 99 %, with a probability of 1 %. The laws lose some hundred times, so that
/// estimates are nearly normal; no parameter is at the end of its range, where nothing is normal.
@Suite struct LossRecoveryTests {
  private static let casesPerLaw = 43
  private static let within3Errors = 0.9973

  private struct Case: Sendable {
    let law: Int
    let isRecovered: Bool
    let parametersInside: Int
    let parameters: Int
    let testP: Double?
  }

  private static func fit(_ law: Int, _ number: Int) -> Case {
    let drawn = DrawnLosses.clear[law]
    let data = drawn.data(number)
    guard let estimate = LossEstimate(drawn.kind, of: data) else {
      return Case(law: law, isRecovered: false, parametersInside: 0, parameters: 0, testP: nil)
    }
    let inside = zip(estimate.parameters, drawn.truth).count { parameter, truth in
      parameter.standardError.map { abs(parameter.value - truth) <= 3 * $0 } ?? false
    }
    let distance = distance(of: drawn, from: estimate) ?? .infinity
    GSL.prepare()
    return Case(
      law: law, isRecovered: distance <= gsl_cdf_chisq_Pinv(within3Errors, Double(estimate.point.count)),
      parametersInside: inside, parameters: estimate.parameters.count, testP: RunLengthTest(estimate, on: data)?.p)
  }

  /// dᵀ C⁻¹ d.
  private static func distance(of drawn: DrawnLosses, from estimate: LossEstimate) -> Double? {
    guard estimate.point.count == drawn.truth.count, let covariance = estimate.covariance,
      let information = Curvature.inverse(covariance)
    else { return nil }
    let differences = zip(zip(estimate.parameters, drawn.truth), estimate.point).map { pair, real in
      let (parameter, truth) = pair
      // What passes is estimated as what is lost.
      let value = parameter.name == "k" || parameter.name == "h" ? 1 - truth : truth
      return real - (parameter.unit == .seconds ? ParameterScale.positive : .probability).real(value)
    }
    return differences.indices.reduce(0) { sum, i in
      sum + differences.indices.reduce(0) { $0 + differences[i] * information[i][$1] * differences[$1] }
    }
  }

  @Test func threeHundredCasesAreRecoveredAndTheTestOfFitHoldsItsLevel() async {
    let laws = DrawnLosses.clear.indices
    let cases = await withTaskGroup(of: Case.self) { group in
      for law in laws {
        for number in 1...Self.casesPerLaw { group.addTask { Self.fit(law, number) } }
      }
      return await group.reduce(into: [Case]()) { $0.append($1) }
    }
    #expect(cases.count >= 300)
    let recovered = cases.count { $0.isRecovered }
    #expect(100 * recovered >= 99 * cases.count, "\(recovered) of \(cases.count)")
    for law in laws {
      let ofLaw = cases.filter { $0.law == law }
      #expect(ofLaw.count { $0.isRecovered } >= ofLaw.count - 2, "\(DrawnLosses.clear[law])")
    }
    let parameters = cases.reduce(0) { $0 + $1.parameters }
    let inside = cases.reduce(0) { $0 + $1.parametersInside }
    #expect(100 * inside >= 99 * parameters, "\(inside) of \(parameters)")
    // The right model is rejected about as often as the level says: the binomial test at 0.001.
    let tested = cases.compactMap(\.testP)
    expect(tested.count, equals: cases.count)
    for level in [0.01, 0.05, 0.25] {
      let rejected = tested.count { $0 < level }
      GSL.prepare()
      let (trials, count) = (UInt32(tested.count), UInt32(rejected))
      let tail = min(
        gsl_cdf_binomial_P(count, level, trials), rejected == 0 ? 1 : gsl_cdf_binomial_Q(count - 1, level, trials))
      #expect(tail > 0.0005, "\(rejected) of \(tested.count) below \(level)")
    }
  }
}
