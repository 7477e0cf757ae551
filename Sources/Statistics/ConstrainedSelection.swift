/// The selection of the best of several systems under constraints: the smallest mean of an objective among the systems
/// whose other means meet their requirements. All systems have the same random numbers in a replication (common random
/// numbers).
///
/// It follows S. Andradóttir and S.-H. Kim, "Fully sequential procedures for comparing constrained systems via simulation"
/// (AK+), Naval Research Logistics 57(5), 2010, and for several constraints C. Healey, S. Andradóttir and S.-H. Kim, "Selection
/// procedures for simulations with multiple constraints under independent and correlated sampling", ACM TOMACS 24(3), 2014:
///
/// - Comparisons and checks of feasibility go on side by side. Each is a ``SequentialTest``.
/// - A system that loses a comparison is *superseded* by the winner. It is eliminated only once the winner has been
///   found feasible. If the winner is found infeasible, the system is back. Until then it gets only runs that something
///   depends on.
///
/// The promise: let b be the best of the systems that meet every constraint by its tolerance or more. If every other
/// system that does not miss a constraint by its tolerance is worse than b by the indifference or more, b is chosen
/// with a probability of at least `confidence`. This holds for normal observations, however dependent they are between
/// systems, and for such as jump now and then (``RareJump``). A system nearer than that may be chosen instead.
///
/// The permitted error is shared among all errors that may lead to another choice (Bonferroni), for k systems: one of
/// the k − 1 others beats b though it is worse, or is found feasible though it is not (if the fittest counts, by either
/// of two tests), or b is found infeasible (once for each limit, and for each system that may be fitter). That is at
/// most k − 1 errors of comparisons, and of constraints 2 (k − 1) if the fittest counts, and k for each limit. Where
/// there are constraints, the comparisons have two thirds of the error, for it is they that take most replications.
package struct ConstrainedSelection: Sendable {
  /// Two systems, the first one with the smaller index.
  private struct Pair: Sendable {
    /// The objective of the first minus that of the second.
    var objective = SequentialTest()
    /// Devices left behind by the first minus those of the second, minus the allowance; and the other way round.
    var fitness = SequentialTest()
    var reverse = SequentialTest()
    var isOverruled = false
  }

  package let rules: Rules
  package let systems: Int
  /// What each system did, replication by replication.
  package private(set) var observations: [[Observation]]
  package private(set) var standings: [Standing]
  /// What the observations of each system cost.
  private var costs: [Double]
  /// What was seen of the objective, for two systems that hardly differed so far.
  private var span: ObjectiveSpan
  /// What they may cost: ``Rules/effort``, and when that is spent, what is allowed then.
  private var allowance: Double?
  private var isAllowanceFinal = false
  private var pairs: [Pair]
  /// Devices left behind minus the allowance. A system that leaves none behind is as fit as any.
  private var alone: [SequentialTest]
  private var limits: [[SequentialTest]]
  private let objectivePlan: SequentialTest.Plan
  private let fitnessPlan: SequentialTest.Plan?
  private let limitPlans: [SequentialTest.Plan]

  package init(systems: Int, rules: Rules) {
    precondition(systems >= 1 && rules.indifference > 0)
    self.rules = rules
    self.systems = systems
    let others = Double(max(1, systems - 1))
    let checks = (rules.fitness == nil ? 0 : 2 * others) + Double(rules.limits.count) * (others + 1)
    let permitted = 1 - rules.confidence
    let compared = checks == 0 ? permitted : permitted * 2 / 3
    let error = (permitted - compared) / max(1, checks)
    objectivePlan = SequentialTest.Plan(
      slack: rules.indifference, error: compared / others, jump: rules.jump)
    fitnessPlan = rules.fitness.map { Self.plan(for: $0, error: error) }
    limitPlans = rules.limits.map { Self.plan(for: $0, error: error) }
    span = ObjectiveSpan(rules)
    observations = Array(repeating: [], count: systems)
    standings = Array(repeating: .open, count: systems)
    costs = Array(repeating: 0, count: systems)
    allowance = rules.effort
    pairs = Array(repeating: Pair(), count: systems * (systems - 1) / 2)
    alone = Array(repeating: SequentialTest(), count: systems)
    limits = Array(repeating: rules.limits.map { _ in SequentialTest() }, count: systems)
  }

  private static func plan(for limit: Limit, error: Double) -> SequentialTest.Plan {
    SequentialTest.Plan(
      slack: limit.tolerance, error: error, leastVariance: limit.leastVariance, jump: limit.jump,
      isMetByZero: true)
  }

  // MARK: - Observations

  /// How many replications a system has.
  package func count(_ system: Int) -> Int { observations[system].count }

  /// Takes the next replication of a system. Nil if it has no value; then the system cannot be judged.
  ///
  /// - Parameter cost: what it cost, in the unit of ``Rules/effort``.
  package mutating func take(_ observation: Observation?, of system: Int, cost: Double = 1) {
    costs[system] += cost
    guard let observation else {
      if !isInfeasible(system) { standings[system] = .infeasible(.noValue(replication: count(system) + 1)) }
      return
    }
    let replication = count(system)
    observations[system].append(observation)
    span.take(observation.objective, in: replication)
    for (index, plan) in limitPlans.enumerated() {
      limits[system][index].take(observation.limited[index] - rules.limits[index].bound, plan)
    }
    if let fitness = rules.fitness, let fitnessPlan {
      alone[system].take(observation.failings - fitness.bound, fitnessPlan)
    }
    for other in 0..<systems where other != system && observations[other].count > replication {
      compare(system, other, in: replication)
    }
    judge(system)
  }

  private mutating func compare(_ system: Int, _ other: Int, in replication: Int) {
    let (low, high) = (min(system, other), max(system, other))
    let (first, second) = (observations[low][replication], observations[high][replication])
    let index = Self.index(low, high)
    pairs[index].objective.take(first.objective - second.objective, objectivePlan, levelJump: span.jump)
    guard let fitness = rules.fitness, let fitnessPlan else { return }
    let more = first.failings - second.failings
    pairs[index].fitness.take(more - fitness.bound, fitnessPlan)
    pairs[index].reverse.take(-more - fitness.bound, fitnessPlan)
    if pairs[index].fitness.verdict == .above { exclude(low, .fitness(than: high)) }
    if pairs[index].reverse.verdict == .above { exclude(high, .fitness(than: low)) }
  }

  private mutating func exclude(_ system: Int, _ constraint: Constraint) {
    if !isInfeasible(system) { standings[system] = .infeasible(constraint) }
  }

  /// Checks whether the limits and the fitness of a system are decided.
  private mutating func judge(_ system: Int) {
    if let missed = limits[system].firstIndex(where: { $0.verdict == .above }) { exclude(system, .limit(missed)) }
    guard standings[system] == .open, isFeasible(system) else { return }
    standings[system] = .feasible
  }

  private func isFeasible(_ system: Int) -> Bool {
    limits[system].allSatisfy { $0.verdict == .below } && fitter(than: system).isEmpty
  }

  /// The systems that may still turn out to be fitter.
  func fitter(than system: Int) -> [Int] {
    guard rules.fitness != nil, alone[system].verdict != .below else { return [] }
    return (0..<systems).filter { other in
      guard other != system, !isInfeasible(other) else { return false }
      let pair = pairs[Self.index(min(system, other), max(system, other))]
      return (system < other ? pair.fitness : pair.reverse).verdict == .open
    }
  }

  /// Whether none of the systems that may be fitter has left fewer devices behind by more than is allowed.
  private func seemsFit(_ system: Int, beside rivals: [Int]) -> Bool {
    rivals.allSatisfy { other in
      let pair = pairs[Self.index(min(system, other), max(system, other))]
      return (system < other ? pair.fitness : pair.reverse).moments.mean <= 0
    }
  }

  package func isInfeasible(_ system: Int) -> Bool {
    if case .infeasible = standings[system] { true } else { false }
  }

  private static func index(_ low: Int, _ high: Int) -> Int { high * (high - 1) / 2 + low }
}

