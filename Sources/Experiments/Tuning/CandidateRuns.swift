import RunMetrics
import Network
import PromotionEngine
import PromotionRun
import Rivals
import Runs
import Statistics
import Timebase

/// The outcome of one candidate in one replication, or the mean of such outcomes over environments.
package struct CandidateRun: Hashable, Sendable, Codable {
  /// By how much values would be larger or smaller if a time of the run jumped (`RareJump`).
  package struct Jumps: Hashable, Sendable, Codable {
    /// What changes by the delay that is rare, by that of a late device, by what follows where anything was lost, and by the
    /// longest delay.
    struct Changes: Hashable, Sendable, Codable {
      var rare = 0.0
      var late = 0.0
      var loss = 0.0
      var longest = 0.0

      /// Of each the larger one.
      func joined(_ other: Changes) -> Changes {
        Changes(
          rare: max(rare, other.rare), late: max(late, other.late), loss: max(loss, other.loss),
          longest: max(longest, other.longest))
      }

      /// The jump, for the shares of the replications in which it comes.
      func jump(_ shares: RareDelays.Shares, scale: ObjectiveScale = ObjectiveScale()) -> RareJump {
        RareJump(
          size: scale.scaled(rare), late: RareJump.Known(size: scale.scaled(late), share: shares.late),
          loss: RareJump.Known(size: scale.scaled(loss), share: shares.loss), lossFree: shares.lossFree)
      }
    }

    var objective = Changes()
    /// Of each requirement.
    var required: [Changes] = []

    /// Of each the larger one.
    func joined(_ other: Jumps) -> Jumps {
      Jumps(
        objective: objective.joined(other.objective),
        required: zip(required, other.required).map { $0.joined($1) })
    }
  }

  /// The objective; nil if one of its metrics is empty.
  var objective: Double?
  /// How far it and the requirements may jump.
  var jumps = Jumps()
  /// The values of the requirements, one for each; nil if a metric is empty.
  package var required: [Double?] = []
  /// Devices that never got the whole file, and that the scenario had not switched off before they failed. At least one in a
  /// run that a limit ended.
  var failings: Double
  /// Devices ever promoted, of those that missed a block at a check; nil if none did.
  var promotionRate: Double?
  /// The last completion in seconds; nil if there was none.
  var makespan: Double?
  /// The bytes that the server sent.
  var serverBytes: Double
  /// Whether a limit ended the run before it was over.
  package var isLimited = false
  /// Why the objective, or a requirement, has no value, in words; nil if all have one.
  var lack: String?
  /// The cost of the run, shared by all candidates that came to it: see ``RunCost``.
  var cost = 0.0
}

extension CandidateRun {
  /// The mean over environments. A value that is empty in one of them is empty.
  init(meanOf runs: [CandidateRun]) {
    func mean(_ values: [Double?]) -> Double? {
      let known = values.compactMap(\.self)
      // Divided first, because a sum may be larger than any number.
      return known.count == runs.count ? known.reduce(0) { $0 + $1 / Double(runs.count) } : nil
    }
    objective = mean(runs.map(\.objective))
    // The mean changes by no more than the environment that changes most.
    jumps = runs.dropFirst().reduce(runs[0].jumps) { $0.joined($1.jumps) }
    required = runs[0].required.indices.map { index in mean(runs.map { $0.required[index] }) }
    failings = mean(runs.map(\.failings)) ?? 0
    promotionRate = mean(runs.map(\.promotionRate))
    makespan = mean(runs.map(\.makespan))
    serverBytes = mean(runs.map(\.serverBytes)) ?? 0
    isLimited = runs.contains(where: \.isLimited)
    lack = runs.lazy.compactMap(\.lack).first
    cost = runs.reduce(0) { $0 + $1.cost }
  }
}

/// Runs candidates. Those of one network and replication run together.
struct CandidateRuns: Sendable {
  /// Candidates that are run in one replication.
  struct Job: Sendable {
    /// The jobs of a tuning are numbered in the order in which they are given out. This order depends only on the
    /// tuning.
    var number: Int
    var environment: Int
    var network: Int
    /// From 1.
    var replication: Int
    /// Ascending, in bytes.
    var thresholds: [UInt64]
    /// Whether the total gaps of all decisions are wanted.
    var gathersGaps = false
  }

