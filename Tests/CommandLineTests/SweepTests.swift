import Foundation
import TestSupport
import Testing

@Suite struct SweepTests {
  static let arguments = [
    "sweep", "Scenarios/lock-step.yaml", "--no-plots", "--set", "file.size=300KiB", "--set", "cohorts[0].count=20",
    "--vary", "protocol.promotion.threshold=0,2KiB..8KiB:log2", "--vary", "cohorts[0].loss.bernoulli=0.5%..2%:2",
  ]

  private func sweep(_ folder: TemporaryFolder, _ name: String, _ more: String...) throws -> Program.Outcome {
    try Program.run(Self.arguments + ["-o", folder.path(name)] + more)
  }

  @Test func aSweepKilledAgainAndAgainEndsWithTheSameBytesForAnyNumberOfJobs() throws {
    let folder = try TemporaryFolder()
    try expect(sweep(folder, "whole", "--replications", "30", "--quiet", "--jobs", "1").status, equals: 0)
    let expected = try folder.files(in: "whole")
    var kills = 0
    for round in 0..<200 {
      let process = Program.process(
        Self.arguments + ["-o", folder.path("killed"), "--replications", "30", "--quiet", "--resume", "--jobs", "2"])
      try process.run()
      // Killed when its journal has grown, wherever it is then.
      let journal = folder.path("killed.journal")
      let size = Self.size(journal) + 2000 + 1777 * round
      Self.wait(for: process, until: journal, has: size)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .exit {
        expect(process.terminationStatus, equals: 0)
        break
      }
      kills += 1
    }
    #expect(kills >= 3)
    try expect(folder.files(in: "killed"), equals: expected)
    try expect(FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted(), equals: ["killed", "whole"])
    try expect(sweep(folder, "five", "--replications", "30", "--quiet", "--jobs", "5").status, equals: 0)
    try expect(folder.files(in: "five"), equals: expected)
  }

  /// Waits until a file has so many bytes, or the process has ended.
  ///
  /// It keeps its thread: a task that gave it away might get it back only when the process has done far too much.
  private static func wait(for process: Process, until file: String, has bytes: Int) {
    while process.isRunning, size(file) < bytes { usleep(2000) }
  }

