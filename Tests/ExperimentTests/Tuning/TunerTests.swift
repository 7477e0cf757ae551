import Foundation
import NetworkModel
import PromotionEngine
import Testing
import Timebase

@testable import Experiment

struct TunerTests {
  private static let blockSize: UInt32 = 1000

  /// A file of so many blocks, the last one empty, and devices of one cohort.
  private static func scenario(
    devices: Int, blocks: UInt64, mode: MulticastMode = .rfc2090, losing model: LossModel
  ) -> Scenario {
    var parameters = ProtocolParameters()
    parameters.mode = mode
    parameters.blockSize = blockSize
    var cohort = Cohort(name: "lab", count: devices)
    cohort.downLoss = model
    let file = FileLayout(size: (blocks - 1) * UInt64(blockSize), blockSize: blockSize)!
    return Scenario(
      name: "plain", seed: 3, replications: 10,
      network: NetworkConfiguration(parameters: parameters, file: file, cohorts: [cohort]))
  }

  private static let lossy = scenario(devices: 12, blocks: 120, losing: .bernoulli(p: .constant(0.05)))

  private static func tuner(
    _ scenario: Scenario = lossy, _ objective: String = "makespan",
    _ candidates: CandidateChoice = .occurring(atMost: 8),
    budget: Int? = nil
  ) throws -> Tuner {
    var tuner = Tuner(scenario, objective: try Objective(objective), candidates: candidates, budget: budget)
    tuner.maxReplications = 40
    tuner.jobs = 2
    return tuner
  }

  /// S = 8 alike devices miss m of n = 200 blocks each: unicast repairs cost S·m blocks, another session of PXE costs n. So
  /// promotion pays up to m = n/S = 25.
  @Test(arguments: [(15, true), (22, true), (28, false), (35, false)])
  func theChoiceCrossesOverWhereArithmeticSays(missing: Int, promotes: Bool) async throws {
    let lost = PacketRuns(numbers: (0..<missing).map { UInt64(5 + 5 * $0) })
    let losses: [PacketRuns] = [[]] + Array(repeating: lost, count: 8)
    let scenario = Self.scenario(devices: 9, blocks: 200, mode: .pxeMTFTP, losing: .trace(losses))
    let tuning = try await Self.tuner(scenario, "server_bytes").tune()
    let gap = UInt64(missing) * UInt64(Self.blockSize)
    #expect(tuning.candidates.map(\.threshold) == [0, gap, scenario.bytes + 1])
    #expect((tuning.threshold > gap) == promotes)
    let extra = try #require(tuning.difference(of: 2, from: 0).mean)
    let blocks = extra / Double(Self.blockSize + 4 + 66)
    #expect(abs(blocks - Double(8 * missing - 200)) < 4, "\(blocks)")
    // The threshold of the gap itself promotes nobody either: R11 wants less than the threshold.
    #expect(tuning.difference(of: 1, from: 0).mean == 0)
  }

  @Test func everyValueIsThatOfAPlainRun() async throws {
    let thresholds: [UInt64] = [0, 4000, 6000, 9999, 10_000, 200_000]
    let tuning = try await Self.tuner(Self.lossy, "server_bytes", .listed(thresholds)).tune()
    for candidate in tuning.candidates {
      for (index, run) in candidate.runs.enumerated() {
        var network = Self.lossy.network
        network.parameters.promotion.threshold = candidate.threshold
        var simulation = Simulation(network, seed: Self.lossy.seed, replication: index + 1)
        let record = try simulation.run()
        #expect(run.objective == Double(record.serverBytes))
        #expect(run.promotionRate == RunFigures(record).devices.promotionRate)
      }
    }
    #expect(tuning.candidates.allSatisfy { $0.runs.count >= 10 })
  }

  @Test func theCandidatesAreTheGapsThatOccurBetweenNobodyAndEverybody() async throws {
    let tuning = try await Self.tuner().tune()
    let thresholds = tuning.candidates.map(\.threshold)
    #expect(thresholds.count == 10)
    #expect(thresholds.first == 0 && thresholds.last == Self.lossy.bytes + 1)
    #expect(thresholds.dropFirst().dropLast().allSatisfy { $0.isMultiple(of: UInt64(Self.blockSize)) })
  }

