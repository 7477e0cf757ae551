import BlockTransfer
import TFTPWire
import Timebase

// Where a run depends on the threshold. A caller that holds a copy of the two ends can ask, before an input, whether
// R11 decides it, and so whether copies with different thresholds would differ from there on.

extension Server {
  /// Whether the threshold alone decides on a report from a device (R11, R12): the report would be accepted, misses
  /// packets, and meets every further limit.
  package func decidesByThreshold(on report: GapReport, from device: DeviceID) -> Bool {
    guard parameters.mode == .rfc2090, parameters.speaksPromotion else { return false }
    switch self[device].standing {
    case .unknown, .active, .elected, .smart: return false
    case .struckOff, .complete, .passive: return isPromotable(report, below: .max)
    }
  }

  /// Changes the threshold from now on. Earlier decisions stay.
  package mutating func changeThreshold(to threshold: UInt64) { parameters.promotion.threshold = threshold }
}

extension Device {
  /// The total gap in bytes on which the device decides by itself if its timer fires at `now` (R19); nil if it will not
  /// decide.
  package func gapDecidedByThreshold(at now: Nanoseconds, under settings: DeviceSettings) -> UInt64? {
    guard settings.parameters.speaksPromotion, case .listeningMTFTP(let listening) = doing,
      let quietSince = listening.quietSince,
      quietSince.later(by: settings.parameters.groupTimeout) <= now, let file, !gaps.isEmpty
    else { return nil }
    return gaps.statistics(of: file, continuity: 0).totalGapBytes
  }
}
