import Glibc
import Network
import PromotionEngine
import Results
import RunMetrics
import Runs
import Scenarios
import Statistics

/// How far values of two settings may lie apart in a rare replication (`RareJump`).
package struct RareDelays: Sendable {
  /// In which share of the replications something happens, by the means of what is drawn.
  package struct Shares: Hashable, Sendable {
    /// A device is late, at most.
    package var late: Double
    /// Something is lost, at most.
    package var loss: Double
    /// Nothing is lost, at most.
    package var lossFree: Double

    /// Nothing happens.
    package static let none = Shares(late: 0, loss: 0, lossFree: 1)

    /// The shares for replications of two environments at once.
    func inEither(_ other: Shares) -> Shares {
      Shares(late: min(1, late + other.late), loss: min(1, loss + other.loss), lossFree: lossFree * other.lossFree)
    }
  }

  /// In seconds, by a timeout: a packet was lost that somebody waits for. Nobody knows how often.
  package let timeout: Double
  /// In seconds, by what a late device costs, whose first request was lost, or the answer.
  ///
  /// The device asks again a timeout later, and has missed what the group was sent meanwhile. With one threshold it fetches
  /// that by itself, and with another it waits for one more session.
  package let late: Double
  /// What follows in seconds and in bytes where any packet was lost, if the file is sent once more for that.
  package let (lossTime, lossBytes): (Double, Double)
  package let shares: Shares

  /// None.
  package static let none = RareDelays()

  init(
    timeout: Double = 0, late: Double = 0, lossTime: Double = 0, lossBytes: Double = 0, shares: Shares = .none
  ) {
    (self.timeout, self.late, self.lossTime, self.lossBytes) = (timeout, late, lossTime, lossBytes)
    self.shares = shares
  }

  /// Those of a scenario.
  package init(_ network: SimulationConfiguration) {
    timeout = network.rareDelay.seconds
    let promotes = network.strategy.promotes
    late = promotes ? timeout + network.catchingUp(timeout) : 0
    (lossTime, lossBytes) = (network.secondPass, Double(network.bytesOnWire))
    shares = Shares(
      late: promotes ? network.shareWithLateDevice : 0, loss: network.shareWithLoss, lossFree: network.shareWithoutLoss)
  }

  /// Those of the points of a sweep, which are compared. Points that cannot be read have none.
  package init(_ points: SweepPoints) {
    self.init(largestOf: (0..<points.count).compactMap { try? RareDelays(points.read($0).network) })
  }

  /// Of each the larger one, for settings that are compared; 0 of none.
  package init(largestOf all: [RareDelays]) {
    func largest(_ value: (RareDelays) -> Double) -> Double { all.map(value).max() ?? 0 }
    timeout = largest(\.timeout)
    late = largest(\.late)
    (lossTime, lossBytes) = (largest(\.lossTime), largest(\.lossBytes))
    shares = Shares(
      late: largest(\.shares.late), loss: largest(\.shares.loss), lossFree: largest(\.shares.lossFree))
  }

  /// How far a metric may jump.
  ///
  /// - Parameter countsLate: whether late devices are reckoned with.
  package func jump(of metric: Metric, countsLate: Bool = true) -> RareJump {
    func jump(_ size: Double, late: Double, loss: Double) -> RareJump {
      RareJump(
        size: size, late: RareJump.Known(size: late, share: shares.late),
        loss: RareJump.Known(size: loss, share: shares.loss), lossFree: shares.lossFree)
    }
    return switch metric.unit {
    case .seconds: jump(timeout, late: countsLate ? late : 0, loss: lossTime)
    case .bytes: jump(0, late: 0, loss: lossBytes)
    default: .none
    }
  }
}

extension ResultsFolder {
  /// Those of its scenario, or of its points.
  package func rareDelays() throws(ResultsFolderError) -> RareDelays { RareDelays(SweepPoints(of: try scenario())) }
}

extension SimulationConfiguration {
  /// How long the slowest device takes to fetch what the fastest session sends in so many seconds, at most the whole file.
  fileprivate func catchingUp(_ seconds: Double) -> Double {
    let (session, own) = (blocksOfAWindow, parameters.promotion.smartWindow)
    let pace = (rounds(of: session).min() ?? 1) / Double(session)
    let missed = min(Double(file.blocks), seconds / pace)
    return missed * (rounds(of: own).max() ?? 0) / Double(own)
  }

