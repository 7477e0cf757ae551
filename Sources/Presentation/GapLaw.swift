import Network
import RandomStreams
import Statistics

/// What the loss models of a scenario predict of the gaps at first checks.
///
/// It is the law of one pass: every block is sent once to each device that checked itself. Blocks that are repeated, late
/// joins, full queues and buffers make the difference between it and what was seen.
enum GapLaw {
  /// Why there is no law, as the picture says it.
  struct Unknown: Error, Hashable {
    let reason: String
  }

  /// A model on the way of a device, and at which ports packets come to it.
  struct Place: Sendable {
    var model: LossModel
    var pace = Pace()
  }

  /// A model as a law of gaps.
  private enum Law {
    case chains([PacedChain])
    case runs(RunsLaw)
    case trace(LossTrace)
  }

  /// Draws of the parameters of a model whose devices draw them.
  private static let draws = 200
  /// The most blocks of a window × states².
  private static let mostWork = 100_000

  /// How many gaps of 1, 2, … blocks are to be expected at the first checks of a replication, up to `longest`.
  static func gaps(of data: RunData, upTo longest: Int) throws(Unknown) -> [Double] {
    if data.folder.isLive { throw Unknown(reason: "nobody knows what real wires lose") }
    guard let configuration = data.configuration, !data.network.cohorts.isEmpty else {
      throw Unknown(reason: "this program cannot read the scenario")
    }
    var sum = [Double](repeating: 0, count: longest)
    for (index, name) in data.cohorts.enumerated() {
      let checked = data.devices.count { $0.cohort == index && $0.gapBytes != nil }
      guard checked > 0 else { continue }
      guard let cohort = data.network.cohorts.first(where: { $0.name == name }) else {
        throw Unknown(reason: "the scenario has other cohorts")
      }
      let gaps = try gaps(
        of: places(of: cohort, in: configuration), devices: cohort.count, frames: configuration.framesOfBlock,
        window: configuration.blocksOfAWindow, blocks: data.blocks, upTo: longest)
      let devices = Double(checked) / Double(data.replications)
      for (length, count) in gaps.enumerated() { sum[length] += count * devices }
    }
    guard sum.contains(where: { $0 > 0 }) else { throw Unknown(reason: "no loss model takes anything") }
    return sum
  }

  /// The gaps of one device behind these models in a row.
  static func gaps(
    of places: [Place], devices: Int = 1, frames: Int = 1, window: Int = 1, blocks: Int, upTo longest: Int
  ) throws(Unknown) -> [Double] {
    let places = places.flatMap { place in place.model.members.map { Place(model: $0, pace: place.pace) } }
      .filter { $0.model != .none }
    let isDrawn = places.contains { $0.model.hasDrawnParameters }
    var parameters = RandomStream(StreamKey(seed: 1, replication: 1, device: 0, purpose: .downLossParameters))
    var sum: [Double] = []
    for _ in 0..<(isDrawn ? draws : 1) {
      let gaps: [Double]
      switch try law(of: places, &parameters) {
      case .chains(let chains):
        guard window << (2 * chains.count) <= mostWork || !places.contains(where: \.model.goesByTime) else {
          throw Unknown(reason: "too large windows for loss by time")
        }
        gaps = GapExpectation(chains, frames: frames, window: window).gaps(in: blocks, upTo: longest)
      case .runs(let runs):
        if frames > 1 { throw Unknown(reason: "runs of frames say little of blocks in \(frames) frames") }
        gaps = runs.gaps(in: blocks, upTo: longest)
      case .trace(let trace):
        gaps = trace.gaps(in: blocks, upTo: longest, framesOfBlock: frames, devices: devices)
      }
      if sum.count < gaps.count { sum += [Double](repeating: 0, count: gaps.count - sum.count) }
      for (length, count) in gaps.enumerated() { sum[length] += count }
    }
    return sum.map { $0 / Double(isDrawn ? draws : 1) }
  }

