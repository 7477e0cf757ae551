import TestSupport
import Testing
import Timebase

@testable import Experiments
@testable import Fixtures
@testable import RunMetrics
@testable import PromotionRun
@testable import Runs

struct ObjectiveTests {
  /// One device is complete after 4 s, one after 8 s; the server sent 3 000 000 bytes.
  private static let run: RunFigures = {
    var record = RunRecord.run(devices: [
      .complete(1, after: .seconds(4)), .complete(2, join: .seconds(1), after: .seconds(8)),
    ])
    record.serverBytes = 3_000_000
    return RunFigures(record)
  }()

  @Test(arguments: [
    ("makespan_s", 9.0), ("makespan", 9), ("completion_mean", 6), ("completion_p50", 6), ("server_bytes", 3_000_000),
    (" 0.7*makespan_s + 0.3*server_bytes/1e6 ", 7.2), ("-makespan", -9), ("--makespan", 9),
    ("makespan - 1 - 2", 6), ("makespan / 2 / 3", 1.5), ("2 * (makespan + 1)", 20), ("1 + 2 * makespan", 19),
    ("((makespan))", 9), ("1.5e+1 * makespan", 135), (".5*makespan", 4.5), ("-(makespan - 10) * 2", 2),
  ])
  func anExpressionHasItsValue(text: String, value: Double) throws {
    let found = try #require(try Objective(text).value(of: Self.run))
    #expect(abs(found - value) < 1e-9)
  }

  /// Worked by hand for 2 s, with a makespan of 9 s and a mean of 6 s: one time is later, or all, whatever changes it most.
  @Test(
    arguments: [
      ("makespan", 2.0), ("-3*makespan", 6.0), ("makespan + completion_mean", 4.0), ("makespan - completion_mean", 2.0),
      ("makespan*server_bytes", 6e6), ("makespan*makespan", 40.0), ("99/makespan", 2.0), ("server_bytes", 0.0),
      ("makespan / (sessions - sessions)", 0.0),
    ] as [(String, Double)])
  func aDelayChangesItByAsMuchAsTheRunsValuesSay(text: String, change: Double) throws {
    let expression = try Objective(text).expression
    let found = expression.change(byLater: 2) { $0.value(of: Self.run)?.value }
    #expect(abs(found - change) < 1e-9)
  }

  /// The same for 2 s and 1000 B more, each alone or both.
  @Test(
    arguments: [
      ("server_bytes", 1000.0), ("makespan", 2.0), ("2*server_bytes - makespan", 2000.0),
      ("makespan*server_bytes - 9*server_bytes", 2 * 3_001_000), ("sessions", 0.0),
    ] as [(String, Double)])
  func moreBytesChangeItToo(text: String, change: Double) throws {
    let expression = try Objective(text).expression
    let found = expression.change(byLater: 2, more: 1000) { $0.value(of: Self.run)?.value }
    #expect(abs(found - change) < 1e-6, "\(found)")
  }

  /// Six or nine decimals where all is seen in them, and floating-point numbers elsewhere.
  @Test(
    arguments: [
      ("makespan", 16.15, "16.150000000"), ("server_bytes", 1.5e9, "1500000000.000000"),
      ("1e30*makespan", 1.6e31, "1.6e+31"), ("makespan*makespan", 2.5e-7, "2.5e-07"),
      ("1e-300*makespan", -1.25e-299, "-1.25e-299"), ("makespan", 0.0, "0.000000000"),
      ("makespan*makespan", 1e306, "1e+306"),
    ] as [(String, Double, String)])
  func itsStatisticsLoseNothingInPrint(text: String, value: Double, printed: String) throws {
    let numbers = ObjectiveNumbers(try Objective(text), of: [value, value / 2])
    let csv: String
    switch try #require(numbers.printed(value)) {
    case .fixed(let number): csv = number.description
    case .floating(let number): csv = "\(number)"
    }
    expect(csv, equals: printed)
  }

  @Test(arguments: ["makespan / (sessions - sessions)", "gap_bytes_mean", "makespan + gap_bytes_mean"])
  func aValueThatIsNotThereIsNone(text: String) throws {
    #expect(try Objective(text).value(of: Self.run) == nil)
  }

  @Test(arguments: [
    ("makespan", MetricUnit.seconds), ("0.5*makespan + completion_p95/2", .seconds), ("server_bytes", .bytes),
    ("-2*(server_bytes)", .bytes), ("makespan + server_bytes", .number), ("makespan * makespan", .number),
    ("makespan + 1", .number), ("promoted_devices", .number), ("1/makespan", .number),
  ])
  func itKnowsItsUnitWhereThatIsPlain(text: String, unit: MetricUnit) throws {
    try expect(Objective(text).unit, equals: unit)
  }

  @Test(arguments: [
    ("", 1, "a number, a metric or '(' is expected"),
    ("makespam", 1, "did you mean 'makespan'?"),
    ("2 * complation_p95_s", 5, "did you mean 'completion_p95_s'?"),
    ("xyzzy", 1, "metrics are completed_devices"),
    ("1 + 2", 1, "no metric"),
    ("makespan +", 11, "expected at the end"),
    ("makespan makespan", 10, "where an operator"),
    ("(makespan", 1, "not closed"),
    ("makespan)", 9, "without a '('"),
    ("3..4*makespan", 1, "not a number"),
    ("makespan % 2", 10, "'%'"),
    ("2 * ß", 5, "'ß'"),
    ("scenario", 1, "no metric of runs.csv"),
  ])
  func whatIsWrongIsSaidWithItsPlace(text: String, column: Int, says: String) {
    let error = #expect(throws: ObjectiveError.self) { try Objective(text) }
    expect(error?.column, equals: column)
    #expect(error?.message.contains(says) ?? false, "\(error?.message ?? "")")
  }

  @Test func anErrorSaysWhetherItIsInTheObjectiveOrInARequirement() {
    let objective = #expect(throws: ObjectiveError.self) { try Objective("makespam") }
    #expect(objective?.description.hasPrefix("objective, column 1: ") == true)
    let requirement = #expect(throws: ObjectiveError.self) { try Requirement("makespam <= 1 s") }
    #expect(requirement?.description.hasPrefix("requirement, column 1: ") == true)
  }

  @Test func deepNestingIsRefusedAndDoesNotCrash() {
    for text in [String(repeating: "(", count: 100_000), String(repeating: "-", count: 100_000) + "makespan"] {
      #expect(throws: ObjectiveError.self) { try Objective(text) }
    }
  }

  @Test(arguments: [
    ("makespan", "0.5 s", Indifference.absolute(0.5)), ("makespan", "250ms", .absolute(0.25)),
    ("server_bytes", "1 MiB", .absolute(1_048_576)), ("makespan + server_bytes", "3.5", .absolute(3.5)),
    ("makespan", "2 %", .share(0.02)), ("sessions", "1", .absolute(1)),
  ])
  func anIndifferenceIsInTheUnitOfTheObjective(objective: String, text: String, value: Indifference) throws {
    try expect(Indifference(text, of: Objective(objective)), equals: value)
  }

  @Test(arguments: [
    ("makespan", "0.5"), ("makespan", "1 MiB"), ("makespan", "0 s"), ("makespan", "0 %"), ("server_bytes", "1 s"),
    ("sessions", "1 s"), ("sessions", "-1"), ("sessions", ""),
  ])
  func anIndifferenceInAnotherUnitIsRefused(objective: String, text: String) throws {
    let objective = try Objective(objective)
    #expect(throws: CandidateError.self) { try Indifference(text, of: objective) }
  }
}