  @Test(arguments: [nil, 150])
  func theSameBytesForAnyNumberOfJobs(budget: Int?) async throws {
    let scratch = try Scratch()
    for jobs in [1, 2, 7] {
      var tuner = try Self.tuner(budget: budget)
      tuner.jobs = jobs
      _ = try await tuner.run(into: scratch.path("\(jobs)"))
    }
    #expect(try scratch.names() == ["1", "2", "7"])
    #expect(try scratch.names(in: "1") == ["manifest.json", "tune.csv", "tune.json"])
    for file in try scratch.names(in: "1") {
      let one = try scratch.text("1/" + file)
      #expect(try scratch.text("2/" + file) == one)
      #expect(try scratch.text("7/" + file) == one)
    }
  }

  @Test func theTableHasARowForEachCandidateAndOneChoice() async throws {
    let scratch = try Scratch()
    let tuning = try await Self.tuner().run(into: scratch.path("out"))
    let lines = try scratch.text("out/tune.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(
      lines[0].joined(separator: ",")
        == "scenario,candidate,threshold_bytes,replications,objective_mean,objective_ci95_low,objective_ci95_high,"
        + "difference_mean,difference_ci95_low,difference_ci95_high,promotion_rate,status,eliminated_after")
    #expect(lines.count == tuning.candidates.count + 1)
    let rows = lines.dropFirst()
    #expect(rows.count { $0[11] == "chosen" } == 1)
    let chosen = try #require(rows.first { $0[11] == "chosen" })
    #expect(UInt64(chosen[2]) == tuning.threshold)
    #expect(chosen[7] == "0.000000000" && chosen[12] == "")
    #expect(rows.allSatisfy { ($0[11] == "eliminated") == !$0[12].isEmpty })
    #expect(rows.first?[10] == "0.000000", "nobody is promoted at 0")
  }

  @Test func aBudgetIsKeptAndSpent() async throws {
    let tuning = try await Self.tuner(budget: 150).tune()
    #expect(tuning.runs <= 150 && tuning.runs > 120, "\(tuning.runs)")
    #expect(tuning.sentence.contains("estimated probability"))
  }

  @Test func aBudgetThatIsTooSmallIsSaid() async throws {
    let tuner = try Self.tuner(budget: 20)
    let error = await #expect(throws: TuneError.self) { try await tuner.tune() }
    #expect(error?.description.contains("20 runs is too small for 10 candidates") ?? false)
  }

  /// What is cut off by the limit has sent less.
  @Test func aThresholdThatALimitCutsOffDoesNotWin() async throws {
    // Everybody loses three blocks of their own, so that there are many sessions where nobody is promoted.
    let losses: [PacketRuns] = [[]] + (0..<29).map { (device: UInt64) in PacketRuns([2 + 3 * device...4 + 3 * device]) }
    var scenario = Self.scenario(devices: 30, blocks: 120, losing: .trace(losses))
    scenario.network.parameters.noticeCopies = 1
    let makespans = try [UInt64(0), 200_000].map { threshold in
      var network = scenario.network
      network.parameters.promotion.threshold = threshold
      var simulation = Simulation(network, seed: 3, replication: 1)
      return try #require(RunFigures(try simulation.run()).makespan)
    }
    scenario.network.limits.time = Nanoseconds((makespans[0].count + makespans[1].count) / 2)
    let tuning = try await Self.tuner(scenario, "server_bytes", .listed([0, 200_000])).tune()
    #expect(tuning.difference(of: 0, from: 1).mean ?? 0 < 0)
    #expect(tuning.candidates[0].runs.contains { $0.isLimited })
    #expect(tuning.threshold == 200_000)
    #expect(tuning.candidates[0].isUnfit && tuning.candidates[0].status == .eliminated)
    #expect(!tuning.endedByLimit)
    #expect(tuning.text.contains("eliminated for leaving devices without the file"))
  }

