import Quantities
import Results
import Statistics

/// `tune.csv`: each candidate, and how it compares with the best.
enum TuneTable {
  /// A candidate of an answer, with its statistics.
  struct Entry: Sendable {
    let scenario: String
    let number: Int
    let threshold: UInt64
    let values: [VariedKey]
    let environment: [VariedKey]?
    let candidate: Tuning.Candidate
    let numbers: ObjectiveNumbers
    let scale: ObjectiveScale
    let objective: SampleStatistics
    let difference: SampleStatistics
    let differenceInterval: ClosedRange<Double>?
    let failings: SampleStatistics
    let makespanDifference: Double?
    let bytesDifference: Double?
    let reason: String

    init(_ index: Int, of answer: Tuning.Answer, _ numbers: ObjectiveNumbers, in tuning: Tuning) {
      self.numbers = numbers
      scenario = tuning.context.scenario
      number = index + 1
      threshold = tuning.design.candidates[index].threshold
      values = tuning.design.candidates[index].values
      if case .environment(let environment) = answer.scope {
        self.environment = tuning.design.environments[environment].values
      } else {
        environment = nil
      }
      candidate = answer.candidates[index]
      scale = answer.scale
      objective = answer.scaled(of: index)
      difference = answer.difference(of: index, from: answer.chosen)
      // One pair has none.
      differenceInterval = difference.count > 1 ? answer.interval(of: index, from: answer.chosen) : nil
      failings = answer.failings(of: index)
      let pairs = Array(zip(answer.candidates[index].runs, answer.candidates[answer.chosen].runs))
      makespanDifference =
        SampleStatistics(
          pairs.compactMap { run, best in
            if let mine = run.makespan, let other = best.makespan { mine - other } else { nil }
          }
        ).mean
      bytesDifference = SampleStatistics(pairs.map { $0.serverBytes - $1.serverBytes }).mean
      reason = Self.reason(answer.candidates[index], tuning)
    }

    private static func reason(_ candidate: Tuning.Candidate, _ tuning: Tuning) -> String {
      guard case .infeasible(let constraint) = candidate.standing else { return "" }
      switch constraint {
      case .fitness(let other): return "leaves more devices behind than candidate \(other + 1)"
      case .limit(let index): return tuning.requirements[index].text
      case .noValue(let replication): return "no value in replication \(replication)"
      }
    }

    func mean(_ value: (CandidateRun) -> Double?) -> Double? {
      SampleStatistics(candidate.runs.compactMap(value)).mean
    }
  }

  /// The table of a tuning, with a column for each key that is varied or belongs to the environment.
  static func table(varied: [VariedKey], environment: [VariedKey]) -> Table<Entry> {
    Table(
      file: .tune, rowFor: "each candidate of a tuning, in each environment and then on average over them",
      columns: columns
        + varied.map { key in
          column(of: key, "the candidate's value of the key, in its base unit") { $0.values.cell(of: key.name) }
        }
        + environment.map { key in
          column(of: key, "the environment's value of the key, in its base unit; empty for the mean over all") {
            $0.environment?.cell(of: key.name) ?? ""
          }
        })
  }

