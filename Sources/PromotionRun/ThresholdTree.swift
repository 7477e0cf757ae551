import BlockTransfer
import Network
import PromotionEngine
import Runs

/// A broken invariant of a fork, with a threshold with which a run from the start shows it again.
package struct ForkBreach: Error, Hashable, Sendable {
  /// The threshold in bytes.
  package var threshold: UInt64
  /// What does not hold.
  package var breach: InvariantBreach
}

/// The runs of one replication under many thresholds, as a tree. The common part of thresholds is run once.
///
/// A branch is a simulation with the thresholds that have taken every decision alike so far. When a decision compares a
/// total gap with the threshold (R11), and some thresholds are above it and some are not, the branch is copied and the
/// two go on separately. Thresholds that never disagree share their leaf: exactly the record that each of them would
/// have if it were run from the start.
///
/// The threshold is also in the OACK (R2), in decimal digits, so its length takes time on the wire (N1). Thresholds of
/// different lengths differ there already, at the first answer to a device. So there is a tree for each length.
/// `pxe-mtftp` has no OACK, and one tree.
package struct ThresholdTree: Sendable {
  private struct Branch {
    var simulation: Simulation
    var thresholds: Range<Int>
  }

  private let configuration: SimulationConfiguration
  private let seed: UInt64
  private let replication: Int
  private let delivery: Delivery
  private let thresholds: [UInt64]

  /// The tree of a replication.
  ///
  /// - Parameter thresholds: ascending, in bytes.
  package init(
    _ configuration: SimulationConfiguration, seed: UInt64, replication: Int, delivery: Delivery = .byRuns,
    thresholds: [UInt64]
  ) {
    self.configuration = configuration
    self.seed = seed
    self.replication = replication
    self.delivery = delivery
    self.thresholds = thresholds
  }

  /// Runs every threshold, and passes on each leaf with the indices of its thresholds.
  ///
  /// It goes depth first, the branch with fewer thresholds first, so at most one copy for each halving of their number
  /// is in memory. `decided` is called with the total gap of every decision.
  /// - Throws: A ``ForkBreach``, or what `body` throws.
  package func forEachLeaf(
    decided: (UInt64) -> Void = { _ in }, _ body: (_ thresholds: Range<Int>, _ record: RunRecord) throws -> Void
  ) throws {
    for trunk in trunks {
      var pending = [Branch(simulation: simulation(below: thresholds[trunk.lowerBound]), thresholds: trunk)]
      while var branch = pending.popLast() {
        let lowest = thresholds[branch.thresholds.lowerBound]
        let highest = thresholds[branch.thresholds.upperBound - 1]
        switch try run(&branch.simulation, whileAgree: lowest, highest, decided: decided) {
        case .ended(let record):
          try body(branch.thresholds, record)
        case .decision(let gap):
          // Between them, because `lowest` is not above the gap and `highest` is.
          let parting = branch.thresholds.first { thresholds[$0] > gap } ?? branch.thresholds.upperBound - 1
          var above = branch
          above.thresholds = parting..<branch.thresholds.upperBound
          above.simulation.changeThreshold(to: thresholds[parting])
          branch.thresholds = branch.thresholds.lowerBound..<parting
          pending += above.thresholds.count > branch.thresholds.count ? [above, branch] : [branch, above]
        }
      }
    }
  }

  private func run(
    _ simulation: inout Simulation, whileAgree lowest: UInt64, _ highest: UInt64, decided: (UInt64) -> Void
  ) throws(ForkBreach) -> Simulation.Advance {
    do {
      return try simulation.run(whileAgree: lowest, highest, decided: decided)
    } catch {
      throw ForkBreach(threshold: lowest, breach: error)
    }
  }

  /// The thresholds that can share a beginning.
  private var trunks: [Range<Int>] {
    var trunks: [Range<Int>] = []
    for index in thresholds.indices {
      if let last = trunks.last, Self.agreeOnTheWire(thresholds[index - 1], thresholds[index], in: mode) {
        trunks[trunks.count - 1] = last.lowerBound..<index + 1
      } else {
        trunks.append(index..<index + 1)
      }
    }
    return trunks
  }

  private var mode: MulticastMode { configuration.parameters.mode }

  /// Whether packets have the same lengths under two thresholds.
  package static func agreeOnTheWire(_ left: UInt64, _ right: UInt64, in mode: MulticastMode) -> Bool {
    mode == .pxeMTFTP || String(left).utf8.count == String(right).utf8.count
  }

  private func simulation(below threshold: UInt64) -> Simulation {
    var configuration = configuration
    configuration.parameters.promotion.threshold = threshold
    return Simulation(configuration, seed: seed, replication: replication, delivery: delivery)
  }
}
