import NetworkModel

/// A tuning as it goes on: which runs come next, and what follows from those that came.
///
/// Jobs are taken in the order in which they were given out, and what follows from them depends on nothing else, so that the
/// number of jobs at a time changes nothing. Candidates that are out by the time when a job comes back are not looked at.
struct TuningState {
  private enum Phase {
    /// The ends of the scale are run, to see which total gaps occur.
    case searching
    /// Every candidate gets its first replications.
    case piloting
    case selecting(KimNelson)
    case allocating(BudgetAllocation)
    case over(isSettled: Bool)
  }

  let settings: Tuner
  private var phase: Phase
  private(set) var candidates: [Tuning.Candidate] = []
  private var gaps: Set<UInt64> = []
  /// Jobs that are ready to be given out, the next one last.
  private var ready: [CandidateRuns.Job] = []
  /// Jobs that were given out and have not come back.
  private var underWay = 0
  /// The last replication that was given out by the selection.
  private var lastGiven = 0
  private var indifference = 0.0
  /// Executed so far; it depends on how many jobs there are at a time, and reaches no result.
  private var events: UInt64 = 0

  init(_ settings: Tuner) throws(TuneError) {
    self.settings = settings
    switch settings.candidates {
    case .occurring:
      phase = .searching
      let ends = [0, settings.scenario.network.file.size + 1]
      candidates = ends.map { Tuning.Candidate(threshold: $0) }
      ready = settings.pilotReplications.map {
        CandidateRuns.Job(replication: $0, thresholds: ends, gathersGaps: true)
      }
    case .listed(let thresholds):
      phase = .piloting
      try beginPilot(thresholds)
    }
  }

  /// The next job; nil when one must come back first, or nothing is left to do.
  mutating func next() -> CandidateRuns.Job? {
    var job = ready.popLast()
    if job == nil, case .selecting(let procedure) = phase, lastGiven < settings.maxReplications {
      lastGiven += 1
      job = CandidateRuns.Job(
        replication: lastGiven, thresholds: procedure.survivors.map { candidates[$0].threshold })
    }
    if job != nil { underWay += 1 }
    return job
  }

  /// Takes a job that came back.
  mutating func take(_ job: CandidateRuns.Job, _ product: CandidateRuns.Product) throws(TuneError) {
    underWay -= 1
    events += product.events
    switch phase {
    case .searching:
      record(job, product)
      gaps.formUnion(product.gaps)
      guard ready.isEmpty, underWay == 0 else { return }
      try beginPilot(reduced)
    case .piloting:
      record(job, product)
      guard ready.isEmpty, underWay == 0 else { return }
      try endPilot()
    case .selecting(var procedure):
      record(job, product, only: procedure.survivors)
      procedure.take(candidates.map { $0.values.last ?? 0 }, excluding: try unfit(among: procedure.survivors))
      follow(procedure)
    case .allocating(let allocation):
      record(job, product)
      guard ready.isEmpty, underWay == 0 else { return }
      try dropUnfit()
      allocate(allocation)
    case .over:
      return
    }
  }

  private mutating func record(
    _ job: CandidateRuns.Job, _ product: CandidateRuns.Product, only systems: [Int]? = nil
  ) {
    for (threshold, run) in zip(job.thresholds, product.runs) {
      guard let index = candidates.firstIndex(where: { $0.threshold == threshold }), systems?.contains(index) ?? true
      else { continue }
      candidates[index].runs.append(run)
    }
  }

  // MARK: - The pilot

  private var reduced: [UInt64] {
    guard case .occurring(let count) = settings.candidates else { return [] }
    return CandidateChoice.reduce(gaps, atMost: count, file: settings.scenario.network.file.size)
  }

  /// Runs what is missing of every candidate's first replications.
  private mutating func beginPilot(_ thresholds: [UInt64]) throws(TuneError) {
    if let budget = settings.budget, budget < thresholds.count * settings.pilot {
      throw .budgetTooSmall(budget: budget, candidates: thresholds.count, pilot: settings.pilot)
    }
    let known = candidates
    candidates = thresholds.map { threshold in
      known.first { $0.threshold == threshold } ?? Tuning.Candidate(threshold: threshold)
    }
    let missing = candidates.filter { $0.runs.isEmpty }.map(\.threshold)
    phase = .piloting
    lastGiven = settings.pilot
    guard !missing.isEmpty else { return try endPilot() }
    ready = settings.pilotReplications.map { CandidateRuns.Job(replication: $0, thresholds: missing) }
  }

  private mutating func endPilot() throws(TuneError) {
    let unfit = try unfit(among: Array(candidates.indices))
    let fit = candidates.indices.filter { !unfit.contains($0) }
    let means = fit.map { candidates[$0].values.reduce(0, +) / Double(settings.pilot) }
    indifference = settings.indifference.value(best: means.min() ?? 0)
    guard indifference > 0 else { throw .noIndifference }
    if let budget = settings.budget {
      exclude(unfit)
      allocate(BudgetAllocation(systems: candidates.count, budget: budget, indifference: indifference))
      return
    }
    var procedure = KimNelson(
      systems: candidates.count, firstStage: settings.pilot, confidence: settings.confidence, indifference: indifference
    )
    for replication in 0..<settings.pilot {
      let isLast = replication == settings.pilot - 1
      procedure.take(candidates.map { $0.values[replication] }, excluding: isLast ? unfit : [])
    }
    follow(procedure)
  }

