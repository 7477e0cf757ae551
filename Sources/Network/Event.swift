import BlockTransfer
import Timebase

/// What can happen in the network.
@usableFromInline
enum Event<Message: NetworkMessage>: Sendable {
  /// A device is switched on.
  case join(DeviceID)
  /// A device is switched off.
  case leave(DeviceID)
  /// A device's deadline may have come.
  case deviceTimer(DeviceID)
  /// The server's deadline may have come.
  case senderTimer
  /// The server's deadline for a device may have come.
  case senderTimerFor(DeviceID)
  /// A datagram of the server arrives at the uplink.
  case uplink(Datagram<Message>)
  /// A message of a device enters a path with jitter.
  case leavesDevice(DeviceID, Message)
  /// A message of a device would arrive at the server.
  case reachesServer(DeviceID, Message)
  /// A message would arrive at a device.
  case reachesDevice(DeviceID, Arrival<Message>)
  /// The next packet of a window would arrive at a device, or the last one of a stretch; see `QuietBlocks.swift`.
  case windowReachesDevice(DeviceID, WindowArrival)
  /// A device reads a message that waited in its buffer (N11).
  case reads(DeviceID, Arrival<Message>)
  /// A device's decisive block would arrive; see `DecisiveBlock.swift`.
  case looks(DeviceID, at: BlockNumber)
  /// A message would arrive at every device of a branch, one after the other; now at the `next` one of the fan-out
  /// order. The event's own key tells when it left the last port, and the sequence numbers of its arrivals.
  case fansOut(Arrival<Message>, next: UInt32)
}

/// A packet or window of the server.
public struct Datagram<Message: NetworkMessage>: Sendable {
  /// What it says.
  public var message: Message
  /// DATA from the message's block through this one; 0 if it is one packet.
  public var lastBlock: BlockNumber
  /// The device, or 0 for the group.
  public var destination: DeviceID
  /// The pass that sends it, counted from 1; 0 if it belongs to none.
  public var pass: UInt32

  @inlinable
  init(message: Message, lastBlock: BlockNumber = 0, destination: DeviceID, pass: UInt32) {
    self.message = message
    self.lastBlock = lastBlock
    self.destination = destination
    self.pass = pass
  }
}

/// A message on its way to a device.
public struct Arrival<Message: NetworkMessage>: Sendable {
  /// What it says.
  public var message: Message
  /// Whether it was sent to the device alone, or to the group.
  public var addressing: Addressing
  /// Whether it is the first DATA of its pass that reached the fan-out.
  public var opensPass: Bool
  /// The pass that sent it, counted from 1; 0 if it belongs to none.
  public var pass: UInt32
  /// The number of its pattern of frames; 0 if it is one frame (N12).
  @usableFromInline var frames: UInt32

  /// Whether it was lost in the bad state of a chain (``Observer/wantsBursts``).
  ///
  /// It has the highest bit of ``frames``, so that an event is no larger. Who is told needs no pattern any more.
  @inlinable public var isInBurst: Bool { frames >> 31 == 1 }

  @inlinable
  init(message: Message, addressing: Addressing, pass: UInt32, opensPass: Bool = false, frames: UInt32 = 0) {
    self.message = message
    self.addressing = addressing
    self.pass = pass
    self.opensPass = opensPass
    self.frames = frames
  }
}
