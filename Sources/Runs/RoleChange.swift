import BlockTransfer
import Timebase

/// A role that a device entered.
public struct RoleChange: Hashable, Sendable {
  /// The device, from 1.
  public var device: DeviceID
  /// The role; nil if it was switched off before it was at its end.
  public var role: DeviceRole?
  /// When.
  public var time: Nanoseconds

  /// Puts a change together.
  package init(device: DeviceID, role: DeviceRole?, time: Nanoseconds) {
    (self.device, self.role, self.time) = (device, role, time)
  }
}
