import Timebase

/// What the queue orders: an event's key with the slot of its event, in one number.
///
/// From the top: a 0, 59 bits of time (18 years in nanoseconds), 42 of the sequence number, 26 of the slot. Sequence numbers differ,
/// so the slots never decide.
@usableFromInline
struct Entry: Sendable, BitwiseCopyable {
  @inlinable static var latest: Nanoseconds { Nanoseconds((1 << 59) - 1) }
  @inlinable static var lastSequence: UInt64 { (1 << 42) - 1 }
  @inlinable static var slots: Int { (1 << 26) - 1 }

  @usableFromInline let bits: UInt128

  /// An entry that stands behind all others; no event has it, for its slot is beyond the last.
  @inlinable static var none: Entry { Entry(bits: .max >> 1) }

  @inlinable var isNone: Bool { bits == Self.none.bits }

  @inlinable
  init(bits: UInt128) { self.bits = bits }

  /// Later times than ``latest`` count as that: no run goes on so long.
  @inlinable @inline(__always)
  init(key: EventKey, slot: Int) {
    guard key.time >= .zero, key.sequence <= Self.lastSequence, slot < Self.slots else {
      preconditionFailure("a time below 0, or more events than there are sequence numbers for")
    }
    let time = UInt128(truncatingIfNeeded: min(key.time, Self.latest).count)
    bits = time << 68 | UInt128(truncatingIfNeeded: key.sequence << 26 | UInt64(truncatingIfNeeded: slot))
  }

  @inlinable var key: EventKey {
    EventKey(
      time: Nanoseconds(Int64(truncatingIfNeeded: bits >> 68)),
      sequence: UInt64(truncatingIfNeeded: bits >> 26) & Self.lastSequence)
  }
  /// The entry with slot 0, before which no entry with its key or a later one stands.
  @inlinable var withoutSlot: Entry { Entry(bits: bits & ~UInt128(truncatingIfNeeded: Self.slots)) }

  @inlinable var slot: Int { Int(truncatingIfNeeded: bits) & Self.slots }

  /// The one that comes first, chosen by arithmetic: which it is cannot be guessed, and a branch that is guessed wrongly costs
  /// more than a round of a ``Tournament``. Compilers make a branch of a comparison here, but not of a difference's sign.
  @inlinable @inline(__always)
  static func first(_ left: Entry, _ right: Entry) -> Entry {
    let sign = mask(where: right, comesBefore: left)
    let (low, high) = (left.low ^ (left.low ^ right.low) & sign, left.high ^ (left.high ^ right.high) & sign)
    return Entry(bits: UInt128(truncatingIfNeeded: high) << 64 | UInt128(truncatingIfNeeded: low))
  }

  /// All bits, if one entry comes before the other; none otherwise.
  @inlinable @inline(__always)
  static func mask(where right: Entry, comesBefore left: Entry) -> UInt64 {
    UInt64(truncatingIfNeeded: Int64(truncatingIfNeeded: (right.bits &- left.bits) >> 64) >> 63)
  }

  @inlinable var low: UInt64 { UInt64(truncatingIfNeeded: bits) }
  @inlinable var high: UInt64 { UInt64(truncatingIfNeeded: bits >> 64) }
}