// MARK: - What comes next

extension ConstrainedSelection {
  /// What a selection needs next, or has found.
  package enum Step: Hashable, Sendable {
    /// Each of these systems should have this many replications.
    case run([Int: Int])
    /// Found: the best, to within ``ConstrainedSelection/margin(of:)``.
    case chosen(Int)
    /// The same, but the replications do not show whether it is as fit as it should be. It seems to be.
    case fitnessOpen(Int)
    /// The maximum of replications is reached and something is still open. This is the best as far as is known.
    case undecided(Int)
    /// Every system was found to miss a constraint.
    case noneFeasible
  }

  /// How many replications all systems get first.
  package var firstReplications: Int { min(rules.mostReplications, SequentialTest.Plan.screening) }

  /// What comes next.
  package mutating func next() -> Step {
    for system in 0..<systems { judge(system) }
    let alive = (0..<systems).filter { !isInfeasible($0) }
    guard !alive.isEmpty else { return .noneFeasible }
    extendAllowance()
    let first = Dictionary(
      uniqueKeysWithValues: alive.filter { count($0) < firstReplications }.map { ($0, firstReplications) })
    if !first.isEmpty { return .run(first) }
    let front = front(of: alive)
    // Who seems to miss a requirement is not chosen where the runs do not suffice to find out.
    let leader = (isSpent ? sorted(front.filter(seemsFeasible)).first : nil) ?? front[0]
    let open = open(in: front, for: leader)
    if !open.isEmpty {
      let step = advance(open, orElse: leader)
      // If all that is open never differed, the margin says what that shows.
      guard case .undecided = step, open.allSatisfy({ pair($0.0, $0.1).isLevel(objectivePlan) }) else { return step }
    }
    if let contradiction = contradiction(of: leader, among: alive) { return advance([contradiction], orElse: leader) }
    reopenContradicted(leader)
    guard standings[leader] != .feasible else { return .chosen(leader) }
    // Nothing but the leader's feasibility is open.
    let rivals = fitter(than: leader)
    let needsOnlyMore = rivals.isEmpty || alone[leader].moments.mean <= 0
    let step = advance(needsOnlyMore ? [(leader, leader)] : rivals.map { (leader, $0) }, orElse: leader)
    guard limits[leader].allSatisfy({ $0.verdict == .below }), seemsFit(leader, beside: rivals) else { return step }
    if case .undecided = step { return .fitnessOpen(leader) }
    return isSpent ? .fitnessOpen(leader) : step
  }

