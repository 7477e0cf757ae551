import Network
import Runs
import Scenarios
import Statistics
import Timebase

extension GapLaw {
  /// How the frames of a pass come to a place of the network: matters to loss that goes by time.
  ///
  /// A window comes as fast as the slowest port before the place lets it, the next one a round trip later. Who drives is
  /// not known before, so the round trip is a mean over all devices.
  struct Pace: Hashable, Sendable {
    /// From one frame of a window to the next, in seconds.
    var frameTime = 0.0
    /// From the last frame of a window to the first of the next one, in seconds.
    var pause = 0.0
  }

  /// The losses that a packet to a device of a cohort has to pass, from the uplink on.
  static func places(of cohort: Cohort, in configuration: SimulationConfiguration) -> [Place] {
    let (network, ways) = (configuration.network, NetworkWays(configuration))
    let way = ways.segments(downTo: cohort.segment)
    let rates = ways.rates(to: cohort, isUnicast: false)
    let period = configuration.periodOfWindow(ways)
    let frames = Double(configuration.blocksOfAWindow * configuration.framesOfBlock)
    func pace(behind ports: Int) -> Pace {
      let slowest = rates.prefix(ports).min() ?? network.uplinkBitsPerSecond
      let frame = configuration.frameTime(at: slowest)
      return Pace(frameTime: frame, pause: max(frame, period - (frames - 1) * frame))
    }
    return [Place(model: network.sharedLoss, pace: pace(behind: 1))]
      + way.enumerated().map { Place(model: $1.loss, pace: pace(behind: $0 + 2)) }
      + [Place(model: cohort.downLoss, pace: pace(behind: way.count + 2))]
  }
}

extension PacedChain {
  init(_ chain: any HiddenChain, _ pace: GapLaw.Pace) {
    self.init(chain, frameTime: pace.frameTime, pause: pace.pause)
  }
}

extension SimulationConfiguration {
  private var frames: Frames { Framing(mtu: network.mtu).frames(ofPayload: fullPayload) }

  /// The frames of a whole block.
  var framesOfBlock: Int { frames.count }

  /// How long a port needs for a frame, on average over those of a block.
  fileprivate func frameTime(at bitsPerSecond: UInt64) -> Double {
    Double(frames.bytes) * 8 / Double(bitsPerSecond) / Double(frames.count)
  }

  /// From the first frame of a window to that of the next one, in seconds.
  fileprivate func periodOfWindow(_ ways: NetworkWays) -> Double {
    let weighted = network.cohorts.reduce(0) { $0 + Double($1.count) * period(drivenBy: $1, ways) }
    return weighted / Double(max(1, network.deviceCount))
  }

  private func period(drivenBy cohort: Cohort, _ ways: NetworkWays) -> Double {
    let rates = ways.rates(to: cohort, isUnicast: false)
    let slowest = frameTime(at: rates.min() ?? network.uplinkBitsPerSecond)
    let sending = slowest * Double(blocksOfAWindow * framesOfBlock)
    guard strategy.hasWindows else { return sending }
    // The last frame waits at no port but the slowest, and is stored at each.
    let ports = rates.reduce(-slowest) { $0 + frameTime(at: $1) }
    let segments = ways.segments(downTo: cohort.segment)
    let latency = segments.reduce(cohort.latency.mean) { $0 + $1.latency.seconds }
    return sending + ports + 2 * latency + (cohort.turnaround + network.service).seconds
  }
}

extension NetworkConfiguration {
  /// Whether a loss on the way down goes by time (N13).
  var hasLossByTime: Bool {
    sharedLoss.goesByTime || segments.contains(where: \.loss.goesByTime)
      || cohorts.contains(where: \.downLoss.goesByTime)
  }
}

extension TimeModel {
  fileprivate var mean: Double {
    switch self {
    case .constant(let time): time.seconds
    case .drawn(let distribution): distribution.mean
    }
  }
}
