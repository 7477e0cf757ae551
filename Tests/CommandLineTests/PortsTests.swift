import Foundation
import TestSupport
import Testing

/// Segments, links and receivers as a user meets them: the examples of `docs/network.md`, run.
@Suite struct PortsTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// The scenarios of the page.
  private static let examples: [String] = {
    let page = Program.package.appendingPathComponent("docs/network.md")
    let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    return text.matches(of: #/(?s)```yaml\n(.*?)```/#).map { String($0.1) }
  }()

  private func file(_ text: String, _ name: String = "scenario.yaml") throws -> String {
    try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8)
    return folder.path(name)
  }

  /// The fields of a table by the names of its columns.
  private func table(_ path: String) throws -> [[String: String]] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    func fields(_ line: Substring) -> [String] {
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = fields(try #require(lines.first))
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, fields($0))) }
  }

  @Test func thePageHasAnExampleOfEachThing() {
    expect(Self.examples.count, equals: 5)
    for key in ["parent:", "link:", "multicast_rate:", "receiver:", "mtu:"] {
      #expect(Self.examples.contains { $0.contains(key) }, "\(key)")
    }
  }

  @Test(arguments: examples)
  func anExampleRunsWithoutWarningsInBothDeliveries(text: String) throws {
    let scenario = try file(text)
    let validation = try Program.run("validate", scenario)
    #expect(validation.status == 0 && !validation.errors.contains("warning"), "\(validation.errors)")
    let arguments = ["run", scenario, "--replications", "2", "--timeline", "50 ms", "--quiet", "-o"]
    try expect(Program.run(arguments + [folder.path("a")]).status, equals: 0)
    try expect(Program.run(arguments + [folder.path("b"), "--packet-by-packet", "--jobs", "1"]).status, equals: 0)
    let files = try folder.files(in: "a")
    try expect(folder.files(in: "b"), equals: files)
    let hasSegments = text.contains("segments:")
    expect(files["segments.csv"] != nil, equals: hasSegments)
    expect(files["segments_timeline.csv"] != nil, equals: hasSegments)
    #expect(try table(folder.path("a/runs.csv")).allSatisfy { $0["completed_devices"] == $0["devices"] })
  }

  @Test func twoFloorsAreToldApartEverywhere() throws {
    let scenario = try file(try #require(Self.examples.first))
    let results = folder.path("floors")
    let run = try Program.run("run", scenario, "--replications", "2", "--timeline", "50 ms", "-o", results)
    expect(run.status, equals: 0, "\(run.errors)")
    #expect(run.output.contains(#/busiest segment +floor-2, [0-9.]+ % of the time; up to 30 frames waiting/#))
    #expect(run.output.contains(#/dropped at full queues +[1-9]/#))
    let segments = try table(results + "/segments.csv")
    expect(segments.prefix(4).map { $0["segment"] }, equals: ["uplink", "trunk", "floor-1", "floor-2"])
    // What the segments count is what the run counts.
    for (index, run) in try table(results + "/runs.csv").enumerated() {
      let rows = segments[(4 * index)..<(4 * index + 4)]
      expect(String(rows.reduce(0) { $0 + Int($1["drops"] ?? "", default: 0) }), equals: run["queue_drops"])
      expect(rows.first?["bytes"], equals: run["server_bytes"])
    }
    // The steps of a port are all that it sent.
    let steps = try table(results + "/segments_timeline.csv").filter { $0["replication"] == "1" }
    for name in ["uplink", "floor-1", "floor-2"] {
      let sum = steps.filter { $0["segment"] == name }.reduce(0) { $0 + Int($1["bytes"] ?? "", default: 0) }
      let sent = segments.first { $0["segment"] == name }.map { Int($0["bytes"] ?? "", default: 0) } ?? 0
      #expect(sum <= sent && sum > sent * 9 / 10, "\(name)")
    }
    let devices = try table(results + "/devices.csv")
    #expect(devices.allSatisfy { $0["segment"] == ($0["cohort"] == "first" ? "floor-1" : "floor-2") })
    let story = try Program.run("explain", results, "--device", "7")
    #expect(story.output.contains(" dropped at the full queue of floor-2"), "\(story.output)")
    let json = try Program.run("explain", results, "--device", "7", "--json")
    #expect(json.output.contains("\"segment_queue:floor-2\""))
    let log = try Program.run("log", scenario)
    #expect(log.output.contains(" dropped at the full queue of floor-2"))
    #expect(log.output.contains(" lost on segment floor-2"))
  }

  @Test func slowDisksOverrunAndExplainSaysSo() throws {
    let text = try #require(Self.examples.first { $0.contains("receiver:") })
    // With windows of 16 they keep up. The page says how many they overrun with windows of 64, and that it is warned of.
    let scenario = try file(text.replacing("windowsize: 16", with: "windowsize: 64"))
    #expect(try Program.run("validate", scenario).errors.contains("these devices read more slowly"))
    let run = try Program.run("run", scenario, "--replications", "1", "-o", folder.path("disks"))
    #expect(run.output.contains(#/dropped at full queues +0; [1-9][0-9 ]* without room in a receiver's buffer/#))
    let cohorts = try table(folder.path("disks/cohorts.csv"))
    #expect(cohorts.first?["overruns"] == "0" && cohorts.last?["overruns"] == String(4 * 525))
    let story = try Program.run("explain", scenario, "--device", "8")
    #expect(story.output.contains(" without room in its buffer: it reads too slowly"), "\(story.output)")
  }

  @Test func aSweepOverASegmentSharesMergesAndResumes() throws {
    let scenario = try file(try #require(Self.examples.first))
    let sweep = [
      "sweep", scenario, "--vary", "segments.floor-2.rate=100 Mbit/s,1 Gbit/s", "--replications", "3", "--quiet",
    ]
    try expect(Program.run(sweep + ["-o", folder.path("whole")]).status, equals: 0)
    for share in 1...2 {
      let outcome = try Program.run(sweep + ["-o", folder.path("share-\(share)"), "--shard", "\(share)/2"])
      expect(outcome.status, equals: 0, "\(outcome.errors)")
    }
    let merge = try Program.run("merge", folder.path("share-1"), folder.path("share-2"), "-o", folder.path("merged"))
    expect(merge.status, equals: 0, "\(merge.errors)")
    let whole = try folder.files(in: "whole")
    try expect(folder.files(in: "merged"), equals: whole)
    let into = try Program.run(
      "merge", folder.path("share-1"), folder.path("share-2"), "--force", "-o", folder.path("./share-1"))
    expect(into.status, equals: 64, "a share stays as it is")
    try expect(table(folder.path("whole/segments.csv")).count, equals: 2 * 3 * 4)
    try expect(table(folder.path("whole/segments.csv")).last?["segments.floor-2.rate_bits_per_s"], equals: "1000000000")
    // The finished replications are taken over with their segments.
    var fewer = sweep
    fewer[fewer.count - 2] = "2"
    try expect(Program.run(fewer + ["-o", folder.path("resumed")]).status, equals: 0)
    try expect(Program.run(sweep + ["-o", folder.path("resumed"), "--resume"]).status, equals: 0)
    try expect(folder.files(in: "resumed"), equals: whole)
  }

  @Test func expectationsAndComparisonsKnowTheMetrics() throws {
    let text = try #require(Self.examples.first)
    let expecting = try file(text + "expect:\n  - queue_drops == 0\n", "expecting.yaml")
    let outcome = try Program.run("run", expecting, "--replications", "2", "-o", folder.path("expecting"))
    #expect(outcome.status == 1 && outcome.errors.contains("queue_drops == 0"), "\(outcome)")
    let longer = try file(text.replacing("queue: 30", with: "queue: 3000"), "longer.yaml")
    try expect(
      Program.run("run", longer, "--replications", "20", "-o", folder.path("longer"), "--quiet").status, equals: 0)
    let short = try file(text, "short.yaml")
    try expect(
      Program.run("run", short, "--replications", "20", "-o", folder.path("short"), "--quiet").status, equals: 0)
    let comparison = try Program.run("compare", folder.path("longer"), folder.path("short"))
    #expect(comparison.output.contains("queue_drops") || comparison.output.contains("full queues"), "\(comparison)")
  }
}

extension Int {
  /// A whole number in a field, or the default where it is empty.
  fileprivate init(_ text: String, default value: Int) { self = Int(text) ?? value }
}