  /// Pairs of the front whose comparison is open and still to be made, where this system leads.
  private func open(in front: [Int], for leader: Int) -> [(Int, Int)] {
    isSpent ? open(in: front).filter { isBehind($0, leader) } : open(in: front)
  }

  /// Whether it is not known that this system has the best objective of those that are not infeasible.
  func isObjectiveOpen(of leader: Int) -> Bool {
    let front = front(of: (0..<systems).filter { !isInfeasible($0) })
    return open(in: front, for: leader).contains { !pair($0.0, $0.1).isLevel(objectivePlan) }
  }

  /// The limits of a system that are not decided.
  func openLimits(of system: Int) -> [Int] {
    limits[system].indices.filter { limits[system][$0].verdict == .open }
  }

  /// Whether the means of a system meet what is required.
  private func seemsFeasible(_ system: Int) -> Bool {
    limits[system].allSatisfy { $0.moments.mean <= 0 } && seemsFit(system, beside: fitter(than: system))
  }

  /// Whether the effort is spent that the comparison of objectives may take, or a system has the most replications.
  private var isSpent: Bool {
    guard let allowance else { return false }
    return costs.reduce(0, +) >= allowance || (0..<systems).contains { count($0) >= rules.mostReplications }
  }

  /// When the effort is spent, half as much again is allowed, if the objectives then seem to be told apart. The forecast
  /// is careful: mostly it takes half of that.
  private mutating func extendAllowance() {
    guard let effort = rules.effort, !isAllowanceFinal, costs.reduce(0, +) >= effort else { return }
    isAllowanceFinal = true
    let rest = lengths.reduce(0) { $0 + Double(max(0, $1.replications - count($1.system))) * cost(of: $1.system) }
    if rest <= effort { allowance = effort * 3 / 2 }
  }

