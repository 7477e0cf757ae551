import Comparison
import FoundationEssentials
import Quantities
import Results
import RunMetrics
import Scenarios

/// The results in a directory that is none itself.
struct ResultsIndex: Sendable {
  /// Results in it, or why they cannot be read.
  struct Entry: Sendable {
    /// The path within the directory.
    let name: String
    let path: String
    let content: Result<IndexedResults, IndexDamage>
  }

  /// Why results cannot be read.
  struct IndexDamage: Error {
    let reason: String
  }

  /// How deep results may lie: `RESULTS/lab`, `RESULTS/baselines/lab`.
  private static let depth = 2

  let directory: String
  let entries: [Entry]
  /// The histories of baselines, by the path of their directory within this one; "" for itself.
  let histories: [(name: String, history: Result<BaselineHistory, IndexDamage>)]

  /// Reads all results in a directory.
  ///
  /// - Throws: a ``ResultsFolderError`` if there are none.
  init(of directory: String) throws {
    let names = Self.names(in: directory, depth: Self.depth)
    guard !names.isEmpty else {
      // Says what is wrong with it as a directory of results: it does not exist, it is a file, or it is none.
      _ = try ResultsFolder(at: directory)
      throw ResultsFolderError.missing(path: directory, what: "it holds no results")
    }
    self.directory = directory
    entries = names.map { name in
      let path = "\(directory)/\(name)"
      return Entry(name: name, path: path, content: Self.reading { try IndexedResults(path) })
    }
    let places = Set([""] + names.compactMap { $0.split(separator: "/").dropLast().first.map(String.init) })
    histories = places.sorted().compactMap { place in
      let path = place.isEmpty ? directory : "\(directory)/\(place)"
      let history = Self.reading { try BaselineHistory(in: path) }
      if case .success(let history) = history, history.rows.isEmpty { return nil }
      return (place, history)
    }
  }

  /// Whether a directory holds results and is none itself.
  static func isOne(_ directory: String) -> Bool {
    !Baseline.isResults(directory) && !names(in: directory, depth: depth).isEmpty
  }

  private static func names(in directory: String, depth: Int) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.sorted().filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
      let path = "\(directory)/\(name)"
      if Baseline.isResults(path) { return [name] }
      return depth > 1 ? Self.names(in: path, depth: depth - 1).map { "\(name)/\($0)" } : []
    }
  }

  private static func reading<Value>(_ body: () throws -> Value) -> Result<Value, IndexDamage> {
    do { return .success(try body()) } catch { return .failure(IndexDamage(reason: "\(error)")) }
  }
}

/// What an index says of one directory of results.
struct IndexedResults: Sendable {
  let kind: String
  /// What was run, in a sentence.
  let what: String
  /// Whether the scenario's expectations are met; nil if there are none, or if that cannot be told.
  let isMet: Bool?
  /// The figures of each point; of a tuning those of its choice.
  let points: [[Metric: Estimate]]
  /// How many runs a limit ended.
  let limitedRuns: Int
  let replications: String
  let programVersion: String
  /// The shape of the answer, and in words what is drawn.
  let drawing: String
  let drawn: String
  /// The sentence of a race or of a tuning; empty for all else.
  let answer: String

  /// The most devices whose completion is drawn one by one.
  private static let mostDevices = 100_000

  init(_ path: String) throws {
    let folder = try ResultsFolder(at: path, extent: .kept)
    let scenario = try folder.scenario()
    programVersion = folder.manifest.programVersion
    let what = scenario.what(isLive: folder.isLive, kind: folder.kind)
    guard folder.kind != .tune else {
      let data = try TuneData(folder)
      isMet = data.outcome.expect?.flatMap(\.conditions).allSatisfy(\.met)
      limitedRuns = 0
      let compared = data.candidates.map { data.compared($0).mean }
      (kind, answer) = ("tuning", data.outcome.sentence ?? "")
      let costs: [(Metric, Double?)] = [
        (.makespan, data.choice?.makespan), (.serverBytes, data.choice?.serverBytes),
      ]
      let known = costs.compactMap { metric, mean in mean.map { (metric, Estimate(mean: $0, low: $0, high: $0)) } }
      points = known.isEmpty ? [] : [Dictionary(uniqueKeysWithValues: known)]
      replications = data.choice == nil ? "" : try Self.replications(of: folder)
      self.what = "\(what); \(data.candidates.count) candidates"
      drawing = SmallDrawing.line(
        compared.enumerated().map { (x: Double($0.offset), y: $0.element) },
        marked: data.candidates.firstIndex { $0.status == "chosen" })
      drawn = "objective over the candidates"
      return
    }
    isMet =
      scenario.expectations.isEmpty || folder.manifest.share != nil
      ? nil : (try? ExpectationReport(scenario.expectations, results: folder))?.isMet
    let figures = try ResultFigures(folder)
    points = figures.points
    limitedRuns = figures.limitedRuns
    replications = "\(figures.replications)"
    answer = folder.isRace ? try folder.standardRace().sentence : ""
    if folder.kind == .sweep {
      kind = folder.isRace ? "race" : "sweep"
      let keys = folder.manifest.sweep?.varied.joined(separator: " × ") ?? ""
      self.what = "\(what); \(HumanUnits.plural(points.count, "point")) of \(keys)"
      let means = points.enumerated().compactMap { index, point in
        point[.makespan].map { (x: Double(index), y: $0.mean) }
      }
      drawing = SmallDrawing.line(means)
      drawn = "makespan over the points"
    } else {
      let isWhole = folder.manifest.files.allSatisfy { file in ResultFile(rawValue: file.name).map(folder.has) ?? true }
      kind = folder.isLive ? "live run" : isWhole ? "run" : "baseline"
      self.what = what
      (drawing, drawn) = try Self.completion(folder, points[0])
    }
  }

  /// The share of complete devices over time: of each device, or by percentiles if the devices are not there or many.
  private static func completion(
    _ folder: ResultsFolder, _ figures: [Metric: Estimate]
  ) throws -> (drawing: String, drawn: String) {
    if folder.has(.devices), folder.entry(of: .devices).map({ $0.rows <= mostDevices }) ?? false {
      let times = try PointTimes(folder).byPoint[0] ?? CompletionTimes()
      let (all, sorted) = (Double(max(1, times.devices)), times.times.sorted())
      let step = max(1, sorted.count / 60)
      let points = sorted.indices.filter { $0 % step == step - 1 || $0 == sorted.count - 1 }
        .map { (x: sorted[$0], y: Double($0 + 1) / all) }
      return (SmallDrawing.line([(x: 0, y: 0)] + points, range: 0...1, isStepped: true), "devices complete over time")
    }
    let shares: [(metric: Metric, share: Double)] = [
      (.completionP50, 0.5), (.completionP95, 0.95), (.completionP99, 0.99),
    ]
    let points = shares.compactMap { metric, share in figures[metric].map { (x: $0.mean, y: share) } }
    guard !points.isEmpty else { return ("", "") }
    return (
      SmallDrawing.line([(x: 0, y: 0)] + points, range: 0...1), "devices complete over time, by three percentiles"
    )
  }

  private static func replications(of folder: ResultsFolder) throws -> String {
    let table = try folder.table(.tune)
    let counts = try table.rows.indices.compactMap { try table.number($0, table.column("replications")) }
    guard let least = counts.min(), let most = counts.max() else { return "" }
    return least == most ? DisplayUnit.short(least) : "\(DisplayUnit.short(least)) to \(DisplayUnit.short(most))"
  }
}
