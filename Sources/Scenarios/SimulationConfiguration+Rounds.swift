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
  var payloadsOfAWindow: [UInt64] { payloads(of: blocksOfAWindow, endsFile: blocksOfAWindow == Int(file.blocks)) }

  /// The UDP payloads of the largest window that a smart device asks for at once, in bytes (R14). Empty if no device is
  /// below the threshold.
  var payloadsOfASmartWindow: [UInt64] {
    let window = smartWindow
    return payloads(of: window.blocks, endsFile: window.endsFile)
  }

  /// The blocks of such a window.
  var blocksOfASmartWindow: Int { smartWindow.blocks }

  private func payloads(of blocks: Int, endsFile: Bool) -> [UInt64] {
    var payloads = [UInt64](repeating: fullPayload, count: blocks)
    if endsFile { payloads[blocks - 1] -= UInt64(file.blockSize - file.lastBlockBytes) }
    return payloads
  }

  /// The most blocks that a smart device asks for at once, and whether the file's last one, which is shorter, must be
  /// among them: a device that misses more is not promoted (R11, R12).
  private var smartWindow: (blocks: Int, endsFile: Bool) {
    let (promotion, block) = (parameters.promotion, UInt64(file.blockSize))
    guard promotion.threshold > 0, file.blocks > 0 else { return (0, false) }
    var most = UInt64(promotion.smartWindow)
    // R19 knows no limit but the threshold.
    if parameters.mode == .rfc2090, let gaps = promotion.maxGaps, let largest = promotion.maxLargestGap {
      most = min(most, UInt64(gaps) * UInt64(largest))
    }
    let full = min(most, (promotion.threshold - 1) / block, UInt64(file.blocks) - 1)
    let endsFile = full < most && full * block + UInt64(file.lastBlockBytes) < promotion.threshold
    return (Int(full) + (endsFile ? 1 : 0), endsFile)
  }

  /// Whether devices of a cohort may be smart: others drive meanwhile, and both ends speak of promotion (R11, R14).
  func promotes(devicesOf cohort: Cohort) -> Bool {
    let isAlone = cohort.count == 1 && network.cohorts.count == 1
    return strategy.promotes && speaksPromotion(with: cohort) && !isAlone && blocksOfASmartWindow > 0
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
    let ways = NetworkWays(self)
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

  /// The least time that it comes to.
  var least: Nanoseconds {
    switch self {
    case .constant(let time): time
    case .drawn(let distribution):
      Nanoseconds(Int64((min(max(distribution.support.lowerBound, 0), 1e8) * 1e9).rounded()))
    }
  }
}
