import Experiments
import FoundationEssentials
import Quantities
import Results
import Scenarios

/// The part of some results that one run shows: a plain run is the whole, a sweep has points, and a tuning a choice.
struct ResultsPart {
  /// What it sets in the scenario of the results.
  let overrides: [String]
  /// What it is, behind the path; empty for a plain run.
  let words: String

  /// The most points that are listed.
  private static let mostListed = 20

  /// Finds the point of a sweep, or the choice of a tuning.
  ///
  /// - Throws: a ``ComparisonError`` if the point is missing or not there; a ``ResultsFolderError``.
  init(of results: ResultsFolder, point: Int?) throws {
    let sweep = try results.scenario().sweep
    switch (results.kind, sweep) {
    case (.sweep, let sweep?):
      let points = sweep.points ?? 0
      guard let point, (0..<points).contains(point) else {
        let found = point.map { "--point \($0): " } ?? ""
        throw ComparisonError(
          "\(found)\(results.path) has \(HumanUnits.plural(points, "point")), as points.csv numbers them; --point says "
            + "which: \(Self.list(sweep, points))")
      }
      let settings = sweep.values(at: point).map { "\($0.name)=\($0.value)" }
      self.init(overrides: settings, words: ", point \(point): \(settings.joined(separator: ", "))")
    case (.tune, _):
      guard point == nil else {
        throw ComparisonError("--point: \(results.path) is a tuning, of which its choice is told")
      }
      let (settings, isOnAverage) = try Self.choice(of: results)
      self.init(
        overrides: settings,
        words: ", its choice: \(settings.joined(separator: ", "))"
          + (isOnAverage ? ", with the keys of --environment as in the scenario" : ""))
    default:
      guard point == nil else { throw ComparisonError("--point: \(results.path) is a plain run, and has no points") }
      self.init(overrides: [], words: "")
    }
  }

  private init(overrides: [String], words: String) { (self.overrides, self.words) = (overrides, words) }

  private static func list(_ sweep: SweepSettings, _ points: Int) -> String {
    let shown = (0..<min(points, mostListed)).map { point in
      "\(point) is \(SweepChoice.text(sweep.values(at: point).map(\.value)))"
    }
    return shown.joined(separator: ", ") + (points > mostListed ? " … \(points - 1)" : "")
  }

  /// What `tune.json` says of the choice.
  private struct Outcome: Decodable {
    struct Answer: Decodable {
      let threshold_bytes: UInt64
      let chosen: [String: String]
      let environment: [String: String]?
    }

    let answer: Answer
  }

  /// The settings of a tuning's choice. Where it is the best on average over several environments, nothing is set of what
  /// nobody chooses.
  private static func choice(of results: ResultsFolder) throws -> (settings: [String], isOnAverage: Bool) {
    let bytes = try results.bytes(of: .tuneSummary) ?? []
    guard let answer = try? JSONDecoder().decode(Outcome.self, from: Data(bytes)).answer else {
      throw ComparisonError("\(results.path): tune.json does not say what was chosen")
    }
    let settings = answer.chosen.merging(answer.environment ?? [:]) { first, _ in first }
    let threshold = "protocol.promotion.threshold=\(answer.threshold_bytes) B"
    return (
      [threshold] + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }, answer.environment == nil
    )
  }
}
