import BlockTransfer
import Foundation
import Network
import PromotionEngine
import PromotionRun
import Runs
import RandomStreams
import TestSupport
import Testing
import Timebase

@testable import Fixtures
@testable import Scenarios

@Suite struct ScenarioReadingTests {
  private func network(cohort: String = "", more: String = "") throws -> SimulationConfiguration {
    try Scenario.parse(text: scenarioText(cohort: cohort, more: more), file: "test.yaml").scenario.network
  }

  @Test func defaultsAreThoseOfTheProtocol() throws {
    let (scenario, warnings) = try Scenario.parse(text: scenarioText(), file: "some/lab.yaml")
    #expect(warnings.isEmpty)
    expect(scenario.name, equals: "lab")
    #expect((scenario.seed, scenario.replications, scenario.description) == (1, 10, ""))
    let layout = try #require(FileLayout(size: 1 << 20, blockSize: 1428))
    let expected = SimulationConfiguration(
      parameters: ProtocolParameters(),
      file: layout,
      cohorts: [Cohort(name: "desks", count: 3)]
    )
    expect(scenario.network, equals: expected)
    #expect((scenario.devices, scenario.blocks, scenario.bytes) == (3, 735, 1 << 20))
  }

  /// R21: 1 MiB makes 131 073 blocks of 8 bytes. Devices that jump about the file need wider numbers for it.
  @Test(arguments: StrategyName.allCases) func filesOfManyBlocksAreRefusedWhereDevicesJumpAbout(
    strategy: StrategyName
  ) throws {
    let text = scenarioText(cohort: "", more: "protocol: {strategy: \(strategy.rawValue), blksize: 8 B}")
    let jumpsAbout: Set<StrategyName> = [.promotion, .rfc2090, .pxeMTFTP, .wds]
    if jumpsAbout.contains(strategy) {
      #expect(throws: (any Error).self) { try Scenario.parse(text: text, file: "test.yaml") }
    } else {
      try expect(Scenario.parse(text: text, file: "test.yaml").scenario.blocks, equals: 131_073)
    }
  }

  /// The values of protocol.md, "Defaults", written once more by hand.
  @Test func defaultsInTheTableAreThoseOfTheDescription() {
    let expected = [
      "protocol.blksize": "1428 B", "protocol.windowsize": "1", "protocol.timeout": "1 s", "protocol.retries": "5",
      "protocol.session_timeout": "6 s", "protocol.group_timeout": "6.5 s", "protocol.notice_copies": "3",
      "protocol.notice_interval": "10 ms", "protocol.promotion.smart_window": "1", "protocol.active_order": "arrival",
      "protocol.promotion.smart_order": "smallest_gap", "protocol.promotion.continuity": "1",
      "protocol.listen_delay": "2 s", "protocol.reopen_delay": "2 s", "server.rate": "1 Gbit/s",
      "cohorts[].latency": "100 us", "cohorts[].turnaround": "20 us", "server.service": "20 us",
      "cohorts[].jitter": "none", "server.queue": "none", "cohorts[].loss": "none",
    ]
    for (path, value) in expected { expect(ScenarioKeys.key(path).fallback.text, equals: value, "\(path)") }
  }

  @Test(
    arguments: [
      ("join: 5 s", .at(.constant(.seconds(5)))),
      ("join: {at: 5 s}", .at(.constant(.seconds(5)))),
      ("join: {at: {uniform: {low: 0 s, high: 5 min}}}", .at(.drawn(.uniform(low: 0, high: 300)))),
      ("join: {every: 2 s}", .every(.constant(.seconds(2)), start: .zero)),
      (
        "join: {at: 1 s, every: {exponential: {mean: 2 s}}}", .every(.drawn(.exponential(mean: 2)), start: .seconds(1))
      ),
      ("join: [0 s, 1 s, 2 s]", .list([.zero, .seconds(1), .seconds(2)])),
    ] as [(String, JoinModel)]
  )
  func joinIsRead(text: String, join: JoinModel) throws {
    try expect(network(cohort: text).cohorts[0].join, equals: join)
  }

