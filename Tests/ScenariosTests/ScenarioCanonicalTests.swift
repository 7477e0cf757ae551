import TestSupport
import Testing

@testable import Fixtures
@testable import Runs
@testable import Scenarios

@Suite struct ScenarioCanonicalTests {
  private static let times = [
    "0 s", "1 ns", "123456789 ns", "6.5 s", "365 d", "{constant: 3 ms}", "{uniform: {low: 0.1 us, high: 333 ms}}",
    "{exponential: {mean: 7 us}}",
    "{gaussian: {mean: 1.234567 s, sigma: 1 ns}}", "{gamma: {shape: 0.1, scale: 3 ms}}",
    "{lognormal: {median: 200 us, sigma: 0.3}}", "{lognormal: {zeta: -1e-7, sigma: 0.333}}",
    "{weibull: {scale: 364.999 d, exponent: 1.1}}", "{pareto: {exponent: 2.5, scale: 17 us}}",
    "{values: [120 us, 130 us, 128.5 us]}", "{weights: [1, 0, 1e3], values: [120 us, 130 us, 128.5 us]}",
  ]
  private static let probabilities = [
    "0", "1", "0.1 %", "33.3 %", "1e-9", "0.123456789012345678", "{beta: {a: 0.5, b: 98}}",
    "{uniform: {low: 0, high: 3 %}}", "{values: [0.1 %, 1, 0.123456789012345678]}",
    "{values: [0.1 %, 1], weights: [9, 0.5]}",
  ]
  private static let counts = [
    "1", "1_000_000", "{geometric: {p: 1 %}}", "{negative_binomial: {p: 0.3, n: 2}}", "{poisson: {mean: 4.5}}",
    "{logarithmic: {p: 99 %}}", "{values: [0, 3, 1_000_000, 3]}",
  ]

  /// Shorter ones are refused.
  private static let stays = times.filter { !["0 s", "1 ns"].contains($0) }
  /// An answer that is later than the last repeat is refused.
  private static let latencies = times.filter { !["6.5 s", "365 d"].contains($0) }

