import RandomStreams

@testable import Statistics

/// Losses drawn from a law that is known.
struct DrawnLosses: Sendable, CustomStringConvertible {
  let kind: LossModelKind
  let law: LossLaw
  let packets: Int

  var description: String { "\(law), \(packets) packets" }

  /// Windows of eight packets back to back, as a server sends them: uneven instants.
  private func times() -> [Double] {
    (0..<packets).map { packet in
      let (window, place) = packet.quotientAndRemainder(dividingBy: 8)
      return Double(window) * 0.004 + Double(place) * 0.0001
    }
  }

  private var isInTime: Bool { if case .time = law { true } else { false } }

  func data(_ number: Int) -> LossData {
    var stream = RandomStream(
      StreamKey(seed: 16, replication: UInt32(number), device: UInt32(kind.place), purpose: .downLoss))
    return LossData([law.draw(packets: packets, times: isInTime ? times() : [], from: &stream)])
  }

  /// The true values of what ``LossEstimate/parameters`` has, in its order.
  var truth: [Double] {
    switch (kind, law) {
    case (_, .bernoulli(let p)): [p]
    case (.simpleGilbert, .packets(let chain)): [chain.p, chain.r]
    case (.gilbert, .packets(let chain)): [chain.p, chain.r, 1 - chain.lossInBad]
    case (_, .packets(let chain)): [chain.p, chain.r, 1 - chain.lossInGood, 1 - chain.lossInBad]
    case (.simpleGilbertInTime, .time(let chain)): [chain.good, chain.bad]
    case (.gilbertInTime, .time(let chain)): [chain.good, chain.bad, chain.lossInBad]
    case (_, .time(let chain)): [chain.good, chain.bad, chain.lossInGood, chain.lossInBad]
    case (_, .runs(let runs)): [runs.received, runs.lost].map(\.parameter)
    }
  }

  /// Laws that lose often enough in the given packets for estimates to be nearly normal.
  static let clear: [DrawnLosses] = [
    DrawnLosses(kind: .bernoulli, law: .bernoulli(p: 0.05), packets: 4000),
    DrawnLosses(
      kind: .simpleGilbert, law: .packets(ChainByPackets(p: 0.05, r: 0.4, lossInGood: 0, lossInBad: 1)), packets: 4000),
    DrawnLosses(
      kind: .gilbert, law: .packets(ChainByPackets(p: 0.03, r: 0.1, lossInGood: 0, lossInBad: 0.5)), packets: 5000),
    DrawnLosses(
      kind: .gilbertElliott, law: .packets(ChainByPackets(p: 0.02, r: 0.06, lossInGood: 0.02, lossInBad: 0.6)),
      packets: 8000),
    DrawnLosses(
      kind: .simpleGilbertInTime, law: .time(ChainInTime(good: 0.01, bad: 0.003, lossInGood: 0, lossInBad: 1)),
      packets: 4000),
    DrawnLosses(
      kind: .gilbertElliottInTime, law: .time(ChainInTime(good: 0.03, bad: 0.01, lossInGood: 0.01, lossInBad: 0.8)),
      packets: 6000),
    DrawnLosses(
      kind: .runs, law: .runs(RunsLaw(received: .geometric(p: 0.1), lost: .logarithmic(p: 0.85))), packets: 6000),
  ]
}

extension LossModelKind {
  fileprivate var place: Int { (LossModelKind.allCases.firstIndex(of: self) ?? 0) + 1 }
}

extension RunLengthLaw {
  var parameter: Double {
    switch self {
    case .geometric(let p), .logarithmic(let p): p
    case .constant(let length): Double(length)
    case .poisson, .weighted: mean
    }
  }
}