  @Test(
    arguments: [
      ("leaves: none", .never), ("leaves: 5 s", .at(.constant(.seconds(5)))),
      ("leaves: {at: {exponential: {mean: 1 h}}}", .at(.drawn(.exponential(mean: 3600)))),
      ("leaves: [{device: 3, at: 5 s}]", .devices([DeviceLeave(device: 3, at: .seconds(5))])),
    ] as [(String, LeaveModel)]
  )
  func leavesAreRead(text: String, leave: LeaveModel) throws {
    try expect(network(cohort: text).cohorts[0].leave, equals: leave)
  }

  @Test(
    arguments: [
      ("none", .none), ("{bernoulli: 1 %}", .bernoulli(p: .constant(0.01))),
      ("{bernoulli: {p: 0.01}}", .bernoulli(p: .constant(0.01))),
      ("{bernoulli: {beta: {a: 2, b: 98}}}", .bernoulli(p: .drawn(.beta(a: 2, b: 98)))),
      ("{bernoulli: {p: {beta: {a: 2, b: 98}}}}", .bernoulli(p: .drawn(.beta(a: 2, b: 98)))),
      (
        "{gilbert_elliott: {p: 1 %, r: 10 %}}",
        .gilbertElliott(p: .constant(0.01), r: .constant(0.1), k: .constant(1), h: .constant(0))
      ),
      (
        "{runs: {good: {geometric: {p: 0.01}}, lost: 3}}",
        .runs(good: .drawn(.geometric(p: 0.01)), lost: .constant(3))
      ),
      (
        "{runs: {good: {negative_binomial: {p: 50 %, n: 2.5}}, lost: {logarithmic: {p: 0.5}}}}",
        .runs(good: .drawn(.negativeBinomial(p: 0.5, n: 2.5)), lost: .drawn(.logarithmic(p: 0.5)))
      ),
      ("{trace: [17, 3, 3, 20-22]}", .trace([[3, 17, 20, 21, 22]])),
      ("{trace: [[1], [], [2]]}", .trace([[1], [], [2]])),
      ("{trace: []}", .trace([[]])),
      (
        "{trace: {lost: [2-300], length: 300, then: clean}}",
        .trace(LossTrace([LossTrace.Recording(lost: PacketRuns([2...300]), length: 300)], then: .clean))
      ),
      (
        "{trace: {lost: [[1], [], [2]], length: [5, 0, 9]}}",
        .trace(
          LossTrace([
            LossTrace.Recording(lost: [1], length: 5), LossTrace.Recording(lost: []),
            LossTrace.Recording(lost: [2], length: 9),
          ]))
      ),
      (
        "{trace: {lost: [1], length: [5, 6, 7]}}",
        .trace(LossTrace((5...7).map { LossTrace.Recording(lost: [1], length: $0) }))
      ),
      ("{trace: {lost: [3], then: clean}}", .trace(LossTrace([LossTrace.Recording(lost: [3])], then: .clean))),
      (
        "{outages: {every: 10 min, for: 2 s}}",
        .outages(.recurring(every: .constant(.seconds(600)), lasting: .constant(.seconds(2)), first: nil))
      ),
      (
        "{outages: {every: {exponential: {mean: 1 s}}, for: 5 ms, first: 0 s}}",
        .outages(
          .recurring(
            every: .drawn(.exponential(mean: 1)), lasting: .constant(.milliseconds(5)), first: .constant(.zero)))
      ),
      (
        "{outages: [{at: 10 s, for: 2 s}]}", .outages(.list([Outage(at: .seconds(10), lasting: .seconds(2))]))
      ),
      (
        "{gilbert_elliott: {good: 2 s, bad: 50 ms}}",
        .gilbertElliottInTime(
          good: .constant(.seconds(2)), bad: .constant(.milliseconds(50)), lossInGood: .constant(0),
          lossInBad: .constant(1))
      ),
      (
        "{gilbert_elliott: {good: {exponential: {mean: 2 s}}, bad: 50 ms, loss_good: 0.1 %, loss_bad: {beta: {a: 5, b: 1}}}}",
        .gilbertElliottInTime(
          good: .drawn(.exponential(mean: 2)), bad: .constant(.milliseconds(50)), lossInGood: .constant(0.001),
          lossInBad: .drawn(.beta(a: 5, b: 1)))
      ),
      (
        "{gilbert_elliott: {loss: 1 %, burst: 50 ms}}",
        .bursts(loss: .constant(0.01), length: .time(.constant(.milliseconds(50))))
      ),
      (
        "{gilbert_elliott: {loss: {beta: {a: 2, b: 98}}, burst: {uniform: {low: 1 ms, high: 9 ms}}}}",
        .bursts(loss: .drawn(.beta(a: 2, b: 98)), length: .time(.drawn(.uniform(low: 0.001, high: 0.009))))
      ),
      ("{gilbert_elliott: {loss: 1 %, burst: 4 packets}}", .bursts(loss: .constant(0.01), length: .packets(4))),
      ("{gilbert_elliott: {loss: 1 %, burst: 2.5packets}}", .bursts(loss: .constant(0.01), length: .packets(2.5))),
      ("[{bernoulli: 1 %}]", .bernoulli(p: .constant(0.01))),
      (
        "[{bernoulli: 0.1 %}, {outages: {every: 10 min, for: 2 s}}, {trace: [3]}]",
        .anyOf([
          .bernoulli(p: .constant(0.001)),
          .outages(.recurring(every: .constant(.seconds(600)), lasting: .constant(.seconds(2)), first: nil)),
          .trace([[3]]),
        ])
      ),
    ] as [(String, LossModel)]
  )
  func lossIsRead(text: String, loss: LossModel) throws {
    let network = try network(cohort: "loss: \(text)\nupstream_loss: \(text)")
    expect(network.cohorts[0].downLoss, equals: loss)
    expect(network.cohorts[0].upLoss, equals: loss)
  }

