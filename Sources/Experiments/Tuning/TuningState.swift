import Results
import Statistics

/// The state of a tuning: which runs come next, and what follows from those that are finished.
///
/// It works in rounds. The selection says how many replications each candidate should have, the jobs for the missing
/// ones are given out, and when all of them have come back the selection goes on. So nothing depends on how many jobs
/// are in work at a time. Finished runs are kept: the answers for each environment and for their mean come from the
/// same runs.
package struct TuningState {
  /// What one answer is about.
  package enum Scope: Hashable, Sendable {
    case environment(Int)
    /// The mean over all environments.
    case mean
  }

  /// One end of the range of thresholds.
  private enum End: Hashable {
    case nobody, everybody
  }

  enum Phase {
    /// Runs both ends of the range, to see which total gaps occur.
    case searching
    /// Every candidate gets one replication, to see what they cost.
    case surveying(limit: Double)
    /// Every candidate gets its first replications in a scope.
    case beginning
    case selecting(ConstrainedSelection)
    case allocating(ConstrainedAllocation)
    case over
  }

  let settings: Tuner
  var design: TuningDesign
  let scopes: [Scope]
  var answers: [Tuning.Answer] = []
  var phase: Phase
  /// The outcomes of each candidate, by environment: `outcomes[environment][candidate]`, replication by replication.
  var outcomes: [[[CandidateRun]]] = []
  /// The total gaps in the decisions of runs, by whether these promote every device or none.
  private var gaps: [End: Set<UInt64>] = [:]
  /// How many replications each candidate should have next.
  var targets: [Int: Int] = [:]
  /// Jobs that are ready to be given out, with their candidates. The next one is last.
  private(set) var ready: [(job: CandidateRuns.Job, candidates: [Int])] = []
  /// Jobs that were given out and have not come back, by number.
  private var underWay: [Int: [Int]] = [:]
  private var jobs = 0
  var scale = ObjectiveScale()
  var indifference = 0.0
  /// Executed so far.
  private(set) var events: UInt64 = 0

  init(_ settings: Tuner) throws {
    self.settings = settings
    design = try TuningDesign(
      settings.scenario, thresholds: settings.candidates, environment: settings.environment)
    let environments = design.environments.indices.map { Scope.environment($0) }
    scopes = environments.count > 1 ? environments + [.mean] : environments
    if design.candidates.isEmpty {
      phase = .searching
      let ends = [0, design.largestFile + 1]
      design.compare(thresholds: ends)
      ready = (1...settings.firstReplications).reversed().flatMap { replication in
        design.environments.indices.reversed().flatMap { environment in
          ends.indices.reversed().map { end in
            let job = CandidateRuns.Job(
              number: 0, environment: environment, network: 0, replication: replication, thresholds: [ends[end]],
              gathersGaps: true)
            return (job, [end])
          }
        }
      }
      outcomes = design.environments.map { _ in [[], []] }
    } else {
      phase = .beginning
      try begin()
    }
  }

  // MARK: - Jobs

  /// The next job; nil if a job must come back first, or nothing is left to do.
  mutating func next() -> CandidateRuns.Job? {
    guard case (var job, let candidates)? = ready.popLast() else { return nil }
    jobs += 1
    job.number = jobs
    underWay[jobs] = candidates
    return job
  }

  /// Takes the outcome of a job.
  mutating func take(_ job: CandidateRuns.Job, _ product: CandidateRuns.Product) throws {
    guard let candidates = underWay.removeValue(forKey: job.number) else { preconditionFailure("job \(job.number)") }
    events += product.events
    if job.gathersGaps { gaps[job.thresholds == [0] ? .nobody : .everybody, default: []].formUnion(product.gaps) }
    for (candidate, run) in zip(candidates, product.runs) {
      precondition(outcomes[job.environment][candidate].count == job.replication - 1, "\(job) out of turn")
      outcomes[job.environment][candidate].append(run)
    }
    guard ready.isEmpty, underWay.isEmpty else { return }
    if case .searching = phase { try endSearch() }
    try proceed()
  }

  private mutating func endSearch() throws {
    let count: Int
    var limit: Double?
    switch settings.candidates {
    case .occurring(let most): count = most
    case .affordable(let most, let seconds): (count, limit) = (most, settings.budget == nil ? seconds : nil)
    case .listed: preconditionFailure("nothing is sought")
    }
    let ends = outcomes
    design.compare(
      thresholds: CandidateChoice.reduce(
        gaps[.everybody] ?? [], gaps[.nobody] ?? [], atMost: count, file: design.largestFile))
    let last = design.candidates.count - 1
    outcomes = ends.map { runs in
      design.candidates.indices.map { $0 == 0 ? runs[0] : $0 == last ? runs[1] : [] }
    }
    if let limit {
      phase = .surveying(limit: limit)
      replicate(1)
    } else {
      phase = .beginning
      try begin()
    }
  }

  /// Goes on with as many of the candidates, at even distances in their order, as can have their first replications
  /// for `limit`.
  private mutating func thinOut(_ limit: Double) throws {
    let all = design.candidates.map(\.threshold)
    let replications = Double(settings.firstReplications * design.environments.count)
    let cost = all.indices.reduce(0) { $0 + run($1, 1).cost } * replications
    let affordable = max(CandidateChoice.fewest, Int(Double(all.count) * min(1, limit / cost)))
    if affordable < all.count {
      let kept = (0..<affordable).map { $0 * (all.count - 1) / (affordable - 1) }
      design.compare(thresholds: kept.map { all[$0] }, among: all.count)
      outcomes = outcomes.map { runs in kept.map { runs[$0] } }
    }
    phase = .beginning
    try begin()
  }

  /// The first replications of all candidates.
  private mutating func begin() throws {
    if let budget = settings.budget {
      let pilot = settings.firstReplications(of: design)
      let (candidates, environments) = (design.candidates.count, design.environments.count)
      guard budget >= pilot * candidates * environments else {
        throw TuneError.budgetTooSmall(
          budget: budget, candidates: candidates, environments: environments, pilot: pilot)
      }
    }
    if outcomes.isEmpty { outcomes = design.environments.map { _ in design.candidates.map { _ in [] } } }
    replicate(settings.firstReplications(of: design))
  }

  /// Every candidate should have so many replications.
  mutating func replicate(_ count: Int) {
    targets = Dictionary(uniqueKeysWithValues: design.candidates.indices.map { ($0, count) })
    giveOut()
  }

  var scope: Scope { scopes[min(answers.count, scopes.count - 1)] }

  var environments: [Int] {
    switch scope {
    case .environment(let index): [index]
    case .mean: Array(design.environments.indices)
    }
  }

  /// Makes the jobs for the targets.
  mutating func giveOut() {
    var jobs: [(job: CandidateRuns.Job, candidates: [Int])] = []
    let last = targets.values.max() ?? 0
    for replication in 1...max(1, last) {
      for environment in environments {
        let wanting = targets.keys.sorted().filter {
          outcomes[environment][$0].count < replication && replication <= targets[$0] ?? 0
        }
        for network in Set(wanting.map { design.candidates[$0].network }).sorted() {
          let candidates = wanting.filter { design.candidates[$0].network == network }
            .sorted { (design.candidates[$0].threshold, $0) < (design.candidates[$1].threshold, $1) }
          let job = CandidateRuns.Job(
            number: 0, environment: environment, network: network, replication: replication,
            thresholds: candidates.map { design.candidates[$0].threshold })
          jobs.append((job, candidates))
        }
      }
    }
    ready = jobs.reversed()
  }

  // MARK: - Selection

  /// Decides what comes next, when all outcomes have arrived.
  private mutating func proceed() throws {
    while ready.isEmpty {
      switch phase {
      case .searching: return
      case .surveying(let limit): try thinOut(limit)
      case .beginning: try beginSelection()
      case .selecting(var selection):
        feed(&selection)
        try follow(&selection)
      case .allocating(let allocation): try follow(allocation)
      case .over: return
      }
    }
  }
}
