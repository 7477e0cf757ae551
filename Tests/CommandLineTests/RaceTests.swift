import Foundation
import Runs
import TestSupport
import Testing

@testable import Scenarios
@testable import gapsim

@Suite struct RaceTests {
  private static let scenario = """
    name: classroom
    seed: 3
    replications: 4
    file: {size: 96 KiB}
    protocol: {windowsize: 4, timeout: 250 ms, session_timeout: 2 s, group_timeout: 2.5 s, promotion: {threshold: 8 KiB}}
    cohorts:
      - {name: desks, count: 12, loss: {bernoulli: 2 %}, join: {at: {uniform: {low: 0 s, high: 100 ms}}}}
    sweep: {vary: {protocol.windowsize: [1, 2]}}
    expect: [promoted_devices >= 1000]

    """

  /// A race of strategies that are cheap, into a folder.
  private func race(_ folder: TemporaryFolder, _ name: String, _ more: String...) throws -> Program.Outcome {
    try Data(Self.scenario.utf8).write(to: URL(filePath: folder.path("classroom.yaml")))
    return try Program.run(
      ["race", folder.path("classroom.yaml"), "--strategies", "unicast, promotion,rfc2090", "-o", folder.path(name)]
        + more)
  }

  /// MTFTP refuses a file of more than 65 535 blocks (R21). Who names it is told so; the others race without it.
  @Test func aStrategyThatTheScenarioRefusesIsLeftOutUnlessItIsNamed() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("wide.yaml")
    let scenario = "file: {size: 530 KB}\nprotocol: {blksize: 8 B, block_numbers: 32}\ncohorts: [{name: a}]\n"
    try Data(scenario.utf8).write(to: URL(filePath: file))
    let names: [StrategyName] = [.promotion, .unicast, .pxeMTFTP]
    let text = try ScenarioText(file)
    expect(RaceCommand.taken(names, by: text, [], isChoice: false), equals: [.promotion, .unicast])
    expect(RaceCommand.taken(names, by: text, [], isChoice: true), equals: names)
    expect(RaceCommand.taken(names, by: text, ["file.size=1 MB"], isChoice: false), equals: [.promotion, .unicast])
    expect(RaceCommand.taken(names, by: text, ["file.size=1 KB"], isChoice: false), equals: names)
    // Nothing is left out of a scenario that is wrong for all.
    expect(RaceCommand.taken(names, by: text, ["file.size=1 kilo"], isChoice: false), equals: names)
    let named = try Program.run(
      "race", file, "--strategies", "pxe-mtftp,unicast", "--no-plots", "-o", folder.path("wide"))
    #expect(named.status == 65 && named.errors.contains("16-bit block numbers"), "\(named.errors)")
  }

  /// As of a whole race, nothing is asked of its shares by expect:, and what is merged is told as a race.
  @Test func sharesOfARaceAreMergedToARace() throws {
    let folder = try TemporaryFolder()
    for share in ["1/2", "2/2"] {
      let outcome = try race(folder, "share", "--shard", share, "--no-plots")
      expect(outcome.status, equals: 0, "\(outcome.errors)")
    }
    let page = try race(folder, "share", "--shard", "1/2", "--html", folder.path("race.html"))
    #expect(page.status == 64 && page.errors.contains("a share says nothing about the race"), "\(page.errors)")
    let merged = try Program.run(
      "merge", folder.path("share-1-of-2"), folder.path("share-2-of-2"), "-o", folder.path("whole"), "--no-plots")
    #expect(merged.status == 0 && merged.errors.isEmpty, "\(merged.errors)")
    #expect(merged.output.contains("classroom: 3 strategies, 12 runs, seed 3"), "\(merged.output)")
    try expect(Program.run("report", folder.path("whole"), "-o", folder.path("race.html")).status, equals: 0)
    #expect(try !String(contentsOfFile: folder.path("race.html"), encoding: .utf8).contains("not met"))
  }

  /// The sweep: of the file is left out, and its expect: is not asked.
  @Test func aRaceHasTheSameBytesForAnyNumberOfJobsAndIsASweep() throws {
    let folder = try TemporaryFolder()
    let one = try race(folder, "one", "--jobs", "1", "--no-plots")
    #expect(one.status == 0 && one.errors.isEmpty, "\(one.errors)")
    #expect(one.output.contains("classroom: 3 strategies, 12 runs, seed 3"))
    #expect(one.output.contains("Promotion "))
    let three = try race(folder, "three", "--jobs", "3", "--no-plots", "--quiet")
    #expect(three.status == 0 && three.output.isEmpty && three.errors.isEmpty)
    try expect(folder.files(in: "one"), equals: folder.files(in: "three"))
    let header = try String(contentsOfFile: folder.path("one/runs.csv"), encoding: .utf8).prefix { $0 != "\n" }
    #expect(header.hasSuffix(",protocol.strategy"))
    let compared = try Program.run("compare", folder.path("one"), folder.path("three"), "--exact")
    expect(compared.status, equals: 0)
  }

  @Test func anotherObjectiveRunsNothingAgainAndMoreReplicationsAreAdded() throws {
    let folder = try TemporaryFolder()
    try expect(race(folder, "grown", "--no-plots", "--quiet", "--replications", "2").status, equals: 0)
    let again = try race(folder, "grown", "--no-plots", "--replications", "2", "--objective", "server_bytes")
    expect(again.status, equals: 0)
    #expect(again.output.contains("the server sends") && again.output.contains("up to date"))
    let grown = try race(folder, "grown", "--no-plots", "--resume")
    #expect(grown.status == 0 && grown.output.contains("12 runs, 6 runs taken over"))
    try expect(race(folder, "whole", "--no-plots", "--quiet").status, equals: 0)
    try expect(folder.files(in: "grown"), equals: folder.files(in: "whole"))
  }

  @Test func theTableTheSentenceAndTheJSONSayTheSame() throws {
    struct Report: Decodable {
      struct Strategy: Decodable { let strategy, standing: String }
      let sentence, verdict, subject: String
      let strategies: [Strategy]
    }
    let folder = try TemporaryFolder()
    let file = folder.path("race.md")
    let text = try race(folder, "out", "--no-plots", "--markdown", file).output
    let json = try race(folder, "out", "--no-plots", "--json").output
    let report = try JSONDecoder().decode(Report.self, from: Data(json.utf8))
    expect(report.subject, equals: "promotion")
    #expect(text.contains("\n" + report.sentence + "\n"))
    let markdown = try String(contentsOfFile: file, encoding: .utf8)
    #expect(markdown.contains("\n" + report.sentence + "\n"))
    let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2)
    expect(rows.map { String($0.split(separator: " ")[1]) }, equals: report.strategies.map(\.strategy))
  }

  /// Promotion's threshold is tuned with another seed, beside the results.
  @Test func aTunedRaceHasTheThresholdOfItsTuning() throws {
    struct Tuned: Decodable {
      struct Answer: Decodable { let threshold_bytes: UInt64 }
      let answer: Answer
      let seed: Int
    }
    let folder = try TemporaryFolder()
    let first = try race(folder, "out", "--no-plots", "--tune", "--indifference", "20 %", "--set", "file.size=24 KiB")
    #expect(first.status == 0 && first.output.contains("tuned with seed 4: "), "\(first.errors)")
    let data = try Data(contentsOf: URL(filePath: folder.path("out-tune/tune.json")))
    let tuned = try JSONDecoder().decode(Tuned.self, from: data)
    expect(tuned.seed, equals: 4)
    let manifest = try String(contentsOfFile: folder.path("out/manifest.json"), encoding: .utf8)
    let threshold = tuned.answer.threshold_bytes
    let shown = threshold % 1024 == 0 ? "\(threshold / 1024) KiB" : "\(threshold) B"
    #expect(threshold == 0 || manifest.contains("threshold: \(shown)"), "\(threshold)")
    let again = try race(folder, "out", "--no-plots", "--tune", "--indifference", "20 %", "--set", "file.size=24 KiB")
    #expect(again.status == 0 && again.output.contains("up to date"))
    #expect(again.output.contains("tuned with seed 4: "))
  }

  @Test(arguments: [
    (["--strategies", "promotion,nakc"], "did you mean 'nack'?"),
    (["--strategies", "nack"], "a race takes two or more"),
    (["--strategies", "nack,nack"], "a race takes two or more"),
    (["--strategies", "nack,unicast", "--tune"], "which is not in --strategies"),
    (["--objective", "makespam"], "makespam"), (["--confidence", "40 %"], "--confidence"),
    (["--indifference", "1 MiB"], "--indifference"),
  ])
  func whatCannotBeAskedIsRefused(options: [String], words: String) throws {
    let outcome = try Program.run(["race", "Scenarios/lab-boot.yaml"] + options)
    expect(outcome.status, equals: 64)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: ["log", "explain", "diff"])
  func eventsAreThoseOfThePromotionEngine(command: String) throws {
    let folder = try TemporaryFolder()
    try Data(Self.scenario.utf8).write(to: URL(filePath: folder.path("classroom.yaml")))
    let file = folder.path("classroom.yaml")
    func run(_ strategy: String) throws -> Program.Outcome {
      try Program.run([command, file, "--set", "protocol.strategy=\(strategy)"] + (command == "diff" ? [file] : []))
    }
    let refused = try run("unicast")
    expect(refused.status, equals: command == "diff" ? 2 : 65)
    #expect(refused.errors.contains("protocol.strategy unicast") && refused.errors.contains("'gapsim run'"))
    #expect([0, 1].contains(try run("rfc2090").status))
  }

  @Test func aCaptureIsOfThePromotionEngine() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      "run", "Scenarios/lab-boot.yaml", "--set", "protocol.strategy=carousel", "--pcap", folder.path("x.pcapng"), "-o",
      folder.path("out"))
    expect(outcome.status, equals: 64)
    #expect(outcome.errors.contains("protocol.strategy is carousel"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
  }

  @Test func thresholdsOfAStrategyWithoutThresholdsAreNotTuned() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(
      "tune", "Scenarios/lab-boot.yaml", "--set", "protocol.strategy=unicast", "-o", folder.path("out"))
    expect(outcome.status, equals: 64)
    #expect(outcome.errors.contains("--vary protocol.strategy=promotion,unicast"))
  }

  @Test func strategiesAreTunedLikeAnyKey() throws {
    let folder = try TemporaryFolder()
    try Data(Self.scenario.utf8).write(to: URL(filePath: folder.path("classroom.yaml")))
    let outcome = try Program.run(
      "tune", folder.path("classroom.yaml"), "--vary", "protocol.strategy=promotion,unicast,rfc2090", "--no-plots",
      "--indifference", "20 %", "-o", folder.path("out"), "--set", "expect=[]")
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    #expect(outcome.output.contains("choose strategy "), "\(outcome.output)")
  }

  /// The tuning before the race has had the signals, and the race must get them back.
  @Test(arguments: [SIGINT, SIGTERM]) func aRaceAfterATuningIsInterruptedLikeAnyOther(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let process = Program.process([
      "race", "Scenarios/late-joiners.yaml", "--set", "file.size=100 KiB", "--tune", "--replications", "20000",
      "-o", folder.path("out"), "-q", "--no-plots",
    ])
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    func size() -> Int {
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder.path("out.journal"))
      return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }
    while process.isRunning, size() < 20_000 { usleep(2000) }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    expect(process.terminationReason, equals: .uncaughtSignal)
    expect(process.terminationStatus, equals: signal)
    try expect(
      FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted(), equals: ["out-tune", "out.journal"])
  }
}
