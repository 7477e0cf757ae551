import Testing

@testable import Experiment

extension Scenario {
  /// A lab of four devices in two cohorts, as the records of the fixtures have it, that is swept.
  static func swept(_ sweep: String, replications: Int = 5) throws -> Scenario {
    try parse(
      text: """
        name: lab
        replications: \(replications)
        file: {size: 142800 B}
        protocol: {promotion: {threshold: 64 KiB}}
        cohorts: [{name: front, count: 2}, {name: back, count: 2, loss: {bernoulli: 2 %}}]
        sweep: \(sweep)
        """, file: "lab.yaml"
    ).scenario
  }
}

struct SweepScenarioTests {
  private static func values(_ scenario: Scenario) throws -> [String] {
    let points = try #require(SweepPoints(scenario))
    return (0..<points.count).map { points.settings.values(at: $0).map(\.value).joined(separator: " | ") }
  }

  @Test func ofAGridTheLastKeyChangesFirst() throws {
    let scenario = try Scenario.swept(
      "{vary: {protocol.promotion.threshold: '0, 1 KiB', protocol.windowsize: [1, 2, 4]}}")
    #expect(try Self.values(scenario) == ["0 B | 1", "0 B | 2", "0 B | 4", "1 KiB | 1", "1 KiB | 2", "1 KiB | 4"])
  }

  @Test func zippedKeysGoTogetherAndMayRepeatValues() throws {
    let scenario = try Scenario.swept(
      "{zip: true, vary: {protocol.promotion.threshold: [1 KiB..4 KiB:log2], protocol.windowsize: '1, 2, 1'}}")
    #expect(try Self.values(scenario) == ["1 KiB | 1", "2 KiB | 2", "4 KiB | 1"])
  }

  @Test(arguments: [
    "{vary: {protocol.windowsize: [1..8:log2]}}",
    "{vary: {protocol.promotion.threshold: '0,16KiB..4MiB:log2', 'cohorts[1].loss.bernoulli': 0.1%..5%:8}, zip: false}",
    "{zip: true, vary: {protocol.windowsize: 1..3:3, 'cohorts[0].loss': 'none,{bernoulli: 1 %},{runs: {good: 9, lost: 1}}'}}",
    "{vary: {protocol.windowsize: 1}, precision: 2 %}",
    "{vary: {protocol.windowsize: 1}, precision: 0.5 %, min_replications: 3, max_replications: 70, look_ahead: 0, metrics: [server_bytes, makespan_s]}",
  ])
  func theCanonicalFormReadsBackToTheSameSweep(sweep: String) throws {
    let scenario = try Scenario.swept(sweep)
    #expect(scenario.sweep != nil)
    #expect(try Scenario.parse(text: scenario.canonicalYAML(), file: "a").scenario == scenario)
    #expect(try Scenario.parse(text: scenario.canonicalJSON(), file: "b").scenario == scenario)
  }

  @Test(arguments: [
    ("protocol.promotion.threshold", "3 KiB"), ("cohorts[0].loss.bernoulli", "0.03"),
    ("cohorts[1].loss.bernoulli.p", "0.03"), ("cohorts[1].loss.gilbert_elliott", "{p: 0.01, r: 0.5, k: 1, h: 0}"),
    ("cohorts[0].latency.lognormal.median", "3 ms"), ("cohorts[1].latency.uniform.high", "9 ms"),
    ("cohorts[0].count", "7"), ("cohorts[1].join.every", "1 s"), ("server.rate", "10 Mbit/s"),
    ("server.shared_loss", "{bernoulli: 0.001}"), ("protocol.promotion.max_smart", "none"), ("file.size", "1 MiB"),
    ("protocol.mode", "pxe-mtftp"), ("limits.time", "1 h"), ("cohorts[0].leaves", "[{device: 2, at: 1 s}]"),
  ])
  func aPointIsTheScenarioWithItsValuesSet(key: String, value: String) throws {
    let text = """
      name: lab
      file: {size: 142800 B}
      protocol: {promotion: {threshold: 64 KiB, max_smart: 3}}
      cohorts:
        - {name: front, count: 2, latency: {lognormal: {median: 1 ms, sigma: 0.5}}}
        - {name: back, count: 2, latency: {uniform: {low: 1 ms, high: 5 ms}}, loss: {bernoulli: {p: 2 %}}}
      """
    let swept = try Scenario.parse(text: text, file: "lab.yaml", varied: ["\(key)=\(value)"]).scenario
    let set = try Scenario.parse(text: text, file: "lab.yaml", overrides: ["\(key)=\(value)"]).scenario
    let point = try #require(SweepPoints(swept))[0]
    #expect(point.network == set.network)
    #expect(point.network != (try Scenario.parse(text: text, file: "lab.yaml").scenario.network))
    #expect(point.context.varied == [VariedKey(name: key, value: value)])
  }

