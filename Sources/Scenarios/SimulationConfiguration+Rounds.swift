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

  /// The UDP payloads of the largest window that the file has, in bytes. A file that is no longer than a window ends in
  /// it, with a block that is shorter than the others.
  var payloadsOfAWindow: [UInt64] {
    var payloads = [UInt64](repeating: fullPayload, count: blocksOfAWindow)
    if blocksOfAWindow == Int(file.blocks) {
      payloads[payloads.count - 1] -= UInt64(file.blockSize - file.lastBlockBytes)
    }
    return payloads
  }

  /// The time that a full frame takes on the uplink, in seconds.
  var frame: Double {
    let bytes = min(Framing.bytes(ofPayload: fullPayload), UInt64(network.mtu) + 38)
    return Double(bytes) * 8 / Double(network.uplinkBitsPerSecond)
  }

  /// The bits of UDP payload that a port of this rate sends in a second, of full DATA.
  func payloadRate(at bitsPerSecond: UInt64) -> Double {
    Double(bitsPerSecond) * Double(fullPayload) / Double(Framing(mtu: network.mtu).bytes(ofPayload: fullPayload))
  }

  /// The time from one window to the next of a session that such a device drives, in seconds.
  func round(of cohort: Cohort, _ ways: NetworkWays) -> Double { round(of: blocksOfAWindow, to: cohort, ways) }

  /// For each cohort, the time from one window of so many blocks to the next, in seconds, if a device of it asks for each.
  package func rounds(of blocks: Int) -> [Double] {
    let ways = NetworkWays(network)
    return network.cohorts.map { round(of: blocks, to: $0, ways) }
  }

  private func round(of blocks: Int, to cohort: Cohort, _ ways: NetworkWays) -> Double {
    let frames = Framing(mtu: network.mtu).frames(ofPayload: fullPayload)
    let slowest = Double(frames.bytes) * 8 / Double(ways.slowestPort(to: cohort))
    let reading = cohort.receiver.map { Double(fullPayload) * 8 / Double($0.bitsPerSecond) } ?? 0
    // Packets wait for the slowest on the way alone. At all other ports a frame is stored once.
    let storing = ways.rates(to: cohort).reduce(reading > slowest ? 0 : -slowest / Double(frames.count)) { sum, rate in
      sum + Double(frames.bytes) * 8 / Double(rate) / Double(frames.count)
    }
    let latency = cohort.latency.mean + Double(ways.latency(to: cohort)) / 1e9
    return Double(blocks) * max(slowest, reading) + storing + 2 * latency + cohort.turnaround.seconds
      + network.service.seconds
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
