import Quantities

/// The difference that the user does not care about. The better of two thresholds that differ by less need not be
/// found.
package enum Indifference: Hashable, Sendable {
  /// In the objective's unit.
  case absolute(Double)
  /// A share of the best mean of the pilot.
  case share(Double)
  /// A share of the best mean of the pilot, or a larger difference, if that is what runs of so much cost can tell (in
  /// seconds: ``RunCost``).
  case affordable(share: Double, seconds: Double)

  /// One percent, if runs of little cost can tell it. Some scenarios differ so much from replication to replication that
  /// it would take tens of thousands. Who wants to wait for that names the difference.
  package static let usual = Indifference.affordable(share: 0.01, seconds: usualSeconds)

  /// As long as a person waits without doing something else.
  package static let usualSeconds = 6.0

  /// Reads a value in the objective's unit (`0.5 s`, `1 MiB`, a plain number for an expression without one), or a share such
  /// as `1 %`.
  package init(_ text: String, of objective: Objective) throws(CandidateError) {
    let text = text.trimmed
    if text.hasSuffix("%") {
      guard case .success(let share) = PlainNumber.real(text, percent: true), share > 0 else {
        throw CandidateError("'\(text.excerpt)' is no share above 0 %")
      }
      self = .share(share)
      return
    }
    let value = try objective.expression.quantity(text)
    guard value > 0 else { throw CandidateError("'\(text.excerpt)' is not above 0") }
    self = .absolute(value)
  }

  /// One text for each.
  package var text: String {
    switch self {
    case .absolute(let value): value.shortest
    case .share(let share): "\(share.shortest) of the best mean"
    case .affordable(let share, let seconds):
      "\(share.shortest) of the best mean, or what \(seconds.shortest) seconds of a core can tell"
    }
  }

  /// The cost of the runs after which a larger difference will do; nil if none will.
  package var effort: Double? {
    if case .affordable(_, let seconds) = self { seconds } else { nil }
  }

  /// The difference, given the best mean of the pilot.
  package func value(best: Double) -> Double {
    switch self {
    case .absolute(let value): value
    case .share(let share), .affordable(let share, _): share * best.magnitude
    }
  }
}
