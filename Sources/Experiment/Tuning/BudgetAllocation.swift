import CGSL
import RandomStreams

/// The optimal computing budget allocation of C.-H. Chen, J. Lin, E. Yücesan and S. E. Chick, "Simulation budget allocation
/// for further enhancing the efficiency of ordinal optimization", Discrete Event Dynamic Systems 10, 2000, pp. 251–270, for
/// systems under common random numbers. The best is the smallest mean.
///
/// Their argument: the probability that the best mean belongs to a system other than b is at most
/// Σ P(X̄ᵢ < X̄_b), and that sum is smallest, for a given number of runs, when no system's share of it falls faster than
/// another's. For independent systems that gives Nᵢ ∝ (σᵢ/δᵢ)². Here system i is compared with b in the same
/// replications, so σᵢ² is the variance of the paired difference (as in M. C. Fu, J.-Q. Hu, C.-H. Chen and X. Xiong,
/// "Simulation allocation for determining the best design in the presence of correlated sampling", INFORMS J. Comput.
/// 19(1), 2007), and b runs in every replication that another one has: N_b = max Nᵢ.
///
/// A δᵢ below `indifference` counts as that: no runs are spent on telling apart what need not be told apart.
struct BudgetAllocation: Sendable {
  /// All runs of all systems together.
  let budget: Int
  /// Differences of means below this one are not worth runs.
  let indifference: Double
  /// How many runs a round adds at most.
  let round: Int

  init(systems: Int, budget: Int, indifference: Double) {
    self.budget = budget
    self.indifference = indifference
    round = max(systems, budget / 20)
  }

  /// The system that is best as far as is known: of those that some other one is not better than, in the replications that
  /// both have, the first.
  static func best(of samples: [[Double]], among systems: [Int]) -> Int {
    var best = systems[0]
    // Paired comparisons need not be transitive: each system becomes the best at most once.
    var tried: Set<Int> = [best]
    while let rival = systems.map({ ($0, PairedDifferences(samples[$0], samples[best]).mean) })
      .filter({ $0.1 < 0 }).min(by: { $0.1 < $1.1 })?.0, tried.insert(rival).inserted
    {
      best = rival
    }
    return best
  }

  /// How many replications each system shall have after the next round; nil when the budget is spent or nothing varies.
  ///
  /// - Parameters:
  ///   - samples: What each system has, replication by replication.
  ///   - systems: Those that still get runs.
  func targets(samples: [[Double]], among systems: [Int]) -> [Int]? {
    let counts = samples.map(\.count)
    let spare = min(round, budget - counts.reduce(0, +))
    guard spare > 0, systems.count > 1 else { return nil }
    let weights = weights(samples: samples, among: systems)
    guard weights.contains(where: { $0 > 0 }) else { return nil }
    let shares = shares(weights, counts: counts, total: systems.reduce(spare) { $0 + counts[$1] }, among: systems)
    var targets = counts
    var left = spare
    let wanting = systems.filter { shares[$0] > Double(counts[$0]) }
      .sorted { (counts[$0] - Int(shares[$0].rounded(.up)), $0) < (counts[$1] - Int(shares[$1].rounded(.up)), $1) }
    for system in wanting where left > 0 {
      let more = min(left, Int(shares[system].rounded(.up)) - counts[system])
      targets[system] += more
      left -= more
    }
    return left < spare ? targets : nil
  }

  /// σᵢ²/δᵢ², and the largest of these for the best.
  private func weights(samples: [[Double]], among systems: [Int]) -> [Double] {
    let best = Self.best(of: samples, among: systems)
    var weights = samples.map { _ in 0.0 }
    for system in systems where system != best {
      let differences = PairedDifferences(samples[system], samples[best])
      let distance = max(differences.mean, indifference)
      weights[system] = differences.variance / (distance * distance)
    }
    weights[best] = weights.max() ?? 0
    return weights
  }

  /// The total in proportion to the weights; who has more than its share already keeps that, and the others share the rest.
  private func shares(_ weights: [Double], counts: [Int], total: Int, among systems: [Int]) -> [Double] {
    var shares = counts.map(Double.init)
    var open = systems.filter { weights[$0] > 0 }
    while !open.isEmpty {
      let fixed = systems.filter { !open.contains($0) }.reduce(0) { $0 + counts[$1] }
      let factor = Double(total - fixed) / open.reduce(0) { $0 + weights[$1] }
      let sated = open.filter { factor * weights[$0] <= Double(counts[$0]) }
      if sated.isEmpty {
        for system in open { shares[system] = factor * weights[system] }
        break
      }
      open.removeAll { sated.contains($0) }
    }
    return shares
  }

  /// A lower bound, by Bonferroni, for the probability that no system is better than the best by the indifference or more:
  /// each comparison by Student's t on the paired differences (the APCS-B of Chen et al.).
  static func probability(of best: Int, samples: [[Double]], among systems: [Int], indifference: Double) -> Double {
    GSL.prepare()
    var wrong = 0.0
    for system in systems where system != best {
      let differences = PairedDifferences(samples[system], samples[best])
      let distance = differences.mean + indifference
      guard differences.count > 1, differences.variance > 0 else {
        if distance < 0 { wrong += 1 }
        continue
      }
      let t = distance / (differences.variance / Double(differences.count)).squareRoot()
      wrong += gsl_cdf_tdist_Q(t, Double(differences.count - 1))
    }
    return max(0, 1 - wrong)
  }
}
