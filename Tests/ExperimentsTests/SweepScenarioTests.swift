import TestSupport
import Testing

@testable import Experiments
@testable import Fixtures
@testable import Results
@testable import Scenarios

struct SweepScenarioTests {
  private static func values(_ scenario: Scenario) throws -> [String] {
    let points = try #require(SweepPoints(scenario))
    return (0..<points.count).map { points.settings.values(at: $0).map(\.value).joined(separator: " | ") }
  }

  @Test func ofAGridTheLastKeyChangesFirst() throws {
    let scenario = try Scenario.swept(
      "{vary: {protocol.promotion.threshold: '0, 1 KiB', protocol.windowsize: [1, 2, 4]}}")
    try expect(Self.values(scenario), equals: ["0 B | 1", "0 B | 2", "0 B | 4", "1 KiB | 1", "1 KiB | 2", "1 KiB | 4"])
  }

  @Test func zippedKeysGoTogetherAndMayRepeatValues() throws {
    let scenario = try Scenario.swept(
      "{zip: true, vary: {protocol.promotion.threshold: [1 KiB..4 KiB:log2], protocol.windowsize: '1, 2, 1'}}")
    try expect(Self.values(scenario), equals: ["1 KiB | 1", "2 KiB | 2", "4 KiB | 1"])
  }

  @Test func keysOfAGroupGoTogetherAndGroupsMeetEachOther() throws {
    let scenario = try Scenario.swept(
      """
      {vary: [{protocol.timeout: '1 s, 2 s', protocol.session_timeout: [6 s, 12 s], protocol.group_timeout: [7 s, 13 s]},
        {protocol.windowsize: [1, 4]}]}
      """)
    try expect(
      Self.values(scenario),
      equals: [
        "1 s | 6 s | 7 s | 1", "1 s | 6 s | 7 s | 4", "2 s | 12 s | 13 s | 1", "2 s | 12 s | 13 s | 4",
      ])
    let options = [
      "protocol.timeout=1s,2s", "+protocol.session_timeout=6s,12s", "+protocol.group_timeout=7s,13s",
      "protocol.windowsize=1,4",
    ]
    let text = "name: lab\nfile: {size: 1 MiB}\ncohorts: [{name: a, count: 2}]\n"
    let varied = try Scenario.parse(text: text, file: "lab.yaml", varied: options).scenario
    expect(varied.sweep?.groups, equals: scenario.sweep?.groups)
  }

