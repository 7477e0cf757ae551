import Network
import Quantities
import Runs
import Scenarios

/// How much memory runs of a scenario take, as far as the scenario alone lets it be foreseen.
///
/// The figures for devices and losses were measured over sessions of all sizes (docs/performance.md, "Growth"). What is under
/// way is what may be at most, for it depends on when devices ask. It is the same on every machine.
package struct MemoryEstimate: Hashable, Sendable {
  /// What the program takes before it runs anything.
  private static let programBytes = 20e6
  private static let bytesOfADevice = 2000.0
  private static let bytesOfALoss = 8.0
  /// A packet under way to a device: its event, and its place in the order of events.
  private static let bytesOfAPacket = 200.0
  /// One that a device asked for alone waits for the uplink and then for its arrival, in rings that double.
  private static let bytesOfAnAskedPacket = 500.0
  /// What a device has in any case has room for so many.
  private static let packetsOfADevice = 64.0

  /// The devices with all that each has.
  package let devices: Double
  /// The gaps of devices that have missed what a whole session loses.
  package let gaps: Double
  /// The packets of large windows.
  package let underWay: Double
  /// The samples of a timeline up to the last instant that is simulated.
  package let timeline: Double
  /// What all runs share: traces and lists.
  package let shared: Double

  /// What a network takes.
  package init(_ network: SimulationConfiguration) {
    let shared = network.sharedLoss.expectedShare
    let blocks = Double(network.file.blocks)
    let lossRates = network.cohorts.map { 1 - (1 - shared) * (1 - $0.downLoss.expectedShare) }
    let losses = zip(network.cohorts, lossRates).reduce(0.0) { sum, cohort in
      // Where more is lost than arrives, gaps are as many as what arrives.
      sum + Double(cohort.0.count) * blocks * min(cohort.1, 1 - cohort.1)
    }
    let window = Double(network.blocksOfAWindow)
    let smartWindow = network.strategy.promotes ? Double(network.parameters.promotion.smartWindow) : 0
    underWay = zip(network.cohorts, lossRates).reduce(0.0) { sum, cohort in
      let asked = min(smartWindow, blocks * cohort.1)
      let bytes = max(
        Self.bytesOfAPacket * max(0, window - Self.packetsOfADevice),
        Self.bytesOfAnAskedPacket * max(0, asked - Self.packetsOfADevice))
      return sum + Double(cohort.0.count) * bytes
    }
    devices = Self.bytesOfADevice * Double(network.deviceCount)
    gaps = Self.bytesOfALoss * losses
    let rows = network.timelineStep.map { Double(network.limits.time.count) / Double($0.count) + 1 } ?? 0
    // A sample has the bytes of each segment in an array, with a header of 32 bytes.
    let segments = network.segments.isEmpty ? 0 : 32 + 8 * Double(network.segments.count)
    timeline = rows * (Double(MemoryLayout<TimelineSample>.stride) + segments)
    self.shared = network.cohorts.reduce(0) { $0 + $1.sharedBytes } + network.sharedLoss.sharedBytes
  }

  /// The most bytes while so many runs are in work, each of them in as many copies.
  package func bytes(jobs: Int, copies: Int = 1) -> UInt64 {
    let run = devices + gaps + underWay + timeline
    return UInt64(min(Self.programBytes + shared + run * Double(jobs) * Double(copies), 1e18))
  }

  /// What takes the most, for a person who wants less of it.
  func largestPart(of network: SimulationConfiguration) -> String {
    let parts = [
      (devices, HumanUnits.plural(network.deviceCount, "device")), (gaps, "the gaps that their losses leave"),
      (underWay, "the packets of a window that may be under way to each device"),
      (timeline, "the timeline: a row each step up to limits.time"), (shared, "traces and lists"),
    ]
    return parts.max { $0.0 < $1.0 }?.1 ?? ""
  }
}

extension LossModel {
  /// The bytes of its lists.
  fileprivate var sharedBytes: Double {
    switch self {
    case .trace(let trace): trace.recordings.reduce(0) { $0 + 48 + 16 * Double($1.lost.runs.count) }
    case .outages(.list(let outages)): 16 * Double(outages.count)
    case .anyOf(let models): models.reduce(0) { $0 + $1.sharedBytes }
    case .none, .bernoulli, .gilbertElliott, .gilbertElliottInTime, .bursts, .runs, .outages(.recurring): 0
    }
  }
}

extension Cohort {
  fileprivate var sharedBytes: Double {
    let listed = if case .list(let times) = join { 8 * Double(times.count) } else { 0.0 }
    return listed + downLoss.sharedBytes + upLoss.sharedBytes
  }
}

extension CandidateChoice {
  /// How many copies of a run the forking under all candidates holds at most: one for each halving of their number.
  package var mostCopies: Int {
    let candidates =
      switch self {
      case .occurring(let count), .affordable(let count, _): count + 2
      case .listed(let thresholds): thresholds.count
      }
    return 1 + (Int.bitWidth - (max(candidates, 1) - 1).leadingZeroBitCount)
  }
}
