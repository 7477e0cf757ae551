import PromotionRun
import Runs
import TestSupport
import Testing
import Timebase

@testable import Experiments
@testable import Scenarios

/// What a run takes of the memory is known before it begins, and the same on every machine.
@Suite struct MemoryBudgetTests {
  private func scenario(_ more: String, count: Int = 1, size: String = "1 MiB", loss: String = "none") throws
    -> Scenario
  {
    let text = "file: {size: \(size)}\n\(more)\ncohorts: [{count: \(count), loss: \(loss)}]\n"
    return try Scenario.parse(text: text, file: "a").scenario
  }

  /// By hand: 20 MB, and a run 2000 B a device, 8 B a loss, and the samples of a timeline.
  @Test func theEstimateIsTheSumOfItsParts() throws {
    let estimate = MemoryEstimate(
      try scenario("timeline: 1 s\nlimits: {time: 1 h}", count: 1000, loss: "{bernoulli: 1 %}").network)
    let run = 1000 * 2000 + 1000 * 735 * 0.01 * 8 + 3601 * Double(MemoryLayout<TimelineSample>.stride)
    expect(estimate.bytes(jobs: 1), equals: UInt64(20e6 + run))
    expect(estimate.bytes(jobs: 3, copies: 2), equals: UInt64(20e6 + 6 * run))
  }

  /// Each sample of a timeline has an array with the bytes of each segment.
  @Test func segmentsMakeATimelineLarger() throws {
    let timeline = "timeline: 1 s\nlimits: {time: 1 h}\n"
    let plain = MemoryEstimate(try scenario(timeline).network).timeline
    let ports = MemoryEstimate(try scenario(timeline + "segments: {a: {}, b: {parent: a}, c: {parent: b}}").network)
    #expect(ports.timeline == plain + 3601 * (32 + 3 * 8))
  }

  @Test(
    arguments: [
      ("none", 0), ("{bernoulli: 2 %}", 0.02), ("{bernoulli: 98 %}", 0.02), ("{bernoulli: {beta: {a: 1, b: 3}}}", 0.25),
      ("{gilbert_elliott: {p: 1 %, r: 9 %}}", 0.1), ("{gilbert_elliott: {p: 0, r: 0.5, k: 0.9, h: 0.1}}", 0.1),
      ("{runs: {good: 97, lost: 3}}", 0.03), ("{runs: {good: {values: [10, 20]}, lost: {geometric: {p: 0.2}}}}", 0.25),
      ("{bernoulli: {pareto: {exponent: 0.5, scale: 1 %}}}", 0),
    ] as [(String, Double)])
  func gapsFollowTheMeanLoss(loss: String, rate: Double) throws {
    let gaps = MemoryEstimate(try scenario("", count: 10, loss: loss).network).gaps
    #expect(abs(gaps - 8 * 10 * 735 * rate) < 1)
  }

  /// By hand: 735 blocks of 1428 B. Each block beyond the 64th that may be under way to a device counts: 200 B of a window, 500 B
  /// of what a device is expected to miss and asks for.
  @Test(
    arguments: [
      ("windowsize: 64", 0), ("windowsize: 100", 36 * 200), ("windowsize: 65535", 671 * 200),
      ("strategy: unicast, windowsize: 65535", 671 * 200), ("strategy: rfc2090, windowsize: 65535", 671 * 200),
      ("strategy: carousel", 0), ("promotion: {smart_window: 65535}", (73.5 - 64) * 500),
      ("promotion: {smart_window: 70}", 6 * 500), ("promotion: {smart_window: 64}", 0),
      ("windowsize: 65535, promotion: {smart_window: 65535}", 671 * 200),
    ] as [(String, Double)])
  func largeWindowsAreUnderWayToEachDevice(keys: String, bytes: Double) throws {
    let text = "protocol: {\(keys)}"
    let underWay = MemoryEstimate(try scenario(text, count: 10, loss: "{bernoulli: 10 %}").network).underWay
    #expect(abs(underWay - 10 * bytes) < 1)
  }

  @Test func theLimitIsReadWrittenBackAndLeftOutWhereItIsNotGiven() throws {
    let given = try scenario("limits: {memory: 8 GiB}")
    expect(given.memoryLimit, equals: 8 << 30)
    #expect(given.canonicalYAML().contains("memory: 8 GiB"))
    try expect(Scenario.parse(text: given.canonicalYAML(), file: "a").scenario, equals: given)
    let open = try scenario("")
    #expect(open.memoryLimit == nil)
    #expect(!open.canonicalYAML().contains("memory"))
  }

  @Test func fewerRunsAreInWorkWhereMemoryIsShort() throws {
    let scenario = try scenario("limits: {memory: 1100 MB}", count: 100_000)  // 200 MB a run, and 20 MB
    let budget = MemoryBudget(scenario)
    try expect(budget.jobs(asked: 5, for: scenario), equals: 5)
    #expect(try budget.jobs(asked: nil, for: scenario) <= 5)
    let refusal = #expect(throws: MemoryRefusal.self) { try budget.jobs(asked: 6, for: scenario) }
    #expect(refusal?.description.contains("6 runs at a time") ?? false)
    #expect(refusal?.description.contains("lower --jobs") ?? false)
    #expect(throws: MemoryRefusal.self) { try budget.jobs(asked: 1, for: scenario, copies: 6) }
  }

  @Test(arguments: [
    ("", "1 MiB", 16_000_000, "none", "16 000 000 devices"),
    ("timeline: 1 us", "1 MiB", 1, "none", "the timeline"),
    ("protocol: {promotion: {smart_window: 20000}}", "40 MB", 500, "{bernoulli: 50 %}", "the packets of a window"),
    ("protocol: {block_numbers: 32}", "1 TB", 100, "{bernoulli: 10 %}", "the gaps"),
  ])
  func whatTakesTheMostIsNamed(more: String, size: String, count: Int, loss: String, part: String) throws {
    let scenario = try scenario("limits: {memory: 1 GiB}\n\(more)", count: count, size: size, loss: loss)
    let refusal = #expect(throws: MemoryRefusal.self) { try MemoryBudget(scenario).jobs(asked: nil, for: scenario) }
    let words = (refusal?.description ?? "").replacing("\u{202F}", with: " ")
    #expect(words.hasPrefix("limits.memory: a run takes about"))
    #expect(words.contains("most of it for \(part)"), "\(words)")
  }

  @Test func everyPointOfASweepIsHeldToTheLimit() throws {
    let text = """
      file: {size: 1 MiB}
      limits: {memory: 300 MB}
      cohorts: [{count: 10}]
      sweep: {vary: {"cohorts[0].count": [10, 1000000, 20]}}
      """
    let scenario = try Scenario.parse(text: text, file: "a").scenario
    let refusal = #expect(throws: MemoryRefusal.self) { try MemoryBudget(scenario).jobs(asked: nil, for: scenario) }
    #expect(refusal?.description.contains("with cohorts[0].count=1000000: a run takes") ?? false)
  }

  @Test(arguments: [("2", 3), ("64", 8), ("1000", 11), ("0, 1 KiB", 2), ("0, 1 KiB, 2 KiB", 3)])
  func aTreeOfThresholdsHoldsACopyForEachHalving(candidates: String, copies: Int) throws {
    try expect(CandidateChoice(candidates).mostCopies, equals: copies)
  }
}
