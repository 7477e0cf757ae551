import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Fixtures
@testable import PromotionRun
@testable import Runs
@testable import Results
@testable import Scenarios

struct ShareTests {
  @Test(arguments: [(1, 1, 1), (1, 10, 16), (3, 4, 5), (27, 10, 20), (8, 16, 16), (5, 40, 7), (100, 3, 11)])
  func everyRunIsInOneShareAndSharesAreOfOneSize(points: Int, replications: Int, shares: Int) throws {
    var counts = Array(repeating: 0, count: shares)
    for point in 0..<points {
      for replication in 1...replications {
        let run = RunID(point: point, replication: replication)
        let owners = try (1...shares).filter {
          try #require(Share(number: $0, of: shares)).contains(run, points: points)
        }
        expect(owners, equals: [Share.number(of: run, points: points, shares: shares)])
        counts[owners[0] - 1] += 1
      }
    }
    #expect(try #require(counts.max()) - #require(counts.min()) <= 1)
    for number in 1...shares {
      let share = try #require(Share(number: number, of: shares))
      expect(share.count(points: points, replications: replications), equals: counts[number - 1])
    }
  }

  /// Where the number of shares is a multiple of what a key changes by, no share has only one of the key's values.
  @Test func everyShareMeetsEveryValueOfTheLastKey() throws {
    for number in 1...8 {
      let share = try #require(Share(number: number, of: 8))
      let runs = (1...10).flatMap { replication in
        (0..<16).map { RunID(point: $0, replication: replication) }.filter { share.contains($0, points: 16) }
      }
      expect(Set(runs.map { $0.point % 2 }).count, equals: 2)
      expect(Set(runs.map { $0.point % 4 }).count, equals: 4)
    }
  }

  @Test func withMoreReplicationsAShareKeepsItsRuns() throws {
    // The number of replications is no part of what decides.
    #expect(Share.number(of: RunID(point: 2, replication: 7), points: 5, shares: 4) == 32 % 4 + 32 / 4 % 4 + 1)
  }

  @Test(arguments: ["", "3", "0/4", "5/4", "-1/4", "3/0", "3/4/5", "3 / 4", "1/100001", "a/b"])
  func whatIsNoShareIsRefused(text: String) { #expect(Share(text) == nil) }

  @Test func aShareIsWrittenAsItIsRead() throws {
    let share = try #require(Share("3/16"))
    expect("\(share)", equals: "3/16")
    expect(share.words, equals: "share 3 of 16")
  }
}

/// Shares that are merged are the results of one machine, byte for byte.
struct MergeTests {
  private let scratch: Scratch
  private static let grid = "{vary: {protocol.promotion.threshold: '0, 64 KiB', protocol.windowsize: 1..3:3}}"

  init() throws { scratch = try Scratch() }

  @Sendable private static func simulate(_ point: SweepPoint, _ replication: Int) throws -> RunRecord {
    StubbedRuns.record(RunID(point: point.context.point, replication: replication))
  }

  private static func points(_ sweep: String?, replications: Int = 4) throws -> SweepPoints {
    guard let sweep else { return SweepPoints(single: try .lab(replications: replications, timeline: true)) }
    return try #require(SweepPoints(try Scenario.swept(sweep, replications: replications)))
  }

  /// Does a share, and says where.
  private func share(_ text: String, of points: SweepPoints, at name: String? = nil, devices: Bool = true) async throws
    -> String
  {
    var sweep = Sweep(points)
    sweep.devices = devices
    sweep.share = Share(text)
    let path = scratch.path(name ?? text.replacing("/", with: "-of-"))
    _ = try await sweep.run(into: path, simulate: Self.simulate)
    return path
  }

  private func files(_ name: String) throws -> [String: String] {
    try Dictionary(uniqueKeysWithValues: scratch.names(in: name).map { ($0, try scratch.text("\(name)/\($0)")) })
  }

  @Test(arguments: [1, 2, 5, 30], [Self.grid, nil])
  func theBytesAreThoseOfOneMachine(shares: Int, text: String?) async throws {
    let points = try Self.points(text)
    _ = try await Sweep(points).run(into: scratch.path("whole"), simulate: Self.simulate)
    var paths: [String] = []
    for number in 1...shares { paths.append(try await share("\(number)/\(shares)", of: points)) }
    let outcome = try Merge(paths.reversed()).write(into: scratch.path("merged"), isForced: false)
    try expect(files("merged"), equals: files("whole"))
    #expect(outcome.points.allSatisfy { $0.replications == 4 })
    #expect(try scratch.names().filter { $0.hasSuffix("journal") || $0.hasPrefix(".") }.isEmpty)
  }

  @Test func aShareSaysWhichItIsAndHasItsRunsAlone() async throws {
    let path = try await share("2/5", of: Self.points(Self.grid))
    let manifest = try #require(Manifest(json: Data(contentsOf: URL(filePath: path + "/manifest.json"))))
    expect(manifest.share, equals: Share("2/5"))
    expect(manifest.sweep?.runs, equals: 5)
    try expect(scratch.text("2-of-5/runs.csv").split(separator: "\n").count, equals: 1 + 5)
  }

  @Test func aShareGoesOnAndGrows() async throws {
    let whole = try Self.points(Self.grid, replications: 7)
    _ = try await Sweep(whole).run(into: scratch.path("whole"), simulate: Self.simulate)
    var paths: [String] = []
    for number in 1...3 {
      let path = try await share("\(number)/3", of: Self.points(Self.grid))
      var sweep = Sweep(whole)
      sweep.share = Share("\(number)/3")
      sweep.start = .resume
      let outcome = try await sweep.run(into: path, simulate: Self.simulate)
      expect(outcome.taken, equals: 8)
      paths.append(path)
    }
    _ = try Merge(paths).write(into: scratch.path("merged"), isForced: false)
    try expect(files("merged"), equals: files("whole"))
  }