  private static func size(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  @Test func anInterruptedSweepSaysHowToGoOnAndIsNotOverwritten() throws {
    let folder = try TemporaryFolder()
    let arguments = Self.arguments + ["-o", folder.path("out"), "--replications", "400"]
    let errors = folder.path("errors")
    try Data().write(to: URL(fileURLWithPath: errors))
    let process = Program.process(arguments)
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    Self.wait(for: process, until: folder.path("out.journal"), has: 50_000)
    process.terminate()  // a shell makes what it runs in the background deaf to SIGINT
    process.waitUntilExit()
    expect(process.terminationReason, equals: .uncaughtSignal)
    expect(process.terminationStatus, equals: SIGTERM)
    #expect(try String(contentsOfFile: errors, encoding: .utf8).contains("--resume goes on with them"))
    let refused = try Program.run(arguments)
    expect(refused.status, equals: 73)
    #expect(refused.errors.contains("--resume goes on with them, --force begins anew"))
    let other = try Program.run(arguments + ["--resume", "--set", "protocol.windowsize=7"])
    expect(other.status, equals: 73)
    #expect(other.errors.contains("'windowsize: 1' there, 'windowsize: 7' now"))
  }

  @Test func moreReplicationsLaterGiveTheBytesOfAllAtOnce() throws {
    let folder = try TemporaryFolder()
    try expect(sweep(folder, "grown", "--replications", "2", "--quiet").status, equals: 0)
    let grown = try sweep(folder, "grown", "--replications", "5", "--resume")
    expect(grown.status, equals: 0)
    #expect(grown.output.contains("8 points, 40 runs, 16 runs taken over"))
    try expect(sweep(folder, "whole", "--replications", "5", "--quiet").status, equals: 0)
    try expect(folder.files(in: "grown"), equals: folder.files(in: "whole"))
  }

  @Test func thePlanShowsTheSizeAndWhatWasMeasuredAndWritesNothing() throws {
    let folder = try TemporaryFolder()
    let outcome = try sweep(folder, "out", "--replications", "4", "--plan")
    expect(outcome.status, equals: 0)
    for text in [
      "8 points × 4 replications = 32 runs, seed 1", "0 B, 2 KiB, 4 KiB, 8 KiB", "the last key changes first",
      "measured by a pilot (point 4, replication 1)", "expected, if all runs are like it", "of memory",
      "4 replications can tell a point from the best (80 % power, paired; by ", "% would need ",
    ] {
      #expect(outcome.output.contains(text), "\(outcome.output)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  /// How many replications it takes does not depend on how many the sweep has.
  @Test func whatAPlanNeedsIsTheSameForAnyNumberOfReplications() throws {
    let folder = try TemporaryFolder()
    let needs = try ["4", "100", "2000"].map { replications in
      let outcome = try sweep(folder, "out", "--replications", replications, "--plan")
      return outcome.output.split(separator: "\n").compactMap {
        $0.split(separator: " % would need ").dropFirst().first
      }
    }
    expect(needs[0].count, equals: 3)
    #expect(needs.allSatisfy { $0 == needs[0] }, "\(needs)")
  }

  @Test func aPlainRunOfThePointHasTheSameFigures() throws {
    let folder = try TemporaryFolder()
    try expect(sweep(folder, "out", "--replications", "3", "--quiet").status, equals: 0)
    let run = try Program.run(
      "run", "Scenarios/lock-step.yaml", "--set", "file.size=300KiB", "--set", "cohorts[0].count=20", "--set",
      "protocol.promotion.threshold=8 KiB", "--set", "cohorts[0].loss.bernoulli=0.02", "--replications", "3", "--quiet",
      "-o", folder.path("run"))
    expect(run.status, equals: 0)
    let swept = String(decoding: try #require(try folder.files(in: "out")["devices.csv"]), as: UTF8.self)
    let alone = String(decoding: try #require(try folder.files(in: "run")["devices.csv"]), as: UTF8.self)
    expect(
      swept.split(separator: "\n").filter { $0.hasPrefix("lock-step,7,") },
      equals: alone.split(separator: "\n").dropFirst().map {
        $0.replacing("lock-step,0,", with: "lock-step,7,") + ",8192,0.02"
      })
  }

  @Test func runsThatALimitEndedAreListedWithTheirCommandAndMakeTheExitCodeNonZero() throws {
    let folder = try TemporaryFolder()
    let outcome = try sweep(folder, "out", "--replications", "1", "--set", "limits.time=500 ms")
    expect(outcome.status, equals: 75)
    #expect(outcome.errors.contains("ended at the limit on simulated time: gapsim run Scenarios/lock-step.yaml --set"))
    #expect(outcome.output.contains("results in"))
  }

  @Test func aPointThatIsNotAsExpectedIsNamedAndMakesTheExitCode1() throws {
    let folder = try TemporaryFolder()
    let arguments = ["--replications", "2", "--junit", folder.path("out.xml"), "--set"]
    let met = try Program.run(
      Self.arguments + ["-o", folder.path("out")] + arguments + ["expect=[failed_devices == 0]"])
    expect(met.status, equals: 0)
    #expect(met.output.contains("expect: 1 condition met at 8 points"))
    let failed = try Program.run(
      Self.arguments + ["-o", folder.path("out")] + arguments + ["expect=[promoted_devices == 0]", "--restart"])
    expect(failed.status, equals: 1, "\(failed.errors)")
    #expect(failed.output.contains("✘") && failed.output.contains("✔"))
    #expect(failed.errors.contains("promoted_devices == 0 (in every replication, point 7)"))
    let xml = try String(contentsOfFile: folder.path("out.xml"), encoding: .utf8)
    #expect(
      xml.contains(
        "name=\"lock-step, point 7: protocol.promotion.threshold = 8 KiB, cohorts[0].loss.bernoulli = 0.02\""))
    let json = try Program.run(
      Self.arguments + ["-o", folder.path("out"), "--replications", "2", "--json", "--restart", "--set"]
        + ["expect=[promoted_devices == 0]"])
    expect(json.status, equals: 1)
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let points = try #require(object?["points"] as? [[String: Any]])
    #expect(points.map { ($0["expect"] as? [String: Any])?["met"] as? Bool }.first == true)
    #expect(points.map { ($0["expect"] as? [String: Any])?["met"] as? Bool }.last == false)
    let least = try #require((object?["least"] as? [String: Any])?["choices"] as? [[String: Any]])
    expect(least.count, equals: 6, "three metrics at two losses")
    #expect(least.allSatisfy { ($0["environment"] as? [String: String])?.keys.first == "cohorts[0].loss.bernoulli" })
  }

  /// The results of a share say nothing about the whole, so nothing is judged and nothing recommended; the merge does both.
  @Test func aShareIsNotJudged() throws {
    let folder = try TemporaryFolder()
    let arguments = ["--replications", "2", "--set", "expect=[makespan_s < 1 ms]"]
    var shares: [String] = []
    for number in 1...2 {
      shares.append(folder.path("\(number)"))
      let outcome = try Program.run(
        Self.arguments + arguments + ["-o", shares[number - 1], "--shard", "\(number)/2"]
          + ["--junit", folder.path("out.xml")])
      expect(outcome.status, equals: 0, "\(outcome.errors)")
      #expect(!outcome.output.contains("✘") && !outcome.output.contains("where it is least"), "\(outcome.output)")
      #expect(outcome.output.contains("8 points, 8 runs, "), "\(outcome.output)")
      let xml = try String(contentsOfFile: folder.path("out.xml"), encoding: .utf8)
      #expect(xml.contains("every run is whole") && !xml.contains("makespan_s"), "\(xml)")
    }
    let json = try Program.run(Self.arguments + arguments + ["-o", shares[0], "--shard", "1/2", "--json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let points = try #require(object["points"] as? [[String: Any]])
    #expect(points.allSatisfy { $0["expect"] == nil })
    expect(points.reduce(0) { $0 + ($1["replications"] as? Int ?? 0) }, equals: 8, "those of the share")
    let report = try Program.run("report", shares[0], "-o", folder.path("page.html"))
    expect(report.status, equals: 0, "\(report.errors)")
    let page = try String(contentsOfFile: folder.path("page.html"), encoding: .utf8)
    #expect(page.contains("share 1 of 2 of the runs") && !page.contains("not met"))
    let merged = try Program.run(["merge", "-o", folder.path("whole"), "--no-plots"] + shares)
    expect(merged.status, equals: 1, "\(merged.errors)")
    #expect(merged.output.contains("✘"))
  }

  /// With fewer runs than shares some have none, and that is no error.
  @Test(arguments: ["run", "sweep"])
  func aShareWithoutRunsSaysSo(command: String) throws {
    let folder = try TemporaryFolder()
    let varied = command == "sweep" ? Array(Self.arguments.suffix(4)) : []
    let arguments = [command, "Scenarios/lock-step.yaml", "--replications", "1", "--shard", "16/16"] + varied
    let outcome = try Program.run(
      arguments + ["-o", folder.path("out")] + (command == "run" ? ["--plot"] : []))
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    #expect(outcome.output.contains("lock-step: share 16 of 16 has no runs"), "\(outcome.output)")
    #expect(!outcome.output.contains("each as") && outcome.errors.isEmpty, "\(outcome.errors)")
    for command in ["plot", "report"] {
      let shown = try Program.run(command, folder.path("out"))
      expect(shown.status, equals: 0, "\(shown.errors)")
      #expect(shown.output.contains("share 16 of 16 has no runs, so there is nothing to show"), "\(shown.output)")
    }
    expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path), equals: ["out"])
  }

  @Test func theSummaryIsForPeopleOrAsJSON() throws {
    let folder = try TemporaryFolder()
    let text = try sweep(folder, "out", "--replications", "2")
    #expect(text.errors.isEmpty, "no progress bar in a pipe")
    #expect(text.output.contains("makespan"))
    let json = try sweep(folder, "out", "--replications", "2", "--json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let points = try #require(object["points"] as? [[String: Any]])
    expect(points.count, equals: 8)
    expect((points[5]["varied"] as? [String: String])?["cohorts[0].loss.bernoulli"], equals: "0.02")
    let parameters = try #require(points[5]["parameters"] as? [String: Double])
    expect(parameters, equals: ["protocol.promotion.threshold_bytes": 4096, "cohorts[0].loss.bernoulli": 0.02])
  }

  @Test func groupsAndConditionsAreOptionsOfASweepInTheirOrder() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      "sweep", "Scenarios/lock-step.yaml", "--no-plots", "--set", "file.size=100KiB", "--set", "cohorts[*].count=5",
      "--replications", "1", "--vary", "protocol.timeout=500ms,1s", "--with", "protocol.windowsize=4,8",
      "--vary=protocol.blksize=1428B,512B", "--with=protocol.retries=3,4", "--where",
      "protocol.timeout >= 1 s or protocol.blksize > 1 KiB", "-o", folder.path("out"))
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    #expect(outcome.output.contains("3 points × 1 replication"), "\(outcome.output)")
    #expect(outcome.output.contains("1 of 4 combinations left out by"), "\(outcome.output)")
    let points = String(decoding: try #require(try folder.files(in: "out")["points.csv"]), as: UTF8.self)
    expect(
      points,
      equals: """
        point,protocol.timeout_s,protocol.windowsize,protocol.blksize_bytes,protocol.retries
        0,0.500000000,4,1428,3
        1,1.000000000,8,1428,3
        2,1.000000000,8,512,4

        """)
    for (arguments, says) in [
      (["--with", "protocol.windowsize=1,2"], "no --vary stands in front of it"),
      (["--vary", "protocol.windowsize=1,2", "--with", "protocol.retries=1,2", "--zip"], "leave --with away"),
      (["--vary", "protocol.windowsize=1,2", "--with"], "Missing value for '--vary"),
      (["--vary", "cohorts[dsks].count=1,2"], "there are"),
    ] {
      let refused = try Program.run(["sweep", "Scenarios/lock-step.yaml", "-o", folder.path("no")] + arguments)
      #expect(refused.status == 64 || refused.status == 65)
      #expect(refused.errors.contains(says), "\(refused.errors)")
      #expect(!refused.errors.contains("sweep.zip"), "nobody typed that: \(refused.errors)")
    }
  }

  @Test func aScenarioWithASweepNeedsNoOptionAndAPlainRunIgnoresIt() throws {
    let folder = try TemporaryFolder()
    let small = ["--set", "file.size=200 KiB", "--set", "cohorts[0].count=10", "--replications", "1", "--quiet"]
    let swept = try Program.run(
      ["sweep", "Scenarios/threshold-over-loss.yaml", "-o", folder.path("sweep")] + small)
    expect(swept.status, equals: 0, "\(swept.errors)")
    #expect(String(decoding: try folder.files(in: "sweep")["manifest.json"] ?? Data(), as: UTF8.self).contains("vary:"))
    let run = try Program.run(["run", "Scenarios/threshold-over-loss.yaml", "-o", folder.path("run")] + small)
    expect(run.status, equals: 0)
    #expect(!String(decoding: try folder.files(in: "run")["manifest.json"] ?? Data(), as: UTF8.self).contains("vary:"))
  }

  struct Misuse: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var status: Int32
    var says: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  @Test(arguments: [
    Misuse(arguments: [], status: 64, says: "nothing is varied"),
    Misuse(arguments: ["--zip"], status: 64, says: "--vary"),
    Misuse(
      arguments: ["--vary", "protocol.windowsize=1,2", "--precision", "1%", "--replications", "4"], status: 64,
      says: "--replications"),
    Misuse(arguments: ["--vary", "protocol.windowsize=1,2", "--resume", "--force"], status: 64, says: "choose one"),
    Misuse(arguments: ["--vary", "protocol.windowsize=1,2", "--plan", "--json"], status: 64, says: "a plan is text"),
    Misuse(
      arguments: ["--vary", "protocol.windowsize=1,2", "--plan", "--junit", "f"], status: 64, says: "--plan and --junit"
    ),
    Misuse(
      arguments: ["--vary", "protocol.windowsize=1,2", "--precision", "150%"], status: 65, says: "less than 100 %"),
    Misuse(
      arguments: ["--vary", "protocol.windowsize=0..4:log2"], status: 65,
      says:
        "--vary protocol.windowsize=0..4:log2: error: sweep.vary.protocol.windowsize: the range '0..4:log2' begins at 0"
    ),
    Misuse(
      arguments: ["--vary", "protocol.windowsize=1,70000"], status: 65,
      says:
        "--vary protocol.windowsize=1,70000: error: protocol.windowsize: '70000' is out of range; allowed: 1 … 65_535"),
    Misuse(arguments: ["--vary", "protocol.windowsize=1,2", "-o", "Scenarios"], status: 73, says: "left as it is"),
  ])
  func misuseIsSaidBeforeAnythingRuns(misuse: Misuse) throws {
    let outcome = try Program.run(["sweep", "Scenarios/lock-step.yaml", "--quiet"] + misuse.arguments)
    expect(outcome.status, equals: misuse.status)
    #expect(outcome.errors.contains(misuse.says), "\(outcome.errors)")
  }
}
