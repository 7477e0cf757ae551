import Results
import Statistics

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
    case .surveying, .beginning: progress.atMost = settings.firstReplications(of: design)
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
  func forecast(of selection: ConstrainedSelection) -> TuneProgress.Forecast? {
    let needed = selection.replicationsNeeded
    guard needed > TuneProgress.Forecast.long, selection.contenders > 1 else { return nil }
    return TuneProgress.Forecast(
      candidates: selection.contenders, replications: needed, most: settings.maxReplications,
      indifference: settings.indifference, effort: selection.rules.effort)
  }

  /// The result, when there is nothing left to do.
  package var result: Tuning {
    precondition(answers.count == scopes.count, "the tuning is not over")
    return Tuning(
      context: RunContext(settings.scenario), objective: settings.objective, requirements: settings.requirements,
      method: settings.budget.map { .budget($0) } ?? .confidence(settings.confidence),
      design: design, answers: answers, mostReplications: settings.maxReplications,
      runs: outcomes.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } })
  }
}