  /// The bytes of the file's DATA on the wire, in full blocks.
  fileprivate var bytesOnWire: UInt64 {
    UInt64(file.blocks) * Framing(mtu: network.mtu).bytes(ofPayload: fullPayload)
  }

  /// What it takes to send the whole file once more, in seconds, where that is what a loss leads to: a carousel goes round, and
  /// MTFTP knows no blocks that are missing.
  fileprivate var secondPass: Double {
    switch strategy {
    case .carousel: Double(bytesOnWire) * 8 / Double(pace)
    case .promotion where parameters.mode == .rfc2090, .rfc2090, .unicast, .slices, .nack, .nackFEC, .wds: 0
    case .promotion, .pxeMTFTP:
      longestDelay.seconds + parameters.groupTimeout.seconds + parameters.reopenDelay.seconds
        + Double(file.blocks) * (rounds(of: 1).max() ?? 0)
    }
  }

  /// In which share of the replications a first request, or its answer, is lost, by the means of what is drawn; 1 where that
  /// is not known.
  fileprivate var shareWithLateDevice: Double {
    let queues = [network.uplinkQueue] + network.segments.map(\.queue) + network.cohorts.map { $0.link?.queue }
    let shared = [network.sharedLoss] + network.segments.map(\.loss)
    guard queues.allSatisfy({ $0 == nil }), shared.allSatisfy({ $0 == .none }) else { return 1 }
    let passing = network.cohorts.reduce(1.0) { share, cohort in
      let losses = [cohort.upLoss, cohort.downLoss]
      guard losses.allSatisfy(\.isByChance) else { return 0 }
      return share * losses.reduce(1) { $0 * pow(1 - $1.expectedShare, Double(cohort.count)) }
    }
    return Self.share(missing: passing)
  }

  /// In which share of the replications chance takes a packet on its way down, at most, by the means of what is drawn. What
  /// a file or a list says is no chance, and neither is a full queue.
  ///
  /// Without a loss a device is sent the file once, or twice if it joins in the middle, and some packets about that.
  fileprivate var shareWithLoss: Double {
    let packets = 2 * Double(file.blocks) + 20
    let own = network.cohorts.flatMap { cohort in
      [cohort.downLoss, cohort.upLoss].map { ($0, packets * Double(cohort.count)) }
    }
    let shared = ([network.sharedLoss] + network.segments.map(\.loss)).map { ($0, packets) }
    let passing = (own + shared).reduce(1.0) { passing, next in
      next.0.isByChance ? passing * pow(1 - next.0.expectedShare, next.1) : passing
    }
    return Self.share(missing: passing)
  }

  /// In which share of the replications nothing is lost on the way down, at most: each device is sent the file once.
  fileprivate var shareWithoutLoss: Double {
    let blocks = Double(file.blocks)
    let own = network.cohorts.map { (loss: $0.downLoss, packets: blocks * Double($0.count)) }
    let shared = ([network.sharedLoss] + network.segments.map(\.loss)).map { (loss: $0, packets: blocks) }
    let spacing = secondsForAPacket
    let passing = (own + shared).reduce(1.0) { passing, next in
      next.loss.isByChance ? passing * pow(1 - next.loss.expectedBursts(spacing: spacing), next.packets) : passing
    }
    return (passing * 1e9).rounded(.up) / 1e9
  }

  /// The least time from one packet of the file to the next, in seconds.
  private var secondsForAPacket: Double {
    strategy.hasWindows
      ? (rounds(of: blocksOfAWindow).min() ?? 1) / Double(blocksOfAWindow)
      : Double(bytesOnWire) * 8 / Double(pace) / Double(file.blocks)
  }

  /// `pow` may differ in its last bit between processors.
  private static func share(missing: Double) -> Double { ((1 - missing) * 1e9).rounded(.up) / 1e9 }
}

extension LossModel {
  /// Whether packets are lost by chance, and not as a trace or a list says.
  fileprivate var isByChance: Bool {
    switch self {
    case .trace, .outages(.list): false
    case .anyOf(let models): models.allSatisfy(\.isByChance)
    case .none, .bernoulli, .gilbertElliott, .gilbertElliottInTime, .bursts, .runs, .outages(.recurring): true
    }
  }
}
