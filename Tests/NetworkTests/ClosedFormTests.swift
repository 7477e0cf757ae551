import CGSL
import PromotionEngine
import PromotionRun
import Runs
import RandomStreams
import Statistics
import TestSupport
import Testing
import Timebase

/// The protocol in lock-step (windows of one block) under independent loss, against what can be worked out on paper.
///
/// The active device asks for a block until it has it, and each ask that arrives is answered by one DATA (R4, R6). So the
/// times that a block is sent are geometric with success 1 − p, whatever becomes of the asks, and a passive device misses
/// the block when it loses all of them: Σ (1−p) pᵍ⁻¹ pᵍ = p / (1 + p). Lost asks only cost time.
///
/// One passive device is looked at in each run, because those of one run share the active device's luck.
@Suite struct ClosedFormTests {
  /// What a run of two devices says about the one that was passive in session 1 from its first DATA on.
  private struct Observation {
    var missing: Int
    var isPromoted: Bool
    var dataPackets: Int
  }

  private static let blocks = 50
  private static let p = 0.1
  private static let missProbability = p / (1 + p)

  /// Up to three missing packets are below the threshold; the last block has one byte less than the others.
  private func observations(runs: Int, ackLoss: Double, seed: UInt64) throws -> [Observation] {
    var configuration = SmallWorld.configuration(
      devices: 2,
      blocks: Self.blocks,
      lastBlockBytes: 929,
      threshold: 3 * 930 + 1
    )
    configuration.parameters.retries = 40
    configuration.parameters.sessionTimeout = .seconds(41)
    configuration.parameters.groupTimeout = .seconds(42)
    configuration.cohorts[0].downLoss = .bernoulli(p: .constant(Self.p))
    if ackLoss > 0 { configuration.cohorts[0].upLoss = .bernoulli(p: .constant(ackLoss)) }
    return try (1...runs).compactMap { replication in
      var simulation = Simulation(configuration, seed: seed, replication: replication)
      let record = try simulation.run()
      let listeners = Set(record.sessionOneLoss.map(\.device))
      let session = record.sessions[0]
      let passive = record.devices.first { $0.device != session.activeDevice && listeners.contains($0.device) }
      guard let passive, let check = passive.firstCheck else { return nil }
      return Observation(
        missing: Int(check.missingPackets),
        isPromoted: passive.promoted != nil,
        dataPackets: Int(session.dataPackets)
      )
    }
  }

  @Test(arguments: [0, 0.3])
  func aPassiveDeviceMissesABinomialNumberOfPackets(ackLoss: Double) throws {
    let observations = try observations(runs: 1500, ackLoss: ackLoss, seed: 20)
    #expect(observations.count > 500)
    func fit(_ missProbability: Double) -> Double {
      GoodnessOfFit.chiSquared(observations.map(\.missing), from: 0) {
        gsl_ran_binomial_pdf($0, missProbability, UInt32(Self.blocks))
      }
    }
    #expect(fit(Self.missProbability) > GoodnessOfFit.significance)
    // What would hold if a lost ACK made the server repeat DATA that had come: it does not (R4, R6).
    let q = 1 - (1 - Self.p) * (1 - ackLoss)
    if ackLoss > 0 { #expect(fit(Self.p * (1 - q) / (1 - Self.p * q)) < GoodnessOfFit.significance) }
  }

  /// Of `n` blocks in each of many runs, the DATA that were sent in vain are negative binomial.
  @Test(arguments: [0, 0.3])
  func sessionOneSendsEachBlockUntilTheActiveDeviceHasIt(ackLoss: Double) throws {
    let observations = try observations(runs: 800, ackLoss: ackLoss, seed: 21)
    let delivered = observations.count * Self.blocks
    let inVain = observations.reduce(0) { $0 + $1.dataPackets } - delivered
    let below = gsl_cdf_negative_binomial_P(UInt32(inVain), 1 - Self.p, Double(delivered))
    #expect(2 * min(below, 1 - below) > GoodnessOfFit.significance)
  }

  @Test func thePromotedShareIsTheMassBetweenOnePacketAndTheThreshold() throws {
    let observations = try observations(runs: 1500, ackLoss: 0, seed: 22)
    let mass = (1...3).reduce(0) { $0 + gsl_ran_binomial_pdf(UInt32($1), Self.missProbability, UInt32(Self.blocks)) }
    let promoted = observations.filter(\.isPromoted).count
    #expect(GoodnessOfFit.binomial(promoted, of: observations.count, p: mass) > GoodnessOfFit.significance)
    #expect(observations.allSatisfy { $0.isPromoted == (1...3).contains($0.missing) })
  }

  /// N9: under independent loss the test of uniform loss has a uniform p-value; under loss that differs it has not.
  @Test(arguments: [true, false])
  func theFigureOfUniformLossIsUniformUnderIndependentLossAlone(isIndependent: Bool) throws {
    var configuration = SmallWorld.configuration(devices: 6, blocks: 400)
    configuration.cohorts[0].downLoss = .bernoulli(p: isIndependent ? .constant(0.1) : .drawn(.beta(a: 8, b: 72)))
    let values = try (1...250).compactMap { replication in
      var simulation = Simulation(configuration, seed: 23, replication: replication)
      let table = try simulation.run().sessionOneLoss
      return ChiSquared.homogeneity(table.map { [$0.lost, $0.received] })
    }
    expect(values.count, equals: 250)
    expect(GoodnessOfFit.isUniform(values), equals: isIndependent)
  }
}
