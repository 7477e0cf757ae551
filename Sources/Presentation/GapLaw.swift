import Network
import RandomStreams
import Statistics

/// What the loss models of a scenario predict of the gaps at first checks.
///
/// It is the law of one pass: every block is sent once to each device that checked itself. Blocks that are repeated, late
/// joins, full queues and buffers make the difference between it and what was seen.
enum GapLaw {
  /// A model as a law of gaps.
  private enum Law {
    case chains([ChainByPackets])
    case runs(RunsLaw)
  }

  /// Draws of the parameters of a model whose devices draw them.
  private static let draws = 200

  /// How many gaps of 1, 2, … blocks are to be expected at the first checks of a replication, up to `longest`; nil if
  /// the law of a cohort is not known.
  static func gaps(of data: RunData, upTo longest: Int) -> [Double]? {
    let network = data.network
    guard !network.cohorts.isEmpty, !data.folder.isLive, data.packetsAreFrames else { return nil }
    var sum = [Double](repeating: 0, count: longest)
    for (index, name) in data.cohorts.enumerated() {
      let checked = data.devices.count { $0.cohort == index && $0.gapBytes != nil }
      guard checked > 0 else { continue }
      guard let cohort = network.cohorts.first(where: { $0.name == name }),
        let gaps = gaps(of: models(of: cohort, in: network), blocks: data.blocks, upTo: longest)
      else { return nil }
      let devices = Double(checked) / Double(data.replications)
      for (length, count) in gaps.enumerated() { sum[length] += count * devices }
    }
    return sum.contains { $0 > 0 } ? sum : nil
  }

  /// The gaps of one device behind these models in a row; nil if their law is not known.
  static func gaps(of models: [LossModel], blocks: Int, upTo longest: Int) -> [Double]? {
    let models = models.flatMap(\.members)
    let isDrawn = models.contains(where: \.hasDrawnParameters)
    var parameters = RandomStream(StreamKey(seed: 1, replication: 1, device: 0, purpose: .downLossParameters))
    var sum: [Double] = []
    for _ in 0..<(isDrawn ? draws : 1) {
      guard let law = law(of: models, &parameters) else { return nil }
      let gaps =
        switch law {
        case .chains(let chains): GapExpectation(chains).gaps(in: blocks, upTo: longest)
        case .runs(let runs): runs.gaps(in: blocks, upTo: longest)
        }
      if sum.count < gaps.count { sum += [Double](repeating: 0, count: gaps.count - sum.count) }
      for (length, count) in gaps.enumerated() { sum[length] += count }
    }
    return sum.map { $0 / Double(isDrawn ? draws : 1) }
  }

  /// All that a packet to a device of a cohort has to pass.
  private static func models(of cohort: Cohort, in network: NetworkConfiguration) -> [LossModel] {
    var models = [cohort.downLoss, network.sharedLoss]
    var above = cohort.segment
    for _ in network.segments {
      guard let name = above, let index = network.segmentIndex(of: name) else { break }
      models.append(network.segments[index].loss)
      above = network.segments[index].parent
    }
    return models
  }

  private static func law(of models: [LossModel], _ parameters: inout RandomStream) -> Law? {
    var chains: [ChainByPackets] = []
    for model in models {
      switch model {
      case .none: continue
      case .runs(let good, let lost):
        guard models.count(where: { $0 != .none }) == 1, let good = good.law, let lost = lost.law else { return nil }
        return .runs(RunsLaw(received: good, lost: lost))
      default:
        guard let chain = chain(of: model, &parameters) else { return nil }
        chains.append(chain)
      }
    }
    return chains.count <= 8 ? .chains(chains) : nil
  }

  /// A model whose state steps with each packet; nil of any other.
  private static func chain(of model: LossModel, _ parameters: inout RandomStream) -> ChainByPackets? {
    switch model {
    case .bernoulli(let p):
      let p = p.value(&parameters)
      return ChainByPackets(p: 0, r: 1, lossInGood: p, lossInBad: p)
    case .gilbertElliott(let p, let r, let k, let h):
      let steps = (p: p.value(&parameters), r: r.value(&parameters))
      let (passGood, passBad) = (k.value(&parameters), h.value(&parameters))
      return ChainByPackets(p: steps.p, r: steps.r, lossInGood: 1 - passGood, lossInBad: 1 - passBad)
    case .bursts(let loss, .packets(let length)):
      let share = loss.value(&parameters)
      guard share > 0, share < 1 else { return ChainByPackets(p: 0, r: 1, lossInGood: share, lossInBad: share) }
      return ChainByPackets(
        p: min(1, share / (1 - share) / length), r: 1 / length, lossInGood: 0, lossInBad: 1)
    case .none, .runs, .bursts, .gilbertElliottInTime, .outages, .trace, .anyOf: return nil
    }
  }
}

extension LossModel {
  /// The models of a list, or itself.
  fileprivate var members: [LossModel] {
    if case .anyOf(let models) = self { models.flatMap(\.members) } else { [self] }
  }

  fileprivate var hasDrawnParameters: Bool {
    switch self {
    case .bernoulli(let p): p.isDrawn
    case .gilbertElliott(let p, let r, let k, let h): [p, r, k, h].contains(where: \.isDrawn)
    case .bursts(let loss, _): loss.isDrawn
    case .none, .runs, .gilbertElliottInTime, .outages, .trace, .anyOf: false
    }
  }
}

extension ProbabilityModel {
  fileprivate var isDrawn: Bool { if case .drawn = self { true } else { false } }

  fileprivate func value(_ stream: inout RandomStream) -> Double {
    switch self {
    case .constant(let value): value
    case .drawn(let distribution): distribution.drawProbability(from: &stream)
    }
  }
}

extension CountModel {
  /// The law of a run's length; nil of one that is not known, or that may be 0.
  fileprivate var law: RunLengthLaw? {
    switch self {
    case .constant(let length): length > 0 ? .constant(Int(clamping: length)) : nil
    case .drawn(.geometric(let p)): .geometric(p: p)
    case .drawn(.logarithmic(let p)): .logarithmic(p: p)
    case .drawn(.poisson(let mean)) where mean >= RunLengthLaw.leastPoissonMean: .poisson(mean: mean)
    case .drawn: nil
    }
  }
}