  @Test func optionsTakeThePlaceOfAllThatTheFileVaries() throws {
    let text = "file: {size: 1 MiB}\ncohorts: [{name: a, count: 2}]\nsweep: {vary: {seed: 4}, precision: 3 %}\n"
    let scenario = try Scenario.parse(text: text, file: "a", varied: ["protocol.windowsize=1,2"]).scenario
    #expect(scenario.sweep?.keys == [SweepSettings.Key(name: "protocol.windowsize", values: ["1", "2"])])
    #expect(scenario.sweep?.precision?.share == 0.03)
  }

  @Test func whatAPointRefusesIsSaidBeforeAnythingRuns() throws {
    let text = "file: {size: 1 MiB}\ncohorts: [{name: a, count: 2}]\n"
    let wrong: [[String]] = [
      ["protocol.blksize"], ["protocol.blksize=512 B", "protocol.blksize=1 KiB"], ["=1"], ["protocol..blksize=1"],
      ["protocol.blksize=4 B..1 KiB:log2"], ["protocol.blksze=512 B"], ["protocol.blksize=512"],
      ["protocol.promotion.threshold=6,8 KiB"], ["cohorts[3].count=1,2"], ["cohorts[0].count=1..3:4"],
      ["protocol.session_timeout=6 s,8 s"], ["protocol.session_timeout=6 s,8 s", "protocol.windowsize=1,2"],
      ["protocol.mode=rfc2090,mtftp"], ["protocol.windowsize=1,2,1"], ["seed=1,2"], ["replications=1,2"], ["name=a,b"],
      ["sweep.zip=true"], ["cohorts[0].loss.trace=a.txt"],
      ["protocol.windowsize=1..1000:1000", "cohorts[0].count=1..101:101"],
      ["protocol.windowsize=1..65535:10000", "file.size=1 B..1 TiB:10000"], ["protocol.windowsize=1..2"],
      ["protocol.promotion.threshold=0,1 KiB,0 B"],
    ]
    var said = ""
    for options in wrong {
      let error = #expect(throws: ScenarioError.self) {
        _ = try Scenario.parse(text: text, file: "lab.yaml", varied: options)
      }
      said += options.map { "--vary \($0)" }.joined(separator: " ") + "\n\(error.map { "\($0)" } ?? "is read")\n\n"
    }
    try Golden.expect(said, in: "sweep/options.txt")
  }

  @Test(arguments: [
    ("{}", "vary"), ("{vary: {}}", "keys over their values"), ("{vary: [1]}", "keys over their values"),
    ("{vary: {protocol.windowsize: {a: 1}}}", "commas"), ("{vary: {protocol.windowsize: []}}", "commas"),
    ("{vary: {protocol.windowsize: 1}, zip: maybe}", "neither true nor false"),
    ("{vary: {protocol.windowsize: 1}, precision: 0}", "more than 0 %"),
    ("{vary: {protocol.windowsize: 1}, precision: much}", "a share like"),
    ("{vary: {protocol.windowsize: 1}, precision: 1 %, min_replications: 9, max_replications: 8}", "less than"),
    ("{vary: {protocol.windowsize: 1}, metrics: [makespan]}", "did you mean 'makespan_s'"),
    ("{zip: true, vary: {protocol.windowsize: [1, 2], protocol.retries: [1, 2, 3]}}", "as many values"),
    ("{zip: true, vary: {protocol.windowsize: [1, 1], protocol.retries: [2, 2]}}", "same as one before"),
    ("{vary: {protocol.windowsize: 1}, precison: 1 %}", "did you mean 'precision'"),
  ])
  func aWrongSectionIsRefused(sweep: String, says: String) {
    let error = #expect(throws: ScenarioError.self) { try Scenario.swept(sweep) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(says), "\(error.map { "\($0)" } ?? "")")
  }

  @Test func aFileWhoseNameHasControlCharactersGivesAPlainName() throws {
    let text = "file: {size: 1 MiB}\ncohorts: [{name: a, count: 2}]\n"
    let scenario = try Scenario.parse(text: text, file: "a\nb.yaml").scenario
    #expect(scenario.name == "a_b")
    #expect(try Scenario.parse(text: scenario.canonicalYAML(), file: "c").scenario == scenario)
  }
}