  /// A timeout of 2 s needs a session_timeout of 12 s: without the condition the point would be refused.
  @Test func combinationsThatDoNotMeetAConditionAreNoPoints() throws {
    let scenario = try Scenario.swept(
      """
      {where: protocol.session_timeout >= 6 * protocol.timeout and protocol.group_timeout > protocol.session_timeout, vary: {
        protocol.timeout: [500 ms, 1 s, 2 s], protocol.session_timeout: [6 s, 12 s], protocol.group_timeout: [7 s, 13 s]}}
      """)
    try expect(
      Self.values(scenario),
      equals: [
        "500 ms | 6 s | 7 s", "500 ms | 6 s | 13 s", "500 ms | 12 s | 13 s", "1 s | 6 s | 7 s", "1 s | 6 s | 13 s",
        "1 s | 12 s | 13 s", "2 s | 12 s | 13 s",
      ])
    #expect(scenario.sweep?.combinations == 12 && scenario.sweep?.points == 7)
    let points = try #require(SweepPoints(scenario))
    #expect(points[6].network.parameters.timeout == .seconds(2) && points[6].context.point == 6)
    #expect(throws: ScenarioError.self) {
      try Scenario.swept("{vary: {protocol.timeout: [500 ms, 2 s], protocol.session_timeout: [6 s, 12 s]}}")
    }
  }

  @Test(arguments: [
    ("protocol.windowsize < 4", 3), ("protocol.windowsize * protocol.blksize <= 4284 B", 3),
    ("2*protocol.windowsize-1 == 5 or protocol.windowsize == 8", 2), ("protocol.windowsize / 2 > 3.5", 1),
    ("protocol.windowsize >= 0", 8), ("protocol.mode == rfc2090 and protocol.windowsize != 1", 7),
    ("protocol.mode != 'pxe-mtftp'", 8), ("server.queue == none", 8),
    ("cohorts[0].count + cohorts[back].count == 4", 8),
    ("cohorts[back].loss.bernoulli == 2 %", 8), ("(protocol.windowsize + 1) * 2 <= 6", 2), ("file.size == 142800 B", 8),
    ("protocol.timeout * protocol.windowsize > 2 s", 6), ("protocol.timeout / 100 ms == 10", 8),
    ("protocol.windowsize > 1e0", 7), ("-protocol.windowsize < -7", 1), ("seed == 1", 8),
    ("server.rate > 100 Mbit/s", 8), ("cohorts[0].turnaround < 1 ms", 8), ("cohorts[back].latency == 100 us", 8),
    ("cohorts[back].upstream_loss == none", 8), ("protocol.promotion.max_gaps == none", 8),
  ])
  func aConditionComparesWhatKeysAreAtAPoint(condition: String, points: Int) throws {
    let swept = try Scenario.swept("{vary: {protocol.windowsize: 1..8:8}, where: [\"\(condition)\"]}")
    expect(swept.sweep?.points, equals: points)
    try expect(Scenario.parse(text: swept.canonicalYAML(), file: "a").scenario, equals: swept)
    let text = try Scenario.swept("{vary: {protocol.windowsize: 1..8:8}}").canonicalYAML()
    try expect(Scenario.parse(text: text, file: "a", conditions: [condition]).scenario.sweep?.points, equals: points)
  }

  @Test func aConditionThatCannotBeDecidedIsRefused() throws {
    let text = "file: {size: 1 MiB}\ncohorts: [{name: wifi, count: 2}, {count: 1}]\n"
    var said = ""
    for condition in [
      "", "protocol.windowsize", "protocol.windowsize = 2", "protocol.windowsize => 2", "protocol.windwsize > 2",
      "protocl.windowsize > 2", "cohorts[wfi].count > 2", "cohorts[3].count > 2", "cohorts[*].count > 2",
      "cohorts[cohort-2].count > 2", "protocol.timeout > 2", "protocol.timeout > 2 KiB", "protocol.timeout > 2 sec",
      "protocol.timeout + protocol.blksize > 2 s", "protocol.timeout * protocol.timeout > 2 s",
      "protocol.windowsize / protocol.timeout > 2", "protocol.windowsize / 0 > 2", "protocol.mode > 2",
      "protocol.mode == rfc2090 and", "(protocol.windowsize > 2", "protocol.windowsize > 2)", "protocol.promotion > 2",
      "server.queue > 3", "protocol.windowsize > 'two", "cohorts[0].name.first == a", "protocol.windowsize > 2 2",
    ] {
      let error = #expect(throws: ScenarioError.self) {
        _ = try Scenario.parse(
          text: text, file: "lab.yaml", varied: ["protocol.windowsize=1,2"], conditions: [condition])
      }
      said += "\(error.map { "\($0)" } ?? "is read: \(condition)")\n\n"
    }
    try Golden.expect(said, in: "sweep/conditions.txt")
  }

  @Test func conditionsOfOptionsAddToThoseOfTheFileUnlessTheyVaryOtherKeys() throws {
    let text = try Scenario.swept("{vary: {protocol.windowsize: 1..8:8}, where: protocol.windowsize > 2}")
      .canonicalYAML()
    func points(_ varied: [String], _ conditions: [String]) throws -> Int? {
      try Scenario.parse(text: text, file: "a", varied: varied, conditions: conditions).scenario.sweep?.points
    }
    try expect(points([], ["protocol.windowsize < 5"]), equals: 2)
    try expect(points(["protocol.windowsize=1..4:4"], []), equals: 4)
    try expect(points(["protocol.windowsize=1..4:4"], ["protocol.windowsize < 4"]), equals: 3)
  }

  @Test func cohortsAreVariedByNameAndTogether() throws {
    let scenario = try Scenario.swept(
      "{vary: {'cohorts[back].loss.bernoulli': [1 %, 5 %], 'cohorts[*].count': [2, 3]}}")
    let points = try #require(SweepPoints(scenario))
    expect(points[3].network.cohorts.map(\.count), equals: [3, 3])
    expect(points[3].network.cohorts[1].downLoss, equals: .bernoulli(p: .constant(0.05)))
    expect(points[3].network.cohorts[0].downLoss, equals: .none)
    expect(points[3].context.varied.map(\.column), equals: ["cohorts[back].loss.bernoulli", "cohorts[*].count"])
  }

  @Test(arguments: [
    "{vary: [{protocol.windowsize: [1, 2], protocol.retries: [3, 4]}, {'cohorts[back].count': [1, 2]}]}",
    "{vary: [{protocol.windowsize: [1, 2], protocol.retries: [3, 4]}]}",
    "{vary: [{protocol.windowsize: [1, 2]}, {protocol.retries: [3, 4]}]}",
    "{vary: {protocol.windowsize: [1, 2]}, where: [protocol.windowsize   > 1, 'protocol.mode == \"rfc2090\"']}",
    "{vary: {protocol.windowsize: [1..8:log2]}}",
    "{vary: {protocol.promotion.threshold: '0,16KiB..4MiB:log2', 'cohorts[1].loss.bernoulli': 0.1%..5%:8}, zip: false}",
    "{zip: true, vary: {protocol.windowsize: 1..3:3, 'cohorts[0].loss': 'none,{bernoulli: 1 %},{runs: {good: 9, lost: 1}}'}}",
    "{vary: {protocol.windowsize: 1}, precision: 2 %}",
    "{vary: {protocol.windowsize: 1}, precision: 0.5 %, min_replications: 3, max_replications: 70, look_ahead: 0, metrics: [server_bytes, makespan_s]}",
  ])
  func theCanonicalFormReadsBackToTheSameSweep(sweep: String) throws {
    let scenario = try Scenario.swept(sweep)
    #expect(scenario.sweep != nil)
    try expect(Scenario.parse(text: scenario.canonicalYAML(), file: "a").scenario, equals: scenario)
    try expect(Scenario.parse(text: scenario.canonicalJSON(), file: "b").scenario, equals: scenario)
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
    expect(point.network, equals: set.network)
    #expect(point.network != (try Scenario.parse(text: text, file: "lab.yaml").scenario.network))
    expect(point.context.varied, equals: [VariedKey(name: key, value: value)])
  }

  @Test func optionsTakeThePlaceOfAllThatTheFileVaries() throws {
    let text = "file: {size: 1 MiB}\ncohorts: [{name: a, count: 2}]\nsweep: {vary: {seed: 4}, precision: 3 %}\n"
    let scenario = try Scenario.parse(text: text, file: "a", varied: ["protocol.windowsize=1,2"]).scenario
    expect(scenario.sweep?.keys, equals: [SweepSettings.Key(name: "protocol.windowsize", values: ["1", "2"])])
    expect(scenario.sweep?.precision?.share, equals: 0.03)
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
      ["protocol.promotion.threshold=0,1 KiB,0 B"], ["+protocol.windowsize=1,2"],
      ["protocol.windowsize=1,2", "+protocol.retries=1,2,3"], ["protocol.windowsize=1,2", "+protocol.windowsize=3,4"],
      ["cohorts[b].count=1,2"], ["cohorts[a]=1,2"], ["server[a].rate=1,2"], ["cohorts[*].nme=1,2"],
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
    ("{vary: [{protocol.windowsize: [1, 2], protocol.retries: [1, 2, 3]}]}", "as many values"),
    ("{vary: [{protocol.windowsize: [1, 1], protocol.retries: [2, 2]}]}", "same as one before"),
    ("{vary: [{protocol.windowsize: 1}, {protocol.windowsize: 2}]}", "varied twice"),
    ("{vary: [{protocol.windowsize: 1}, 2]}", "keys over their values"), ("{vary: [{}]}", "keys over their values"),
    ("{zip: true, vary: [{protocol.windowsize: 1}, {protocol.retries: 2}]}", "remove zip"),
    ("{vary: {protocol.windowsize: 1}, where: protocol.windowsize > 1}", "no point is left"),
    ("{vary: {protocol.windowsize: 1}, where: {a: 1}}", "a condition on keys"),
  ])
  func aWrongSectionIsRefused(sweep: String, says: String) {
    let error = #expect(throws: ScenarioError.self) { try Scenario.swept(sweep) }
    #expect("\(error.map { "\($0)" } ?? "")".contains(says), "\(error.map { "\($0)" } ?? "")")
  }

  @Test func aFileWhoseNameHasControlCharactersGivesAPlainName() throws {
    let text = "file: {size: 1 MiB}\ncohorts: [{name: a, count: 2}]\n"
    let scenario = try Scenario.parse(text: text, file: "a\nb.yaml").scenario
    expect(scenario.name, equals: "a_b")
    try expect(Scenario.parse(text: scenario.canonicalYAML(), file: "c").scenario, equals: scenario)
  }
}
