import PromotionEngine
import TFTPWire
import Timebase

/// What can happen in the network.
enum Event: Sendable, BitwiseCopyable {
  /// A device is switched on.
  case join(DeviceID)
  /// A device is switched off.
  case leave(DeviceID)
  /// A device's deadline may have come.
  case deviceAlarm(DeviceID)
  /// The server's deadline may have come.
  case serverAlarm
  /// The server's deadline for a smart device may have come.
  case placeAlarm(DeviceID)
  /// A datagram of the server turns to the uplink.
  case uplink(Datagram)
  /// A message of a device turns to a path with jitter.
  case leavesDevice(DeviceID, Message)
  /// A message of a device would arrive at the server.
  case reachesServer(DeviceID, Message)
  /// A message would arrive at a device.
  case reachesDevice(DeviceID, Arrival)
  /// A message would arrive at every device, one after the other; at the `next` one of the fan-out order now. When it left the uplink
  /// and what places its arrivals have follows from the event's own key.
  case fansOut(Arrival, next: UInt32)
}

/// What the server sends.
struct Datagram: Sendable, BitwiseCopyable {
  var message: Message
  /// DATA from the message's block through this one (R4).
  var lastBlock: BlockNumber = 0
  /// The device, or 0 for the group.
  var destination: DeviceID
  /// The session that sends it, counted from 1; 0 when it belongs to none.
  var session: UInt32
}

/// What arrives at a device.
struct Arrival: Sendable, BitwiseCopyable {
  var message: Message
  var channel: Channel
  var session: UInt32
  /// Whether it is the first DATA of its session that reached the fan-out.
  var opensSession = false
}
