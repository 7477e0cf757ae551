import RunMetrics
import TestSupport
import Testing

@testable import Comparison
@testable import Experiments
@testable import Quantities
@testable import Results
@testable import Statistics

/// A race from values by hand: who stands where, and what the sentence says.
@Suite struct RaceTests {
  /// A strategy with its makespans, and what else a row has.
  struct Row {
    var name: String
    var makespans: [Double?]
    var bytes = 100.0
    var failed = 0.0
    var isLimited = false
    /// Devices that were switched off before they had the file.
    var left = 0.0
    /// Failed devices in each replication, instead of ``failed``.
    var failures: [Double]?
  }

  static func race(
    _ rows: [Row], objective: String = "makespan", devices: Int = 500, timeout: Double = 0,
    _ change: (inout Race.Question) -> Void = { _ in }
  ) throws -> Race {
    var csv = "scenario,point,replication,seed,devices,completed_devices,failed_devices,server_bytes,makespan_s,"
    csv += "completion_mean_s,ended,left_devices,protocol.strategy\n"
    for (point, row) in rows.enumerated() {
      for (replication, makespan) in row.makespans.enumerated() {
        let time = makespan.map { HumanUnits.fixed($0, decimals: 9) } ?? ""
        let failed = row.failures?[replication] ?? row.failed
        csv += "lab,\(point),\(replication + 1),1,\(devices),\(Double(devices) - failed - row.left),\(failed),"
        csv += "\(row.bytes),\(time),\(time),\(row.isLimited ? "time_limit" : "complete"),\(row.left),\(row.name)\n"
      }
    }
    var question = Race.Question(try Objective(objective))
    change(&question)
    return try Race(
      CSVTable(CSVReader(path: "runs.csv", bytes: Array(csv.utf8))) { _ in true }, delays: RareDelays(timeout: timeout),
      asking: question)
  }

  /// Values around a mean with a known spread: mean ± spread in turn.
  private static func around(_ mean: Double, _ spread: Double = 0.01, count: Int = 8) -> [Double?] {
    (0..<count).map { mean + ($0 % 2 == 0 ? spread : -spread) }
  }

  private static func standings(_ race: Race) -> [String: Race.Standing] {
    Dictionary(uniqueKeysWithValues: race.entrants.map { ($0.name, $0.standing) })
  }

  /// Who serves fewer of those that stay is no fault, but it is said.
  @Test(arguments: [(0.0, 0.0), (2, 2), (2, 0), (0, 3)])
  func devicesThatWereSwitchedOffAreToldWhereTheirNumberDiffers(one: Double, other: Double) throws {
    let race = try Self.race([
      Row(name: "promotion", makespans: Self.around(2), left: one),
      Row(name: "nack", makespans: Self.around(1), left: other),
    ])
    #expect(race.entrants.allSatisfy { $0.leftBehind == 0 && $0.standing.isJudged })
    expect(race.hasLeft, equals: one + other > 0)
    let words =
      "; not all served the same devices: of 500 so many were switched off before they had the file, on average: "
      + "nack \(Int(other)), promotion \(Int(one))."
    expect(race.sentence.hasSuffix(words), equals: one != other, "\(race.sentence)")
    expect(race.sentence.contains("switched off"), equals: one != other)
  }

  /// 1 % sooner in each of eight replications, but one with a timeout of 1 s would say the contrary.
  @Test func eightReplicationsWithoutATimeoutDecideNothing() throws {
    let rows = [
      Row(name: "promotion", makespans: Self.around(0.11, 0.0001)),
      Row(name: "rfc2090", makespans: Self.around(0.112, 0.0002)),
    ]
    expect(try Self.race(rows).answer.verdict, equals: .worthIt)
    let race = try Self.race(rows, timeout: 1)
    expect(race.entrants.map(\.standing), equals: [.best, .open])
    // The second is later by 2 ms. 1 s · ln(40) / 8 is 461 ms.
    let interval = try #require(race.difference(of: race.entrants[1], to: race.entrants[0])?.interval)
    #expect(abs(interval.upperBound - 0.463110) < 1e-6 && abs(interval.lowerBound + 0.459110) < 1e-6)
    // ln(40) / 2 ms.
    expect(race.replicationsNeeded(race.entrants[1], race.entrants[0]), equals: 1845)
  }