  /// What a replication of a system costs.
  private func cost(of system: Int) -> Double { costs[system] / Double(max(1, count(system))) }

  /// Whether a pair is the leader and one that has far fewer replications, so that its bound would be wide.
  private func isBehind(_ pair: (Int, Int), _ leader: Int) -> Bool {
    let other = pair.0 == leader ? pair.1 : pair.0
    return (pair.0 == leader || pair.1 == leader) && 2 * count(other) <= count(leader)
  }

  /// The systems that no other is known to beat, the best first.
  private func front(of alive: [Int]) -> [Int] {
    let front = alive.filter { system in !alive.contains { isSuperior($0, to: system) } }
    // Decisions of pairs need not be transitive.
    return sorted(front.isEmpty ? alive : front)
  }

  /// By the means over the replications that they share with the first system that has the most.
  private func sorted(_ systems: [Int]) -> [Int] {
    guard var best = systems.first else { return [] }
    var tried: Set<Int> = [best]
    while let better = systems.first(where: { !tried.contains($0) && difference($0, best).mean < 0 }) {
      best = better
      tried.insert(better)
    }
    return [best] + systems.filter { $0 != best }
  }

  /// Pairs of the front whose comparison is open.
  private func open(in front: [Int]) -> [(Int, Int)] {
    var open: [(Int, Int)] = []
    for (position, high) in front.enumerated() {
      for low in front[..<position] {
        let pair = pair(low, high)
        if pair.verdict == .open, !pair.isEndless(objectivePlan, levelJump: span.jump) { open.append((low, high)) }
      }
    }
    return open
  }

  /// The system with fewer replications catches up. Then both get more.
  private func advance(_ pairs: [(Int, Int)], orElse leader: Int) -> Step {
    var targets: [Int: Int] = [:]
    for (one, other) in pairs {
      let (few, many) = count(one) <= count(other) ? (one, other) : (other, one)
      if count(few) < count(many) {
        targets[few] = max(targets[few] ?? 0, min(count(many), following(count(few))))
      } else {
        for system in [few, many] { targets[system] = max(targets[system] ?? 0, following(count(system))) }
      }
    }
    targets = targets.filter { $0.value > count($0.key) }
    return targets.isEmpty ? .undecided(leader) : .run(targets)
  }

  /// An eighth more replications, but no more than to the next look of Student's t.
  private func following(_ count: Int) -> Int {
    let look = SequentialTest.Plan.looks.first { $0 > count } ?? rules.mostReplications
    return min(rules.mostReplications, look, count + max(2, count / 8))
  }

  /// The comparison of two systems, the objective of that with the smaller index less the other's.
  private func pair(_ one: Int, _ other: Int) -> SequentialTest {
    pairs[Self.index(min(one, other), max(one, other))].objective
  }

  /// Whether it is decided which has the smaller mean.
  private func isSuperior(_ one: Int, to other: Int) -> Bool {
    guard one != other else { return false }
    let verdict = pair(one, other).verdict
    return verdict == (one < other ? .below : .above)
  }

  // MARK: - The answer is compared with what was seen

  /// A system whose differences to the leader say with 95 % confidence that it is better, though it lost, or though the
  /// effort is spent.
  ///
  /// The first time this happens to a pair, its comparison is reversed, so that the better one is in front. To reverse
  /// it again takes more runs of both.
  private mutating func contradiction(of leader: Int, among alive: [Int]) -> (Int, Int)? {
    for system in alive where system != leader && isSeenBetter(system, than: leader) {
      guard isSuperior(leader, to: system) else { return (leader, system) }
      let index = Self.index(min(system, leader), max(system, leader))
      if !pairs[index].isOverruled {
        pairs[index].isOverruled = true
        pairs[index].objective.overrule(system < leader ? .below : .above)
      }
      return (leader, system)
    }
    return nil
  }

