import Foundation
import Network
import RandomStreams
import Scenarios
import Statistics
import TestSupport
import Testing
import Timebase

@testable import Measurements

/// What is fitted, as a scenario.
@Suite struct FittedScenarioTests {
  private func loss(_ law: LossLaw) throws -> LossModel {
    let text = "file: {size: 1 MiB}\ncohorts: [{loss: \(FittedScenario.loss(law))}]\n"
    return try Scenario.parse(text: text, file: "fitted").scenario.network.network.cohorts[0].downLoss
  }

  @Test func aLawIsTheSameInAScenario() throws {
    try expect(loss(.bernoulli(p: 0.0123456)), equals: .bernoulli(p: .constant(0.012346)))
    try expect(loss(.bernoulli(p: 3.2e-7)), equals: .bernoulli(p: .constant(3.2e-7)))
    try expect(
      loss(.packets(ChainByPackets(p: 0.01, r: 0.25, lossInGood: 0.00012345, lossInBad: 0.4))),
      equals: .gilbertElliott(p: .constant(0.01), r: .constant(0.25), k: .constant(0.99987655), h: .constant(0.6)))
    try expect(
      loss(.time(ChainInTime(good: 2.3456789, bad: 0.0501234, lossInGood: 0.001, lossInBad: 1))),
      equals: .gilbertElliottInTime(
        good: .constant(.microseconds(2_345_700)), bad: .constant(.microseconds(50_123)),
        lossInGood: .constant(0.001),
        lossInBad: .constant(1)))
    try expect(
      loss(.time(ChainInTime(good: 86_400, bad: 0.000_0123456, lossInGood: 0, lossInBad: 0.8))),
      equals: .gilbertElliottInTime(
        good: .constant(.seconds(86_400)), bad: .constant(Nanoseconds(12_346)), lossInGood: .constant(0),
        lossInBad: .constant(0.8)))
    try expect(
      loss(.runs(RunsLaw(received: .geometric(p: 0.0217), lost: .logarithmic(p: 0.78)))),
      equals: .runs(good: .drawn(.geometric(p: 0.0217)), lost: .drawn(.logarithmic(p: 0.78))))
    try expect(
      loss(.runs(RunsLaw(received: .constant(99), lost: .constant(1)))),
      equals: .runs(good: .constant(99), lost: .constant(1)))
    let weighted = [WeightedLength(1, weight: 0.25), WeightedLength(4, weight: 0.75)]
    let values = try #require(WeightedValues([1, 4], weights: [0.25, 0.75]))
    try expect(
      loss(.runs(RunsLaw(received: .poisson(mean: 40.5), lost: .weighted(weighted)))),
      equals: .runs(good: .drawn(.poisson(mean: 40.5)), lost: .drawn(.weighted(values))))
  }

  @Test func itNamesWhereItComesFromAndHasADeviceForEachObservation() throws {
    let scratch = try Scratch()
    for (name, count) in [("a.txt", 30), ("b.txt", 31)] {
      try scratch.write(String(repeating: "0001", count: count), to: name)
    }
    let measured = try MeasuredLoss(reading: [scratch.path("a.txt"), scratch.path("b.txt")], .init())
    let text = FittedScenario.yaml(LossSelection(measured.data).best, of: measured)
    #expect(text.contains("#   a.txt (0 and 1, SHA-256 "))
    #expect(!text.contains(scratch.path("a.txt")), "the place of a file is nobody's business")
    let (scenario, warnings) = try Scenario.parse(text: text, file: "measured.yaml")
    #expect(scenario.devices == 2 && warnings.isEmpty)
  }
}
