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
/// Research 54(3), 2006): the factor for ten values is more than twice that for many. Four things are not theirs. Each
/// makes it stop later, or takes its share of β into account:
///
/// - Between two such points a variance that has grown counts at once. Ten equal runs do not make the next difference
///   certain.
/// - Counts of rare events have a least variance, see ``Plan/leastVariance``.
/// - Values may jump now and then, see ``RareJump``: a mean beyond δ on the other side needs jumps in a share of
///   (δ + |Σ| / r) / J of the values, J the size of a jump. That none came is less likely than β if |Σ| > J ln(1/β) − r δ.
///   Where jumps come in a share π of the values at most, they move Σ by no more than r π J. What a loss does counts as
///   long as there may have been none.
///   As long as no value was worth mentioning, J is at least a `levelJump` (``ObjectiveSpan``).
/// - W is made for means near δ. Student's t sees a mean that is many times δ away much sooner. A mean of −δ (of 0 before
///   the tenth value) is tested after 5, 6, 7, 8, 10, 12, 14, 16, 20, 28 … values (``Plan/looks``), and β is shared among W
///   and these tests. The first of them has the most, because a system that is dropped there costs least.
/// - One more look, at one of two times, says how large the mean may be: ``upperBound(_:)``. It has its share of β too.
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
    /// The numbers of values after which Student's t is asked: often at first, then twice for each doubling.
    package static let looks =
      [5, 6, 7, 8, 10, 12, 14, 16] + (0..<6).flatMap { octave in [20, 28].map { $0 << octave } }
    /// Values after which Student's t is asked first.
    package static var screening: Int { looks[0] }
    /// The shares of β that Student's t has: at its first look, at all others together, and for an upper bound.
    private static let (firstShare, laterShare, boundShare) = (0.1, 0.35, 0.05)
    private static let updates = 20

    /// δ, above 0.
    let slack: Double
    /// The least variance that is accepted. For a count whose mean is at the wrong end of the slack, m, single events
    /// have the variance m (1 − m). Ten runs without an event do not prove that there is none.
    let leastVariance: Double
    /// How far values may jump now and then.
    let jump: RareJump
    /// Whether a sum of 0 counts as below at the end: a bound is met by what equals it.
    let isMetByZero: Bool
    /// β, and ln(1/β).
    fileprivate let (error, unseenFactor): (Double, Double)
    /// What Student's t must exceed at each look.
    private let limits: [Int: Double]
    /// The error of ``SequentialTest/upperBound(_:)``.
    fileprivate let boundError: Double
    /// h² for 10, 20, 40 … values.
    private let factors: [Double]

    /// - Parameter error: β, above 0 and below ½.
    package init(
      slack: Double, error: Double, leastVariance: Double = 0, jump: RareJump = .none, isMetByZero: Bool = false
    ) {
      precondition(slack > 0 && error > 0 && error < 0.5, "\(slack), \(error)")
      self.slack = slack
      self.leastVariance = leastVariance
      self.jump = jump
      self.isMetByZero = isMetByZero
      (self.error, unseenFactor) = (error, RareJump.factor(error))
      limits = Dictionary(
        uniqueKeysWithValues: Self.looks.map { count in
          let share = count == Self.screening ? Self.firstShare : Self.laterShare / Double(Self.looks.count - 1)
          return (count, Self.roundedUp(StudentT.quantile(1 - error * share, degrees: count - 1)))
        })
      boundError = error * Self.boundShare / 2
      let rest = 1 - Self.firstShare - Self.laterShare - Self.boundShare
      factors = (0..<Self.updates).map { Self.factor(Self.firstStage << $0, error: error * rest) }
    }

    /// h² for the variance of this many values.
    package static func factor(_ count: Int, error: Double) -> Double {
      let degrees = Double(count - 1)
      // expm1 and log, because the power is near 1 for many values.
      let eta = expm1(-2 / degrees * log(2 * error)) / 2
      return roundedUp(2 * eta * degrees)
    }

    /// `log` and its like differ in their last bit between processors.
    fileprivate static func roundedUp(_ value: Double) -> Double { (value * 1e6).rounded(.up) / 1e6 }

    /// h² for a variance that was last computed when there were at most this many values.
    package func factor(at count: Int) -> Double { factors[min(Self.update(at: count), factors.count - 1)] }

    /// The last of 10, 20, 40 ….
    package static func update(at count: Int) -> Int {
      let ratio = max(1, count / firstStage)
      return Int.bitWidth - 1 - ratio.leadingZeroBitCount
    }

    /// What Student's t must exceed after this many values; nil if it is not tested there.
    package func limit(at count: Int) -> Double? { limits[count] }
  }

  fileprivate(set) var moments = RunningMoments()
  package private(set) var verdict = Verdict.open
  private var varianceAtUpdate = 0.0
  /// The least and the largest value.
  private var (least, most) = (Double.infinity, -Double.infinity)

  /// The variance that counts.
  private func variance(_ plan: Plan) -> Double { max(moments.variance, varianceAtUpdate, plan.leastVariance) }

  /// Takes the next value. A decision stays.
  ///
  /// - Parameter levelJump: how far a value may jump at least, as long as none was worth mentioning.
  package mutating func take(_ value: Double, _ plan: Plan, levelJump: Double = 0) {
    moments.add(value)
    (least, most) = (min(least, value), max(most, value))
    let count = moments.count
    if count >= Plan.firstStage, count == Plan.firstStage << Plan.update(at: count) {
      varianceAtUpdate = moments.variance
    }
    guard verdict == .open else { return }
    if let limit = plan.limit(at: count) { screen(plan, limit, levelJump: levelJump) }
    guard verdict == .open, count >= Plan.firstStage else { return }
    let width = plan.factor(at: count) * variance(plan) / (2 * plan.slack) - Double(count) * plan.slack / 2
    let beyond = max(unseenSum(plan, levelJump: levelJump), width)
    decide(Double(count) * moments.mean, beyond: beyond)
    if plan.isMetByZero, moments.mean == 0, beyond <= 0 { verdict = .below }
  }

  /// Whether it was decided that the mean is below 0, and more values say otherwise.
  var isContradicted: Bool { verdict == .below && moments.mean > 0 }

  /// Sets what is known by other means.
  mutating func overrule(_ verdict: Verdict) { self.verdict = verdict }

  /// A mean of −δ lies that much farther from what was seen: that counts from the first stage on, because few values that
  /// happen to be alike say little of how much they can vary. Equal ones say nothing.
  private mutating func screen(_ plan: Plan, _ limit: Double, levelJump: Double) {
    guard moments.variance > 0 else { return }
    let count = Double(moments.count)
    let error = (max(moments.variance, plan.leastVariance) / count).squareRoot()
    let farther = moments.count < Plan.firstStage ? 0 : plan.slack
    decide(moments.mean, beyond: max(0, limit * error - farther, unseenSum(plan, levelJump: levelJump) / count))
  }

  /// Whether no value is worth mentioning, a hundredth of δ: what they would be with a jump was never seen.
  func isLevel(_ plan: Plan) -> Bool {
    moments.count > 0 && Self.isLevel(largest: max(-least, most), slack: plan.slack)
  }

  /// Whether values are not worth mentioning, of which this is the largest.
  static func isLevel(largest: Double, slack: Double) -> Bool { largest <= slack / 100 }

  /// How far the values lie apart.
  var spread: Double { moments.count > 0 ? most - least : 0 }

  /// How far values may jump that are like these.
  private func jump(_ plan: Plan, levelJump: Double) -> RareJump {
    isLevel(plan) ? plan.jump.with(sizeOfAtLeast: levelJump) : plan.jump
  }

  /// What the sum must exceed, so that no jump that was not seen makes its sign wrong.
  private func unseenSum(_ plan: Plan, levelJump: Double) -> Double {
    let jump = jump(plan, levelJump: levelJump)
    let shift = jump.shift(among: moments.count, spread: spread, factor: plan.unseenFactor)
    return Double(moments.count) * max(0, shift - plan.slack)
  }

  /// After how many values a jump that was not seen does not matter, if the mean is so far from the other side.
  private func unseenLength(_ plan: Plan, levelJump: Double, distance: Double) -> Double {
    let jump = jump(plan, levelJump: levelJump)
    let countsLoss = jump.isLossUnseen(among: moments.count, spread: spread, error: plan.error)
    return jump.count(mean: distance, error: plan.error, countsLoss: countsLoss).map(Double.init) ?? 1e9
  }

  /// After how many values it will end, if the mean stays about what it is: where the sum meets W, for a mean nearer to 0
  /// by its standard error. h² is that of so many values.
  func expected(_ plan: Plan, levelJump: Double) -> Int {
    guard moments.count > 0 else { return 0 }
    let variance = variance(plan)
    let distance = max(0, moments.mean.magnitude - (variance / Double(moments.count)).squareRoot())
    // After so many values a jump that was not seen may be nothing.
    let unseen = unseenLength(plan, levelJump: levelJump, distance: plan.slack + moments.mean.magnitude)
    func length(_ factor: Double) -> Double {
      min(1e9, max(factor * variance / (plan.slack * (2 * distance + plan.slack)), unseen))
    }
    let first = Int(length(plan.factor(at: moments.count)))
    return Int(length(plan.factor(at: max(moments.count, first))))
  }

  /// The mean is at most this, by Student's t. It may be asked at one of two times that do not depend on the mean.
  func upperBound(_ plan: Plan, levelJump: Double) -> Double {
    guard moments.count > 1 else { return .infinity }
    let error = (max(moments.variance, plan.leastVariance) / Double(moments.count)).squareRoot()
    let quantile = Plan.roundedUp(StudentT.quantile(1 - plan.boundError, degrees: moments.count - 1))
    let unseen = jump(plan, levelJump: levelJump)
      .shift(among: moments.count, spread: spread, error: plan.boundError)
    return moments.mean + max(quantile * error, unseen)
  }

  /// The same test of the values with their signs reversed.
  var negated: SequentialTest {
    var negated = self
    negated.moments = moments.negated
    (negated.least, negated.most) = (-most, -least)
    return negated
  }

  private mutating func decide(_ value: Double, beyond width: Double) {
    if value > width { verdict = .above } else if value < -width { verdict = .below }
  }

  /// Whether more values can decide nothing, as far as is known: they were 0 for so long that a jump by `levelJump` that was
  /// not seen does not matter.
  func isEndless(_ plan: Plan, levelJump: Double) -> Bool {
    verdict == .open && moments.count >= Plan.firstStage && moments.mean == 0
      && Double(moments.count) > Double(longest(plan, levelJump: levelJump))
  }

  /// After how many values it ends at the latest, as far as is known now: h² S² / δ², or J ln(1/β) / δ.
  package func longest(_ plan: Plan, levelJump: Double = 0) -> Int {
    let longest = max(
      plan.factor(at: moments.count) * variance(plan) / (plan.slack * plan.slack),
      unseenLength(plan, levelJump: levelJump, distance: plan.slack))
    return longest < 1e9 ? Int(longest) : 1_000_000_000
  }
}