  @Test(arguments: [
    ([1, 0, 0], [0, 0, 0], true), ([0, 0, 0], [0, 0, 0], false), ([2, 1, 0], [1, 2, 0], false),
    ([1, 0], [0, 3], false),
    ([1, 1, 1, 1, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1], true), ([1, 1, 0], [0, 0, 1], false),
  ])
  func lessFitIsWhoLeavesMoreDevicesBehindAndNotByChance(left: [Int], right: [Int], isLess: Bool) {
    let runs = [left, right].map {
      $0.map { CandidateRun(objective: 1, promotionRate: nil, deserted: $0, isLimited: false) }
    }
    #expect(Fitness(runs[0], against: runs[1]).isSeenToBeLess == isLess)
  }

  @Test func whenALimitCutsOffAllOfThemThatIsSaid() async throws {
    var scenario = Self.lossy
    scenario.network.limits.time = .seconds(4)
    let tuning = try await Self.tuner(scenario, "server_bytes").tune()
    #expect(tuning.endedByLimit)
    #expect(tuning.text.contains("warning: a limit"))
  }

  @Test func aDeviceThatIsSwitchedOffIsNobodysFault() async throws {
    var scenario = Self.lossy
    scenario.network.cohorts[0].leave = .devices([DeviceLeave(device: 3, at: .milliseconds(5))])
    let tuning = try await Self.tuner(scenario).tune()
    #expect(tuning.candidates.allSatisfy { candidate in candidate.runs.allSatisfy { $0.deserted == 0 } })
    #expect(!tuning.candidates.contains { $0.isUnfit })
  }

  @Test func anObjectiveWithoutValuesIsSaid() async throws {
    let lossless = Self.scenario(devices: 3, blocks: 20, losing: .none)
    let tuner = try Self.tuner(lossless, "gap_bytes_mean")
    let error = await #expect(throws: TuneError.self) { try await tuner.tune() }
    #expect(error?.description.contains("'gap_bytes_mean' has no value in replication 1") ?? false)
  }

  @Test func aShareOfNothingIsNoIndifference() async throws {
    let tuner = try Self.tuner(Self.lossy, "abandoned_sessions")
    await #expect(throws: TuneError.noIndifference) { try await tuner.tune() }
  }

  /// Without losses every threshold does the same: the answer is that they cannot be told apart, and the middle one.
  @Test func whatMakesNoDifferenceCannotBeToldApart() async throws {
    let lossless = Self.scenario(devices: 3, blocks: 20, losing: .none)
    let tuning = try await Self.tuner(lossless, "sessions", .listed([1000, 2000, 3000, 4000, 5000])).tune()
    #expect(tuning.threshold == 3000)
    #expect(tuning.notToldApart == [0, 1, 3, 4])
    #expect(tuning.isSettled && tuning.runs == 50)
    #expect(tuning.text.contains("4 thresholds from 1000 B to 4.88 KiB cannot be told apart from the choice"))
  }

  @Test func theLastLineSaysWhatToDo() async throws {
    var tuner = try Self.tuner()
    tuner.indifference = .share(0.2)
    let tuning = try await tuner.tune()
    let last = try #require(tuning.text.split(separator: "\n").last)
    #expect(last.hasPrefix("promote "))
    #expect(last.contains(": makespan ") && last.contains(" s ± ") && last.contains("than no promotion"))
    #expect(last.hasSuffix("with 95 % confidence"))
    let json = Data(try tuning.json.utf8)
    #expect(try JSONSerialization.jsonObject(with: json) is [String: Any])
  }

  @Test func anUnsettledTuningSaysSo() async throws {
    var tuner = try Self.tuner()
    tuner.indifference = .absolute(1e-6)
    tuner.maxReplications = 12
    let tuning = try await tuner.tune()
    #expect(!tuning.isSettled && tuning.replications == 12)
    #expect(tuning.sentence.contains("12 replications show, but others cannot be told apart from it"))
  }
}
