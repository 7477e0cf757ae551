import Network
import Runs

// Every threshold from one run: up to its first decision by R11 a run does not depend on its threshold, nor does it
// between two decisions. So a run can be copied before a decision, and the copies go on with thresholds on either side
// of it.
extension Simulation {
  /// The state of a run that went on as long as its thresholds agreed.
  package enum Advance: Sendable {
    /// The next event decides whether this total gap in bytes is below the threshold.
    case decision(totalGap: UInt64)
    /// The run is over.
    case ended(RunRecord)
  }

  /// Runs to the next decision on which thresholds from `lowest` to `highest` disagree, or to the end.
  ///
  /// - Parameter decided: called with the total gap of every decision on the way, that one included.
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  package mutating func run(
    whileAgree lowest: UInt64, _ highest: UInt64, decided: (UInt64) -> Void = { _ in }
  ) throws(InvariantBreach) -> Advance {
    var parting: UInt64?
    let ended = core.advance { run in
      guard let gap = run.nextDecision() else { return false }
      decided(gap)
      // A gap is detected strictly below the threshold (R11).
      guard lowest <= gap, gap < highest else { return false }
      parting = gap
      return true
    }
    if let parting { return .decision(totalGap: parting) }
    return .ended(try finish(ended ?? .complete))
  }

  /// Changes the threshold of a run under way, from the next event on.
  ///
  /// The run is then the one with that threshold from the start, if every decision so far would have been the same and
  /// ``ThresholdTree/agreeOnTheWire(_:_:in:)`` holds.
  package mutating func changeThreshold(to threshold: UInt64) {
    core.observer.threshold = threshold
    core.change { promotion, server in
      promotion.changeThreshold(to: threshold)
      server.changeThreshold(to: threshold)
    }
  }
}