  /// One device left behind in ten replications is a tenth of one, which is allowed. In three of ten it is more, and may be
  /// chance; in all of them it is not.
  @Test(arguments: [(1, Race.Verdict.worthIt), (3, .unknown), (10, .notWorthIt)])
  func anUnluckyReplicationDecidesNothing(replications: Int, verdict: Race.Verdict) throws {
    let rows = [
      Row(
        name: "promotion", makespans: Self.around(5, count: 10),
        failures: (0..<10).map { $0 < replications ? 1 : 0 }),
      Row(name: "rfc2090", makespans: Self.around(9, count: 10)),
    ]
    let race = try Self.race(rows, devices: 31)
    expect(race.answer.verdict, equals: verdict)
    expect(race.sentence.contains("which may be chance"), equals: verdict == .unknown)
  }

  // MARK: - The cases of the sentence

  @Test func itWins() throws {
    let race = try Self.race([
      Row(name: "promotion", makespans: Self.around(3.2), bytes: 107),
      Row(name: "unicast", makespans: Self.around(41.6)),
      Row(name: "nack", makespans: Self.around(5.4, 0.11)),
    ])
    expect(race.entrants.map(\.name), equals: ["promotion", "nack", "unicast"])
    expect(race.entrants.map(\.standing), equals: [.best, .worse, .worse])
    expect(race.answer.verdict, equals: .worthIt)
    // The differences are 2.1 and 2.3 in turn. t of 7 degrees at 5 % / 3 pairs, two-sided, is 3.128.
    expect(
      race.sentence,
      equals:
        "Promotion is worth it here: the last device has the file after 3.200 s, 41 % sooner than with the next best, nack "
        + "(5.400 s; 95 % sure: 39 to 43 %), with 1.07 × its bytes; against plain unicast it is 13 times as fast.")
  }

  @Test func theIntervalsAreStudentsOfThePairsAtTheSharedLevel() throws {
    let race = try Self.race([
      Row(name: "promotion", makespans: [1, 2, 3, 4]), Row(name: "nack", makespans: [2, 4, 4, 7]),
      Row(name: "wds", makespans: [9, 9, 9, 9]),
    ])
    expect(race.pairs, equals: 3)
    let (promotion, nack) = (race.entrants[0], race.entrants[1])
    let difference = try #require(race.difference(of: nack, to: promotion))
    // Differences 1, 2, 1, 3: mean 1.75, deviation √(11/12), of the mean √(11/48); t of 3 degrees at 1 − 0.05/6 is 4.857 (R: qt).
    expect(difference.mean, equals: 1.75)
    let half = 4.8566 * (11.0 / 48).squareRoot()
    let interval = try #require(difference.interval)
    #expect((interval.lowerBound - (1.75 - half)).magnitude < 1e-3)
    #expect((interval.upperBound - (1.75 + half)).magnitude < 1e-3)
    expect(race.relation(of: nack, to: promotion), equals: .open)
  }

  @Test func itLoses() throws {
    let race = try Self.race([
      Row(name: "promotion", makespans: Self.around(3.2)),
      Row(name: "carousel", makespans: Self.around(2.5, 0.02), bytes: 342),
      Row(name: "nack", makespans: Self.around(3.0)), Row(name: "slices", makespans: Self.around(9)),
    ])
    expect(race.answer.verdict, equals: .notWorthIt)
    expect(
      race.sentence,
      equals:
        "Promotion is not worth it here: with carousel the last device has the file after 2.500 s, 22 % sooner than with "
        + "promotion (3.200 s; 95 % sure: 21 to 22 %), with 3.42 × promotion's bytes; nack is better too.")
  }