  @Test func aShareNeverTakesThePlaceOfAnotherOrOfTheWhole() async throws {
    let points = try Self.points(Self.grid)
    let path = try await share("1/3", of: points, at: "out")
    await #expect(throws: ResumeError.otherShare(path: path, there: "share 1 of 3", now: "share 2 of 3")) {
      _ = try await share("2/3", of: points, at: "out")
    }
    await #expect(throws: ResumeError.otherShare(path: path, there: "share 1 of 3", now: "all runs")) {
      _ = try await Sweep(points).run(into: path, simulate: Self.simulate)
    }
  }

  @Test func aRunThatFailedInAShareIsListedAsOneMachineListsIt() async throws {
    @Sendable func simulate(_ point: SweepPoint, _ replication: Int) throws -> RunRecord {
      guard point.context.point != 4 || replication != 2 else {
        throw InvariantBreach(invariant: "two active devices", seed: 1, replication: 2, event: 99)
      }
      return try Self.simulate(point, replication)
    }
    var paths: [String] = []
    var sweep = Sweep(try Self.points(Self.grid))
    _ = try await sweep.run(into: scratch.path("whole"), simulate: simulate)
    for number in 1...3 {
      sweep.share = Share("\(number)/3")
      paths.append(scratch.path("\(number)"))
      _ = try await sweep.run(into: paths[number - 1], simulate: simulate)
    }
    let outcome = try Merge(paths).write(into: scratch.path("merged"), isForced: false)
    try expect(files("merged"), equals: files("whole"))
    expect(outcome.failed.map(\.run), equals: [RunID(point: 4, replication: 2)])
  }

  @Test func whatIsMissingDoubledOrForeignIsNamed() async throws {
    let points = try Self.points(Self.grid)
    let paths = [
      try await share("1/3", of: points), try await share("2/3", of: points), try await share("3/3", of: points),
    ]
    func error(_ paths: [String]) -> MergeError? {
      #expect(throws: MergeError.self) { try Merge(paths) }
    }
    expect(error([paths[0], paths[2]]), equals: .missing([2], of: 3))
    expect(error([]), equals: .nothing)
    expect(error(paths + [paths[1]]), equals: .doubled(try #require(Share("2/3")), paths: [paths[1], paths[1]]))
    expect(error(paths + [scratch.path("none")]), equals: .noResults(path: scratch.path("none")))
    _ = try await Sweep(points).run(into: scratch.path("whole"), simulate: Self.simulate)
    expect(error(paths + [scratch.path("whole")]), equals: .noShare(path: scratch.path("whole")))
    try FileManager.default.copyItem(atPath: scratch.path("whole"), toPath: scratch.path("tuning"))
    try FileManager.default.moveItem(atPath: scratch.path("tuning/runs.csv"), toPath: scratch.path("tuning/tune.csv"))
    let manifest = try scratch.text("tuning/manifest.json").replacing("\"runs.csv\"", with: "\"tune.csv\"")
    try scratch.write(manifest, to: "tuning/manifest.json")
    expect(error(paths + [scratch.path("tuning")]), equals: .otherKind(path: scratch.path("tuning")))
    let quarter = try await share("3/4", of: points, at: "quarter")
    expect(
      error([paths[0], paths[1], quarter]),
      equals: .foreign(path: quarter, first: paths[0], there: "3 shares", now: "4 shares"))
    let more = try await share("3/3", of: Self.points(Self.grid, replications: 5), at: "more")
    expect(
      error([paths[0], paths[1], more]),
      equals: .foreign(path: more, first: paths[0], there: "4 replications", now: "5 replications"))
    let other = try await share(
      "3/3", of: Self.points("{vary: {protocol.promotion.threshold: '0, 64 KiB', protocol.windowsize: 2..4:3}}"),
      at: "other")
    guard case .foreign(other, paths[0], _, _) = error([paths[0], paths[1], other]) else {
      Issue.record("a share of other settings is no part of it")
      return
    }
    let plain = try await share("3/3", of: points, at: "plain", devices: false)
    guard
      case .foreign(plain, _, "'devices.csv: written'", "'devices.csv: left out'") = error(paths.dropLast() + [plain])
    else {
      Issue.record("a share without devices is no part of it")
      return
    }
  }

  @Test func aShareThatWasChangedIsNotTaken() async throws {
    let path = try await share("1/1", of: Self.points(Self.grid))
    try scratch.write(scratch.text("1-of-1/runs.csv").replacing("lab,3,2,", with: "lab,3,7,"), to: "1-of-1/runs.csv")
    let error = try #require(throws: MergeError.self) { try Merge([path]) }
    expect(
      error.description,
      equals: "\(path)/runs.csv is not as it was written; run share 1 of 1 again, into a new directory or with --force")
  }

  @Test func otherResultsAreReplacedOnlyByForce() async throws {
    let path = try await share("1/1", of: Self.points(Self.grid))
    _ = try await Sweep(Self.points(nil)).run(into: scratch.path("out"), simulate: Self.simulate)
    #expect(throws: ResumeError.self) { try Merge([path]).write(into: scratch.path("out"), isForced: false) }
    _ = try Merge([path]).write(into: scratch.path("out"), isForced: true)
    #expect(try scratch.text("out/manifest.json").contains("sweep"))
  }
}
