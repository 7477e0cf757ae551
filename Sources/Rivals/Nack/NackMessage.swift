import BlockTransfer
import Network
import Timebase

/// What the two ends of `nack` and `nack_fec` say to each other.
enum NackMessage: NetworkMessage {
  /// A block of the file, or a parity packet: its number is above the file's.
  case data(BlockNumber)
  /// A device registers.
  case register
  /// The server knows the device; sent at this instant of its clock.
  case confirm(sentAt: Nanoseconds, hasBegun: Bool)
  /// The device echoes the instant, so that the server knows the round trip.
  case confirmed(sentAt: Nanoseconds)
  /// The server asks what is missing. The copies of one ask have one number.
  case ask(Ask)
  /// A device misses something: a packet of its report.
  case report(NackReport)

  var block: BlockNumber? {
    @inline(__always) get { if case .data(let block) = self { block } else { nil } }
  }
}

/// An ask of the server.
struct Ask: Hashable, Sendable, BitwiseCopyable {
  /// Counted from 1, through all passes.
  var number: UInt32
  /// When this copy was sent, by the server's clock.
  var sentAt: Nanoseconds
}

/// A packet of a device's report.
struct NackReport: Hashable, Sendable {
  /// What is missing.
  enum Content: Hashable, Sendable {
    /// The missing blocks.
    case ranges([Gap])
    /// How many blocks of which groups are missing.
    case shortages([Shortage])
  }

  /// The ask that it answers.
  var ask: Ask
  /// How long the device has waited since the ask came.
  var held: Nanoseconds
  /// A part of what is missing.
  var content: Content
}

/// How many blocks of a group a device misses.
struct Shortage: Hashable, Sendable, BitwiseCopyable {
  /// The group, counted from 0.
  var group: UInt32
  /// The blocks that are missing.
  var count: UInt32
}
