import BlockTransfer
import PromotionEngine
import Timebase

/// A packet where it was captured.
struct CapturedPacket: Hashable, Sendable {
  /// Which way a packet goes.
  enum Way: Hashable, Sendable {
    /// From a device to the server.
    case from(DeviceID)
    /// From the server to a device.
    case to(DeviceID)
    /// From the server to the group.
    case toGroup
  }

  /// When it was captured.
  var time: Nanoseconds
  /// What it says.
  var message: Message
  /// Which way it goes.
  var way: Way
}
