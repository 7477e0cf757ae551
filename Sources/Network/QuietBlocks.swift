import BlockTransfer
import EventSimulation
import Timebase

/// Blocks of a device's own window that it takes quietly: it notes each of them, and does nothing else before the last.
///
/// **Takes quietly** is a capability. A window of DATA to one device is a packet after the other at even distances. A
/// device that repairs or fetches does something with the last one only: it acknowledges the window. So the packets
/// before are no events, and one call for a stretch of them costs no more than one for a packet.
///
/// What a strategy promises with `count` blocks from the one that is due:
/// 1. While they come one after the other, and nothing else does, the device sends nothing and enters no role before the
///    last of them.
/// 2. None of them brings a deadline nearer.
/// 3. One call for the first so many of them does what a message for each would have done.
/// 4. The device hears nothing of the group.
///
/// Why this changes nothing: without jitter what is sent to a device arrives in the order of sending, so nothing else
/// comes between two packets of a window. The ``Run`` takes a stretch only if its loss process has said already that all
/// of it passes, and if before its last arrival no deadline of the device can come, nor its switching-off, a sample, or
/// the end of the run. So nobody looks at the device in between. The last arrival is an event under the key that it would
/// have had, and what the device then does has its position in the order of events. Observers are told each arrival
/// with its time. Only the number of events so far would be seen to be too small, by the limit on it: near that limit
/// stretches are taken apart again. Packet-by-packet delivery has no stretches and must write the same bytes.
public struct QuietBlocks<Quiet: Sendable>: Sendable {
  /// How many, with the one that is due.
  public var count: UInt32
  /// What each is to the device.
  public var reception: Reception
  /// What the strategy needs to take them.
  public var promise: Quiet

  /// Blocks that are taken quietly.
  @inlinable
  public init(count: UInt32, reception: Reception, promise: Quiet) {
    self.count = count
    self.reception = reception
    self.promise = promise
  }
}

/// What is still to arrive of a window that was sent to one device: blocks in a row, at even distances.
@usableFromInline
struct WindowArrival: Sendable, BitwiseCopyable {
  /// The block that arrives next, or the first one of the stretch.
  @usableFromInline var first: BlockNumber
  /// The last block.
  @usableFromInline var last: BlockNumber
  /// The pass that sent it, counted from 1; 0 if it belongs to none.
  @usableFromInline let pass: UInt32
  /// The blocks of the stretch that ends with the next event; 0 if that is the arrival of ``first`` alone.
  @usableFromInline var stretch: UInt32 = 0
  /// How often stretches had been taken apart when this one began.
  @usableFromInline var epoch: UInt32 = 0
  /// The time from one arrival to the next.
  @usableFromInline var spacing: Nanoseconds

  /// One block.
  @inlinable
  init(_ block: BlockNumber, pass: UInt32) {
    (first, last) = (block, block)
    self.pass = pass
    spacing = .zero
  }

  /// How many blocks are still to arrive.
  @inlinable var count: UInt32 { last - first + 1 }

  /// Takes another block, which follows the last one at `distance`. False if it is not the next one, or not at the even
  /// distance.
  @inlinable @inline(__always)
  mutating func add(_ block: BlockNumber, at distance: Nanoseconds) -> Bool {
    guard block == last + 1, first == last || distance == spacing else { return false }
    last = block
    spacing = distance
    return true
  }

  /// The key of the arrival so many packets before the one at `key`.
  @inlinable
  func key(_ packets: UInt32, before key: EventKey) -> EventKey {
    EventKey(time: key.time - spacing * Int(packets), sequence: key.sequence - UInt64(packets))
  }

  /// The key of the arrival so many packets after the one at `key`.
  @inlinable
  func key(_ packets: UInt32, after key: EventKey) -> EventKey {
    EventKey(time: key.time + spacing * Int(packets), sequence: key.sequence + UInt64(packets))
  }
}