  @Test func itCannotBeToldApart() throws {
    let wide: [Double?] = [3.0, 3.5, 2.5, 3.6, 2.4, 3.3]
    let race = try Self.race([
      Row(name: "promotion", makespans: wide),
      Row(name: "nack", makespans: [3.4, 2.6, 3.1, 2.7, 3.5, 3.0], bytes: 200),
      Row(name: "unicast", makespans: Self.around(9, count: 6)),
    ])
    expect(race.answer.verdict, equals: .notToldApart)
    #expect(
      Self.standings(race) == ["promotion": .open, "nack": .best, "unicast": .worse]
        || race.entrants[0].name == "promotion")
    #expect(
      race.sentence.hasPrefix(
        "Promotion cannot be told apart from nack here: the last device has the file after 3.050 s, against"))
    #expect(
      race.sentence.contains(" ms sooner to ") && race.sentence.contains(" s later)")
        || race.sentence.contains(" s sooner to "))
    #expect(race.sentence.contains("with 0.5 × its bytes"))
    #expect(race.sentence.contains("it is better than unicast"))
    #expect(race.sentence.contains("replications would tell"))
  }

  /// The deviation is 108, of the mean 44.1; t of 5 degrees is 2.571: from 152.7 of 266.7 on.
  @Test func nobodyIsSoonerByMoreThanAllOfTheTime() throws {
    let race = try Self.race([
      Row(name: "promotion", makespans: [200, 300, 250, 400, 100, 350]),
      Row(name: "nack", makespans: Self.around(0.6, count: 6)),
    ])
    #expect(
      race.sentence.contains("99.8 % sooner than with promotion (266.667 s; 95 % sure: 57 to 100 %)"),
      "\(race.sentence)")
  }

  /// Three runs say hardly anything: the interval of the difference goes below all that the other has.
  @Test func anIntervalEndsAtWhatIsPossible() throws {
    let race = try Self.race([
      Row(name: "promotion", makespans: [1, 6, 2]), Row(name: "nack", makespans: [2, 1, 4]),
    ])
    let (nack, promotion) = (race.entrants[0], race.entrants[1])
    let raw = try #require(race.difference(of: promotion, to: nack)?.interval)
    let cut = try #require(race.possibleInterval(of: promotion, to: nack))
    #expect(raw.lowerBound < -(7.0 / 3) && cut.lowerBound == -(7.0 / 3) && cut.upperBound == raw.upperBound)
    #expect(race.sentence.contains("(95 % sure: from 2.333 s sooner to "), "\(race.sentence)")
  }

  @Test func itMakesNoDifference() throws {
    let race = try Self.race([
      Row(name: "promotion", makespans: Self.around(3.2, 0.5)),
      Row(name: "rfc2090", makespans: Self.around(3.201, 0.5)),
      Row(name: "unicast", makespans: Self.around(9, 0.5)),
    ])
    expect(Self.standings(race)["rfc2090"], equals: .asGood)
    expect(race.answer.verdict, equals: .asGood)
    expect(
      race.sentence,
      equals:
        "Promotion makes no difference to rfc2090 here: the last device has the file after 3.200 s, the same to within 1 % "
        + "(95 % sure); it is better than unicast.")
  }

  @Test func itFailsDevices() throws {
    let race = try Self.race([
      Row(name: "promotion", makespans: Self.around(1), failed: 12), Row(name: "nack", makespans: Self.around(5)),
      Row(name: "carousel", makespans: Self.around(2), failed: 3, isLimited: true),
    ])
    expect(Self.standings(race), equals: ["promotion": .unfit, "nack": .best, "carousel": .unfit])
    expect(race.answer.verdict, equals: .notWorthIt)
    expect(
      race.sentence,
      equals:
        "Promotion is not worth it here: it leaves 12 of 500 devices without the file, on average; the best of those that do "
        + "not, nack: the last device has the file after 5.000 s; carousel is not judged: it leaves 3 of 500 devices without the "
        + "file, on average, and a limit ended 8 runs.")
  }

  /// 500 devices allow half a device on average more than the fittest.
  @Test(arguments: [(0.5, Race.Standing.best), (0.51, .unfit)])
  func aTenthOfAPercentMayBeLeftBehind(failed: Double, standing: Race.Standing) throws {
    let race = try Self.race([
      Row(name: "nack", makespans: Self.around(5)), Row(name: "promotion", makespans: Self.around(1), failed: failed),
    ])
    expect(Self.standings(race)["promotion"], equals: standing)
  }

  @Test func whoHasNoValueIsNotJudged() throws {
    var some = Self.around(1)
    some[3] = nil
    let race = try Self.race([
      Row(name: "promotion", makespans: some), Row(name: "nack", makespans: Self.around(5)),
      Row(name: "wds", makespans: Self.around(6)),
    ])
    expect(Self.standings(race), equals: ["promotion": .noValue, "nack": .best, "wds": .worse])
    expect(race.answer.verdict, equals: .unknown)
    expect(race.sentence, equals: "Promotion cannot be judged here: makespan has no value in some replication.")
  }

  @Test func oneReplicationTellsNothing() throws {
    let race = try Self.race([Row(name: "promotion", makespans: [1]), Row(name: "nack", makespans: [5])])
    expect(race.entrants.map(\.standing), equals: [.best, .open])
    expect(
      race.sentence,
      equals:
        "Promotion cannot be told apart from nack here: the last device has the file after 1.000 s, against 5.000 s with nack, "
        + "with 1 × its bytes; one replication tells nothing apart: give more with --replications.")
  }

  @Test func withoutPromotionTheBestIsTheSubject() throws {
    let race = try Self.race([
      Row(name: "slices", makespans: Self.around(7)), Row(name: "wds", makespans: Self.around(5)),
    ])
    #expect(
      race.sentence.hasPrefix("Wds is the best here: the last device has the file after 5.000 s, 29 % sooner than with")
    )
  }

  @Test(arguments: [
    (
      "server_bytes",
      "the server sends 100 B, 50 % less than with the next best, nack (200 B; 95 % sure: 50 to 50 %), with 0.5 × its time"
    ),
    ("completion_mean", "a device has the file 1.000 s after its join, on average, 50 % sooner than"),
    ("2*server_bytes", "2*server_bytes is 200, 50 % less than"),
    ("server_bytes*makespan_s", "server_bytes*makespan_s is "),
  ])
  func objectivesHaveTheirWords(objective: String, words: String) throws {
    let race = try Self.race(
      [
        Row(name: "promotion", makespans: Self.around(1), bytes: 100),
        Row(name: "nack", makespans: Self.around(2), bytes: 200),
      ], objective: objective)
    #expect(race.sentence.hasPrefix("Promotion is worth it here: \(words)"), "\(race.sentence)")
  }

  @Test func theFrontHasWhomNoOtherBeatsInTimeAndBytes() throws {
    let race = try Self.race([
      Row(name: "promotion", makespans: Self.around(3), bytes: 100),
      Row(name: "carousel", makespans: Self.around(2), bytes: 300),
      Row(name: "nack", makespans: Self.around(3), bytes: 100),
      Row(name: "unicast", makespans: Self.around(9), bytes: 300),
      Row(name: "slices", makespans: Self.around(1), bytes: 50, failed: 9),
    ])
    expect(Set(race.front.map(\.name)), equals: ["promotion", "nack", "carousel"])
  }

  // MARK: - What must hold of any race

  /// A race of random strategies, some alike, some with faults.
  private static func random(_ random: inout FixedSequence) throws -> Race {
    let count = Int.random(in: 2...9, using: &random)
    let replications = Int.random(in: 1...12, using: &random)
    let names = ["promotion", "unicast", "rfc2090", "pxe-mtftp", "slices", "nack", "nack_fec", "carousel", "wds"]
    let rows = names.prefix(count).map { name -> Row in
      let mean: Double = [1.0, 1.0, 1.005, 1.5, 4.0].randomElement(using: &random) ?? 1
      let spread: Double = [0.0, 0.001, 0.1, 0.5].randomElement(using: &random) ?? 0
      let isFaulty = Int.random(in: 0..<6, using: &random) == 0
      return Row(
        name: name,
        makespans: (0..<replications).map { _ in mean + spread * Double.random(in: -1...1, using: &random) },
        bytes: Double.random(in: 50...500, using: &random).rounded(), failed: isFaulty ? 7 : 0)
    }
    return try Self.race(Array(rows.shuffled(using: &random)))
  }

  @Test func theSentenceNeverContradictsTheTable() throws {
    var random = FixedSequence(state: 17)
    var seen: Set<Race.Verdict> = []
    for _ in 0..<600 {
      let race = try Self.random(&random)
      let (answer, sentence) = (race.answer, race.sentence)
      seen.insert(answer.verdict)
      let subject = answer.subject
      let judged = race.entrants.filter(\.standing.isJudged)
      expect(judged.first?.standing, equals: .best)
      let means = judged.map { $0.mean ?? 0 }
      expect(means, equals: means.sorted())
      switch answer.verdict {
      case .worthIt:
        #expect(subject.standing == .best && judged.dropFirst().allSatisfy { $0.standing == .worse }, "\(sentence)")
        #expect(sentence.contains("is worth it") || sentence.contains("is the only one"))
      case .notWorthIt:
        #expect(subject.standing == .worse || subject.standing == .unfit, "\(sentence)")
        #expect(sentence.contains("is not worth it"))
      case .notToldApart:
        #expect(subject.standing.isJudged && subject.standing != .worse, "\(sentence)")
        #expect(sentence.contains("cannot be told apart"))
      case .asGood:
        #expect(subject.standing == .best || subject.standing == .asGood, "\(sentence)")
        #expect(sentence.contains("makes no difference"))
      case .unknown: #expect(!subject.standing.isJudged)
      }
      for entrant in judged {
        expect(entrant.standing == .worse, equals: judged.contains { race.relation(of: $0, to: entrant) == .better })
        for other in judged where other.name != entrant.name {
          // Nobody is said to be better in words and worse in figures.
          if race.relation(of: entrant, to: other) == .better { #expect((entrant.mean ?? 0) < (other.mean ?? 0)) }
          let reverse: [Race.Relation: Race.Relation] = [.better: .worse, .worse: .better, .same: .same, .open: .open]
          expect(race.relation(of: other, to: entrant), equals: reverse[race.relation(of: entrant, to: other)])
        }
      }
      for entrant in race.entrants where !entrant.standing.isJudged && entrant.name != subject.name {
        #expect(sentence.contains("\(entrant.name) is not judged") || answer.verdict == .unknown, "\(sentence)")
      }
    }
    #expect(seen.isSuperset(of: [.worthIt, .notWorthIt, .notToldApart, .asGood]))
  }

  /// Of 400 races of five strategies with the same law 20 may call some pair different; more than 37 has a probability below
  /// 0.0002 (binomial).
  @Test func strategiesThatDoNotDifferAreSeldomToldApart() throws {
    var random = FixedSequence(state: 5)
    var alarms = 0
    for _ in 0..<400 {
      let common = (0..<8).map { _ in Double.random(in: 0..<5, using: &random) }
      let rows = ["promotion", "nack", "wds", "slices", "unicast"].map { name in
        Row(
          name: name,
          makespans: common.map { value in
            // About normal: the sum of twelve uniform numbers.
            10 + value + (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
          })
      }
      let race = try Self.race(rows)
      if race.entrants.contains(where: { $0.standing == .worse }) { alarms += 1 }
    }
    #expect(alarms <= 37)
    #expect(alarms >= 1, "a test that never alarms is none")
  }
}
