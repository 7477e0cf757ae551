import NetworkModel
import PromotionEngine

/// What the run of one threshold in one replication comes to.
struct CandidateRun: Hashable, Sendable {
  /// The objective; nil where one of its metrics is empty.
  var objective: Double?
  /// Devices ever promoted, of those that missed a block at a check; nil if none did.
  var promotionRate: Double?
  /// Devices that never got the whole file although they were never to be switched off.
  var deserted: Int
  /// Whether a limit ended the run before it was over.
  var isLimited: Bool
}

/// Runs thresholds of a scenario, all of a replication at once.
struct CandidateRuns: Sendable {
  /// Replications, and the thresholds that are run in each.
  struct Job: Sendable {
    var replication: Int
    /// Ascending, in bytes.
    var thresholds: [UInt64]
    /// Whether the total gaps of all decisions are wanted.
    var gathersGaps = false
  }

  /// What became of a job.
  struct Product: Sendable {
    /// One for each threshold.
    var runs: [CandidateRun]
    /// Total gaps that were decided on, if they were wanted.
    var gaps: Set<UInt64>
    /// Events of those runs, what they share counted for each.
    var events: UInt64
  }

  private let network: NetworkConfiguration
  private let context: RunContext
  private let objective: Objective
  private let stays: [Bool]

  init(_ scenario: Scenario, objective: Objective) {
    var network = scenario.network
    network.timelineStep = nil  // nobody looks at it
    self.network = network
    context = RunContext(scenario)
    self.objective = objective
    stays = network.cohorts.flatMap { cohort in (1...cohort.count).map { Self.stays($0, in: cohort) } }
  }

  /// Does a job.
  ///
  /// - Throws: ``ForkBreach``, or `CancellationError` between two runs.
  func run(_ job: Job) throws -> Product {
    let tree = ThresholdTree(
      network, seed: context.seed, replication: job.replication, thresholds: job.thresholds)
    var runs: [CandidateRun?] = job.thresholds.map { _ in nil }
    var product = Product(runs: [], gaps: [], events: 0)
    try tree.forEachLeaf(decided: { if job.gathersGaps { product.gaps.insert($0) } }) { thresholds, record in
      let run = run(of: record)
      for index in thresholds { runs[index] = run }
      product.events += record.events
      try Task.checkCancellation()
    }
    product.runs = runs.compactMap(\.self)
    return product
  }

  private func run(of record: RunRecord) -> CandidateRun {
    let figures = RunFigures(record)
    let row = Row(context: context, replication: record.replication, record: figures)
    return CandidateRun(
      objective: objective.value(of: row), promotionRate: figures.devices.promotionRate,
      deserted: zip(record.devices, stays).count { $0.completed == nil && $1 },
      isLimited: record.ended != .complete)
  }

  /// Whether a device is never to be switched off.
  private static func stays(_ device: Int, in cohort: Cohort) -> Bool {
    switch cohort.leave {
    case .never: true
    case .at: false
    case .devices(let list): !list.contains { $0.device == device }
    }
  }
}
