import Network
import RandomStreams

extension LossModel {
  /// The share of packets that is lost in the long run, by the means of what is drawn.
  package var expectedShare: Double {
    let share =
      switch self {
      case .none, .trace, .outages(.list): 0.0
      case .outages(.recurring(let every, let lasting, _)): lasting.expected / max(every.expected, 1e-9)
      case .bernoulli(let p): p.expected
      case .gilbertElliott(let p, let r, let k, let h):
        (r.expected * (1 - k.expected) + p.expected * (1 - h.expected)) / max(p.expected + r.expected, 1e-9)
      case .gilbertElliottInTime(let good, let bad, let lossInGood, let lossInBad):
        (good.expected * lossInGood.expected + bad.expected * lossInBad.expected)
          / max(good.expected + bad.expected, 1e-9)
      case .bursts(let loss, _): loss.expected
      case .anyOf(let models): 1 - models.reduce(1) { $0 * (1 - $1.expectedShare) }
      case .runs(let good, let lost): lost.expected / max(good.expected + lost.expected, 1)
      }
    return share.isFinite ? min(max(share, 0), 1) : 1
  }
}

extension LossModel {
  /// How many bursts of losses begin for each packet, at least, by the means of what is drawn.
  ///
  /// - Parameter spacing: the time from one packet to the next, in seconds.
  package func expectedBursts(spacing: Double) -> Double {
    func share(ofStay stay: Double) -> Double { min(1, spacing / max(stay, 1e-9)) }
    let bursts =
      switch self {
      case .none, .trace, .outages(.list): 0.0
      case .bernoulli(let p): p.expected
      case .gilbertElliott(_, let r, _, _): expectedShare * r.expected
      case .gilbertElliottInTime(_, let bad, _, _): expectedShare * share(ofStay: bad.expected)
      case .bursts(_, .time(let stay)): expectedShare * share(ofStay: stay.expected)
      case .bursts(_, .packets(let count)): expectedShare / max(count, 1)
      case .outages(.recurring(_, let lasting, _)): expectedShare * share(ofStay: lasting.expected)
      case .runs(_, let lost): expectedShare / max(lost.expected, 1)
      case .anyOf(let models): models.map { $0.expectedBursts(spacing: spacing) }.max() ?? 0
      }
    return bursts.isFinite ? min(max(bursts, 0), 1) : 0
  }
}

extension ProbabilityModel {
  fileprivate var expected: Double {
    switch self {
    case .constant(let probability): probability
    case .drawn(let distribution): min(max(distribution.mean, 0), 1)
    }
  }
}

extension TimeModel {
  fileprivate var expected: Double {
    switch self {
    case .constant(let time): time.seconds
    case .drawn(let distribution): distribution.mean
    }
  }
}

extension CountModel {
  fileprivate var expected: Double {
    switch self {
    case .constant(let count): Double(count)
    case .drawn(let distribution): distribution.mean
    }
  }
}
