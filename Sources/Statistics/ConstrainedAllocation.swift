import CGSL
import Glibc
import RandomStreams

/// The optimal computing budget allocation for constrained optimisation: L. H. Lee, N. A. Pujowidianto, L.-W. Li, C.-H. Chen and
/// C. M. Yap, "Approximate simulation budget allocation for selecting the best design in the presence of stochastic
/// constraints" (OCBA-CO), IEEE Transactions on Automatic Control 57(11), 2012, for systems under common random numbers. The
/// best is the smallest mean of the feasible ones.
///
/// Their argument: the probability of a wrong selection is at most a sum. Its terms are, for each system, the
/// probability that it looks feasible and better than the best, and the probability that the best looks infeasible. For
/// a given number of runs that sum is smallest when no term of it falls faster than another. A system is no rival for
/// one of two reasons, whichever is easier to see: its objective is worse, or it misses a constraint. So Nᵢ ∝ (σᵢ/δᵢ)²,
/// by the objective or by the constraint, whichever is less. Here system i is compared with the best one, b, in the
/// same replications. So σᵢ² is the variance of the paired difference (as in M. C. Fu, J.-Q. Hu, C.-H. Chen and X.
/// Xiong, "Simulation allocation for determining the best design in the presence of correlated sampling", INFORMS J.
/// Comput. 19(1), 2007), and b runs in every replication that another system has.
///
/// A δᵢ below the indifference, or below the tolerance of a constraint, counts as that. So no runs are spent on
/// differences that do not matter.
package struct ConstrainedAllocation: Sendable {
  package typealias Samples = [[ConstrainedSelection.Observation]]
  /// That no replication had a loss is not reckoned with if it is less likely.
  private static let unseenError = 1e-4

  /// All runs of all systems together.
  package let budget: Int
  package let rules: ConstrainedSelection.Rules
  /// How many runs a round adds at most.
  package let round: Int

  package init(systems: Int, budget: Int, rules: ConstrainedSelection.Rules) {
    self.budget = budget
    self.rules = rules
    round = max(systems, budget / 20)
  }

  /// A mean that should be negative, with the slack that does not matter.
  private struct Excess {
    var mean: Double
    var variance: Double
    var count: Int
    var slack: Double
    /// How far a value may jump in a replication that was not seen, as none was worth mentioning; 0 if some were.
    var jump = 0.0

    /// The mean in units of the slack, so that bytes and seconds can be compared.
    var tolerances: Double { mean / slack }

    /// (σ/δ)²: how many runs it takes to see its sign.
    var weight: Double {
      let distance = max(mean.magnitude, slack)
      return variance / (distance * distance)
    }

    /// The probability that the true mean is on the other side of 0 by the slack or more: Student's t.
    var doubt: Double { chance(ofDistance: mean.magnitude + slack) }

    /// The probability that the true mean is below 0 by the slack or more.
    var chanceOfLess: Double { chance(ofDistance: mean + slack) }

    private func chance(ofDistance distance: Double) -> Double {
      guard count > 1, variance > 0 else { return distance < 0 ? 1 : 0 }
      let chance = gsl_cdf_tdist_Q(distance / (variance / Double(count)).squareRoot(), Double(count - 1))
      // The probability that no jump came; see `RareJump`.
      return jump > 0 && distance > 0 ? max(chance, exp(-distance * Double(count) / jump)) : chance
    }
  }

  // MARK: - The best

  /// The best system as far as is known: among those that seem feasible, the one that no other is better than. If none
  /// seems feasible, the one that misses its constraints least.
  package func best(of samples: Samples, among systems: [Int]) -> Int {
    let excesses = systems.map { system in
      self.excesses(of: system, samples, among: systems).map(\.tolerances).max() ?? -.infinity
    }
    let feasible = zip(systems, excesses).filter { $0.1 <= 0 }.map(\.0)
    guard var best = feasible.first else { return zip(systems, excesses).min { $0.1 < $1.1 }?.0 ?? 0 }
    // Paired comparisons need not be transitive, so each system becomes the best at most once.
    var tried: Set<Int> = [best]
    while true {
      let differences = feasible.map { difference($0, best, samples).mean }
      guard let least = differences.indices.min(by: { differences[$0] < differences[$1] }), differences[least] < 0,
        tried.insert(feasible[least]).inserted
      else { return best }
      best = feasible[least]
    }
  }

  /// - Parameter levelJump: how far two systems may lie apart that hardly differed.
  private func difference(_ one: Int, _ other: Int, _ samples: Samples, levelJump: Double = 0) -> Excess {
    var moments = RunningMoments()
    var (least, most) = (Double.infinity, -Double.infinity)
    for (left, right) in zip(samples[one], samples[other]) {
      let value = left.objective - right.objective
      moments.add(value)
      (least, most) = (min(least, value), max(most, value))
    }
    let largest = max(-least, most)
    let isLevel = one != other && SequentialTest.isLevel(largest: largest, slack: rules.indifference)
    let jump = isLevel ? rules.jump.with(sizeOfAtLeast: levelJump) : rules.jump
    let leastVariance = Self.variance(jump, among: moments.count, spread: most - least)
    return Excess(
      mean: moments.mean, variance: one == other ? 0 : max(moments.variance, leastVariance), count: moments.count,
      slack: rules.indifference, jump: isLevel ? jump.size : 0)
  }

  /// What jumps would add to a variance that came in one of so many replications, or as often as they may: that none came would
  /// say nothing.
  private static func variance(_ jump: RareJump, among count: Int, spread: Double) -> Double {
    guard count > 0 else { return 0 }
    func variance(_ known: RareJump.Known) -> Double { known.size * known.size * min(known.share, 1 / Double(count)) }
    let loss = jump.isLossUnseen(among: count, spread: spread, error: Self.unseenError) ? variance(jump.loss) : 0
    return max(jump.size * jump.size / Double(count), variance(jump.late), loss)
  }

  /// How far two systems may lie apart that hardly differed.
  private func levelJump(of samples: Samples, among systems: [Int]) -> Double {
    ObjectiveSpan(rules, objectives: systems.map { samples[$0].map(\.objective) }).jump
  }

  // MARK: - Constraints

  /// By how much a system's means exceed their bounds.
  private func excesses(of system: Int, _ samples: Samples, among systems: [Int]) -> [Excess] {
    var excesses = rules.limits.indices.map { index in
      excess(samples[system].map { $0.limited[index] }, over: rules.limits[index])
    }
    if let fitness = rules.fitness, let fittest = fittest(samples, among: systems) {
      excesses.append(excess(of: system, over: fittest, by: fitness, samples))
    }
    return excesses
  }

  /// By how much more devices a system leaves behind than the fittest one, beyond what it may.
  private func excess(
    of system: Int, over fittest: Int, by limit: ConstrainedSelection.Limit, _ samples: Samples
  ) -> Excess {
    let (own, others) = (samples[system].map(\.failings), samples[fittest].map(\.failings))
    guard system != fittest, own.count != others.count else {
      return excess(system == fittest ? [] : zip(own, others).map { $0 - $1 }, over: limit)
    }
    // The replications that both have may be few, and nothing that was seen is thrown away: the two means are compared.
    let (one, other) = (RunningMoments(own), RunningMoments(others))
    let (ownCount, otherCount) = (Double(max(1, one.count)), Double(max(1, other.count)))
    return Excess(
      mean: one.mean - other.mean - limit.bound,
      variance: max(one.variance + other.variance * ownCount / otherCount, limit.leastVariance), count: one.count,
      slack: limit.tolerance)
  }

  private func excess(_ values: [Double], over limit: ConstrainedSelection.Limit) -> Excess {
    let moments = RunningMoments(values.map { $0 - limit.bound })
    guard let least = values.min(), let most = values.max() else {
      return Excess(mean: -limit.bound, variance: 0, count: 0, slack: limit.tolerance)
    }
    let unseen = Self.variance(limit.jump, among: moments.count, spread: most - least)
    return Excess(
      mean: moments.mean, variance: max(moments.variance, limit.leastVariance, unseen), count: moments.count,
      slack: limit.tolerance)
  }

  /// The constraint that a system seems to miss most; nil if it seems to meet all.
  package func missed(by system: Int, _ samples: Samples, among systems: [Int]) -> ConstrainedSelection.Constraint? {
    let excesses = excesses(of: system, samples, among: systems)
    guard let worst = excesses.indices.max(by: { excesses[$0].tolerances < excesses[$1].tolerances }),
      excesses[worst].mean > 0
    else { return nil }
    return worst < rules.limits.count ? .limit(worst) : fittest(samples, among: systems).map { .fitness(than: $0) }
  }

  private func fittest(_ samples: Samples, among systems: [Int]) -> Int? {
    systems.min { failings($0, samples) < failings($1, samples) }
  }

  private func failings(_ system: Int, _ samples: Samples) -> Double {
    samples[system].reduce(0) { $0 + $1.failings } / Double(max(1, samples[system].count))
  }

  // MARK: - The allocation

  /// How many replications each system should have after the next round; nil when the budget is spent or nothing
  /// varies.
  ///
  /// - Parameters:
  ///   - samples: What each system has, replication by replication.
  ///   - systems: Those that get runs.
  package func targets(samples: Samples, among systems: [Int]) -> [Int]? {
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

  /// σ²/δ² for the easiest way to see that a system is no rival. For the best: the largest of its comparisons and of
  /// its own constraints.
  private func weights(samples: Samples, among systems: [Int]) -> [Double] {
    let best = best(of: samples, among: systems)
    let levelJump = levelJump(of: samples, among: systems)
    var weights = samples.map { _ in 0.0 }
    var ofBest = excesses(of: best, samples, among: systems).map(\.weight).max() ?? 0
    for system in systems where system != best {
      let difference = difference(system, best, samples, levelJump: levelJump)
      let missed = excesses(of: system, samples, among: systems).filter { $0.mean > 0 }.map(\.weight).min()
      let isWorse = difference.mean >= 0
      weights[system] = isWorse ? min(difference.weight, missed ?? .infinity) : (missed ?? difference.weight)
      if missed.map({ difference.weight <= $0 && isWorse }) ?? true { ofBest = max(ofBest, difference.weight) }
    }
    weights[best] = ofBest
    // Whether the best leaves too many behind shows only beside the fittest.
    if rules.fitness != nil, let fittest = fittest(samples, among: systems), fittest != best,
      let fitness = excesses(of: best, samples, among: systems).last
    {
      weights[fittest] = max(weights[fittest], fitness.weight)
    }
    return weights
  }

  /// The total in proportion to the weights. A system that has more than its share keeps it, and the others share the
  /// rest.
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

  /// A lower bound, by Bonferroni, for the probability that the choice meets its constraints to within their tolerance,
  /// and that no other such system is better by the indifference or more (the APCS-B of Chen et al., with constraints).
  package func probability(of best: Int, samples: Samples, among systems: [Int]) -> Double {
    let wrong = doubts(of: best, samples, among: systems) + rivals(of: best, samples, among: systems)
    return max(0, 1 - wrong.reduce(0, +))
  }

  /// What is most in doubt about the choice: that nothing is better, or whether it meets what is required.
  package func doubt(about best: Int, samples: Samples, among systems: [Int]) -> SelectionDoubt {
    let doubts = doubts(of: best, samples, among: systems)
    let rivalry = rivals(of: best, samples, among: systems).reduce(0, +)
    let largest = max(rivalry, doubts.max() ?? 0)
    // What is much less hardly counts beside the largest.
    func counts(_ doubt: Double) -> Bool { doubt > 0 && doubt >= largest / 2 }
    var doubt = SelectionDoubt()
    doubt.isAboutObjective = counts(rivalry)
    doubt.limits = rules.limits.indices.filter { counts(doubts[$0]) }
    doubt.isAboutFitness = doubts.dropFirst(rules.limits.count).contains(where: counts)
    return doubt
  }

  /// The probabilities that the choice misses each limit, and the fitness, by more than the tolerance.
  private func doubts(of best: Int, _ samples: Samples, among systems: [Int]) -> [Double] {
    GSL.prepare()
    return excesses(of: best, samples, among: systems).map { $0.mean > 0 ? 1 : $0.doubt }
  }

  /// Bounds for the probabilities that each other system is better.
  private func rivals(of best: Int, _ samples: Samples, among systems: [Int]) -> [Double] {
    GSL.prepare()
    let levelJump = levelJump(of: samples, among: systems)
    return systems.filter { $0 != best }.map { system in
      let difference = difference(system, best, samples, levelJump: levelJump)
      let missed = excesses(of: system, samples, among: systems).filter { $0.mean > 0 }.map(\.doubt).min() ?? 1
      return min(missed, difference.chanceOfLess)
    }
  }
}
