import TestSupport
import Testing

@testable import Statistics

/// Figures by scipy 1.17.1: the power by `integrate.quad` over the density of S (`stats.chi`), its root by `optimize.brentq`.
@Suite struct StudentPowerTests {
  @Test(
    arguments: [
      (3, 7, 0.05, 0.7306301093780257), (5, 9, 0.01, 0.9274970608989455), (2.8, 50, 0.05, 0.7840354086540353),
      (4, 7, 0.05 / 24, 0.3652577215363377), (1, 2, 0.05, 0.09520175549787398), (3, 400, 0.05, 0.8491576054234963),
      (3, 100_000, 0.05, 0.8508320757334704), (5, 30, 0.0005, 0.8439127640723861),
    ] as [(Double, Double, Double, Double)])
  func powerIsThatOfTheNoncentralT(noncentrality: Double, freedom: Double, level: Double, power: Double) {
    #expect(
      (StudentPower.power(noncentrality: noncentrality, freedom: freedom, level: level) - power).magnitude < 1e-9)
  }

  /// Without a difference the test is wrong as often as its level says.
  @Test(arguments: [3.0, 5, 19, 21, 1000], [0.05, 0.001])
  func withoutADifferenceThePowerIsTheLevel(freedom: Double, level: Double) {
    #expect((StudentPower.power(noncentrality: 0, freedom: freedom, level: level) - level).magnitude < 1e-4 * level)
  }

  @Test(
    arguments: [
      (7.0, 0.05, 3.269759840387823), (7, 0.05 / 24, 5.919213848062542), (2, 0.05, 5.653489266197218),
      (1, 0.05, 16.334008869921355), (100, 0.001, 4.247392186575247),
    ] as [(Double, Double, Double)])
  func theDetectableDifferenceHasThePowerThatIsAskedFor(freedom: Double, level: Double, errors: Double) {
    var power = StudentPower()
    // With one degree of freedom the integrand has a kink, of which the rule makes some millionths.
    #expect((power.detectable(freedom: freedom, level: level) - errors).magnitude < 1e-4 * errors)
    expect(power.detectable(freedom: freedom, level: level), equals: power.detectable(freedom: freedom, level: level))
  }

  @Test(
    arguments: [
      (1.0, 0.05, 1, 10), (0.3, 0.05, 1, 90), (0.2, 0.05 / 24, 1, 389), (3, 0.05, 1, 4), (0.5, 0.05, 2, 33),
    ] as [(Double, Double, Double, Int)])
  func theReplicationsThatAShareTakesAreTheFewest(ratio: Double, level: Double, samples: Double, count: Int) {
    expect(StudentPower.replications(ratio: ratio, level: level, samples: samples), equals: count)
  }

  @Test func whatTakesTooManyReplicationsHasNoNumber() {
    #expect(StudentPower.replications(ratio: 1e-5, level: 0.05) == nil)
    expect(StudentPower.replications(ratio: 1e9, level: 0.05), equals: 2)
  }
}
