import RunMetrics
import Quantities
import Results
import Scenarios
import Statistics

/// The outcome of a scenario's expectations, point by point.
package struct ExpectationReport: Sendable {
  /// A figure that does not meet an expectation.
  package struct Miss: Hashable, Sendable {
    /// The replication; nil for the mean.
    package let replication: Int?
    /// The figure; nil if there is none.
    package let value: Double?
    /// Both in words.
    package let text: String
  }

  /// The outcome of an expectation at a point.
  package struct Finding: Hashable, Sendable {
    /// The expectation.
    package let expectation: Expectation
    /// The point of a sweep, from 0.
    package let point: Int
    /// How many figures do not meet it.
    package let missed: Int
    /// The first of them.
    package let misses: [Miss]

    /// Whether it is met.
    package var isMet: Bool { missed == 0 }
  }

  /// How the runs of a point ended.
  package struct Ends: Hashable, Sendable {
    let point: Int
    fileprivate(set) var runs = 0
    /// The runs that a limit ended.
    fileprivate(set) var limited = 0
  }

  /// How many misses are kept of a finding.
  package static let shown = 5

  /// The expectations.
  package let expectations: [Expectation]
  /// The outcomes: for each point, in the order of the results, each expectation.
  package let findings: [Finding]
  /// How the runs ended, by point.
  package let ends: [Ends]
  /// The index of each point in ``ends``.
  private let places: [Int: Int]

  /// Whether results are as they were expected.
  package var isMet: Bool { findings.allSatisfy(\.isMet) }

  /// The outcome of the expectations at a point.
  package func findings(at point: Int) -> ArraySlice<Finding> {
    guard !expectations.isEmpty, let index = places[point] else { return [] }
    return findings[index * expectations.count..<(index + 1) * expectations.count]
  }

  private init(_ expectations: [Expectation], _ points: [PointCounters]) {
    self.expectations = expectations
    findings = points.flatMap { point in
      zip(expectations, point.counters).map { $1.finding($0, at: point.ends.point) }
    }
    ends = points.map(\.ends)
    places = Dictionary(uniqueKeysWithValues: points.enumerated().map { ($1.ends.point, $0) })
  }
}

extension ExpectationReport {
  /// Compares results with expectations, row by row.
  ///
  /// - Throws: a ``CSVError`` if a file is damaged or missing.
  package init(_ expectations: [Expectation], results: ResultsFolder) throws(CSVError) {
    try self.init(expectations, runs: results.reader(.runs)) { () throws(CSVError) in try results.reader(.cohorts) }
  }

  /// Compares results with expectations. `cohorts` is called if an expectation is about a cohort.
  package init(
    _ expectations: [Expectation], runs: consuming CSVReader, cohorts: () throws(CSVError) -> CSVReader
  ) throws(CSVError) {
    var points: [PointCounters] = []
    try Self.read(runs, expectations, ofCohorts: false, into: &points)
    if expectations.contains(where: { $0.cohort != nil }) {
      try Self.read(cohorts(), expectations, ofCohorts: true, into: &points)
    }
    self.init(expectations, points)
  }

  /// Compares the replications of one point with expectations, without files, as `tune` does with its choice.
  ///
  /// - Parameters:
  ///   - runs: the replications by number, each with its metrics in the order of ``Metric/ofRuns``, and those of each
  ///     cohort in the order of ``Metric/ofCohorts``.
  ///   - context: the point, with the names of the cohorts.
  package init(
    _ expectations: [Expectation], runs: [(replication: Int, metrics: [Double?], cohorts: [[Double?]])],
    of context: RunContext
  ) {
    var point = PointCounters(context.point, expectations.count)
    for (index, expectation) in expectations.enumerated() {
      let columns = expectation.cohort == nil ? Metric.ofRuns : Metric.ofCohorts
      let cohort = expectation.cohort.map { name in context.cohorts.firstIndex(of: name) }
      guard let column = columns.firstIndex(where: { $0.name == expectation.metric }) else { continue }
      for run in runs {
        let metrics = cohort.map { $0.map { run.cohorts[$0] } ?? [] } ?? run.metrics
        let value = metrics.indices.contains(column) ? metrics[column] : nil
        let text = value.map { value in
          HumanUnits.fixed(
            value, decimals: value == value.rounded() && columns[column].unit != .seconds ? 0 : columns[column].decimals
          )
        }
        point.counters[index].add(expectation, run.replication, value, text ?? "")
      }
    }
    point.ends.runs = runs.count
    self.init(expectations, [point])
  }

