import Experiments
import FoundationEssentials
import Results

/// The work of `gapsim compare`: it finds what to compare, makes what is missing, compares, and accepts.
package struct ComparisonJob: Sendable {
  /// Results, or a directory of them.
  package var base: String
  /// The same for NEW; nil runs the scenarios of `base` again.
  package var new: String?
  /// By how much metrics may get worse.
  package var limits: RegressionLimits?
  /// The metrics that are tested before the others.
  package var primary: PrimaryMetrics?
  /// What to do with too few replications; see ``ResultsComparison/Inconclusive``.
  package var whenInconclusive: ResultsComparison.Inconclusive?
  /// Whether to compare scenarios with other devices or another file all the same.
  package var isAcross = false
  /// Whether any difference counts.
  package var isExact = false
  /// Whether new results replace the old ones.
  package var accepts = false
  /// Where new results are kept; nil keeps them only during the comparison.
  package var output: String?
  /// How many replications run at a time; nil for all cores.
  package var jobs: Int?

  /// The outcome.
  package struct Result: Sendable {
    /// The report.
    package var report: ComparisonReport
    /// The baselines that were replaced or made.
    package var accepted: [String] = []
    /// The file that remembers what was accepted; nil if nothing was, or if there is none.
    package var history: String?
  }

  /// Two results that belong together.
  private struct Pair {
    let name: String
    let base: String
    /// Nil if they must be made.
    let new: String?
  }

  /// Compares `base` with `new`, or with a run of its scenarios.
  package init(base: String, new: String?) {
    self.base = base
    self.new = new
  }

  /// Does all of it. `progress` is called for each replication, with how many are done, how many there are, and the
  /// events of their batch.
  ///
  /// - Throws: a ``ComparisonError`` if there is nothing to compare, a ``ResultsFolderError`` if results were changed or
  ///   `base` or `new` does not exist, a ``RerunRefusal`` if they cannot be made again; ``ResultsError``, ``BreachReport`` or a cancellation.
  package func run(progress: (_ done: Int, _ total: Int, _ events: UInt64) -> Void = { _, _, _ in }) async throws
    -> Result
  {
    let pairs = try self.pairs()
    try check(pairs)
    let scratch = try new == nil && output == nil ? ComparisonScratch() : nil
    let interruption = scratch.map { Interruption($0.remove) }
    defer {
      scratch?.remove()
      interruption?.end()
    }
    let total = pairs.reduce(0) { $0 + ($1.new == nil ? Self.runs(at: $1.base) : 0) }
    var done = 0
    var entries: [ComparisonReport.Entry] = []
    var accepted: [String] = []
    var remembered: [(name: String, old: ResultsFolder?, new: ResultsFolder)] = []
    for pair in pairs {
      var old: ResultsFolder?
      do {
        let results: ResultsFolder
        if let path = pair.new {
          results = try Self.results(at: path)
        } else {
          let place = output.map { pairs.count == 1 && pair.base == base ? $0 : "\($0)/\(pair.name)" }
          let before = done
          results = try await Baseline.rerun(
            experiment(of: Self.results(at: pair.base)), into: place ?? "\(scratch?.path ?? ".")/\(pair.name)",
            jobs: jobs
          ) { runs, events in
            done = before + runs
            progress(done, total, events)
          }
        }
        let isFirst = !FileManager.default.fileExists(atPath: pair.base)
        if !(accepts && isFirst) {
          let comparison = try ResultsComparison(
            base: Self.results(at: pair.base), new: results, limits: limits, primary: primary,
            whenInconclusive: whenInconclusive, isExact: isExact, isAcross: isAcross,
            newPath: pair.new ?? output.map { _ in results.path } ?? pair.base)
          entries.append(.compared(comparison))
          old = comparison.base
          guard accepts, !comparison.bytes.isSame || !comparison.settings.isEmpty else { continue }
        }
        try Baseline.accept(results, at: pair.base)
        accepted.append(pair.base)
        remembered.append((pair.name, old, results))
      } catch let error as ComparisonError {
        entries.append(.failed(name: pair.name, reason: error.description))
      } catch let error as RerunRefusal {
        entries.append(.failed(name: pair.name, reason: error.description))
      } catch ResultsFolderError.missing(let path, let what) {
        entries.append(.failed(name: pair.name, reason: "\(path): \(what)"))
      }
    }
    return Result(
      report: ComparisonReport(entries), accepted: accepted, history: try remember(remembered))
  }

  /// What is compared with what.
  ///
  /// - Throws: a ``ResultsFolderError`` if one of the two paths does not exist, or a ``ComparisonError``.
  private func pairs() throws -> [Pair] {
    let name = ResolvedPath.name(of: base)
    // What is accepted for the first time has no BASE yet.
    for path in [accepts && new != nil ? nil : base, new].compactMap(\.self)
    where !FileManager.default.fileExists(atPath: path) {
      throw ResultsFolderError.missing(path: path, what: "the directory does not exist")
    }
    if Baseline.isResults(base) || new.map(Baseline.isResults) ?? false {
      return [Pair(name: name, base: base, new: new)]
    }
    var names = Baseline.names(in: base)
    if let new { names = Set(names + Baseline.names(in: new)).sorted() }
    guard !names.isEmpty else {
      throw ComparisonError("\(base) holds no results: neither a manifest.json nor directories with one")
    }
    return names.map { name in Pair(name: name, base: "\(base)/\(name)", new: new.map { "\($0)/\(name)" }) }
  }

  private static func runs(at path: String) -> Int {
    (try? Baseline.experiment(of: ResultsFolder(at: path, extent: .kept, check: .manifest)).runs) ?? 0
  }

  /// Results that are kept in part or in full.
  private static func results(at path: String) throws -> ResultsFolder { try ResultsFolder(at: path, extent: .kept) }

  /// Throws if any of the results are not as they were written, or cannot be made again, before anything is run or
  /// replaced. Missing results are reported by the comparison.
  private func check(_ pairs: [Pair]) throws {
    for pair in pairs {
      for path in [pair.base, pair.new].compactMap(\.self) {
        do {
          let results = try Self.results(at: path)
          // One of many is reported among the others.
          if pair.new == nil, pair.base == base { _ = try experiment(of: results) }
        } catch ResultsFolderError.missing {}
      }
    }
  }

  /// What is done again, if that can be compared and accepted.
  private func experiment(of results: ResultsFolder) throws -> Sweep {
    if accepts, results.isLive { throw RerunRefusal.live(path: results.path) }
    return try Baseline.experiment(of: results)
  }
}
