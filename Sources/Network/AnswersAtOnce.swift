import BlockTransfer
import Timebase

// Answers at once: in many runs most packets are the asks of devices that repair what they miss, and the blocks that
// answer them. A strategy may take these two by calls of their own, which return at once what to send instead of
// appending it to an array.
//
// What a strategy promises when it takes a message in this way:
// 1. The call does to its end what the message would have done, and sends what that would have sent.
// 2. No deadline comes nearer, so no timer needs another event.
// 3. A device hears the group as before. If it follows the log, it has caught up with it when the call comes, and awaits
//    at most one block more after it (`AwaitedBlocks.swift`).
//
// A block that a device has asked for may come with the group's traffic as well. And a device that repairs has most of
// what the group is sent, and sometimes what it asked for, too. What it ignores costs no call of its engine; the strategy
// promises that the packet would change no state and no deadline, and would have nothing sent.
//
// Why this changes nothing: only the device's own timer must see the packet, because it has the sequence number of what
// the device saw last; the run tells it. Packet-by-packet delivery goes the long way and must write the same bytes.

/// The one datagram, or window of DATA, with which the server answers a device.
public struct Answer<Message: Sendable>: Sendable {
  /// What it sends.
  public var message: Message
  /// DATA from the message's block through this one; 0 if it is one packet.
  public var lastBlock: BlockNumber
  /// When.
  public var leavesAt: Nanoseconds

  /// An answer.
  @inlinable
  public init(_ message: Message, through lastBlock: BlockNumber = 0, leavesAt: Nanoseconds) {
    self.message = message
    self.lastBlock = lastBlock
    self.leavesAt = leavesAt
  }
}

/// What a device answers to DATA that it took at once.
public enum AnswerAtOnce<Message: Sendable>: Sendable {
  /// Nothing: it has asked for all blocks that it misses.
  case nothing
  /// This. From then on it awaits what it misses from one block through another, if it awaits any (`AwaitedBlocks.swift`).
  case send(Message, leavesAt: Nanoseconds, awaits: ClosedRange<BlockNumber> = 0...0)
}
