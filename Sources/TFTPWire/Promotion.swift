/// The value of the option `promotion`, in all its forms.
public enum Promotion: Hashable, Sendable {
  /// The empty value: a joining device asks for the promotion rules (R1).
  case request
  /// `threshold,continuity,k`: the server's rules, `k` the sessions that have ended so far (R2).
  case offer(threshold: UInt64, continuity: UInt32, endedSessions: UInt32)
  /// `check,k`: session `k` has ended, and devices must check themselves (R9, R15).
  case check(session: UInt32)
  /// `smart`: the device is promoted (R12).
  case smart
  /// `wait`: the device stays passive (R12).
  case wait
  /// Six figures: a device's gap report (R10).
  case report(GapReport)
}
