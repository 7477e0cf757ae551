import TestSupport
import Testing

@testable import Scenarios

/// Devices that can never finish: too late an answer, a path that lets nothing pass, a device that leaves before it joins.
@Suite struct HopelessDeviceTests {
  private static let base = """
    file: {size: 100 KiB}
    protocol: {timeout: 100 ms, session_timeout: 1 s, group_timeout: 1.5 s}
    cohorts: [{name: a, count: 4}, {name: z, count: 4}]
    """

  private func warnings(_ overrides: [String]) throws -> [String] {
    try Scenario.parse(text: Self.base, file: "hopeless.yaml", overrides: overrides).warnings.map(\.description)
  }

  /// A full DATA has 1498 B on the wire, and 1432 B of payload. Who takes longer for it than 100 ms is asked again before.
  @Test(
    arguments: [
      (["cohorts[a].link.rate=119 kbit/s"], "cohorts[0].link", "takes 100800 us on the slowest port to a device of"),
      (["server.rate=119 kbit/s"], "server.rate", "takes 100800 us on the slowest port to"),
      (["segments.s={rate: 10 kbit/s}", "cohorts[z].segment=s"], "warning", "a device of cohort 'z'"),
      (
        ["cohorts[a].receiver.rate=114 kbit/s", "cohorts[a].receiver.buffer=1 MiB"], "cohorts[0].receiver",
        "takes 100500 us to be read by a device of cohort 'a', longer than timeout, 100 ms"
      ),
      (["cohorts[a].link.rate=119 kbit/s", "protocol.strategy=wds"], "cohorts[0].link", "takes 100800 us"),
    ] as [([String], String, String)])
  func dataThatTakeLongerThanATimeoutAreWarnedOf(overrides: [String], key: String, words: String) throws {
    let found = try warnings(overrides).filter { $0.contains("a DATA packet of") && $0.contains("longer than timeout") }
    expect(found.count, equals: 1)
    #expect(found.first.map { $0.contains("\(key): ") && $0.contains(words) } == true, "\(found)")
  }

  @Test(arguments: [
    ["cohorts[a].link.rate=120 kbit/s"], ["cohorts[a].link.rate=119 kbit/s", "protocol.timeout=101 ms"],
    ["cohorts[a].link.rate=119 kbit/s", "file.size=1000 B"], ["server.rate=10 kbit/s", "protocol.strategy=carousel"],
    ["cohorts[a].receiver.rate=115 kbit/s", "cohorts[a].receiver.buffer=1 MiB"],
  ])
  func dataThatComeWithinATimeoutAreNot(overrides: [String]) throws {
    #expect(try !warnings(overrides).contains { $0.contains("longer than timeout") })
  }

  /// A device gives up 600 ms after its first request, and the server after its first one.
  @Test(arguments: [
    (
      ["server.service=599.8 ms"],
      "server.service: no answer of the server to cohort 'a' would come before the last repeat is given up: 2 × latency"
        + " + service = 2 × 100 us + 599800 us is not less than"
    ),
    (["server.service=700 ms"], "raise timeout or retries, or lower latency or service"),
    (
      ["server.service=500 ms", "cohorts[a].latency=50 ms"], "cohorts[0].latency: no answer of the server to cohort 'a'"
    ),
    (
      ["cohorts[a].latency={uniform: {low: 1 s, high: 2 s}}"],
      "cohorts[0].latency: no answer of cohort 'a' would come before the last repeat is given up: 2 × least latency"
        + " + turnaround = 2 × 1 s + 20 us"
    ),
    (["cohorts[a].latency={values: [301 ms, 400 ms]}"], "2 × 301 ms"),
    (["cohorts[a].latency={pareto: {exponent: 2, scale: 310 ms}}"], "2 × 310 ms"),
    (
      ["cohorts[a].jitter=1 s"],
      "cohorts[0].jitter: no answer of cohort 'a' would come before the last repeat is given up: 2 × (latency + jitter)"
        + " + turnaround = 2 × (100 us + 1 s) + 20 us"
    ),
    (["cohorts[a].jitter={uniform: {low: 300 ms, high: 1 s}}"], "or lower latency, jitter or turnaround"),
  ])
  func anAnswerThatIsAlwaysTooLateIsAnError(overrides: [String], words: String) throws {
    let error = try #require(throws: ScenarioError.self) { try warnings(overrides) }
    expect(error.diagnostics.count, equals: 1)
    #expect(error.description.contains(words), "\(error)")
  }

