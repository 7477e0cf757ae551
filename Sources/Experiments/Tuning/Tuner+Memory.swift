import Results

extension Tuner {
  /// How many jobs may be in work at a time: as many as the memory allows for each candidate in each environment.
  ///
  /// - Parameter asked: the number on the command line; nil for as many as there are cores, and as the memory allows.
  /// - Throws: ``MemoryRefusal`` if one run takes too much, or if as many as asked for do; ``TuneError``.
  package func permittedJobs(asked: Int?) throws -> Int {
    let budget = MemoryBudget(scenario)
    let copies = scenario.sweep == nil ? candidates.mostCopies : 1
    guard environment != nil else { return try budget.jobs(asked: asked, for: scenario, copies: copies) }
    let design = try TuningDesign(scenario, thresholds: candidates, environment: environment)
    var jobs = asked
    for environment in design.environments {
      for (network, context) in environment.networks {
        do {
          let permitted = try budget.jobs(asked: asked, for: network, copies: copies)
          jobs = min(jobs ?? permitted, permitted)
        } catch {
          var refusal = error
          let point = Tuning.name(of: environment.values + context.varied)
          refusal.point = point.isEmpty ? nil : point
          throw refusal
        }
      }
    }
    return jobs ?? 1
  }
}