  @Test(
    arguments: [
      ("5 ms", .constant(.milliseconds(5))), ("{constant: 5 ms}", .constant(.milliseconds(5))),
      ("{gaussian: {mean: 5 ms, sigma: 1 ms}}", .drawn(.gaussian(mean: 0.005, sigma: 0.001))),
      ("{gamma: {shape: 2, scale: 1 ms}}", .drawn(.gamma(shape: 2, scale: 0.001))),
      ("{weibull: {scale: 1 ms, exponent: 1.5}}", .drawn(.weibull(scale: 0.001, exponent: 1.5))),
      ("{pareto: {exponent: 3, scale: 1 ms}}", .drawn(.pareto(exponent: 3, scale: 0.001))),
      ("{lognormal: {zeta: -7.5, sigma: 0.5}}", .drawn(.lognormal(zeta: -7.5, sigma: 0.5))),
      ("{lognormal: {median: 1 s, sigma: 0.5}}", .drawn(.lognormal(zeta: 0, sigma: 0.5))),
      ("{lognormal: {median: 5 ms, sigma: 0.5}}", .drawn(.lognormal(zeta: -5.298317366548, sigma: 0.5))),
    ] as [(String, TimeModel)]
  )
  func latencyIsRead(text: String, latency: TimeModel) throws {
    try expect(network(cohort: "latency: \(text)").cohorts[0].latency, equals: latency)
  }

