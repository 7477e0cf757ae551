import BlockTransfer
import Network
import PromotionEngine
import PromotionRun
import Runs
import TestSupport
import Testing

@testable import Experiments
@testable import Scenarios

/// What a tuning costs by default: it is reckoned, so every machine comes to the same.
struct TuningCostTests {
  private static func scenario(_ change: (inout Cohort) -> Void = { _ in }) -> Scenario {
    var parameters = ProtocolParameters()
    parameters.blockSize = 1000
    var cohort = Cohort(name: "lab", count: 12)
    cohort.downLoss = .bernoulli(p: .constant(0.05))
    change(&cohort)
    let file = FileLayout(size: 119_000, blockSize: 1000)!
    return Scenario(
      name: "lab", seed: 3, replications: 10,
      network: SimulationConfiguration(parameters: parameters, file: file, cohorts: [cohort]))
  }

  private static func tuned(
    _ choice: CandidateChoice, _ indifference: Indifference = .share(0.2)
  ) async throws -> Tuning {
    var tuner = Tuner(scenario(), objective: try Objective("makespan"))
    tuner.candidates = choice
    tuner.indifference = indifference
    tuner.maxReplications = 200
    tuner.jobs = 2
    return try await tuner.tune()
  }

  /// The first replications of so many thresholds would take too long, so twelve of them remain, with the same runs.
  @Test func whereRunsAreLongFewerThresholdsAreCompared() async throws {
    let all = try await Self.tuned(.occurring(atMost: 64))
    let few = try await Self.tuned(.affordable(atMost: 64, seconds: 1e-9))
    let thresholds = all.design.candidates.map(\.threshold)
    #expect(thresholds.count > 13)
    expect(few.design.candidates.count, equals: 12)
    expect(few.design.leftOut, equals: thresholds.count - 12)
    expect(few.design.candidates.first?.threshold, equals: 0)
    expect(few.design.candidates.last?.threshold, equals: thresholds.last)
    #expect(few.text.contains("(\(thresholds.count - 12) more are left out, for runs are long; see --candidates)"))
    for (candidate, known) in zip(few.design.candidates, few.answer.candidates) {
      let twin = all.answer.candidates[try #require(thresholds.firstIndex(of: candidate.threshold))]
      #expect(zip(known.runs, twin.runs).allSatisfy { $0.objective == $1.objective })
    }
  }

  @Test func whereRunsAreShortAllThresholdsAreCompared() async throws {
    let all = try await Self.tuned(.occurring(atMost: 64))
    let same = try await Self.tuned(.affordable(atMost: 64, seconds: 100))
    #expect(same.design.candidates == all.design.candidates && same.design.leftOut == 0)
    expect(same.answer.chosen, equals: all.answer.chosen)
  }

  /// Who names no indifference pays three times the first replications, or what is usual, and is told the margin.
  @Test(arguments: [0, 0.02])
  func theComparisonEndsWhenItsCostIsSpent(seconds: Double) async throws {
    let tuning = try await Self.tuned(
      .listed([0, 5000, 6000, 7000, 200_000]), .affordable(share: 1e-9, seconds: seconds))
    let costs = tuning.answer.candidates.map { $0.runs.map(\.cost) }
    let spent = costs.reduce(0) { $0 + $1.reduce(0, +) }
    let first = costs.reduce(0) { $0 + $1.prefix(5).reduce(0, +) }
    #expect(spent >= max(3 * first, seconds))
    #expect(spent < 1.3 * max(3 * first, seconds), "\(spent), of which first \(first)")
    #expect(tuning.answer.margin > 10 * tuning.answer.indifference)
  }

  /// What packets do costs, however they are delivered.
  @Test func theCostIsThatOfThePacketsAndNotOfTheDelivery() throws {
    func cost(_ scenario: Scenario, _ delivery: Delivery) throws -> Double {
      var simulation = Simulation(scenario.network, seed: 1, replication: 1, delivery: delivery)
      return RunCost.seconds(of: try simulation.run(), in: scenario.network.network)
    }
    let plain = Self.scenario()
    let jittery = Self.scenario { $0.jitter = .constant(.microseconds(5)) }
    try expect(cost(plain, .byRuns), equals: cost(plain, .packetByPacket))
    #expect(try cost(jittery, .byRuns) > cost(plain, .byRuns))
    #expect(try cost(Self.scenario { $0.count = 24 }, .byRuns) > cost(plain, .byRuns))
  }
}
