import RandomStreams

/// The lengths of whole runs with one fate: how long they are, and how often.
package struct RunLengthSample: Hashable, Sendable {
  /// Ascending by length.
  package let counts: [LengthCount]
  /// The number of runs.
  package let runs: Int

  package init(_ counts: [LengthCount]) {
    self.counts = counts
    runs = counts.reduce(0) { $0 + $1.count }
  }

  /// For each length, the share of runs that are at least as long; from the first length on, descending.
  package var shares: [(length: Int, share: Double)] {
    var rest = runs
    return counts.map { run in
      defer { rest -= run.count }
      return (run.length, Double(rest) / Double(runs))
    }
  }

  /// The length that a share of the runs does not exceed.
  package func quantile(_ share: Double) -> Int? {
    var below = 0
    for run in counts {
      below += run.count
      if Double(below) >= share * Double(runs) { return run.length }
    }
    return counts.last?.length
  }
}

extension LossData {
  /// The runs that are whole.
  package func sample(lost: Bool) -> RunLengthSample { RunLengthSample(lost ? wholeRuns.lost : wholeRuns.received) }

  /// Data drawn from a law, sequences of the same packets at the same instants, again and again.
  ///
  /// - Parameters:
  ///   - packets: how many packets are drawn in all, at least once as many as these are.
  ///   - number: which draw it is: the same number gives the same data.
  package func drawn(from law: LossLaw, packets: Int, number: UInt32) -> LossData {
    var drawn: [LossSequence] = []
    let rounds = max(1, packets / max(1, self.packets))
    var stream = RandomStream(StreamKey(seed: 0, replication: number, device: 0, purpose: .downLoss))
    for _ in 0..<rounds {
      for sequence in sequences {
        drawn.append(law.draw(packets: sequence.packets, times: sequence.times, from: &stream))
        drawn[drawn.count - 1].times = []
      }
    }
    return LossData(drawn)
  }
}