  /// Some scenario that is right, with its keys drawn from all forms.
  static func text(seed: UInt64) -> String {
    var random = FixedSequence(state: seed)
    func pick(_ values: [String]) -> String { values[Int.random(in: 0..<values.count, using: &random)] }
    func loss(devices: Int) -> String {
      let model = model(devices: devices)
      guard Int.random(in: 0..<6, using: &random) == 0 else { return model }
      let further = "{outages: {every: 1 s, for: \(pick(times))}}"
      return model == "none" ? "[\(further)]" : "[\(model), {bernoulli: \(pick(probabilities))}, \(further)]"
    }
    func model(devices: Int) -> String {
      let lists = Array(repeating: "[3, 1-4]", count: devices).joined(separator: ", ")
      return pick([
        "none", "{bernoulli: \(pick(probabilities))}",
        "{gilbert_elliott: {p: 1 %, r: \(pick(probabilities)), k: \(pick(probabilities)), h: \(pick(probabilities))}}",
        "{gilbert_elliott: {good: \(pick(stays)), bad: \(pick(stays)), loss_bad: \(pick(probabilities))}}",
        "{gilbert_elliott: {loss: \(pick(probabilities)), burst: \(pick(stays + ["7 packets", "1e3 packets"]))}}",
        "{runs: {good: \(pick(counts)), lost: \(pick(counts))}}", "{trace: [5, 9]}", "{trace: [\(lists)]}",
        "{trace: {lost: [\(lists)], length: \(pick(["9", "4"])), then: \(pick(["repeat", "clean"]))}}",
        "{trace: {lost: [5, 9], \(pick(["then: clean", "length: 9"]))}}",
      ])
    }
    let names = [
      "desks", "\"no: 1\"", "\"[x]\"", "\"ünïcode 日本\"", "'it''s'", "\"#5\"", "\"12\"", "\"1 s\"", "\"none\"", "\"~\"",
      "\"a, b\"",
    ]
    var text =
      "name: \(pick(names))\ndescription: \"\(pick(["a\\nb\\n", " x ", "# no", "tab\\there", "\\u2028", "é"]))\"\n"
    text += "seed: \(random.next())\nreplications: 3\nfile: {size: \(pick(["0 B", "1 B", "48 MiB", "1.5 MB"]))}\n"
    text += "timeline: \(pick(["none", "1 s"]))\n"
    text +=
      "server: {rate: \(pick(["9.6 kbit/s", "1 Gbit/s"])), queue: \(pick(["none", "7"])), mtu: \(pick(["1500 B", "576 B", "9000 B"])), "
      + "promotion: \(pick(["on", "on", "off"])), max_transfers: \(pick(["none", "3"])), shared_loss: \(loss(devices: 1))}\n"
    let segment = pick(names.filter { $0 != "\"none\"" && $0 != "\"~\"" })
    text +=
      "segments:\n  \(segment): {rate: \(pick(["54 Mbit/s", "1 Gbit/s"])), multicast_rate: 6 Mbit/s, loss: \(loss(devices: 1))}\n"
    text += "  below: {parent: \(segment), queue: \(pick(["none", "9"])), latency: \(pick(["0 s", "5 us"]))}\n"
    let handOver = "{repeats: \(pick(["0", "1", "33.3 %", "1e-9"])), window: \(pick(["7", "1 block", "1_000 blocks"]))}"
    let rules =
      "session_timeout: 64 s, group_timeout: 70 s, backoff: \(pick(["1", "2"])), max_timeout: \(pick(["5 s", "64 s"])), "
      + "start: \(pick(["none", "{devices: 1}", "{devices: 9, within: \(pick(["0 s", "1 ns", "365 d"]))}"])), "
      + "hand_over: \(pick(["none", "{}", handOver]))"
    let strategy =
      "strategy: \(pick(StrategyName.allCases.map(\.rawValue))), slice: \(pick(["1", "112 blocks", "1024"])), "
      + "pace: \(pick(["none", "9.6 kbit/s", "1 Gbit/s"])), report_window: \(pick(["0 s", "1 ns", "5 s"])), "
      + "group: \(pick(["1", "20 blocks", "1024"])), slow: \(pick(["none", "{}", "{share: 33.3 %, to: unicast}"]))"
    text +=
      "protocol: {\(rules), \(strategy), mode: \(pick(["rfc2090", "pxe-mtftp"])), promotion: {threshold: \(pick(["0 B", "1 KiB"])), max_smart: \(pick(["none", "2"])), smart_listens: \(pick(["true", "false"]))}}\n"
    text += "cohorts:\n"
    for cohort in 0..<Int.random(in: 1...3, using: &random) {
      text +=
        "  - count: 2\n    name: c\(cohort)\n    latency: \(pick(latencies))\n    jitter: \(pick(latencies + ["none"]))\n"
      text += "    join: \(pick(["[0 s, 3 s]", "{every: \(pick(times)), at: 5 s}", "{at: \(pick(times))}"]))\n"
      text += "    leaves: \(pick(["none", "{at: \(pick(times))}", "[{device: 2, at: 1 h}]"]))\n"
      text += pick([
        "", "    segment: below\n",
        "    segment: \(segment)\n    link: {rate: 100 Mbit/s, queue: \(pick(["none", "3"]))}\n",
      ])
      text += pick(["", "    promotion: off\n", "    promotion: on\n"])
      text += pick(["", "    receiver: {rate: 300 Mbit/s, buffer: \(pick(["64 KiB", "1500 B"]))}\n"])
      text += "    loss: \(loss(devices: 2))\n    upstream_loss: \(loss(devices: 2))\n"
    }
    return text
  }

  @Test(arguments: UInt64(0)..<300)
  func canonicalFormReadsBackToTheSameScenario(seed: UInt64) throws {
    let scenario = try Scenario.parse(text: ScenarioCanonicalTests.text(seed: seed), file: "a").scenario
    let yaml = try Scenario.parse(text: scenario.canonicalYAML(), file: "b").scenario
    expect(yaml, equals: scenario)
    expect(yaml.canonicalYAML(), equals: scenario.canonicalYAML())
    try expect(Scenario.parse(text: scenario.canonicalJSON(), file: "c").scenario, equals: scenario)
  }

  @Test func canonicalFormHasDefaultsAndOverrides() throws {
    let scenario = try Scenario.parse(text: scenarioText(), file: "lab.yaml", overrides: ["seed=77"]).scenario
    let yaml = scenario.canonicalYAML()
    for line in [
      "name: lab", "seed: 77", "  blksize: 1428 B", "  size: 1 MiB", "  latency: 100 us", "    smart_listens: true",
    ] {
      #expect(yaml.contains("\n\(line)\n"), "\(line)")
    }
  }
}
