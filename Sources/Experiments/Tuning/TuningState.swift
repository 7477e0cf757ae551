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

  private enum Phase {
    /// Runs both ends of the range, to see which total gaps occur.
    case searching
    /// Every candidate gets its first replications in a scope.
    case beginning
    case selecting(ConstrainedSelection)
    case allocating(ConstrainedAllocation)
    case over
  }

  let settings: Tuner
  private(set) var design: TuningDesign
  let scopes: [Scope]
  private(set) var answers: [Tuning.Answer] = []
  private var phase: Phase
  /// The outcomes of each candidate, by environment: `outcomes[environment][candidate]`, replication by replication.
  private var outcomes: [[[CandidateRun]]] = []
  /// The total gaps in the decisions of runs, by whether these promote every device or none.
  private var gaps: [End: Set<UInt64>] = [:]
  /// How many replications each candidate should have next.
  private var targets: [Int: Int] = [:]
  /// Jobs that are ready to be given out, with their candidates. The next one is last.
  private var ready: [(job: CandidateRuns.Job, candidates: [Int])] = []
  /// Jobs that were given out and have not come back, by number.
  private var underWay: [Int: [Int]] = [:]
  private var jobs = 0
  private var scale = ObjectiveScale()
  private var indifference = 0.0
  /// Executed so far.
  private var events: UInt64 = 0

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
    guard case .occurring(let count) = settings.candidates else { preconditionFailure("nothing is sought") }
    let ends = outcomes
    design.compare(
      thresholds: CandidateChoice.reduce(
        gaps[.everybody] ?? [], gaps[.nobody] ?? [], atMost: count, file: design.largestFile))
    let last = design.candidates.count - 1
    outcomes = ends.map { runs in
      design.candidates.indices.map { $0 == 0 ? runs[0] : $0 == last ? runs[1] : [] }
    }
    phase = .beginning
    try begin()
  }

  /// The first replications of all candidates.
  private mutating func begin() throws {
    if let budget = settings.budget {
      let (pilot, count) = (settings.firstReplications(of: design), design.candidates.count * design.environments.count)
      guard budget >= pilot * count else {
        throw TuneError.budgetTooSmall(budget: budget, candidates: count, pilot: pilot)
      }
    }
    if outcomes.isEmpty { outcomes = design.environments.map { _ in design.candidates.map { _ in [] } } }
    let first = settings.firstReplications(of: design)
    targets = Dictionary(uniqueKeysWithValues: design.candidates.indices.map { ($0, first) })
    giveOut()
  }

  private var scope: Scope { scopes[min(answers.count, scopes.count - 1)] }

  private var environments: [Int] {
    switch scope {
    case .environment(let index): [index]
    case .mean: Array(design.environments.indices)
    }
  }

  /// Makes the jobs for the targets.
  private mutating func giveOut() {
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
      case .beginning: try beginSelection()
      case .selecting(var selection):
        feed(&selection)
        try follow(&selection)
      case .allocating(let allocation): try follow(allocation)
      case .over: return
      }
    }
  }

  /// The outcome of a candidate in a replication of the scope.
  private func run(_ candidate: Int, _ replication: Int) -> CandidateRun {
    let runs = environments.map { outcomes[$0][candidate][replication - 1] }
    return runs.count == 1 ? runs[0] : CandidateRun(meanOf: runs)
  }

  private func observation(_ run: CandidateRun) -> ConstrainedSelection.Observation? {
    guard let objective = run.objective, !run.required.contains(nil) else { return nil }
    return ConstrainedSelection.Observation(
      objective: scale.scaled(objective), failings: run.failings, limited: run.required.compactMap(\.self))
  }

  /// Replications that a candidate has in every environment of the scope.
  private func count(_ candidate: Int) -> Int { environments.map { outcomes[$0][candidate].count }.min() ?? 0 }

  private mutating func beginSelection() throws {
    let all = Array(design.candidates.indices)
    let first = settings.firstReplications(of: design)
    let runs = all.map { candidate in (1...first).map { run(candidate, $0) } }
    scale = ObjectiveScale(of: runs.flatMap { $0.compactMap(\.objective) })
    indifference = scale.scaled(try self.indifference(from: runs))
    guard indifference > 0 else { throw TuneError.noIndifference }
    let rules = settings.rules(indifference: indifference, devices: devices)
    if let budget = settings.budget {
      let share = budget / design.environments.count
      phase = .allocating(ConstrainedAllocation(systems: all.count, budget: share, rules: rules))
    } else {
      let selection = ConstrainedSelection(systems: all.count, rules: rules)
      targets = Dictionary(uniqueKeysWithValues: all.map { ($0, selection.firstReplications) })
      phase = .selecting(selection)
    }
  }

  private var devices: Int {
    environments.flatMap { design.environments[$0].networks.map(\.context.devices) }.max() ?? 1
  }

  /// The difference that does not matter, from the first outcomes of the fittest candidates.
  private func indifference(from runs: [[CandidateRun]]) throws -> Double {
    let usable = runs.filter { !$0.contains { observation($0) == nil } }
    guard !usable.isEmpty else {
      let candidate = 0
      let replication = (runs[candidate].firstIndex { observation($0) == nil } ?? 0) + 1
      throw TuneError.noValue(
        objective: settings.objective.text, candidate: design.name(of: candidate), replication: replication)
    }
    func mean(_ runs: [CandidateRun], _ value: (CandidateRun) -> Double) -> Double {
      runs.reduce(0) { $0 + value($1) / Double(runs.count) }
    }
    let least = usable.map { mean($0, \.failings) }.min() ?? 0
    let fit = usable.filter { mean($0, \.failings) <= least + Tuner.allowance(devices) }
    return settings.indifference.value(best: fit.map { mean($0) { $0.objective ?? 0 } }.min() ?? 0)
  }

  /// Passes on the outcomes, replication by replication.
  private mutating func feed(_ selection: inout ConstrainedSelection) {
    let wanting = targets.filter { !selection.isInfeasible($0.key) }
    targets = [:]
    for replication in 1...max(1, wanting.values.max() ?? 0) {
      for candidate in wanting.keys.sorted()
      where selection.count(candidate) == replication - 1 && replication <= wanting[candidate] ?? 0 {
        selection.take(observation(run(candidate, replication)), of: candidate)
      }
    }
  }

  private mutating func follow(_ selection: inout ConstrainedSelection) throws {
    let step = selection.next()
    phase = .selecting(selection)
    switch step {
    case .run(let targets):
      self.targets = targets
      giveOut()
    case .chosen(let best): end(selection, chosen: best, certainty: .settled)
    case .fitnessOpen(let best): end(selection, chosen: best, certainty: .fitnessOpen)
    case .undecided(let best): end(selection, chosen: best, certainty: .undecided)
    case .noneFeasible: end(selection, chosen: nearest(selection), certainty: .noneFeasible)
    }
  }

  private func nearest(_ selection: ConstrainedSelection) -> Int {
    let allocation = ConstrainedAllocation(systems: selection.systems, budget: 0, rules: selection.rules)
    let judged = (0..<selection.systems).filter { selection.count($0) > 0 }
    return judged.isEmpty ? 0 : allocation.best(of: selection.observations, among: judged)
  }

  private mutating func end(_ selection: ConstrainedSelection, chosen best: Int, certainty: Tuning.Certainty) {
    finish(selection.rules, best: best, margin: selection.margin(of: best), certainty: certainty) {
      selection.standings[$0]
    }
  }

  // MARK: - A budget

  private mutating func follow(_ allocation: ConstrainedAllocation) throws {
    let all = Array(design.candidates.indices)
    var standings = all.map { _ in ConstrainedSelection.Standing.open }
    let samples = all.map { candidate in
      (1...max(1, count(candidate))).compactMap { replication -> ConstrainedSelection.Observation? in
        guard let seen = observation(run(candidate, replication)) else {
          standings[candidate] = .infeasible(.noValue(replication: replication))
          return nil
        }
        return seen
      }
    }
    let judged = all.filter { standings[$0] == .open }
    if scope != .mean, let more = allocation.targets(samples: samples, among: judged) {
      targets = Dictionary(
        uniqueKeysWithValues: judged.map { ($0, min(settings.maxReplications, more[$0])) }.filter { $0.1 > count($0.0) }
      )
      giveOut()
      if !ready.isEmpty { return }
    }
    let best = allocation.best(of: samples, among: judged.isEmpty ? all : judged)
    for system in judged {
      if let missed = allocation.missed(by: system, samples, among: judged) { standings[system] = .infeasible(missed) }
    }
    let certainty: Tuning.Certainty =
      judged.contains { if case .infeasible = standings[$0] { false } else { true } }
      ? .estimated(allocation.probability(of: best, samples: samples, among: judged)) : .noneFeasible
    finish(allocation.rules, best: best, margin: indifference, certainty: certainty) { standings[$0] }
  }

  // MARK: - The end

  private mutating func finish(
    _ rules: ConstrainedSelection.Rules, best: Int, margin: Double, certainty: Tuning.Certainty,
    standing: (Int) -> ConstrainedSelection.Standing
  ) {
    let candidates = design.candidates.indices.map { candidate in
      Tuning.Candidate(
        runs: (0..<count(candidate)).map { run(candidate, $0 + 1) }, standing: standing(candidate))
    }
    answers.append(
      Tuning.Answer(
        scope: scope, candidates: candidates, best: best, scale: scale, indifference: scale.unscaled(indifference),
        margin: scale.unscaled(margin), fitness: rules.fitness, certainty: certainty))
    phase = answers.count == scopes.count ? .over : .beginning
    guard answers.count < scopes.count else { return }
    let first = settings.firstReplications(of: design)
    targets = Dictionary(uniqueKeysWithValues: design.candidates.indices.map { ($0, first) })
    giveOut()
  }
}

