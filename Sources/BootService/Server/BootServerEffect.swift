import BlockTransfer
import TFTPWire
import Timebase

/// Blocks of a file that are sent one after the other. Their payload is read when they are sent.
public struct DataRun: Hashable, Sendable, BitwiseCopyable {
  /// The file.
  public var file: FileID
  /// The file in its blocks.
  public var layout: FileLayout
  /// The first block, from 1.
  public var first: BlockNumber
  /// The last block.
  public var last: BlockNumber
  /// The width of the numbers in the packets. Those of 16 bits begin again at 0 after 65 535.
  public var blockNumbers: BlockNumberWidth

  /// The bytes of the packets together: TFTP's headers and payloads.
  public var packetBytes: UInt64 {
    payloadBytes + (UInt64(last - first) + 1) * UInt64(DataHeader.encodedLength(blockNumbers: blockNumbers))
  }

  /// The bytes of the payloads together.
  public var payloadBytes: UInt64 {
    let full = UInt64(last - first) * UInt64(layout.blockSize)
    return full + UInt64(layout.bytes(of: last))
  }
}

/// What a ``BootServer`` wants done after an input.
public enum BootServerEffect: Hashable, Sendable {
  /// Send a packet to a client or to a group.
  case send([UInt8], to: Endpoint, from: LocalEnd)
  /// Send DATA to a client or to a group.
  case sendData(DataRun, to: Endpoint, from: LocalEnd)
  /// A file is needed no longer, but for what has been asked to be sent.
  case release(FileID)
  /// Something happened that a log, a metric or a result is about.
  case event(ServerEvent, at: Nanoseconds)
}
