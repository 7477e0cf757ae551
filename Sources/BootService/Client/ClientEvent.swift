import PromotionEngine
import TFTPWire
import Timebase

/// What happens to a client, for logs and results.
public enum ClientEvent: Hashable, Sendable {
  /// It asked for the file for the first time, or anew after another request was refused, with these options.
  case asked(Options)
  /// Its request for a place in a group left, the first time or again.
  case requested
  /// The server granted this.
  case granted(ClientTerms)
  /// It hears the group from now on.
  case joined(Endpoint)
  /// Its role changed. A plain transfer has only `complete` and `failed`.
  case entered(RoleName)
  /// It heard for the first time that session `k` has ended (R9).
  case sessionEnded(UInt32)
  /// It checked its gaps (R9, R19): ``BootClient/gaps`` as they stand now, with these figures.
  case checked(GapReport)
  /// It has the whole file, of this many bytes. It may still have work for its group.
  case completed(size: UInt64)
  /// Nothing more comes from this client.
  case ended(ClientOutcome)
}

/// How a download ended.
public enum ClientOutcome: Hashable, Sendable {
  /// The whole file is there.
  case complete
  /// It is not.
  case failed(ClientFailure)
}

/// Why a download failed.
public enum ClientFailure: Error, Hashable, Sendable {
  /// The request can't be written as a packet.
  case badRequest(WireError)
  /// The request had no answer, nor had its repeats.
  case noAnswer
  /// The server, or the group, has become silent.
  case silent
  /// The server sent ERROR with these words.
  case refused(ErrorCode, message: String)
  /// The server's answer breaks the rules of RFC 2347 or 2090.
  case badAnswer(String)
  /// The server does not grant what was asked for.
  case notGranted(TransferWay)
  /// The file has more blocks than the block numbers count.
  case tooManyBlocks(blockSize: UInt32)
  /// The file's size is not what the server said, or another one than before.
  case wrongSize
  /// The group can't be joined.
  case notJoined(String)
  /// Nothing came to the group of MTFTP, though the server answers opens.
  case nothingOfGroup(Endpoint)
  /// It was ended from this side.
  case stopped
}

/// What a client has received and sent.
public struct ClientCounts: Hashable, Sendable, BitwiseCopyable {
  /// Blocks that were missing and came by multicast.
  public var multicastBlocks: UInt64 = 0
  /// Blocks that were missing and came by unicast.
  public var unicastBlocks: UInt64 = 0
  /// Their bytes.
  public var bytes: UInt64 = 0
  /// DATA with a block that it had.
  public var duplicates: UInt64 = 0
  /// DATA of the group, new or not.
  public var multicastData: UInt64 = 0
  /// Sessions of which DATA came to the group, as far as their ends are told.
  public var sessions = 0
  /// DATA of the group before it was told that a session had ended.
  public var firstSessionData: UInt64 = 0
  /// Packets that it sent.
  public var sent: UInt64 = 0
  /// Gap reports among these.
  public var reports: UInt64 = 0
  /// Datagrams from elsewhere than the server.
  public var strangers: UInt64 = 0
  /// Datagrams that are no packet, and DATA of the wrong length.
  public var malformed: UInt64 = 0

  /// Nothing yet.
  public init() {}
}
