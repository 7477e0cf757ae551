import RunMetrics
import Quantities
import Results
import Scenarios
import Statistics

/// Where a metric of a sweep is least, as far as its replications can tell, among points that differ in keys that can
/// be chosen.
package struct SweepChoice: Hashable, Sendable {
  /// A point that cannot be told apart from the best.
  package struct Point: Hashable, Sendable {
    /// Its number.
    package let number: Int
    /// The values of the keys that can be chosen.
    package let values: [String]
    /// The metric's mean over the replications that were compared.
    package let mean: Double
    /// The mean number of devices that failed over the same; nil if it is not known.
    package let failedDevices: Double?
    /// The mean of the bytes that the server sent over the same; nil if it is not known.
    package let serverBytes: Double?
  }

  /// The metric.
  package let metric: Metric
  /// The values of the keys of the environment, which all of its points share.
  package let environment: [String]
  /// The points that cannot be told apart from the best; with a single replication only the best. The first one is the
  /// choice: the point with the smallest value if one key was to be chosen and its values are numbers, or else the
  /// first of the sweep.
  package let named: [Point]
  /// The point with the least mean; it is among those that are named.
  package let best: Point
  /// Whether the points are in the order of the values, so that they can be printed as a range.
  package let isOrdered: Bool
  /// How many points were compared.
  package let candidates: Int
  /// How many points were not, because some replications have no value there.
  package let leftOut: Int
  /// How many replications were compared; with a single one nothing can be told apart.
  package let replications: Int
  /// The least mean number of failed devices of all points that were compared.
  package let fewestFailed: Double?
}

/// Where the metrics of a sweep are least, for each combination of the values of the environment.
///
/// All choices hold together with a confidence of 95 %. They are read together, so each comparison is tested at 5 % ÷
/// the number of comparisons in all choices (``SubsetSelection``).
package struct SweepChoices: Sendable {
  /// The metrics that are compared.
  package static let metrics: [Metric] = [.makespan, .completionP95, .serverBytes]

  /// The varied keys that nobody can choose.
  package let environment: [String]
  /// The varied keys that can be chosen.
  package let keys: [String]
  /// A choice for each combination of the environment and metric; none if there is nothing to choose.
  package private(set) var choices: [SweepChoice] = []

  /// Makes the choices from `runs.csv`.
  ///
  /// - Parameters:
  ///   - keys: the paths of the varied keys.
  ///   - points: the numbers of the points with the values of the keys, in the order of the sweep.
  ///   - timeout: the timeout of the scenario, in seconds: in rare replications a time jumps by it (`RareJump`).
  package init(
    keys: [String], points: [(number: Int, values: [String])], timeout: Double, runs: consuming CSVReader
  ) throws(CSVError) {
    let isFixed = keys.map(ScenarioKeys.isEnvironment)
    func pick(_ fixed: Bool, _ values: [String]) -> [String] {
      values.indices.filter { isFixed[$0] == fixed }.map { values[$0] }
    }
    environment = pick(true, keys)
    self.keys = pick(false, keys)
    guard !self.keys.isEmpty else { return }
    let samples = try PointSamples.read(runs, metrics: Self.metrics + [.failed])
    var strata: [[String]] = []
    var members: [[String]: [Member]] = [:]
    for point in points {
      guard let sample = samples[point.number] else { continue }
      let stratum = pick(true, point.values)
      if members[stratum] == nil { strata.append(stratum) }
      members[stratum, default: []].append(Member(values: pick(false, point.values), samples: sample))
    }
    var questions: [Question] = []
    for stratum in strata {
      let (ordered, isOrdered) = Self.ordered(members[stratum] ?? [], isSingle: self.keys.count == 1)
      questions += Self.metrics.compactMap { Question($0, at: stratum, among: ordered, isOrdered: isOrdered) }
    }
    choices = questions.map { $0.answer(timeout: timeout, statements: questions.count) }
  }

  /// Sorts points by their values, if they have one key and all of its values are numbers.
  private static func ordered(_ members: [Member], isSingle: Bool) -> (points: [Member], isOrdered: Bool) {
    let numbers = members.compactMap { isSingle ? $0.values.first.flatMap { VariedValue($0).number } : nil }
    guard numbers.count == members.count else { return (members, false) }
    let order = members.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
    return (order.map { members[$0] }, true)
  }
}

