/// Where searches for a hidden chain begin: bursts of several lengths, in which more or less is lost.
enum ChainStarts {
  /// Chains that lose about as much as the data.
  ///
  /// - Parameters:
  ///   - end: the probability that a run of loss ends with a packet.
  ///   - losesInGood, passesInBad: what is free.
  static func packets(_ data: LossData, losesInGood: Bool, passesInBad: Bool) -> [ChainByPackets] {
    scales(data).flatMap { length in
      shares(data, losesInGood: losesInGood, passesInBad: passesInBad).map { share in
        let r = min(0.95, 1 / length)
        return ChainByPackets(
          p: min(0.95, r * share.bad / (1 - share.bad)), r: r, lossInGood: share.lossInGood,
          lossInBad: share.lossInBad)
      }
    }
  }

  /// The same in time, by the mean time between packets.
  static func time(_ data: LossData, losesInGood: Bool, passesInBad: Bool) -> [ChainInTime] {
    let passed = data.sequences.reduce(0) { $0 + ($1.times.last ?? 0) - ($1.times.first ?? 0) }
    let interval = passed / Double(max(1, data.packets - data.sequences.count))
    return scales(data).flatMap { length in
      shares(data, losesInGood: losesInGood, passesInBad: passesInBad).map { share in
        let bad = length * interval
        return ChainInTime(
          good: bad * (1 - share.bad) / share.bad, bad: bad, lossInGood: share.lossInGood, lossInBad: share.lossInBad)
      }
    }
  }

  /// Lengths of bursts in packets: as the runs of loss are, and longer.
  private static func scales(_ data: LossData) -> [Double] {
    let run = Double(data.lost) / Double(max(1, data.lostRuns))
    return [1, 3, 10, 40, 200].map { run * $0 }
  }

  private typealias Shares = (bad: Double, lossInGood: Double, lossInBad: Double)

  private static func shares(_ data: LossData, losesInGood: Bool, passesInBad: Bool) -> [Shares] {
    let loss = min(max(data.lossShare, 1e-6), 0.95)
    // More is lost in bad than on the whole.
    let inBad = passesInBad ? [0.9, 0.5, 0.2].map { $0 > 1.05 * loss ? $0 : (1 + loss) / 2 } : [1]
    let inGood = losesInGood ? [loss / 2, loss / 20] : [0]
    return inBad.flatMap { lossInBad in
      inGood.map { lossInGood in
        (min(0.98, (loss - lossInGood) / (lossInBad - lossInGood)), lossInGood, lossInBad)
      }
    }
  }
}