  /// Adds the rows of `runs.csv`, or those of `cohorts.csv`, whose points `runs.csv` has named before.
  private static func read(
    _ reader: consuming CSVReader, _ expectations: [Expectation], ofCohorts: Bool, into points: inout [PointCounters]
  ) throws(CSVError) {
    var reader = reader
    let (path, header) = (reader.path, reader.header)
    func column(_ name: String) throws(CSVError) -> Int { try CSVTable.column(name, in: header, of: path) }
    let (point, replication) = (try column("point"), try column("replication"))
    let ended = ofCohorts ? nil : header.firstIndex(of: "ended")
    let cohort = ofCohorts ? try column("cohort") : nil
    var wanted: [(index: Int, expectation: Expectation, column: Int)] = []
    for (index, expectation) in expectations.enumerated() where (expectation.cohort != nil) == ofCohorts {
      wanted.append((index, expectation, try column(expectation.metric)))
    }
    var places = Dictionary(uniqueKeysWithValues: points.indices.map { (points[$0].ends.point, $0) })
    while let (line, fields) = try reader.next() {
      func known<Number>(_ column: Int, _ value: Number?, _ expected: String) throws(CSVError) -> Number {
        if let value { return value }
        throw CSVError(
          path: path, line: line, column: header[column], "'\(fields[column].excerpt)' is not \(expected)")
      }
      let number = try known(point, Int(fields[point]), "a whole number")
      if places[number] == nil {
        places[number] = points.count
        points.append(PointCounters(number, expectations.count))
      }
      let place = places[number] ?? 0
      if !ofCohorts {
        points[place].ends.runs += 1
        if let ended, fields[ended] != "complete" { points[place].ends.limited += 1 }
      }
      let run = try known(replication, Int(fields[replication]), "a whole number")
      for (index, expectation, column) in wanted {
        if let cohort, fields[cohort] != expectation.cohort { continue }
        let value: Double? =
          fields[column].isEmpty ? nil : try known(column, CSVTable.number(fields[column]), "a number")
        points[place].counters[index].add(expectation, run, value, fields[column])
      }
    }
  }
}

/// What was counted at a point.
private struct PointCounters {
  var ends: ExpectationReport.Ends
  /// One for each expectation.
  var counters: [ExpectationCounters]

  init(_ point: Int, _ count: Int) {
    ends = ExpectationReport.Ends(point: point)
    counters = Array(repeating: ExpectationCounters(), count: count)
  }
}

/// What was counted of an expectation at a point.
private struct ExpectationCounters {
  private var missed = 0
  private var misses: [ExpectationReport.Miss] = []
  private var values: [Double] = []
  private var runs = 0

  mutating func add(_ expectation: Expectation, _ replication: Int, _ value: Double?, _ text: String) {
    runs += 1
    if expectation.scope == .mean {
      if let value { values.append(value) }
      return
    }
    if let value, expectation.relation.holds(value, expectation.limitValue) { return }
    let words = value == nil ? "no value" : text + expectation.unit
    miss(replication, value, "replication \(replication): \(words)")
  }

  private mutating func miss(_ replication: Int?, _ value: Double?, _ text: String) {
    missed += 1
    guard misses.count < ExpectationReport.shown else { return }
    misses.append(ExpectationReport.Miss(replication: replication, value: value, text: text))
  }

  func finding(_ expectation: Expectation, at point: Int) -> ExpectationReport.Finding {
    var counters = self
    if runs == 0 {
      counters.miss(nil, nil, "no figures")
    } else if expectation.scope == .mean {
      counters.judgeMean(expectation)
    }
    return ExpectationReport.Finding(
      expectation: expectation, point: point, missed: counters.missed, misses: counters.misses)
  }

  private mutating func judgeMean(_ expectation: Expectation) {
    guard let mean = Sample.mean(values) else { return miss(nil, nil, "mean: no replication has a value") }
    guard !expectation.relation.holds(mean, expectation.limitValue) else { return }
    let over = values.count == 1 ? "1 replication" : "\(values.count) replications"
    let decimals = expectation.unit == " s" ? FixedPoint.timeDecimals : FixedPoint.realDecimals
    miss(nil, mean, "mean over \(over): \(HumanUnits.fixed(mean, decimals: decimals))\(expectation.unit)")
  }
}