/// A point with its samples.
private struct Member {
  /// The values of the keys that can be chosen.
  let values: [String]
  let samples: PointSamples
}

/// Where a metric is least among some points.
private struct Question {
  let metric: Metric
  let environment: [String]
  let isOrdered: Bool
  /// The replications that all points have.
  let replications: Set<Int>
  /// The points with the metric's values in them.
  let compared: [(member: Member, values: [Double])]
  let leftOut: Int

  /// nil if fewer than two points have values.
  init?(_ metric: Metric, at environment: [String], among members: [Member], isOrdered: Bool) {
    guard let first = members.first else { return nil }
    (self.metric, self.environment, self.isOrdered) = (metric, environment, isOrdered)
    let common = members.dropFirst().reduce(Set(first.samples.replications)) { common, member in
      common.intersection(member.samples.replications)
    }
    replications = common
    compared = members.compactMap { member in member.samples.values(of: metric, in: common).map { (member, $0) } }
    leftOut = members.count - compared.count
    guard compared.count > 1, !common.isEmpty else { return nil }
  }

  /// The answer, one of this many that must hold at once.
  func answer(timeout: Double, statements: Int) -> SweepChoice {
    let found = SubsetSelection.least(
      of: compared.map(\.values), resolution: metric.resolution, jump: metric.jump(byTimeout: timeout),
      statements: statements)
    let points = compared.map { member, values in
      SweepChoice.Point(
        number: member.samples.point, values: member.values, mean: Self.mean(values) ?? 0,
        failedDevices: member.samples.values(of: .failed, in: replications).flatMap(Self.mean),
        serverBytes: member.samples.values(of: .serverBytes, in: replications).flatMap(Self.mean))
    }
    let least = points.indices.min { points[$0].mean < points[$1].mean } ?? 0
    return SweepChoice(
      metric: metric, environment: environment,
      named: (found?.kept ?? [least]).map { points[$0] }, best: points[least], isOrdered: isOrdered,
      candidates: compared.count, leftOut: leftOut, replications: replications.count,
      fewestFailed: points.compactMap(\.failedDevices).min())
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

/// Some metrics of a point, replication by replication.
private struct PointSamples {
  let point: Int
  private(set) var replications: [Int] = []
  private var values: [Metric: [Double?]] = [:]

  /// Reads the metrics that the file has, row by row.
  static func read(_ reader: consuming CSVReader, metrics: [Metric]) throws(CSVError) -> [Int: PointSamples] {
    var reader = reader
    let (path, header) = (reader.path, reader.header)
    let point = try CSVTable.column("point", in: header, of: path)
    let replication = try CSVTable.column("replication", in: header, of: path)
    let columns = metrics.compactMap { metric in header.firstIndex(of: metric.name).map { (metric: metric, index: $0) }
    }
    func wrong(_ line: Int, _ column: Int, _ field: String, _ expected: String) -> CSVError {
      CSVError(path: path, line: line, column: header[column], "'\(field.excerpt)' is not \(expected)")
    }
    func integer(_ line: Int, _ column: Int, _ field: String) throws(CSVError) -> Int {
      guard let number = Int(field), number >= 0 else { throw wrong(line, column, field, "a whole number") }
      return number
    }
    var samples: [Int: PointSamples] = [:]
    while let (line, fields) = try reader.next() {
      let number = try integer(line, point, fields[point])
      var sample = samples.removeValue(forKey: number) ?? PointSamples(point: number)
      sample.replications.append(try integer(line, replication, fields[replication]))
      for (metric, index) in columns {
        let value = CSVTable.number(fields[index])
        guard fields[index].isEmpty || value != nil else { throw wrong(line, index, fields[index], "a number") }
        sample.values[metric, default: []].append(value)
      }
      samples[number] = sample
    }
    return samples
  }

  /// A metric's values in some replications, in their order; nil if it has none in any of them.
  func values(of metric: Metric, in wanted: Set<Int>) -> [Double]? {
    guard let all = values[metric] else { return nil }
    let found = replications.indices.filter { wanted.contains(replications[$0]) }
      .sorted { replications[$0] < replications[$1] }.map { all[$0] }
    let known = found.compactMap(\.self)
    return known.count == found.count ? known : nil
  }
}
