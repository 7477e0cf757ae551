import Glibc
import Network
import PromotionEngine
import Runs
import Scenarios
import Statistics

/// How far times of two settings may lie apart in a rare replication, in seconds (`RareJump`).
package struct RareDelays: Hashable, Sendable {
  /// By a timeout: a packet was lost that somebody waits for. Nobody knows how often.
  package let timeout: Double
  /// By what a late device costs, whose first request was lost, or the answer: and the share of the replications in which
  /// there is one.
  ///
  /// The device asks again a timeout later, and has missed what the group was sent meanwhile. With one threshold it fetches
  /// that by itself, and with another it waits for one more session.
  package let late: RareJump.Late

  /// Times never jump.
  package static let none = RareDelays(timeout: 0, late: .none)

  private init(timeout: Double, late: RareJump.Late) { (self.timeout, self.late) = (timeout, late) }

  /// Those of a scenario.
  package init(_ network: SimulationConfiguration) {
    timeout = network.rareDelay.seconds
    late =
      network.strategy.promotes
      ? RareJump.Late(size: timeout + network.catchingUp(timeout), share: network.shareWithLateDevice) : .none
  }

  /// The size of a jump of unknown frequency that would mean as much to so many replications.
  package func size(among replications: Int, error: Double) -> Double {
    RareJump.size(timeout, late, among: replications, error: error)
  }
}

extension SimulationConfiguration {
  /// How long the slowest device takes to fetch what the fastest session sends in so many seconds, at most the whole file.
  fileprivate func catchingUp(_ seconds: Double) -> Double {
    let (session, own) = (blocksOfAWindow, parameters.promotion.smartWindow)
    let pace = (rounds(of: session).min() ?? 1) / Double(session)
    let missed = min(Double(file.blocks), seconds / pace)
    return missed * (rounds(of: own).max() ?? 0) / Double(own)
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
    // `pow` may differ in its last bit between processors.
    return ((1 - passing) * 1e9).rounded(.up) / 1e9
  }
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
