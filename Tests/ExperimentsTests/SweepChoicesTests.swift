import TestSupport
import Testing

@testable import Experiments
@testable import Quantities
@testable import Results
@testable import Scenarios

/// What a sweep is said to be best at.
@Suite struct SweepChoicesTests {
  private static let threshold = "protocol.promotion.threshold"

  /// Makespans by point and replication, the bytes 1000 times the point's number and one more, and whether devices fail.
  ///
  /// - Parameters:
  ///   - complete: how many of a hundred devices are complete at each point, without those that were switched off.
  ///   - limited: the points of which a limit ended the second replication.
  private func choices(
    _ keys: [String], _ points: [[String]], makespans: [[Double?]], failed: [Int] = [], complete: [Int] = [],
    limited: Set<Int> = []
  ) throws -> SweepChoices {
    let more = complete.isEmpty ? "" : ",devices,completed_devices,left_devices,ended"
    var csv = "scenario,point,replication,failed_devices,server_bytes,makespan_s\(more)\n"
    for (point, values) in makespans.enumerated() {
      for (replication, value) in values.enumerated() {
        let text = value.map { HumanUnits.fixed($0, decimals: 9) } ?? ""
        csv += "lab,\(point),\(replication + 1),\(failed.isEmpty ? 0 : failed[point]),\(1000 * (point + 1)),\(text)"
        if !complete.isEmpty {
          let ended = limited.contains(point) && replication == 1 ? "time_limit" : "complete"
          csv += ",100,\(complete[point]),1,\(ended)"
        }
        csv += "\n"
      }
    }
    return try SweepChoices(
      keys: keys, points: points.enumerated().map { ($0, $1) },
      delays: .none, runs: CSVReader(path: "runs.csv", bytes: Array(csv.utf8)))
  }

  /// 8 MiB is luckiest by half a second, but loses every other replication to 544 KiB: so it is not the one that is named.
  private static let lucky: [[Double?]] = [
    [70, 75, 72, 74], [50, 55, 52, 54], [50.1, 55.1, 52.1, 54.1], [51, 52, 53, 53],
  ]
  private static let values = [["0 B"], ["1 MiB"], ["544 KiB"], ["8 MiB"]]

  @Test func theLuckiestPointIsNotNamedWhereASmallerOneCannotBeToldApart() throws {
    let choices = try choices([Self.threshold], Self.values, makespans: Self.lucky)
    let choice = try #require(choices.choices.first)
    expect(choice.metric, equals: .makespan)
    expect(choice.named.map(\.number), equals: [2, 1, 3], "by their values, not by their place")
    expect(
      choice.note,
      equals:
        "3 of 4 points cannot be told apart from the best: also 1 MiB, 8 MiB; the least mean is 52.250 s, of 8 MiB; the "
        + "server sends 2.93 KiB there, and 3.91 KiB at 8 MiB")
    let bytes = try #require(choices.choices.last)
    expect(bytes.named.map(\.values), equals: [["0 B"]])
    expect(bytes.note, equals: "every other is worse")
    expect(
      choices.text(keys: { $0.map { _ in "threshold" } }),
      equals: """
        where it is least (95 % confidence of all together, 4 replications paired; of what cannot be told apart from the best, the \
        smallest is named):
          least        threshold  mean      how sure
          makespan     544 KiB    52.850 s  3 of 4 points cannot be told apart from the best: also 1 MiB, 8 MiB; the least mean is 52.250 s, \
        of 8 MiB; the server sends 2.93 KiB there, and 3.91 KiB at 8 MiB
          server sent  0 B        1000 B    every other is worse

        """)
  }

  @Test func aChoiceIsMadeForEachValueOfTheEnvironment() throws {
    let loss = "cohorts[0].loss.bernoulli"
    let choices = try choices(
      [Self.threshold, loss], [["0 B", "0.01"], ["0 B", "0.05"], ["64 KiB", "0.01"], ["64 KiB", "0.05"]],
      makespans: [[10, 11, 12], [90, 91, 92], [20, 21, 22.5], [80, 81, 82.5]])
    expect(choices.environment, equals: [loss])
    expect(choices.keys, equals: [Self.threshold])
    let makespans = choices.choices.filter { $0.metric == .makespan }
    expect(makespans.map(\.environment), equals: [["0.01"], ["0.05"]])
    expect(makespans.map { $0.named.map(\.number) }, equals: [[0], [3]])
    #expect(makespans.allSatisfy { $0.candidates == 2 })
  }