  private static let columns: [Column<Entry>] = [
    .text("scenario", "the scenario's name") { $0.scenario },
    .count("candidate", .number, "the candidate, from 1, by threshold or point") { $0.number },
    .count("threshold_bytes", .bytes, "its threshold; 0 promotes nobody") { $0.threshold },
    .count("replications", .replications, "how many replications it was run in") { $0.candidate.runs.count },
    statistic("objective_mean", "the mean of the objective over them") { $0.objective.mean },
    statistic("objective_ci95_low", "the lower end of the mean's 95 % confidence interval (Student's t)") {
      $0.objective.confidenceInterval?.lowerBound
    },
    statistic("objective_ci95_high", "the upper end of that interval") { $0.objective.confidenceInterval?.upperBound },
    statistic(
      "difference_mean", "the mean of its objective less the chosen one's, over the replications that both have"
    ) { $0.difference.mean },
    statistic(
      "difference_ci95_low",
      "the lower end of that mean's 95 % confidence interval: paired, by Student's t, and no narrower than what a rare "
        + "timeout or one more session may do to it that did not come"
    ) { $0.differenceInterval?.lowerBound },
    statistic("difference_ci95_high", "the upper end of that interval") { $0.differenceInterval?.upperBound },
    .real(
      "promotion_rate", .fraction,
      "the mean share of the devices with gaps that was ever promoted; empty if no device ever had any"
    ) { $0.mean(\.promotionRate) },
    .text(
      "status",
      "`chosen`; `alive`: the interval of the difference contains 0; `eliminated`: it is worse; `better`: it seems better, and "
        + "there is no answer; or `unfit`: it does not meet what is required, or with a budget seems not to"
    ) { $0.candidate.status.rawValue },
    .count(
      "eliminated_after", .replications,
      "after how many replications it got no more; empty for the choice and those alive"
    ) {
      [.eliminated, .unfit].contains($0.candidate.status) ? $0.candidate.runs.count : nil
    },
    .real("left_behind_mean", .devices, "the mean number of devices that were left without the file") {
      $0.failings.mean
    },
    .text("unfit_reason", "what it does not meet; empty if nothing is known") { $0.reason },
    .real("makespan_mean_s", .seconds, "the mean makespan over its replications") { $0.mean(\.makespan) },
    .real("server_bytes_mean", .bytes, "the mean of what the server sent over them") { $0.mean(\.serverBytes) },
    .real(
      "makespan_difference_s", .seconds,
      "the mean of its makespan less the chosen one's, over the replications that both have"
    ) { $0.makespanDifference },
    .real(
      "server_bytes_difference", .bytes, "the mean of what the server sent less that for the chosen one, over the same"
    ) {
      $0.bytesDifference
    },
  ]

  private static func column(
    of key: VariedKey, _ documentation: String, _ value: @escaping @Sendable (Entry) -> String
  ) -> Column<Entry> {
    Column(name: key.column, unit: .parameter, type: .varied, documentation: documentation) { .text(value($0)) }
  }

  private static func statistic(
    _ name: String,
    _ documentation: String,
    _ value: @escaping @Sendable (Entry) -> Double?
  ) -> Column<Entry> {
    Column(name: name, unit: .objective, type: .real, documentation: documentation) { entry in
      entry.numbers.printed(value(entry).map(entry.scale.unscaled))?.field ?? .empty
    }
  }
}

extension [VariedKey] {
  fileprivate func cell(of key: String) -> String { first { $0.name == key }?.cell.text ?? "" }
}

extension Tuning {
  /// Writes the files and the manifest, and gives the directory its name.
  ///
  /// - Parameters:
  ///   - settings: What was asked, in addition to the scenario.
  ///   - report: The text of `tune.json`.
  package func write(
    to directory: ResultsDirectory, from origin: Manifest.Origin, settings: String, report: String
  ) throws {
    let layout = TuneTable.table(
      varied: design.candidates[0].values, environment: design.environments[0].values)
    let table = try TableFile(layout, in: directory)
    for answer in answers {
      let numbers = answer.numbers(of: objective)
      for index in answer.candidates.indices {
        try table.append(TuneTable.Entry(index, of: answer, numbers, in: self))
      }
    }
    var files = [try table.close()]
    let summary = try directory.create(.tuneSummary)
    try summary.append(Array(report.utf8))
    files.append(Manifest.File(name: ResultFile.tuneSummary.rawValue, rows: 1, sha256: try summary.close()))
    try Self.write(files, to: directory, from: origin, settings: settings)
  }

  /// Writes the manifest of files that are there, and gives the directory its name.
  static func write(
    _ files: [Manifest.File], to directory: ResultsDirectory, from origin: Manifest.Origin, settings: String
  ) throws {
    var contents = Manifest(origin, files: files)
    contents.tune = settings
    let manifest = try directory.create(.manifest)
    try manifest.append(try contents.json)
    _ = try manifest.close()
    try directory.commit()
  }
}
