import BlockTransfer
import Network
import TFTPTransfer

/// What the two ends of `wds` say to each other. The names are those of [MS-WDSMT].
enum WDSMessage: NetworkMessage {
  /// ODATA or RDATA to the group, or DATA of a unicast transfer.
  case data(BlockNumber)
  /// JOIN: a device asks to take part.
  case join
  /// JOINACK: it does, under this number.
  case joinAck(DeviceID)
  /// POLL: who misses what?
  case poll(UInt32)
  /// POLLACK, with what QCR carries.
  case report(WDSReport)
  /// SPM: names the master of a round.
  case status(master: DeviceID, round: UInt32)
  /// ACK of the master, at each block of the group.
  case acknowledgment(WDSAcknowledgment)
  /// KICK: the device is to get the file by unicast, or not at all.
  case kick(WDSKick)
  /// A packet of a unicast transfer, but DATA.
  case transfer(TransferMessage)

  var block: BlockNumber? {
    @inline(__always) get { if case .data(let block) = self { block } else { nil } }
  }
}

extension WDSMessage {
  /// A packet of a unicast transfer.
  init(_ message: TransferMessage) {
    if case .data(let block) = message { self = .data(block) } else { self = .transfer(message) }
  }
}

/// What a device answers to a poll.
struct WDSReport: Hashable, Sendable {
  /// [MS-WDSMA] 2.2.3: "the maximum number of ranges MUST NOT exceed 64".
  static let mostRanges = 64

  var poll: UInt32
  /// The first ranges of blocks that it misses; none if it has everything.
  var ranges: [Gap]
  /// Of how many blocks that it had reported as missing a round came, so far.
  var asked: UInt64
  /// How many of them it missed again.
  var lost: UInt64
}

/// What the master says of each block.
struct WDSAcknowledgment: Hashable, Sendable, BitwiseCopyable {
  /// The block that came.
  var block: BlockNumber
  /// The first block that it misses; one beyond the last if none.
  var firstMissing: BlockNumber
}

/// Why a device is sent away.
enum WDSKick: Hashable, Sendable, BitwiseCopyable {
  /// It is slow: WDSMCTP_KICK_REASON_FALLBACK.
  case fallback
  /// It was silent: WDSMCTP_KICK_REASON_FAIL.
  case fail
}
