import Glibc

/// Runs of received and of lost packets in turn, of independent lengths (N6).
///
/// A measured sequence begins and ends somewhere in a run. What is seen of the first run is what was left of a run under
/// way; the last one is at least as long as what is seen of it.
package struct RunsLaw: Hashable, Sendable {
  package let received: RunLengthLaw
  package let lost: RunLengthLaw

  package init(received: RunLengthLaw, lost: RunLengthLaw) { (self.received, self.lost) = (received, lost) }

  /// The share of lost packets.
  package var lossShare: Double { lost.mean / (received.mean + lost.mean) }

  func law(isLost: Bool) -> RunLengthLaw { isLost ? lost : received }

  /// The logarithm of the probability of the data.
  package func logLikelihood(of data: LossData) -> Double {
    var total = 0.0
    for isLost in [false, true] {
      let law = law(isLost: isLost)
      for run in isLost ? data.wholeRuns.lost : data.wholeRuns.received {
        total += Double(run.count) * law.logMass(run.length)
      }
    }
    for sequence in data.sequences {
      let first = law(isLost: sequence.beginsLost)
      let begins = sequence.runs.count == 1 ? first.sumOfTails(sequence.runs[0]) : first.tail(sequence.runs[0])
      total += log(begins / (received.mean + lost.mean))
      guard sequence.runs.count > 1, let last = sequence.runs.last else { continue }
      total += log(law(isLost: sequence.endsLost).tail(last))
    }
    return total
  }
}
