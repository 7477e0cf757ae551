import Quantities

/// The difference that the user does not care about. The better of two thresholds that differ by less need not be
/// found.
package enum Indifference: Hashable, Sendable {
  /// In the objective's unit.
  case absolute(Double)
  /// A share of the best mean of the pilot.
  case share(Double)
  /// A share of the best mean of the pilot, or a larger difference, if that is what so many runs can tell.
  case affordable(share: Double, runs: Int)

  /// One percent, if so many runs can tell it. Some scenarios differ so much from replication to replication that they
  /// would take tens of thousands. Who wants to wait for that names the difference.
  package static let usual = Indifference.affordable(share: 0.01, runs: usualRuns)

  /// A few times the first replications of 64 candidates.
  package static let usualRuns = 2000

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
    case .affordable(let share, let runs): "\(share.shortest) of the best mean, or what \(runs) runs can tell"
    }
  }

  /// The runs after which a larger difference will do; nil if none will.
  package var effort: Int? {
    if case .affordable(_, let runs) = self { runs } else { nil }
  }

  /// The difference, given the best mean of the pilot.
  package func value(best: Double) -> Double {
    switch self {
    case .absolute(let value): value
    case .share(let share), .affordable(let share, _): share * best.magnitude
    }
  }
}