  @Test func whatNobodyChoosesIsNoChoice() throws {
    let choices = try choices(["cohorts[0].count"], [["10"], ["20"]], makespans: [[1, 2], [3, 4]])
    #expect(choices.choices.isEmpty)
    expect(choices.text(keys: { $0 }), equals: "")
  }

  @Test func keysThatAreSeveralOrNamesStayInTheirOrder() throws {
    let words = try choices(
      ["protocol.active_order"], [["random"], ["arrival"]], makespans: [[5, 6, 7], [5, 6.1, 6.8]])
    expect(words.choices.first?.named.map(\.number), equals: [0, 1])
    #expect(words.choices.first?.isOrdered == false)
    let several = try choices(
      [Self.threshold, "protocol.windowsize"], [["64 KiB", "4"], ["0 B", "4"]], makespans: [[5, 6, 7], [5, 6.1, 6.8]])
    expect(several.choices.first?.named.map(\.values), equals: [["64 KiB", "4"], ["0 B", "4"]])
    #expect(several.choices.first?.note.hasPrefix("the two points cannot be told apart;") == true)
  }

  @Test func oneReplicationTellsNothingApart() throws {
    let choices = try choices([Self.threshold], Self.values, makespans: Self.lucky.map { [$0[0]] })
    expect(choices.choices.first?.named.map(\.number), equals: [0, 2, 1, 3])
    expect(choices.choices.first?.note.hasPrefix("one replication tells nothing apart"), equals: true)
  }

  /// Replications that one point alone has are not compared, and a point without a value somewhere is left out.
  @Test func onlyWhatAllHaveIsCompared() throws {
    let choices = try choices(
      [Self.threshold], Self.values, makespans: [[9, 9, 9, 1], [8, 8.5, 8], [7, 7.5, 7], [nil, 5, 5]],
      failed: [0, 0, 3, 0])
    let choice = try #require(choices.choices.first)
    expect(choice.replications, equals: 3)
    expect(choice.named.map(\.number), equals: [1], "where three devices fail it takes least")
    expect(
      choice.note,
      equals:
        "every other is worse; left out, for more devices are left behind: 1 point; left out for want of a value: 1 point"
    )
  }

  private static let lengths: [[Double?]] = [[7, 7, 7], [8, 8, 8], [9, 9, 9]]
  private static let three = [["0 B"], ["1 KiB"], ["2 KiB"]]

  /// What is cut short has sent less.
  @Test func whatALimitCutShortIsNotRecommended() throws {
    let some = try choices(
      [Self.threshold], Self.three, makespans: Self.lengths, complete: [99, 99, 99], limited: [0])
    expect(some.choices.map { $0.named.map(\.number) }, equals: [[1], [1]])
    expect(some.choices.first?.note, equals: "every other is worse; left out, for a limit ended runs: 1 point")
    expect(some.unfit, equals: [0])
    let one = try choices(
      [Self.threshold], Self.three, makespans: Self.lengths, complete: [99, 99, 99], limited: [0, 1])
    expect(one.choices.map { $0.named.map(\.number) }, equals: [[2], [2]])
    expect(one.choices.first?.note, equals: "no other point is fit; left out, for a limit ended runs: 2 points")
    let none = try choices(
      [Self.threshold], Self.three, makespans: Self.lengths, complete: [0, 0, 0], limited: [0, 1, 2])
    #expect(none.choices.isEmpty)
    expect(
      none.text(keys: { $0 }),
      equals: "where it is least: no point is recommended\n  none: a limit ended runs of all 3 points\n")
    expect(none.whyNone, equals: "No point is recommended: a limit ended runs of all 3 points.")
  }