  /// Opens again what was decided for a system, and what its means contradict since it has more replications.
  private mutating func reopenContradicted(_ leader: Int) {
    var isContradicted = false
    for index in limits[leader].indices where limits[leader][index].isContradicted {
      limits[leader][index].overrule(.open)
      isContradicted = true
    }
    if alone[leader].isContradicted { alone[leader].overrule(.open) }
    if rules.fitness != nil, alone[leader].verdict != .below {
      for other in 0..<systems where other != leader && !isInfeasible(other) {
        let index = Self.index(min(leader, other), max(leader, other))
        let test: WritableKeyPath<Pair, SequentialTest> = leader < other ? \.fitness : \.reverse
        guard pairs[index][keyPath: test].isContradicted else { continue }
        pairs[index][keyPath: test].overrule(.open)
        isContradicted = true
      }
    }
    if isContradicted, standings[leader] == .feasible { standings[leader] = .open }
  }

  /// Whether the 95 % interval of the paired difference lies below 0.
  private func isSeenBetter(_ system: Int, than other: Int) -> Bool {
    let difference = difference(system, other)
    guard difference.mean < 0,
      let interval = difference.confidenceInterval95(jump: rules.jump, spread: pair(system, other).spread)
    else { return false }
    return interval.upperBound < 0
  }

  /// The objective of one minus that of another, over the replications that both have.
  package func difference(_ one: Int, _ other: Int) -> RunningMoments {
    guard one != other else { return RunningMoments() }
    let moments = pair(one, other).moments
    return one < other ? moments : moments.negated
  }

  /// The difference that does not matter, or a larger one if the effort was spent before that could be told: no system
  /// that may still be the best is better than this one by more.
  ///
  /// When it ends depends on the effort, or half as much again, and not on which system is better, so the bounds hold with
  /// the confidence of the selection. They are like those of J. C. Hsu, "Constrained simultaneous confidence intervals for
  /// multiple comparisons with the best", Annals of Statistics 12(3), 1984: whichever system is the best, only its own
  /// differences to the others must be bounded.
  package func margin(of leader: Int) -> Double {
    let front = front(of: (0..<systems).filter { !isInfeasible($0) })
    return front.filter { $0 != leader }.reduce(rules.indifference) { margin, other in
      let test = pair(leader, other)
      guard test.verdict == .open, !test.isEndless(objectivePlan, levelJump: span.jump) else { return margin }
      return max(margin, (leader < other ? test : test.negated).upperBound(objectivePlan, levelJump: span.jump))
    }
  }

  /// How many systems may still be the best.
  package var contenders: Int { front(of: (0..<systems).filter { !isInfeasible($0) }).count }

  /// About how many replications it takes to tell the indifference, as far as is known now.
  package var replicationsNeeded: Int {
    max(lengths.map(\.replications).max() ?? 0, (0..<systems).map(count).max() ?? 0)
  }

  /// About how many replications each system of the front takes. The first one takes as many as the last of the others.
  ///
  /// A system is out when the first of those that seem better has beaten it.
  private var lengths: [(system: Int, replications: Int)] {
    let front = front(of: (0..<systems).filter { !isInfeasible($0) })
    let losers = front.dropFirst().map { loser in
      let length = front.filter { $0 != loser && ($0 == front[0] || difference($0, loser).mean < 0) }.map {
        pair($0, loser).expected(objectivePlan, levelJump: span.jump)
      }.min()
      return (system: loser, replications: length ?? 0)
    }
    return front.prefix(1).map { ($0, losers.map(\.replications).max() ?? 0) } + losers
  }

  /// The most replications of a system, as far as is known now.
  package var replicationsAtMost: Int {
    let most = min(rules.mostReplications, longest { $0.longest(objectivePlan, levelJump: span.jump) + 1 })
    guard let allowance else { return most }
    let replication = front(of: (0..<systems).filter { !isInfeasible($0) }).reduce(0) { $0 + cost(of: $1) }
    let rest = max(0, allowance - costs.reduce(0, +)) / replication
    return rest < Double(most) ? min(most, longest { _ in 0 } + Int(rest)) : most
  }

  /// The most replications that a system has, or that an open comparison takes.
  private func longest(_ length: (SequentialTest) -> Int) -> Int {
    let front = front(of: (0..<systems).filter { !isInfeasible($0) })
    let open = open(in: front).map { length(pair($0.0, $0.1)) }
    return max(open.max() ?? 0, (0..<systems).map(count).max() ?? 0)
  }
}