extension TuningState {
  /// The progress.
  package var progress: TuneProgress {
    let counts = design.candidates.indices.map { count($0) }
    var progress = TuneProgress(
      replications: counts.max() ?? 0, alive: counts.count, candidates: counts.count,
      runs: outcomes.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } }, events: events)
    progress.scope = scopes.count > 1 ? (answers.count + 1, scopes.count) : nil
    switch phase {
    case .searching:
      progress.candidates = 0
      progress.atMost = settings.firstReplications
    case .beginning: progress.atMost = settings.firstReplications(of: design)
    case .selecting(let selection):
      progress.alive = selection.contenders
      progress.atMost = selection.replicationsAtMost
      if (0..<selection.systems).contains(where: { selection.count($0) >= SequentialTest.Plan.firstStage }) {
        progress.forecast = forecast(of: selection)
      }
    case .allocating: progress.budget = settings.budget
    case .over: progress.isOver = true
    }
    return progress
  }

  /// How long it will take; nil if that is not long.
  private func forecast(of selection: ConstrainedSelection) -> TuneProgress.Forecast? {
    let needed = selection.replicationsNeeded
    guard needed > TuneProgress.Forecast.long, selection.contenders > 1 else { return nil }
    return TuneProgress.Forecast(
      candidates: selection.contenders, replications: needed, most: settings.maxReplications,
      indifference: settings.indifference)
  }

  /// The result, when there is nothing left to do.
  package var result: Tuning {
    precondition(answers.count == scopes.count, "the tuning is not over")
    return Tuning(
      context: RunContext(settings.scenario), objective: settings.objective, requirements: settings.requirements,
      method: settings.budget.map { .budget($0) } ?? .confidence(settings.confidence),
      design: design, answers: answers,
      runs: outcomes.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } })
  }
}