  /// As in a tuning, a tenth of a percent of the devices more may be left behind: one replication of ten does not count.
  @Test func whatLeavesMoreDevicesBehindIsNotRecommended() throws {
    let fit = try choices([Self.threshold], Self.three, makespans: Self.lengths, complete: [95, 97, 97])
    expect(fit.choices.map { $0.named.map(\.number) }, equals: [[1], [1]])
    expect(
      fit.choices.first?.note,
      equals:
        "every other is worse; 2.00 devices are left behind there on average, and nowhere fewer; left out, for more devices "
        + "are left behind: 1 point")
    // One of a hundred was switched off.
    let whole = try choices([Self.threshold], Self.three, makespans: Self.lengths, complete: [99, 99, 99])
    expect(whole.choices.first?.note, equals: "every other is worse")
  }

  /// One device in two of four replications is more than a tenth of one, and two in four may be chance.
  @Test func whatMayBeChanceIsSaid() throws {
    var csv =
      "scenario,point,replication,failed_devices,server_bytes,makespan_s,devices,completed_devices,left_devices,ended\n"
    for point in 0..<2 {
      for replication in 1...4 {
        let complete = point == 0 && replication > 2 ? 9 : 10
        csv += "lab,\(point),\(replication),\(10 - complete),1000,\(1 + point),10,\(complete),0,complete\n"
      }
    }
    let choices = try SweepChoices(
      keys: [Self.threshold], points: [(0, ["0 B"]), (1, ["1 MiB"])], delays: .none,
      runs: CSVReader(path: "runs.csv", bytes: Array(csv.utf8)))
    expect(
      choices.choices.first?.note,
      equals: "no other point is fit; left out, for more devices are left behind, though maybe by chance: 1 point")
  }

  /// Where the two points of one environment are cut short, those of the other are compared all the same.
  @Test func anEnvironmentWithoutAFitPointIsNamed() throws {
    let choices = try choices(
      [Self.threshold, "file.size"], [["0 B", "1 MiB"], ["0 B", "2 MiB"], ["1 KiB", "1 MiB"], ["1 KiB", "2 MiB"]],
      makespans: [[7, 7, 7], [7, 7, 7], [8, 8, 8], [8, 8, 8]], complete: [99, 99, 99, 99], limited: [1, 3])
    expect(choices.choices.map(\.environment), equals: [["1 MiB"], ["1 MiB"]])
    #expect(
      choices.text(keys: { $0 }).hasSuffix("\n  none at file.size 2 MiB: a limit ended runs of both points\n"))
  }

  @Test(arguments: [
    (["cohorts[0].count"], [["10"], ["20"]], "Nobody chooses cohorts[0].count: the page shows what the values do"),
    (["protocol.windowsize"], [["4"]], "There is one point, so there is nothing to choose."),
    (
      ["protocol.windowsize", "file.size"], [["1", "1 MiB"], ["4", "2 MiB"]],
      "No two points differ in protocol.windowsize alone, and nobody chooses file.size: the page recommends none."
    ),
  ])
  func whyNothingIsRecommendedIsSaid(keys: [String], points: [[String]], says: String) throws {
    let choices = try choices(keys, points, makespans: points.map { _ in [1, 2] })
    #expect(choices.choices.isEmpty)
    #expect(choices.whyNone?.hasPrefix(says) == true, "\(choices.whyNone ?? "")")
  }

  @Test func aDamagedFileIsNamedWithItsLine() {
    let error = #expect(throws: CSVError.self) {
      try SweepChoices(
        keys: [Self.threshold], points: [(0, ["0 B"])],
        delays: .none, runs: CSVReader(path: "runs.csv", bytes: Array("point,replication,makespan_s\n0,1,soon\n".utf8)))
    }
    #expect(error?.description.contains("runs.csv:2") == true, "\(String(describing: error))")
  }

  /// All keys of the reference page but those of the protocol and the queue are of the environment, or cannot be varied.
  @Test(arguments: [
    ("file.size", true), ("cohorts[0].count", true), ("cohorts[3].loss.bernoulli", true),
    ("cohorts[0].upstream_loss.bernoulli", true), ("cohorts[0].join.at", true), ("cohorts[0].leaves.at", true),
    ("cohorts[0].latency", true), ("cohorts[0].turnaround", true), ("server.shared_loss.bernoulli", true),
    ("server.rate", true), ("protocol.windowsize", false), ("protocol.promotion.threshold", false),
    ("server.queue", false),
  ])
  func theEnvironmentIsWhatNobodyChooses(key: String, isEnvironment: Bool) {
    expect(ScenarioKeys.isEnvironment(key), equals: isEnvironment)
  }
}