  private static func law(of places: [Place], _ parameters: inout RandomStream) throws(Unknown) -> Law {
    var chains: [PacedChain] = []
    for place in places {
      switch place.model {
      case .runs(let good, let lost):
        guard places.count == 1 else { throw Unknown(reason: "runs beside other losses have none") }
        guard let good = good.law, let lost = lost.law else {
          throw Unknown(reason: "runs with these lengths have none")
        }
        return .runs(RunsLaw(received: good, lost: lost))
      case .trace(let trace):
        guard places.count == 1 else { throw Unknown(reason: "a trace beside other losses has none") }
        return .trace(trace)
      case .outages: throw Unknown(reason: "outages come by the clock, not by chance")
      default: chains.append(PacedChain(chain(of: place.model, &parameters), place.pace))
      }
    }
    guard chains.count <= 8 else { throw Unknown(reason: "too many losses in a row") }
    return .chains(chains)
  }

  /// A model with a state; one that loses nothing of any other.
  private static func chain(of model: LossModel, _ parameters: inout RandomStream) -> any HiddenChain {
    switch model {
    case .bernoulli(let p): return single(p.value(&parameters))
    case .gilbertElliott(let p, let r, let k, let h):
      let steps = (p: p.value(&parameters), r: r.value(&parameters))
      let (passGood, passBad) = (k.value(&parameters), h.value(&parameters))
      return ChainByPackets(p: steps.p, r: steps.r, lossInGood: 1 - passGood, lossInBad: 1 - passBad)
    case .gilbertElliottInTime(let good, let bad, let lossInGood, let lossInBad):
      let means = (good: good.stay(&parameters), bad: bad.stay(&parameters))
      let loss = (good: lossInGood.value(&parameters), bad: lossInBad.value(&parameters))
      return ChainInTime(good: means.good, bad: means.bad, lossInGood: loss.good, lossInBad: loss.bad)
    case .bursts(let loss, let length):
      let share = loss.value(&parameters)
      guard share > 0, share < 1 else { return single(min(max(share, 0), 1)) }
      switch length {
      case .packets(let packets):
        return ChainByPackets(p: min(1, share / (1 - share) / packets), r: 1 / packets, lossInGood: 0, lossInBad: 1)
      case .time(let time):
        let bad = time.stay(&parameters)
        return ChainInTime(good: bad * (1 - share) / share, bad: bad, lossInGood: 0, lossInBad: 1)
      }
    case .none, .runs, .outages, .trace, .anyOf: return single(0)
    }
  }

  private static func single(_ loss: Double) -> ChainByPackets {
    ChainByPackets(p: 0, r: 1, lossInGood: loss, lossInBad: loss)
  }
}

extension LossModel {
  /// The models of a list, or itself.
  fileprivate var members: [LossModel] {
    if case .anyOf(let models) = self { models.flatMap(\.members) } else { [self] }
  }

  /// Whether what becomes of a packet depends on its time (N13).
  var goesByTime: Bool {
    switch self {
    case .gilbertElliottInTime, .bursts(_, .time), .outages: true
    case .anyOf(let models): models.contains(where: \.goesByTime)
    case .none, .bernoulli, .gilbertElliott, .bursts, .runs, .trace: false
    }
  }

  fileprivate var hasDrawnParameters: Bool {
    switch self {
    case .bernoulli(let p): p.isDrawn
    case .gilbertElliott(let p, let r, let k, let h): [p, r, k, h].contains(where: \.isDrawn)
    case .gilbertElliottInTime(let good, let bad, let lossInGood, let lossInBad):
      [good, bad].contains(where: \.isDrawn) || [lossInGood, lossInBad].contains(where: \.isDrawn)
    case .bursts(let loss, .time(let time)): loss.isDrawn || time.isDrawn
    case .bursts(let loss, .packets): loss.isDrawn
    case .none, .runs, .outages, .trace, .anyOf: false
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

extension TimeModel {
  fileprivate var isDrawn: Bool { if case .drawn = self { true } else { false } }

  /// A mean stay in seconds. The shortest is that of a run.
  fileprivate func stay(_ stream: inout RandomStream) -> Double {
    let stay =
      switch self {
      case .constant(let time): time
      case .drawn(let distribution): distribution.drawNanoseconds(from: &stream)
      }
    return max(stay.seconds, 1e-5)
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
