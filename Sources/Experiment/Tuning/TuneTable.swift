/// `tune.csv`: each candidate, and how it compares with the best.
enum TuneTable {
  /// A candidate of a tuning, with its statistics.
  struct Entry: Sendable {
    let scenario: String
    let number: Int
    let candidate: Tuning.Candidate
    let decimals: Int
    let objective: SampleStatistics
    let difference: SampleStatistics
    let promotionRate: Double?

    init(_ index: Int, of tuning: Tuning) {
      scenario = tuning.context.scenario
      number = index + 1
      candidate = tuning.candidates[index]
      decimals = tuning.objective.decimals
      objective = tuning.statistics(of: index)
      difference = tuning.difference(of: index, from: tuning.chosen)
      promotionRate = SampleStatistics(candidate.runs.compactMap(\.promotionRate)).mean
    }
  }

  static let table = Table(file: .tune, rowFor: "each candidate of a tuning", columns: columns)

  private static let columns: [Column<Entry>] = [
    .text("scenario", "the scenario's name") { $0.scenario },
    .count("candidate", .number, "the candidate, from 1, by threshold") { $0.number },
    .count("threshold_bytes", .bytes, "its threshold; 0 promotes nobody") { $0.candidate.threshold },
    .count("replications", .number, "how many replications it was run in") { $0.candidate.runs.count },
    statistic("objective_mean", "the mean of the objective over them") { $0.objective.mean },
    statistic("objective_ci95_low", "the lower end of the mean's 95 % confidence interval (Student's t)") {
      $0.objective.confidenceInterval?.lowerBound
    },
    statistic("objective_ci95_high", "the upper end of that interval") { $0.objective.confidenceInterval?.upperBound },
    statistic(
      "difference_mean", "the mean of its objective less the chosen one's, over the replications that both have"
    ) { $0.difference.mean },
    statistic("difference_ci95_low", "the lower end of that mean's 95 % confidence interval (paired, Student's t)") {
      $0.difference.confidenceInterval?.lowerBound
    },
    statistic("difference_ci95_high", "the upper end of that interval") {
      $0.difference.confidenceInterval?.upperBound
    },
    .real(
      "promotion_rate", .fraction,
      "the mean share of the devices with gaps that was ever promoted; empty if no device ever had any"
    ) { $0.promotionRate },
    .text(
      "status",
      "`chosen`; `alive`: the chosen one was not seen to be better; or `eliminated`"
    ) { $0.candidate.status.rawValue },
    .count("eliminated_after", .number, "after how many replications it was eliminated; empty if it was not") {
      $0.candidate.eliminatedAfter
    },
  ]

  private static func statistic(
    _ name: String,
    _ documentation: String,
    _ value: @escaping @Sendable (Entry) -> Double?
  ) -> Column<Entry> {
    Column(name: name, unit: .objective, documentation: documentation) { entry in
      value(entry).flatMap { FixedPoint(rounding: $0, decimals: entry.decimals) }.map(Field.number) ?? .empty
    }
  }
}

extension Tuning {
  /// Writes the files and the manifest, and gives the directory its name.
  func write(to directory: ResultsDirectory, from origin: Manifest.Origin) throws {
    let table = try TableFile(TuneTable.table, in: directory)
    for index in candidates.indices { try table.append(TuneTable.Entry(index, of: self)) }
    var files = [try table.close()]
    let summary = try directory.create(.tuneSummary)
    try summary.append(Array(json.utf8))
    files.append(Manifest.File(name: ResultFile.tuneSummary.rawValue, rows: 1, sha256: try summary.close()))
    let manifest = try directory.create(.manifest)
    try manifest.append(try Manifest(origin, files: files).json)
    _ = try manifest.close()
    try directory.commit()
  }
}
