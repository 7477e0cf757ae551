import Glibc

/// Decides whether the mean of a sequence is below or above 0, as soon as that is safe.
///
/// It is the comparison of S.-H. Kim and B. L. Nelson, "A fully sequential procedure for indifference-zone selection in
/// simulation" (KN), ACM TOMACS 11(3), 2001, which D. Batur and S.-H. Kim, "Finding feasible systems in the presence of
/// constraints on multiple performance measures", ACM TOMACS 20(3), 2010, use for a constraint in the same way. With slack δ,
/// normal values and a probability of error β:
///
/// - it goes on while |Σ| ≤ W(r) = max(0, h² S² / (2δ) − r δ / 2), Σ the sum of the r values so far; so it ends when
///   r exceeds h² S² / δ² at the latest, with the sign of Σ;
/// - h² = 2 η (n − 1) and η = ½ ((2β)^(−2 / (n − 1)) − 1), for a variance S² of n values. Then a mean of −δ or less is taken for
///   one above 0 with a probability of β at most.
///
/// S² is computed anew at 10, 20, 40 … values, with the h² for that number (S.-H. Kim and B. L. Nelson, "On the
/// asymptotic validity of fully sequential selection procedures for steady-state simulation" (KN++), Operations
/// Research 54(3), 2006): the factor for ten values is more than twice that for many. Three things are not theirs. Each
/// makes it stop later, or takes its share of β into account:
///
/// - Between two such points a variance that has grown counts at once. Ten equal runs do not make the next difference
///   certain.
/// - Counts of rare events have a least variance, see ``Plan/leastVariance``.
/// - W is made for means near δ. Student's t sees a mean that is many times δ away much sooner. It is tested after 5,
///   10, 20, 40 … values, and β is shared among W and these tests.
package struct SequentialTest: Sendable {
  /// What is known of the mean.
  package enum Verdict: Hashable, Sendable {
    case open
    case below
    case above
  }

  /// What tests have in common.
  package struct Plan: Sendable {
    /// The number of values before the first decision by W, and before S² is first computed anew.
    package static let firstStage = 10
    /// Values after which Student's t is asked first.
    package static let screening = 5
    /// The share of β that Student's t has, over all of its looks.
    private static let screeningShare = 0.4
    private static let looks = 8
    private static let updates = 20

    /// δ, above 0.
    let slack: Double
    /// The least variance that is accepted. For a count whose mean is at the wrong end of the slack, m, single events
    /// have the variance m (1 − m). Ten runs without an event do not prove that there is none.
    let leastVariance: Double
    /// What Student's t must exceed at each test.
    private let limits: [Double]
    /// h² for 10, 20, 40 … values.
    private let factors: [Double]

    /// - Parameter error: β, above 0 and below ½.
    package init(slack: Double, error: Double, leastVariance: Double = 0) {
      precondition(slack > 0 && error > 0 && error < 0.5, "\(slack), \(error)")
      self.slack = slack
      self.leastVariance = leastVariance
      limits = (0..<Self.looks).map { look in
        let share = error * Self.screeningShare / Double(Self.looks)
        return Self.roundedUp(StudentT.quantile(1 - share, degrees: (Self.screening << look) - 1))
      }
      factors = (0..<Self.updates).map {
        Self.factor(Self.firstStage << $0, error: error * (1 - Self.screeningShare))
      }
    }

    /// h² for the variance of this many values.
    package static func factor(_ count: Int, error: Double) -> Double {
      let degrees = Double(count - 1)
      // expm1 and log, because the power is near 1 for many values.
      let eta = expm1(-2 / degrees * log(2 * error)) / 2
      return roundedUp(2 * eta * degrees)
    }

    /// `log` and its like differ in their last bit between processors.
    private static func roundedUp(_ value: Double) -> Double { (value * 1e6).rounded(.up) / 1e6 }

    /// h² for a variance that was last computed when there were at most this many values.
    package func factor(at count: Int) -> Double { factors[min(Self.update(at: count), factors.count - 1)] }

    /// The last of 10, 20, 40 ….
    package static func update(at count: Int) -> Int {
      let ratio = max(1, count / firstStage)
      return Int.bitWidth - 1 - ratio.leadingZeroBitCount
    }

    /// What Student's t must exceed after this many values; nil if it is not tested there.
    package func limit(at count: Int) -> Double? {
      limits.indices.first { Self.screening << $0 == count }.map { limits[$0] }
    }
  }

  private(set) var moments = RunningMoments()
  package private(set) var verdict = Verdict.open
  private var varianceAtUpdate = 0.0

  /// The variance that counts.
  private func variance(_ plan: Plan) -> Double { max(moments.variance, varianceAtUpdate, plan.leastVariance) }

  /// Takes the next value. A decision stays.
  package mutating func take(_ value: Double, _ plan: Plan) {
    moments.add(value)
    let count = moments.count
    if count >= Plan.firstStage, count == Plan.firstStage << Plan.update(at: count) {
      varianceAtUpdate = moments.variance
    }
    guard verdict == .open else { return }
    if let limit = plan.limit(at: count) { screen(plan, limit) }
    guard verdict == .open, count >= Plan.firstStage else { return }
    let width = plan.factor(at: count) * variance(plan) / (2 * plan.slack) - Double(count) * plan.slack / 2
    decide(Double(count) * moments.mean, beyond: max(0, width))
  }

  /// Sets what is known by other means.
  mutating func overrule(_ verdict: Verdict) { self.verdict = verdict }

  /// Equal differences say nothing about how much they can vary.
  private mutating func screen(_ plan: Plan, _ limit: Double) {
    guard moments.variance > 0 else { return }
    let error = (max(moments.variance, plan.leastVariance) / Double(moments.count)).squareRoot()
    decide(moments.mean, beyond: limit * error)
  }

  private mutating func decide(_ value: Double, beyond width: Double) {
    if value > width { verdict = .above } else if value < -width { verdict = .below }
  }

  /// Whether more values can decide nothing, as far as is known: they never differed from 0.
  func isLevel(_ plan: Plan) -> Bool {
    verdict == .open && moments.count >= Plan.firstStage && moments.mean == 0
      && Double(moments.count) > Double(longest(plan))
  }

  /// After how many values it ends at the latest, as far as is known now: h² S² / δ².
  package func longest(_ plan: Plan) -> Int {
    let longest = plan.factor(at: moments.count) * variance(plan) / (plan.slack * plan.slack)
    return longest < 1e9 ? Int(longest) : 1_000_000_000
  }
}