  /// The outcome of a job.
  struct Product: Sendable, Codable {
    /// One for each threshold.
    var runs: [CandidateRun]
    /// The total gaps of all decisions, if they were wanted.
    var gaps: [UInt64] = []
    /// Events of those runs. Shared events count once for each run that shares them.
    var events: UInt64 = 0
  }

  private let design: TuningDesign
  private let objective: Objective
  private let requirements: [Requirement]
  /// What rare losses cost, by the environment and the network.
  private let delays: [[RareDelays]]

  init(_ design: TuningDesign, objective: Objective, requirements: [Requirement]) {
    self.design = design
    self.objective = objective
    self.requirements = requirements
    delays = design.environments.map { $0.networks.map { RareDelays($0.configuration) } }
  }

  /// Does a job.
  ///
  /// - Throws: ``ForkBreach``, or `CancellationError` between two runs.
  func run(_ job: Job) throws -> Product {
    let (network, context) = design.environments[job.environment].networks[job.network]
    let delays = delays[job.environment][job.network]
    guard network.strategy.promotes else {
      // Nobody is promoted, so all thresholds are one run.
      let record = try network.run(seed: context.seed, replication: job.replication)
      let run = run(of: record, in: network, delays, sharedBy: job.thresholds.count)
      return Product(runs: job.thresholds.map { _ in run }, events: record.events)
    }
    let tree = ThresholdTree(
      network, seed: context.seed, replication: job.replication, thresholds: job.thresholds)
    var runs: [CandidateRun?] = job.thresholds.map { _ in nil }
    var gaps: Set<UInt64> = []
    var events: UInt64 = 0
    try tree.forEachLeaf(decided: { if job.gathersGaps { gaps.insert($0) } }) { thresholds, record in
      let run = run(of: record, in: network, delays, sharedBy: thresholds.count)
      for index in thresholds { runs[index] = run }
      events += record.events
      try Task.checkCancellation()
    }
    return Product(runs: runs.compactMap(\.self), gaps: gaps.sorted(), events: events)
  }

  private func run(
    of record: RunRecord, in configuration: SimulationConfiguration, _ delays: RareDelays, sharedBy candidates: Int
  ) -> CandidateRun {
    let figures = RunFigures(record)
    let deserted = figures.devices.all - figures.devices.completed - figures.devices.left
    let isLimited = record.ended != .complete
    func changes(of expression: MetricExpression) -> CandidateRun.Jumps.Changes {
      func change(by delay: Double, bytes: Double = 0) -> Double {
        expression.change(byLater: delay, more: bytes) { $0.value(of: figures)?.value }
      }
      return CandidateRun.Jumps.Changes(
        rare: change(by: delays.timeout), late: change(by: delays.late),
        loss: change(by: delays.lossTime, bytes: delays.lossBytes),
        longest: change(by: configuration.longestDelay.seconds))
    }
    return CandidateRun(
      objective: objective.value(of: figures),
      jumps: CandidateRun.Jumps(
        objective: changes(of: objective.expression), required: requirements.map { changes(of: $0.expression) }),
      required: requirements.map { $0.value(of: figures) },
      failings: Double(max(deserted, isLimited ? 1 : 0)), promotionRate: figures.devices.promotionRate,
      makespan: figures.makespan.map { Double($0.count) / 1e9 }, serverBytes: Double(figures.serverBytes),
      isLimited: isLimited,
      lack: lack(of: figures).map { $0 + (isLimited ? ", and a limit ended that run (limits: in the scenario)" : "") },
      cost: RunCost.seconds(of: record, in: configuration.network) / Double(candidates))
  }

  /// Why the objective, or the first requirement without a value, has none.
  private func lack(of figures: RunFigures) -> String? {
    objective.expression.lack(of: figures)
      ?? requirements.lazy.compactMap { requirement in
        requirement.expression.lack(of: figures).map { "\($0), in '\(requirement.text.excerpt)'" }
      }.first
  }
}
