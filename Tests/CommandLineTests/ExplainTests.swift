import Foundation
import TestSupport
import Testing

@Suite struct ExplainTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let small = ["Scenarios/late-joiners.yaml", "--set", "file.size=100 KiB"]

  @Test func aStoryIsToldAndItsPartsAddUp() throws {
    let text = try Program.run(["explain"] + small + ["--device", "55", "--replication", "2"])
    expect(text.status, equals: 0, "\(text.errors)")
    #expect(text.output.hasPrefix("late-joiners, seed "), "\(text.output)")
    #expect(text.output.contains("replication 2\ndevice 55, cohort late: complete at "))
    for heading in ["its time\n", "its roles\n", "its sessions\n", "what it missed\n"] {
      #expect(text.output.contains("\n\(heading)"), "\(heading)")
    }
    #expect(!text.output.contains(#/[0-9]{5} B/#), "digits are grouped")
    let packets = try Program.run(["explain"] + small + ["--device", "55", "--replication", "2", "--packet-by-packet"])
    expect(packets.output, equals: text.output)
    let json = try Program.run(["explain"] + small + ["--device", "55", "--replication", "2", "--json"])
    let story = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    expect(story["ending"] as? String, equals: "complete")
    let parts = try #require(story["parts"] as? [[String: Any]])
    // Each is a whole number of nanoseconds.
    func nanoseconds(_ value: Any?) -> Int { Int(((value as? Double ?? .nan) * 1e9).rounded()) }
    expect(parts.reduce(0) { $0 + nanoseconds($1["for_s"]) }, equals: nanoseconds(story["end_s"]))
    #expect(text.output.contains("device 55, cohort late: complete at "))
  }

  @Test func aRunNamesTheSlowestAndTheFailed() throws {
    let results = folder.path("results")
    let settings = ["--set", "cohorts[1].loss.bernoulli=1", "--replications", "1"]
    try expect(Program.run(["run"] + small + settings + ["-o", results, "--quiet"]).status, equals: 0)
    let outcome = try Program.run("explain", results)
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    expect(lines.count { $0.hasPrefix("  device ") }, equals: 13)
    #expect(lines.contains("the slowest") && lines.contains("failed"))
    #expect(lines.contains { $0.contains(": gave up at ") && $0.contains("asks to join, and waits for the answer") })
    let complete = lines.filter { $0.contains(" complete at ") }
    #expect(complete.allSatisfy { $0.contains(#/ at [0-9]+\.[0-9]{3} m?s; for [0-9]+\.[0-9]{3} m?s it /#) })
    #expect(lines.last?.hasPrefix("  and ") == true)
    let json = try Program.run("explain", results, "--json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    expect((object["slowest"] as? [Any])?.count, equals: 3)
    expect(
      object["failed_devices"] as? Int,
      equals: (object["devices"] as? Int ?? 0) - (object["complete_devices"] as? Int ?? 0))
  }

  /// Device 1 drives behind a segment that loses for good. Device 2 gets everything later.
  @Test func whatADriverMissesHasItsPlace() throws {
    let scenario = folder.path("segment.yaml")
    try """
    gapsim: 1
    name: segment
    file: {size: 20000 B}
    replications: 1
    protocol: {timeout: 100 ms, windowsize: 2}
    segments: {floor: {rate: 100 Mbit/s, loss: {outages: [{at: 1 ms, for: 100 s}]}}}
    cohorts:
      - {name: bad, count: 1, segment: floor}
      - {name: good, count: 1, join: 10 ms}
    """.write(toFile: scenario, atomically: true, encoding: .utf8)
    let text = try Program.run("explain", scenario, "--device", "1")
    for line in [
      "0 that it had, 1 that it did not get\n    why: 1 lost on segment floor\n",
      ", when it gave up: 12 blocks, ", "no chains\n    why: 1 lost on segment floor, 11 not sent yet\n",
      "\n  ask for blocks: 5 repeated after a timeout\n",
    ] { #expect(text.output.contains(line), "\(text.output)") }
    try expect(Program.run("explain", scenario, "--device", "1", "--packet-by-packet").output, equals: text.output)
    let lines = try Program.run("explain", scenario).output
    #expect(
      lines.contains("; when it gave up it misses 12 blocks (1 lost on segment floor, 11 not sent yet); "), "\(lines)")
    let json = try Program.run("explain", scenario, "--device", "1", "--json").output
    #expect(json.contains("\"occasion\" : \"end\"") && json.contains("\"segment_loss:floor\" : 1"), "\(json)")
  }

  /// Device 1 waits for the start through silences and gets everything. Device 2 is switched off while it waits. What
  /// device 1 sends and asks for is lost for a while: its request on its path, its next message on the segment.
  @Test func whatWasAskedForBeforeTheStartIsNoCheck() throws {
    let scenario = folder.path("start.yaml")
    try """
    gapsim: 1
    name: start
    file: {size: 20000 B}
    replications: 1
    protocol:
      {timeout: 100 ms, session_timeout: 1 s, group_timeout: 1500 ms, windowsize: 2, start: {devices: 3, within: 10 s}}
    segments: {floor: {loss: {outages: [{at: 1 s, for: 1 s}]}}}
    cohorts:
      - {name: stays, count: 1, segment: floor, upstream_loss: {outages: [{at: 0 s, for: 50 ms}]}}
      - {name: leaves, count: 1, leaves: 3 s}
    """.write(toFile: scenario, atomically: true, encoding: .utf8)
    let stays = try Program.run("explain", scenario, "--device", "1").output
    for line in [
      "\nwhat it missed: nothing was sent yet when it checked itself\n",
      "\n  message of its own: 5 that the server did not get: 1 lost on its own path, 4 lost on segment floor\n",
    ] { #expect(stays.contains(line), "\(stays)") }
    let leaves = try Program.run("explain", scenario, "--device", "2").output
    for line in [
      "\nwhat it missed\n  at 3.000000000 s, when it was switched off: 15 blocks, ", "\n    why: 15 not sent yet\n",
    ] { #expect(leaves.contains(line), "\(leaves)") }
    let json = try Program.run("explain", scenario, "--device", "1", "--json").output
    let story = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    expect(story["lost_from_it_at"] as? [String: Int], equals: ["own_path": 1, "segment_loss:floor": 4])
    expect((story["troubles"] as? [String: Int])?["lost_from_it"], equals: 5)
    #expect((story["checks"] as? [Any])?.isEmpty == true && (story["shortfalls"] as? [Any])?.isEmpty == true)
  }

  @Test func theStartRuleAndAHandingOverAreNamed() throws {
    let settings = [
      "--set", "protocol.start={devices: 31, within: 1 min}", "--set", "cohorts[0].count=3", "--set",
      "cohorts[0].loss.bernoulli=30 %", "--set", "protocol.hand_over={window: 40 blocks}", "--set",
      "protocol.active_order=arrival",
    ]
    let text = try Program.run(["explain"] + small + settings + ["--device", "1"])
    expect(text.status, equals: 0, "\(text.errors)")
    #expect(text.output.contains("s  waits for the start rule: for more devices, or the end of its wait\n"))
    #expect(text.output.contains(", handed over after "))
    let packets = try Program.run(["explain"] + small + settings + ["--device", "1", "--packet-by-packet"])
    expect(packets.output, equals: text.output)
    let json = try Program.run(["explain"] + small + settings + ["--device", "1", "--json"])
    #expect(json.output.contains("\"ended\" : \"handed_over\"") && json.output.contains("\"activity\" : \"start\""))
    let log = try Program.run(["log"] + small + settings + ["-o", "-"])
    #expect(log.output.contains("gathering, 0 ended") && log.output.contains("OACK 'you are not active'"))
  }

  @Test func whatCannotBeExplainedIsRefused() throws {
    let log = folder.path("a.log")
    try expect(Program.run(["log"] + small + ["-o", log, "--set", "cohorts[0].count=1"]).status, equals: 0)
    for (arguments, status) in [
      (["Scenarios/late-joiners.yaml", "--device", "61"], Int32(64)),
      (["Scenarios/late-joiners.yaml", "--device", "0"], 64),
      (["Scenarios/late-joiners.yaml", "--replication", "0"], 64), ([folder.path("missing")], 66), ([log], 65),
      (["Scenarios/late-joiners.yaml", "--set", "file.size=1"], 65),
    ] {
      let outcome = try Program.run(["explain"] + arguments)
      expect(outcome.status, equals: status, "\(arguments): \(outcome.errors)")
      #expect(!outcome.errors.isEmpty && outcome.output.isEmpty)
    }
  }

  /// Of a sweep a point is told, of a race too, and of a tuning its choice.
  @Test func aPartOfTheResultsIsTold() throws {
    let (sweep, race, tuned) = (folder.path("sweep"), folder.path("race"), folder.path("tuned"))
    let quiet = ["--quiet", "--replications", "2"]
    let made = [
      ["sweep"] + small + quiet + ["--no-plots", "-o", sweep, "--vary", "protocol.windowsize=1,8"],
      ["race"] + small + quiet + ["--no-plots", "-o", race, "--strategies", "promotion,unicast"],
      ["tune"] + small + ["--quiet", "--no-plots", "-o", tuned, "--candidates", "0,64MiB", "--confidence", "80%"],
    ]
    for arguments in made {
      let outcome = try Program.run(arguments)
      #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
    }
    let eight = try Program.run(["explain"] + small + ["--set", "protocol.windowsize=8", "--device", "3"])
    let point = try Program.run("explain", sweep, "--point", "1", "--device", "3")
    expect(point.output, equals: eight.output)
    expect(point.errors, equals: "note: \(sweep), point 1: protocol.windowsize=8\n")
    #expect(try Program.run("log", sweep, "--point", "1", "--roles").output.contains("\n"))
    expect(try Program.run("diff", sweep, "--point", "1", "--set-b", "protocol.windowsize=1").status, equals: 1)
    for wrong in [["explain", sweep], ["log", sweep], ["explain", sweep, "--point", "2"]] {
      let outcome = try Program.run(wrong)
      #expect(outcome.status == 65 && outcome.errors.contains("which: 0 is 1, 1 is 8"), "\(outcome.errors)")
    }
    let promotion = try Program.run(["explain"] + small + ["--device", "3"])
    expect(try Program.run("explain", race, "--point", "0", "--device", "3").output, equals: promotion.output)
    #expect(try Program.run("explain", race).errors.contains("0 is promotion, 1 is unicast"))
    let choice = try Program.run("explain", tuned, "--device", "3")
    let note = try #require(choice.errors.wholeMatch(of: #/note: .*, its choice: protocol.promotion.threshold=(.*)\n/#))
    expect(
      choice.output,
      equals: try Program.run(
        ["explain"] + small + ["--device", "3", "--set", "protocol.promotion.threshold=\(note.1)"]
      ).output)
    try expect(Program.run("explain", tuned, "--point", "0").status, equals: 65)
    let average = folder.path("average")
    let tuning = ["--quiet", "--no-plots", "-o", average, "--candidates", "0,64MiB", "--max-replications", "10"]
    let outcome = try Program.run(["tune"] + small + tuning + ["--environment", "protocol.timeout=0.9s,1s"])
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    let ownTimeout = try Program.run("explain", average, "--device", "3")
    #expect(ownTimeout.errors.hasSuffix(", with the keys of --environment as in the scenario\n"))
  }

  /// A filtered log is a view of the whole one: the same lines, fewer of them.
  @Test func aLogIsFilteredAndDiffRefusesIt() throws {
    func log(_ filter: String...) throws -> [Substring] {
      let outcome = try Program.run(["log"] + small + filter)
      expect(outcome.status, equals: 0, "\(outcome.errors)")
      return outcome.output.split(separator: "\n").filter { !$0.hasPrefix("| ") }
    }
    let whole = try log()
    let lines = Set(whole)
    let device = try log("--device", "3,41", "--device", "7")
    expect(device[3], equals: "filter device 3,7,41")
    let events = device.dropFirst(4).dropLast()
    #expect(events.allSatisfy(lines.contains))
    let asked = whole.filter { line in
      line.split(separator: "\t").dropFirst(2).prefix(2).contains { $0.contains(#/device (3|7|41)(?![0-9])/#) }
    }
    expect(Array(events), equals: asked)

    let roles = try log("--roles", "--device", "3")
    expect(
      roles.dropFirst(4).dropLast().map { $0.split(separator: "\t")[4].prefix { $0 != "," } }.last, equals: "complete")
    #expect(roles.count >= 7 && roles.count < 12)

    let span = try log("--from", "10 ms", "--until", "15 ms")
    expect(span[3], equals: "filter from 0.010000000 s; until 0.015000000 s")
    let times = span.dropFirst(4).dropLast().map { $0.split(separator: "\t")[1] }
    #expect(!times.isEmpty && times.allSatisfy { $0 >= "0.010000000" && $0 <= "0.015000000" })
    #expect(span.last?.hasPrefix("end\t") == true && span.last?.hasSuffix("\tuntil") == true)

    let file = folder.path("part.log")
    try expect(Program.run(["log"] + small + ["--roles", "-o", file]).status, equals: 0)
    let refused = try Program.run(["diff", file, "Scenarios/late-joiners.yaml"])
    expect(refused.status, equals: 2)
    #expect(refused.errors.contains("has only a part of the events (changes of role)"), "\(refused.errors)")
    for wrong in [
      ["--device", "0"], ["--device", "3,,4"], ["--device", "61"], ["--from", "5"], ["--until", "x"],
      ["--from", "2 s", "--until", "1 s"],
    ] { try expect(Program.run(["log"] + small + wrong).status, equals: 64, "\(wrong)") }
  }
}