  @Test func everyKeyReachesTheNetwork() throws {
    let network = try network(
      cohort: "turnaround: 1 ms\njitter: 3 us",
      more: """
        timeline: 1 s
        limits: {time: 1 h, events: 1_000_000}
        server: {rate: 100 Mbit/s, queue: 50, service: 1 ms, shared_loss: {bernoulli: 0.1 %}}
        protocol:
          {blksize: 512 B, windowsize: 4, block_numbers: 32, timeout: 500 ms, retries: 3, session_timeout: 3 s,
           group_timeout: 4 s, notice_copies: 2, notice_interval: 5 ms, active_order: most_gaps, promotion: {threshold: 64 KiB,
           continuity: 2, max_gaps: 3, max_largest_gap: 4, max_chain: 5, max_smart: 6, smart_order: fewest_gaps,
           smart_window: 7, smart_listens: false, report_window: 8 ms}}
        """
    )
    let parameters = network.parameters
    expect(network.timelineStep, equals: .seconds(1))
    #expect((network.limits.time, network.limits.events) == (.seconds(3600), 1_000_000))
    #expect((network.uplinkBitsPerSecond, network.uplinkQueue, network.service) == (100_000_000, 50, .milliseconds(1)))
    expect(network.sharedLoss, equals: .bernoulli(p: .constant(0.001)))
    #expect(
      (network.cohorts[0].turnaround, network.cohorts[0].jitter) == (.milliseconds(1), .constant(.microseconds(3))))
    #expect((parameters.blockSize, parameters.windowSize, parameters.wideBlockNumbers) == (512, 4, true))
    #expect((parameters.timeout, parameters.retries) == (.milliseconds(500), 3))
    #expect((parameters.sessionTimeout, parameters.groupTimeout) == (.seconds(3), .seconds(4)))
    #expect((parameters.noticeCopies, parameters.noticeInterval) == (2, .milliseconds(5)))
    expect(parameters.activeOrder, equals: .mostGaps)
    let promotion = parameters.promotion
    expect(promotion.threshold, equals: 65_536)
    expect(promotion.continuity, equals: 2)
    expect(promotion.maxGaps, equals: 3)
    expect(promotion.maxLargestGap, equals: 4)
    expect(promotion.maxChain, equals: 5)
    expect(promotion.maxSmart, equals: 6)
    expect(promotion.smartOrder, equals: .fewestGaps)
    expect(promotion.smartWindow, equals: 7)
    #expect(promotion.smartListens == false)
    expect(promotion.reportWindow, equals: .milliseconds(8))
  }

  @Test func rulesThatAScenarioAddsAreReadAndWritten() throws {
    let more = """
      protocol:
        {backoff: 2, max_timeout: 3 s, session_timeout: 20 s, group_timeout: 30 s,
         start: {devices: 3, within: 2 min}, hand_over: {repeats: 12.5 %, window: 1 000 blocks}}
      """
    let parsed = try Scenario.parse(text: scenarioText(more: more), file: "a").scenario
    let parameters = parsed.network.parameters
    #expect((parameters.backoff, parameters.maxTimeout) == (2, .seconds(3)))
    #expect((parameters.start?.devices, parameters.start?.within) == (3, .seconds(120)))
    #expect((parameters.handOver?.repeatsPerBillion, parameters.handOver?.window) == (125_000_000, 1000))
    try expect(Scenario.parse(text: parsed.canonicalYAML(), file: "a").scenario.network.parameters, equals: parameters)
    let none = try network(more: "protocol: {start: none, hand_over: none}").parameters
    #expect(none.start == nil && none.handOver == nil)
    let least = try network(more: "protocol: {start: {devices: 1}, hand_over: {}}").parameters
    #expect(least.start?.within == nil && least.handOver == HandOverRule())
  }

  @Test func fileOf65535BlocksFitsSixteenBitsAndOneByteMoreDoesNot() throws {
    let text = { (bytes: Int) in "file: {size: \(bytes) B}\nprotocol: {blksize: 512 B}\ncohorts: [{count: 1}]\n" }
    try expect(Scenario.parse(text: text(65_535 * 512 - 1), file: "a").scenario.blocks, equals: 65_535)
    #expect(throws: ScenarioError.self) { try Scenario.parse(text: text(65_535 * 512), file: "a") }
    let advised = text(65_535 * 512).replacing("blksize: 512 B", with: "blksize: 513 B")
    #expect(try Scenario.parse(text: advised, file: "a").scenario.blocks <= 65_535)
  }

  @Test func noneIsTheSameAsNotGiven() throws {
    let open = "queue: none, shared_loss: none"
    let promotion = "max_gaps: none, max_largest_gap: none, max_chain: none, max_smart: none"
    let network = try network(
      cohort: "jitter: none\nleaves: none",
      more: "timeline: none\nserver: {\(open)}\nprotocol: {promotion: {threshold: 1 KiB, \(promotion)}}"
    )
    #expect((network.uplinkQueue, network.timelineStep, network.cohorts[0].jitter) == (nil, nil, nil))
    #expect(network.parameters.promotion.maxSmart == nil)
  }

  @Test func byteOrderMarkAndWindowsLineEndsAreRead() throws {
    let text = "\u{FEFF}" + scenarioText(cohort: "loss: {bernoulli: 1 %}").replacing("\n", with: "\r\n")
    try expect(
      Scenario.parse(text: text, file: "a").scenario.network.cohorts[0].downLoss, equals: .bernoulli(p: .constant(0.01))
    )
  }

  @Test func diagnosticOfAFileWithWindowsLineEndsShowsItsLine() throws {
    let error = try #require(throws: ScenarioError.self) {
      try Scenario.parse(text: scenarioText(cohort: "count2: 1").replacing("\n", with: "\r\n"), file: "a")
    }
    expect(error.diagnostics.map(\.sourceLine), equals: ["    count2: 1"])
  }

  @Test func traceFileIsReadInBothForms() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gapsim-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let write = { (name: String, text: String) in
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    try write("down.trace", "# comment\nall: 9\n1: 17, 3 20-22 # more\n\n1: 4\n")
    try write("up.csv", "device,packet\r\n3,5\r\n3,2\r\n")
    try write("lab.yaml", scenarioText(cohort: "loss: {trace: down.trace}\nupstream_loss: {trace: up.csv}"))
    let scenario = try Scenario.load(path: folder.appendingPathComponent("lab.yaml").path).scenario
    expect(scenario.network.cohorts[0].downLoss, equals: .trace([[3, 4, 9, 17, 20, 21, 22], [9], [9]]))
    expect(scenario.network.cohorts[0].upLoss, equals: .trace([[], [], [2, 5]]))
    #expect(!scenario.canonicalYAML().contains(folder.path) && !scenario.canonicalYAML().contains("trace: down"))
    try expect(Scenario.parse(text: scenario.canonicalYAML(), file: "elsewhere").scenario, equals: scenario)
  }

  @Test(arguments: ["/no/such/file.yaml", "", "/", "a\0b"])
  func fileThatCannotBeReadIsAnError(path: String) {
    #expect(throws: ScenarioError.self) { try Scenario.load(path: path) }
  }

  /// Ten aliases of ten aliases and so on stand for more nodes than there is memory.
  @Test(arguments: [3, 10])
  func aliasesOfAliasesAreRefusedAndNotExpanded(width: Int) throws {
    var text = "a0: &a0 x\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: width).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    text += "? *a9\n: 1\n"
    let error = try #require(throws: ScenarioError.self) { try Scenario.parse(text: text, file: "a") }
    expect(error.diagnostics.count, equals: 1)
    #expect(error.description.contains("are not supported"))
  }

  @Test func hugeTextIsRefused() throws {
    let text = String(repeating: " ", count: YAMLSource.largestFile + 1)
    let error = try #require(throws: ScenarioError.self) { try Scenario.parse(text: text, file: "a") }
    #expect(error.description.contains("too long"))
  }

  @Test func allErrorsOfAFileComeInTheOrderOfItsLines() throws {
    let error = try #require(throws: ScenarioError.self) {
      try Scenario.parse(text: "cohorts: [{count: 0}]\nfile: {size: 1}\nseed: x\n", file: "a")
    }
    expect(error.diagnostics.map(\.line), equals: [1, 2, 3])
    expect(error.diagnostics.map(\.path), equals: ["cohorts[0].count", "file.size", "seed"])
  }
}
