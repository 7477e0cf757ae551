import Quantities

extension TuneProgress {
  /// How long it will take to tell the candidates apart.
  package struct Forecast: Sendable {
    /// More replications than this are worth a note.
    static let long = 100

    /// Candidates that may still be the best.
    let candidates: Int
    /// About how many replications of each it takes to tell the indifference, as far as is known now.
    let replications: Int
    /// The most that are allowed.
    let most: Int
    let indifference: Indifference
    /// The cost after which the comparison ends anyway; nil if it does not.
    let effort: Double?

    /// A note for the user, on what to expect and what to do about it.
    package var note: String {
      let close =
        "\(candidates) candidates are close: it may take some "
        + "\(HumanUnits.plural(replications, "replication")) of each to tell "
      switch indifference {
      case .affordable(let share, let seconds):
        let share = HumanUnits.roundedPercent(share)
        let seconds = HumanUnits.fixed(effort ?? seconds, decimals: 0)
        return close + "differences of \(share); the answer will say what some \(seconds) s of a core can tell, "
          + "and --indifference '\(share)' goes on for longer"
      case .absolute, .share:
        return close + "them apart"
          + (replications > most ? ", and no more than \(most) are run (--max-replications)" : "")
          + "; a larger --indifference takes less, with the square of it"
      }
    }
  }
}
