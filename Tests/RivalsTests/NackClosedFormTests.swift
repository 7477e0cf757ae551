import CGSL
import Network
import Foundation
import TestSupport
import Testing

@testable import Runs
@testable import Statistics

/// Transmissions per block where the answer is known. Nonnenmacher, Biersack and Towsley, "Parity-Based Loss Recovery for
/// Reliable Multicast Transmission", IEEE/ACM Transactions on Networking 6(4), 1998.
@Suite struct NackClosedFormTests {
  struct Case: CustomStringConvertible, Sendable {
    let devices: Int
    let p: Double
    /// The figure as rivals are held to it.
    let expected: Double
    let blocks: UInt64
    let runs: Int
    var description: String { "\(devices) devices, p = \(p)" }
  }

  /// The sum over m ≥ 0 of 1 − (1 − pᵐ)^R: a block is sent again until each of R devices has it.
  @Test(arguments: [
    Case(devices: 1, p: 0.01, expected: 1.0101, blocks: 500, runs: 60),
    Case(devices: 10, p: 0.01, expected: 1.0966, blocks: 200, runs: 60),
    Case(devices: 100, p: 0.01, expected: 1.6440, blocks: 100, runs: 30),
    Case(devices: 1000, p: 0.01, expected: 2.0961, blocks: 50, runs: 8),
    Case(devices: 1, p: 0.05, expected: 1.0526, blocks: 500, runs: 60),
    Case(devices: 10, p: 0.05, expected: 1.4273, blocks: 200, runs: 60),
    Case(devices: 100, p: 0.05, expected: 2.2286, blocks: 100, runs: 30),
    Case(devices: 1000, p: 0.05, expected: 3.0422, blocks: 50, runs: 8),
  ])
  func unionOfWhatIsMissing(_ expectation: Case) throws {
    var sum = 0.0
    var power = 1.0
    for _ in 0..<200 {
      sum += -expm1(Double(expectation.devices) * log1p(-power))
      power *= expectation.p
    }
    try expect(sum, expectation, of: .nack)
  }

  /// Of a group of k = 20 as many parity packets are sent as the device needs that loses most before it has k packets:
  /// k E[M] = k + the sum over m ≥ 0 of 1 − P(L ≤ m)^R, where L has the negative binomial distribution.
  ///
  /// The paper's bound sends parity packets one by one until all have k. Pass by pass the same number is sent: a pass
  /// sends what the neediest device misses, and that device needs no fewer.
  @Test(arguments: [
    Case(devices: 1, p: 0.01, expected: 1.0101, blocks: 500, runs: 60),
    Case(devices: 10, p: 0.01, expected: 1.0525, blocks: 200, runs: 60),
    Case(devices: 100, p: 0.01, expected: 1.0989, blocks: 200, runs: 30),
    Case(devices: 1000, p: 0.01, expected: 1.1407, blocks: 100, runs: 8),
    Case(devices: 1, p: 0.05, expected: 1.0526, blocks: 500, runs: 60),
    Case(devices: 10, p: 0.05, expected: 1.1449, blocks: 200, runs: 60),
    Case(devices: 100, p: 0.05, expected: 1.2259, blocks: 200, runs: 30),
    Case(devices: 1000, p: 0.05, expected: 1.2971, blocks: 100, runs: 8),
  ])
  func largestNumberOfAGroup(_ expectation: Case) throws {
    let k = 20.0
    var parities = 0.0
    for m in 0..<UInt32(200) {
      let enough = gsl_cdf_negative_binomial_P(m, 1 - expectation.p, k)
      parities += 1 - pow(enough, Double(expectation.devices))
    }
    try expect(1 + parities / k, expectation, of: .nackFEC)
  }

  /// The mean over the runs is where it must be: within Student's 99.99 % interval. One of the sixteen tests fails by
  /// chance for one seed in 600.
  private func expect(_ exact: Double, _ expectation: Case, of strategy: StrategyName) throws {
    #expect(abs(exact - expectation.expected) < 6e-5, "the closed form gives \(exact)")
    var cohort = Cohort(name: "a", count: expectation.devices)
    cohort.downLoss = .bernoulli(p: .constant(expectation.p))
    let configuration = try world(strategy, blocks: expectation.blocks, [cohort]) {
      $0.rivals.reportWindow = .milliseconds(1)
    }
    var moments = RunningMoments()
    for replication in 1...expectation.runs {
      let record = try configuration.run(seed: 17, replication: replication)
      moments.add(Double(record.multicastDataPackets) / Double(expectation.blocks))
    }
    let error = (moments.variance / Double(expectation.runs)).squareRoot()
    let quantile = gsl_cdf_tdist_Qinv(0.00005, Double(expectation.runs - 1))
    #expect(abs(moments.mean - exact) <= quantile * error, "\(moments.mean) ± \(error), not \(exact)")
  }
}
