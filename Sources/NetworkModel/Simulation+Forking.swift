import EventSimulation
import PromotionEngine
import TFTPWire

// Every threshold from one run: up to its first decision by R11 a run does not depend on its threshold, and between two
// decisions neither. So a run can be copied before a decision, and the copies go on with thresholds on either side of it.
extension Simulation {
  /// Where a run stands that went on as long as its thresholds agreed.
  package enum Advance: Sendable {
    /// The next event decides whether this total gap in bytes is below the threshold.
    case decision(totalGap: UInt64)
    /// The run is over.
    case ended(RunRecord)
  }

  /// Runs to the next decision on which thresholds from `lowest` to `highest` part, or to the end.
  ///
  /// - Parameter decided: hears of the total gap of every decision on the way, that one included.
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  package mutating func run(
    whileAgree lowest: UInt64, _ highest: UInt64, decided: (UInt64) -> Void = { _ in }
  ) throws(InvariantBreach) -> Advance {
    var parting: UInt64?
    let ended = advance { simulation in
      guard let gap = simulation.nextDecision() else { return false }
      decided(gap)
      // A gap is detected strictly below the threshold (R11).
      guard lowest <= gap, gap < highest else { return false }
      parting = gap
      return true
    }
    if let parting { return .decision(totalGap: parting) }
    return .ended(try finish(ended ?? .complete))
  }

  /// Changes the threshold of a run under way, from the next event on.
  ///
  /// The run is the one that it would have been from the start with that threshold, if every decision so far would have been
  /// the same and ``ThresholdTree/agreeOnTheWire(_:_:in:)`` holds.
  package mutating func changeThreshold(to threshold: UInt64) {
    configuration.parameters.promotion.threshold = threshold
    wire.parameters.promotion.threshold = threshold
    for index in settings.indices { settings[index].parameters.promotion.threshold = threshold }
    server.changeThreshold(to: threshold)
  }

  /// The total gap in bytes on which the next event decides; nil when it decides nothing.
  private mutating func nextDecision() -> UInt64? {
    guard let (key, event) = queue.next else { return nil }
    switch event {
    case .reachesServer(let device, .report(let report)):
      var loss = stations[Int(device) - 1].upLoss
      return !loss.loses() && server.decidesByThreshold(on: report, from: device) ? report.totalGapBytes : nil
    case .deviceAlarm(let device) where configuration.parameters.mode == .pxeMTFTP:
      catchUp(device, before: key)
      let station = stations[Int(device) - 1]
      return station.device.gapDecidedByThreshold(at: key.time, under: settings[station.cohort])
    case .join, .leave, .deviceAlarm, .serverAlarm, .placeAlarm, .uplink, .leavesDevice, .reachesServer, .reachesDevice,
      .fansOut:
      return nil
    }
  }
}