  // MARK: - Selection

  private mutating func follow(_ procedure: KimNelson) {
    for index in candidates.indices where candidates[index].eliminatedAfter == nil {
      guard let after = procedure.eliminatedAfter[index] else { continue }
      candidates[index].eliminatedAfter = after
      candidates[index].status = .eliminated
    }
    if procedure.isSettled || procedure.replications >= settings.maxReplications {
      phase = .over(isSettled: procedure.isSettled)
    } else {
      phase = .selecting(procedure)
    }
  }

  private mutating func allocate(_ allocation: BudgetAllocation) {
    guard let targets = allocation.targets(samples: candidates.map(\.values), among: alive) else {
      phase = .over(isSettled: true)
      return
    }
    phase = .allocating(allocation)
    let last = min(settings.maxReplications, targets.max() ?? 0)
    let first = candidates.map(\.runs.count).min() ?? 0
    ready = (first..<max(first, last)).reversed().compactMap { done in
      let wanting = candidates.indices.filter { candidates[$0].runs.count <= done && done < targets[$0] }
      guard !wanting.isEmpty else { return nil }
      return CandidateRuns.Job(replication: done + 1, thresholds: wanting.map { candidates[$0].threshold })
    }
    if ready.isEmpty { phase = .over(isSettled: false) }
  }

  /// Those that are seen to leave more devices without the file than the one that leaves fewest, though it costs them nothing
  /// in the objective: see ``Fitness``.
  private mutating func unfit(among systems: [Int]) throws(TuneError) -> [Int] {
    guard let fittest = systems.min(by: { failings(of: $0) < failings(of: $1) }) else { return [] }
    let unfit = systems.filter { isLessFit($0, than: fittest) }
    for system in unfit { candidates[system].isUnfit = true }
    try checkValues(of: systems.filter { !unfit.contains($0) })
    return unfit
  }

  /// The same where candidates have different numbers of replications: each is held against the best.
  private mutating func dropUnfit() throws(TuneError) {
    var best = BudgetAllocation.best(of: candidates.map(\.values), among: alive)
    for system in alive where system != best {
      if isLessFit(system, than: best) { exclude([system]) }
      if isLessFit(best, than: system) {
        exclude([best])
        best = system
      }
    }
    try checkValues(of: alive)
  }

  private func failings(of system: Int) -> Int { candidates[system].runs.reduce(0) { $0 + $1.failings } }

  private func isLessFit(_ system: Int, than other: Int) -> Bool {
    Fitness(candidates[system].runs, against: candidates[other].runs).isSeenToBeLess
  }

  /// There is nothing to compare where there is no value.
  private func checkValues(of systems: [Int]) throws(TuneError) {
    for system in systems {
      guard let replication = candidates[system].runs.firstIndex(where: { $0.objective == nil }) else { continue }
      throw .noValue(
        objective: settings.objective.text, threshold: candidates[system].threshold, replication: replication + 1)
    }
  }

  private mutating func exclude(_ systems: [Int]) {
    for system in systems {
      candidates[system].status = .eliminated
      candidates[system].eliminatedAfter = candidates[system].runs.count
      candidates[system].isUnfit = true
    }
  }

  private var alive: [Int] { candidates.indices.filter { candidates[$0].status != .eliminated } }
}

extension TuningState {
  /// How far it is.
  var progress: TuneProgress {
    var progress = TuneProgress(
      replications: candidates.map(\.runs.count).max() ?? 0, alive: alive.count, candidates: candidates.count,
      runs: candidates.reduce(0) { $0 + $1.runs.count }, events: events)
    switch phase {
    case .searching, .piloting: progress.atMost = settings.pilot
    case .selecting(let procedure): progress.atMost = min(procedure.replicationsAtMost, settings.maxReplications)
    case .allocating: progress.budget = settings.budget
    case .over: progress.isOver = true
    }
    if case .searching = phase { progress.candidates = 0 }
    return progress
  }

  /// What was found, once there is nothing left to do.
  func result(_ context: RunContext) -> Tuning {
    guard case .over(let isSettled) = phase else { preconditionFailure("the tuning is not over") }
    var candidates = candidates
    let chosen = choice
    candidates[chosen].status = .chosen
    return Tuning(
      context: context, objective: settings.objective,
      method: settings.budget.map { .budget($0) } ?? .confidence(settings.confidence), indifference: indifference,
      candidates: candidates, chosen: chosen, isSettled: isSettled, runs: candidates.reduce(0) { $0 + $1.runs.count }
    ).withCloseOnesAlive
  }

  /// The best; of neighbours that never differed from it the middle one, which is as far as can be from either step.
  private var choice: Int {
    let samples = candidates.map(\.values)
    let best = BudgetAllocation.best(of: samples, among: alive)
    func isLikeBest(_ index: Int) -> Bool {
      candidates.indices.contains(index) && candidates[index].status != .eliminated
        && !zip(samples[index], samples[best]).contains { $0 != $1 }
    }
    var (low, high) = (best, best)
    while isLikeBest(low - 1) { low -= 1 }
    while isLikeBest(high + 1) { high += 1 }
    return (low + high) / 2
  }
}
