// What a selection is asked, what it is told, and what it says of a system.
extension ConstrainedSelection {
  /// The outcome of one replication of a system.
  package struct Observation: Hashable, Sendable {
    /// The objective, which should be small.
    package var objective: Double
    /// Devices left behind.
    package var failings: Double
    /// One for each limit.
    package var limited: [Double]

    /// Makes the outcome of a replication.
    package init(objective: Double, failings: Double, limited: [Double]) {
      self.objective = objective
      self.failings = failings
      self.limited = limited
    }
  }

  /// A mean that may not exceed a bound.
  package struct Limit: Hashable, Sendable {
    package var bound: Double
    /// A mean of `bound − tolerance` or less must pass. A mean of `bound + tolerance` or more must not.
    package var tolerance: Double
    /// Whether it counts events. These may be rare.
    package var isCount = false
    /// How far it may jump in rare replications.
    package var jump = RareJump.none

    /// Makes a bound with its tolerance.
    package init(bound: Double, tolerance: Double, isCount: Bool = false, jump: RareJump = .none) {
      self.bound = bound
      self.tolerance = tolerance
      self.isCount = isCount
      self.jump = jump
    }

    /// The least variance that is accepted: see ``SequentialTest/Plan/leastVariance``.
    var leastVariance: Double {
      let wrong = bound + tolerance
      guard isCount, wrong > 0 else { return 0 }
      return wrong < 0.5 ? wrong * (1 - wrong) : 0.25
    }
  }

  /// The question.
  package struct Rules: Sendable {
    package var confidence: Double
    /// δ: a difference of the objective that does not matter.
    package var indifference: Double
    /// How far the objective may jump in rare replications.
    package var jump: RareJump
    /// How far it may jump at least for two systems that hardly differed so far.
    package var levelJump: Double
    /// How many more devices than the fittest system a system may leave behind, on average; nil if that does not
    /// matter.
    package var fitness: Limit?
    package var limits: [Limit] = []
    /// The most replications of a system.
    package var mostReplications: Int
    /// When the observations of all systems have cost so much, or a system has the most replications, the objectives are
    /// compared as well as these can tell; nil to go on until the indifference can be told. See ``ConstrainedSelection/margin(of:)``.
    /// Half as much again is spent where that seems to suffice to tell the indifference.
    package var effort: Double?

    /// The question.
    package init(
      confidence: Double, indifference: Double, jump: RareJump = .none, levelJump: Double = 0, fitness: Limit? = nil,
      limits: [Limit] = [], mostReplications: Int, effort: Double? = nil
    ) {
      self.confidence = confidence
      self.indifference = indifference
      self.jump = jump
      self.levelJump = levelJump
      self.fitness = fitness
      self.limits = limits
      self.mostReplications = mostReplications
      self.effort = effort
    }
  }

  /// The state of a system.
  package enum Standing: Hashable, Sendable {
    /// Nothing is decided against it.
    case open
    /// Found to meet every constraint.
    case feasible
    /// Found to miss a constraint. For the fitness, with the system that is fitter.
    case infeasible(Constraint)
  }

  /// A constraint that was missed.
  package enum Constraint: Hashable, Sendable {
    /// It leaves more devices behind than that system.
    case fitness(than: Int)
    /// A limit, by its index.
    case limit(Int)
    /// The objective, or a limited metric, has no value in that replication.
    case noValue(replication: Int)
  }
}
