import Network
import PromotionEngine
import Runs
import Timebase

// How long a session takes without loss, for advice. Of what is drawn the means count.
extension SimulationConfiguration {
  /// The UDP payload of a full DATA, in bytes.
  package var fullPayload: UInt64 { UInt64(parameters.blockSize) + (parameters.wideBlockNumbers ? 6 : 4) }

  /// The blocks of a window, which has no more than the file. MTFTP, and strategies that send without windows, have one.
  package var blocksOfAWindow: Int {
    let hasWindows = strategy.hasWindows && strategy != .pxeMTFTP && parameters.mode != .pxeMTFTP
    return min(hasWindows ? Int(parameters.windowSize) : 1, Int(file.blocks))
  }

  /// Whether a device asks again for what does not come, and gives up after some repeats.
  var hasRepeats: Bool { strategy.isOfPromotionEngine || strategy == .unicast }

  /// The frames of a window (N12).
  var framesOfAWindow: Int {
    Framing(mtu: network.mtu).frames(ofPayload: fullPayload).count * blocksOfAWindow
  }

  /// The time that a full frame takes on the uplink, in seconds.
  var frame: Double {
    let bytes = min(Framing.bytes(ofPayload: fullPayload), UInt64(network.mtu) + 38)
    return Double(bytes) * 8 / Double(network.uplinkBitsPerSecond)
  }

  /// The time from one window to the next of a session that such a device drives, in seconds.
  func round(of cohort: Cohort, _ ways: NetworkWays) -> Double {
    let bytes = Double(Framing(mtu: network.mtu).bytes(ofPayload: fullPayload))
    var packet = bytes * 8 / Double(ways.slowestPort(to: cohort))
    if let receiver = cohort.receiver { packet = max(packet, Double(fullPayload) * 8 / Double(receiver.bitsPerSecond)) }
    let latency = cohort.latency.mean + Double(ways.latency(to: cohort)) / 1e9
    return Double(blocksOfAWindow) * packet + 2 * latency + cohort.turnaround.seconds + network.service.seconds
  }

  /// The mean time from one packet to the next.
  func pace(of cohort: Cohort, _ ways: NetworkWays) -> Double {
    round(of: cohort, ways) / Double(blocksOfAWindow)
  }
}

extension TimeModel {
  var mean: Double {
    switch self {
    case .constant(let time): time.seconds
    case .drawn(let distribution): min(max(distribution.mean, 0), 3600)
    }
  }
}
