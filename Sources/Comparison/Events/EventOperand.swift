import Experiments
import FoundationEssentials
import Results
import Runs
import Scenarios

/// An argument of `gapsim diff` and `gapsim log`: a scenario file, a directory of results, or an event log.
package enum EventOperand {
  /// Something that can be run; `part` says which part of some results it is, `recorded` how many replications a plain
  /// run has there.
  case scenario(Scenario, part: String = "", recorded: Int? = nil, title: String)
  /// A run that was logged.
  case log(path: String)

  /// Finds out what is at a path and reads it. `overrides` replace settings. Of a sweep, or a race, `point` says which one
  /// is taken; of a tuning its choice is.
  ///
  /// - Throws: ``ComparisonError``, ``ResultsFolderError``, ``ScenarioError`` or ``MemoryRefusal``.
  package init(_ path: String, overrides: [String], point: Int? = nil) throws {
    try self.init(path, overrides: overrides, point: point, text: nil)
  }

  /// The two sides of a comparison. Without `other` both are at `path`, from which a pipe is read once.
  ///
  /// - Throws: what ``init(_:overrides:point:)`` throws.
  package static func sides(
    _ path: String, overrides: [String], _ other: String?, otherOverrides: [String], point: Int?
  ) throws -> (EventOperand, EventOperand) {
    let other = other ?? path
    let text = other == path && ScenarioFile.isPipe(path) ? try ScenarioText(path) : nil
    return (
      try EventOperand(path, overrides: overrides, point: point, text: text),
      try EventOperand(other, overrides: otherOverrides, point: point, text: text)
    )
  }

  /// `text` is that of a pipe which was read already.
  private init(
    _ path: String, overrides: [String], point: Int?, text: ScenarioText?, takesLogs: Bool = true
  ) throws {
    var isDirectory = false
    let isPipe = ScenarioFile.isPipe(path)
    guard isPipe || FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw ComparisonError(
        "\(path) does not exist; give a scenario\(takesLogs ? ", " : " or ")a directory of results"
          + (takesLogs ? ", or an event log" : ""))
    }
    let with = overrides.isEmpty ? "" : " with " + overrides.joined(separator: ", ")
    if isDirectory {
      let results = try ResultsFolder(at: path, extent: .kept)
      guard !results.isLive else { throw ComparisonError(Self.refusal(ofLive: path)) }
      let part = try ResultsPart(of: results, point: point)
      var scenario = try results.scenario(overrides: part.overrides + overrides)
      scenario.sweep = nil
      try Self.check(scenario, from: path)
      self = .scenario(
        scenario, part: part.words, recorded: results.kind == .run ? scenario.replications : nil,
        title: path + part.words + with + ", run again by this program")
    } else if !isPipe, EventLogReader.isLog(path) {
      guard overrides.isEmpty else {
        throw ComparisonError("\(path) is a log: its settings cannot be changed any more")
      }
      guard point == nil else { throw ComparisonError("\(path) is a log, and has no points") }
      self = .log(path: path)
    } else {
      guard point == nil else { throw ComparisonError("--point is for results, and \(path) is a scenario: give --set") }
      let scenario = try Scenario.load(text ?? ScenarioText(path), overrides: overrides).scenario
      try Self.check(scenario, from: path)
      self = .scenario(scenario, title: path + with)
    }
  }

  /// Live runs are told of, and not run again.
  private static func refusal(ofLive path: String) -> String {
    "\(path) holds live runs, which cannot be run again; 'gapsim explain \(path.shellQuoted)' tells what was written down, "
      + "and events.csv has all of it"
  }

  /// Refuses a scenario that takes too much memory, or has no events to follow.
  private static func check(_ scenario: Scenario, from path: String) throws {
    try MemoryBudget.check(scenario)
    let strategy = scenario.network.strategy
    guard strategy.isOfPromotionEngine else {
      throw ComparisonError(
        "\(path) has protocol.strategy \(strategy.rawValue), and events can be followed under promotion, rfc2090 and "
          + "pxe-mtftp only; 'gapsim run' writes what became of each device and each pass, 'gapsim plot' "
          + "draws it, and --set protocol.strategy=promotion follows the same devices under promotion")
    }
  }

  /// The scenario at a path, a replication of which is to be run again, and what is to be said of that: which part of the
  /// results there it is, and that they do not have the replication. An event log is refused.
  ///
  /// - Throws: what ``init(_:overrides:point:)`` throws.
  package static func scenarioToRun(
    _ path: String, overrides: [String], point: Int? = nil, replication: Int = 1
  ) throws -> (scenario: Scenario, notes: [String]) {
    guard
      case .scenario(let scenario, let part, let recorded, _) = try EventOperand(
        path, overrides: overrides, point: point, text: nil, takesLogs: false)
    else {
      throw ComparisonError("\(path) is a log already; give a scenario or a directory of results")
    }
    let absence = Self.absence(of: replication, recorded).map { "\(path) \($0); \(replication) is run all the same" }
    return (scenario, (part.isEmpty ? [] : [path + part]) + (absence.map { [$0] } ?? []))
  }

  /// That results do not have a replication; nil if they do.
  private static func absence(of replication: Int, _ recorded: Int?) -> String? {
    guard let recorded, replication > recorded else { return nil }
    return "has " + (recorded == 1 ? "one replication" : "replications 1 to \(recorded)")
  }

  /// The events of a replication; nil for that of the log, or the first.
  package func events(replication: Int?) throws -> EventSource {
    switch self {
    case .scenario(let scenario, _, let recorded, let title):
      let number = replication ?? 1
      let absence = Self.absence(of: number, recorded).map { " (it \($0))" } ?? ""
      return EventSource(scenario, replication: number, title: title + absence)
    case .log(let path):
      let log = try EventLogReader(path: path)
      guard replication.map({ $0 == log.replication }) ?? true else {
        throw ComparisonError("\(path) is a log of replication \(log.replication), and of no other")
      }
      return EventSource(log, title: "\(path), logged by gapsim \(log.program)")
    }
  }

  /// The replication of a log.
  private var replication: Int? {
    get throws {
      if case .log(let path) = self { try EventLogReader(path: path).replication } else { nil }
    }
  }

  /// The first difference of the events of two operands. Without a number it is in the replication of a log, or the
  /// first.
  ///
  /// - Throws: ``ComparisonError`` or an `InvariantBreach`.
  package static func difference(
    _ left: EventOperand, _ right: EventOperand, replication: Int?, times: Bool = true,
    progress: (UInt64) -> Void = { _ in }
  ) throws -> EventDifference {
    let number = try replication ?? left.replication ?? right.replication
    return try EventDifference.find(
      left.events(replication: number), right.events(replication: number), times: times, progress: progress)
  }
}
