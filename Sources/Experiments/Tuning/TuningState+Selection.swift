import Statistics

// What follows from the runs, without a budget.
extension TuningState {
  /// The outcome of a candidate in a replication of the scope.
  func run(_ candidate: Int, _ replication: Int) -> CandidateRun {
    let runs = environments.map { outcomes[$0][candidate][replication - 1] }
    return runs.count == 1 ? runs[0] : CandidateRun(meanOf: runs)
  }

  func observation(_ run: CandidateRun) -> ConstrainedSelection.Observation? {
    guard let objective = run.objective, !run.required.contains(nil) else { return nil }
    return ConstrainedSelection.Observation(
      objective: scale.scaled(objective), failings: run.failings, limited: run.required.compactMap(\.self))
  }

  /// Replications that a candidate has in every environment of the scope.
  func count(_ candidate: Int) -> Int { environments.map { outcomes[$0][candidate].count }.min() ?? 0 }

  mutating func beginSelection() throws {
    let all = Array(design.candidates.indices)
    let first = settings.firstReplications(of: design)
    let runs = all.map { candidate in (1...first).map { run(candidate, $0) } }
    scale = ObjectiveScale(of: runs.flatMap { $0.compactMap(\.objective) })
    indifference = scale.scaled(try self.indifference(from: runs))
    guard indifference > 0 else { throw TuneError.noIndifference }
    let jumps = runs.joined().map(\.jumps).reduce(runs[0][0].jumps) { $0.joined($1) }
    let spent = runs.reduce(0) { $0 + $1.reduce(0) { $0 + $1.cost } }
    let rules = settings.rules(
      indifference: indifference, jumps: jumps, scale: scale, shares: shares, devices: devices, spent: spent)
    if let budget = settings.budget {
      phase = .allocating(ConstrainedAllocation(systems: all.count, budget: share(of: budget), rules: rules))
    } else {
      let selection = ConstrainedSelection(systems: all.count, rules: rules)
      targets = Dictionary(uniqueKeysWithValues: all.map { ($0, selection.firstReplications) })
      phase = .selecting(selection)
    }
  }

  /// What a scope may spend of a budget, in runs of the scope. The mean over environments has as much as each of them, and
  /// what they left: a run of it is one in each.
  private func share(of budget: Int) -> Int {
    guard scope == .mean else { return budget / scopes.count }
    let spent = outcomes.joined().reduce(0) { $0 + $1.count }
    return design.candidates.indices.reduce(0) { $0 + count($1) } + (budget - spent) / environments.count
  }

  /// In which share of the replications a device is late in some environment, or something is lost.
  private var shares: RareDelays.Shares {
    let all = environments.map { environment in
      RareDelays(largestOf: design.environments[environment].networks.map { RareDelays($0.configuration) }).shares
    }
    return all.dropFirst().reduce(all[0]) { $0.inEither($1) }
  }

  var devices: Int {
    environments.flatMap { design.environments[$0].networks.map(\.context.devices) }.max() ?? 1
  }

  /// The difference that does not matter, from the first outcomes of the fittest candidates.
  func indifference(from runs: [[CandidateRun]]) throws -> Double {
    let usable = runs.filter { !$0.contains { observation($0) == nil } }
    guard !usable.isEmpty else {
      throw noValue(of: 0, in: (runs[0].firstIndex { observation($0) == nil } ?? 0) + 1)
    }
    func mean(_ runs: [CandidateRun], _ value: (CandidateRun) -> Double) -> Double {
      runs.reduce(0) { $0 + value($1) / Double(runs.count) }
    }
    let least = usable.map { mean($0, \.failings) }.min() ?? 0
    let fit = usable.filter { mean($0, \.failings) <= least + Tuner.allowance(devices) }
    return settings.indifference.value(best: fit.map { mean($0) { $0.objective ?? 0 } }.min() ?? 0)
  }

  /// Passes on the outcomes, replication by replication.
  mutating func feed(_ selection: inout ConstrainedSelection) {
    let wanting = targets.filter { !selection.isInfeasible($0.key) }
    targets = [:]
    for replication in 1...max(1, wanting.values.max() ?? 0) {
      for candidate in wanting.keys.sorted()
      where selection.count(candidate) == replication - 1 && replication <= wanting[candidate] ?? 0 {
        let run = run(candidate, replication)
        selection.take(observation(run), of: candidate, cost: run.cost)
      }
    }
  }

  mutating func follow(_ selection: inout ConstrainedSelection) throws {
    let step = selection.next()
    phase = .selecting(selection)
    switch step {
    case .run(let targets):
      self.targets = targets
      giveOut()
    case .chosen(let best): end(selection, chosen: best, certainty: .settled)
    case .fitnessOpen(let best): end(selection, chosen: best, certainty: .fitnessOpen)
    case .undecided(let best): end(selection, chosen: best, certainty: .undecided)
    case .noneFeasible:
      try expectValues(selection.standings)
      end(selection, chosen: nearest(selection), certainty: .noneFeasible)
    }
  }

  /// Throws if no candidate is left because of replications without a value, and not because of what is required.
  func expectValues(_ standings: [ConstrainedSelection.Standing]) throws {
    let lacking = standings.enumerated().compactMap { candidate, standing -> (candidate: Int, replication: Int)? in
      guard case .infeasible(.noValue(let replication)) = standing else { return nil }
      return (candidate, replication)
    }
    guard let first = lacking.first, settings.requirements.isEmpty || lacking.count == standings.count else { return }
    throw noValue(of: first.candidate, in: first.replication)
  }

  private func noValue(of candidate: Int, in replication: Int) -> TuneError {
    .noValue(
      objective: settings.objective.text, candidate: design.name(of: candidate), replication: replication,
      reason: run(candidate, replication).lack ?? "a metric of it is empty in runs.csv")
  }

  func nearest(_ selection: ConstrainedSelection) -> Int {
    let allocation = ConstrainedAllocation(systems: selection.systems, budget: 0, rules: selection.rules)
    let judged = (0..<selection.systems).filter { selection.count($0) > 0 }
    return judged.isEmpty ? 0 : allocation.best(of: selection.observations, among: judged)
  }

  mutating func end(_ selection: ConstrainedSelection, chosen best: Int, certainty: Tuning.Certainty) {
    finish(
      selection.rules, best: best, margin: selection.margin(of: best), certainty: certainty,
      doubt: selection.doubt(about: best)
    ) { selection.standings[$0] }
  }

  mutating func finish(
    _ rules: ConstrainedSelection.Rules, best: Int, margin: Double, certainty: Tuning.Certainty,
    doubt: SelectionDoubt, standing: (Int) -> ConstrainedSelection.Standing
  ) {
    let candidates = design.candidates.indices.map { candidate in
      Tuning.Candidate(
        runs: (0..<count(candidate)).map { run(candidate, $0 + 1) }, standing: standing(candidate))
    }
    answers.append(
      Tuning.Answer(
        scope: scope, candidates: candidates, best: best, scale: scale, indifference: scale.unscaled(indifference),
        margin: scale.unscaled(margin), rules: rules, certainty: certainty, doubt: doubt))
    phase = answers.count == scopes.count ? .over : .beginning
    guard answers.count < scopes.count else { return }
    replicate(settings.firstReplications(of: design))
  }
}