  @Test(arguments: [
    ["server.service=599.799 ms"], ["cohorts[a].jitter=299 ms"],
    // Each end waits for the other one alone.
    ["server.service=400 ms", "cohorts[a].turnaround=400 ms"],
    ["cohorts[a].latency={exponential: {mean: 10 s}}"], ["cohorts[a].latency={values: [1 ms, 10 s]}"],
    ["cohorts[a].latency={uniform: {low: 299 ms, high: 10 s}}"], ["cohorts[a].jitter={exponential: {mean: 10 s}}"],
    ["cohorts[a].join=2 s", "cohorts[a].leaves=2000000001 ns"],
    ["cohorts[a].leaves={at: {uniform: {low: 0 s, high: 1 s}}}"],
    ["cohorts[a].join={at: {uniform: {low: 0 s, high: 9 s}}}", "cohorts[a].leaves=1 s"],
    ["cohorts[a].join={every: 1 s}", "cohorts[a].leaves=4001 ms"],
    ["cohorts[a].loss={gilbert_elliott: {p: 10 %, r: 0 %, h: 90 %}}"],
    ["server.service=700 ms", "protocol.strategy=carousel"],
    // These send as well to those who never say anything.
    ["cohorts[a].upstream_loss={bernoulli: 100 %}", "protocol.strategy=nack"],
    ["cohorts[a].upstream_loss={bernoulli: 100 %}", "protocol.strategy=carousel"],
    ["protocol.start={devices: 8}"], ["protocol.start={devices: 8}", "cohorts[a].leaves=1 ms"],
  ])
  func nothingIsSaidOfDevicesThatMayFinish(overrides: [String]) throws {
    try expect(warnings(overrides), equals: [])
  }

  @Test(arguments: [
    (
      ["cohorts[a].upstream_loss={bernoulli: 100 %}"],
      "cohorts[0].upstream_loss: takes every packet: the server never hears a device of this cohort"
    ),
    (["cohorts[a].upstream_loss={bernoulli: 100 %}", "protocol.strategy=unicast"], "never hears"),
    (
      ["cohorts[a].loss={gilbert_elliott: {p: 100 %, r: 0 %}}"],
      "cohorts[0].loss: takes every packet: no device of this cohort ever receives anything"
    ),
    (["cohorts[a].loss={gilbert_elliott: {p: 1 %, r: 0 %}}"], "takes every packet"),
    (
      ["cohorts[a].join=2 s", "cohorts[a].leaves=1 s"],
      "cohorts[0].leaves: is not after the join of any device of this cohort: none ever receives anything"
    ),
    (["cohorts[a].join=2 s", "cohorts[a].leaves=2 s"], "any device of this cohort"),
    (["cohorts[a].join={at: {uniform: {low: 2 s, high: 9 s}}}", "cohorts[a].leaves=1 s"], "any device of this cohort"),
    (
      ["cohorts[a].join=[0 s, 1 s, 2 s, 3 s]", "cohorts[a].leaves=2 s"],
      "the join of 2 of 4 devices, which never receive anything"
    ),
    (
      ["cohorts[a].join=2 s", "cohorts[a].leaves=[{device: 3, at: 1 s}, {device: 4, at: 3 s}]"],
      "the join of 1 of 4 devices, which never receives anything"
    ),
    // They join after 1, 2, 3 and 4 s.
    (["cohorts[a].join={every: 1 s}", "cohorts[a].leaves=3 s"], "the join of 2 of 4 devices"),
    (["cohorts[a].join={every: 1 s}", "cohorts[a].leaves=3001 ms"], "the join of 1 of 4 devices"),
    (["cohorts[a].join={at: 5 s, every: 1 s}", "cohorts[a].leaves=3 s"], "any device of this cohort"),
  ])
  func aDeviceThatNeverGetsTheFileIsWarnedOf(overrides: [String], words: String) throws {
    let warnings = try warnings(overrides)
    expect(warnings.count, equals: 1)
    #expect(warnings.first?.contains(words) == true, "\(warnings)")
  }

  /// A session that waits for more devices than the server ever hears never begins (R22).
  @Test(arguments: [
    ["cohorts[a].join=2 s", "cohorts[a].leaves=1 s"], ["cohorts[a].upstream_loss={bernoulli: 100 %}"],
    ["segments={dead: {loss: {bernoulli: 100 %}}}", "cohorts[a].segment=dead"],
  ])
  func aStartCountsNoDeviceThatIsNeverHeard(overrides: [String]) throws {
    let error = try #require(throws: ScenarioError.self) {
      try warnings(overrides + ["protocol.start={devices: 5}"])
    }
    let words =
      "5 is more than the devices that the server ever hears, 4, so no session would ever begin; set it to at most 4"
    #expect(error.description.contains(words), "\(error)")
    #expect(try warnings(overrides + ["protocol.start={devices: 4}"]).count == 1)
    let waiting = try warnings(overrides + ["protocol.start={devices: 5, within: 9 s}"])
    #expect(waiting.contains { $0.contains("ever hears, 4: the first session always waits for 9 s") }, "\(waiting)")
  }
}
