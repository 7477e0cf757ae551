import TFTPWire

/// How a transfer ended for the server.
public enum TransferEnd: Hashable, Sendable, BitwiseCopyable {
  /// The client acknowledged the last block.
  case complete
  /// Everything was sent and the client is silent: most likely its last ACK was lost (RFC 1350 §6).
  case unacknowledged
  /// The client is silent.
  case silent
  /// The client sent ERROR.
  case refused(ErrorCode)
  /// The server ended it.
  case cancelled(ErrorCode)
}

/// What DATA was to a client.
public enum TransferReception: Hashable, Sendable, BitwiseCopyable {
  /// The next block: its payload belongs to the file, after ``TransferReceiver/received`` − 1 blocks.
  case new
  /// A block that it had.
  case duplicate
  /// A block of its window that came before the one that is due. It is dropped.
  case early
  /// No DATA, or none that it waits for.
  case other
}

/// Why a transfer failed for the client.
public enum TransferFailure: Hashable, Sendable, BitwiseCopyable {
  /// The request had no answer, nor had its repeats.
  case noAnswer
  /// The server is silent.
  case silent
  /// The server sent ERROR.
  case refused(ErrorCode)
  /// The OACK has an option that was not asked for, or a larger value.
  case badAnswer
  /// A block is longer than agreed on.
  case overlongBlock
  /// The file ends before or after the size that the server gave.
  case wrongSize
  /// The file has more blocks than 32 bits count.
  case tooLarge
  /// It was ended from this side.
  case stopped
}
