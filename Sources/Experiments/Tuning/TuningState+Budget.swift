import Statistics

// What follows from the runs, with a budget.
extension TuningState {
  mutating func follow(_ allocation: ConstrainedAllocation) throws {
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
    if let more = allocation.targets(samples: samples, among: judged) {
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
    if certainty == .noneFeasible { try expectValues(standings) }
    let doubt = allocation.doubt(about: best, samples: samples, among: judged)
    finish(allocation.rules, best: best, margin: indifference, certainty: certainty, doubt: doubt) { standings[$0] }
  }
}
