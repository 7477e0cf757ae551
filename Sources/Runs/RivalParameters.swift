import Timebase

/// What becomes of a device that is much slower than the group's master (WDS).
public struct SlowRule: Hashable, Sendable {
  /// The share of the master's rate below which a device is slow, in parts of a billion.
  public var sharePerBillion: UInt64 = 500_000_000
  /// How a slow device gets the file.
  public var way = Way.unicast

  /// How a slow device gets the file.
  public enum Way: String, Hashable, Sendable, CaseIterable {
    case unicast
  }

  /// Who is slower than half of the master's rate gets the file by unicast.
  public init() {}
}

/// The settings that only strategies other than the promotion protocol have. What they share with it (the block size,
/// the window, the timeout, the repeats, the copies of a notice) is in `ProtocolParameters`.
public struct RivalParameters: Hashable, Sendable {
  /// Blocks of a slice (`slices`).
  public var slice: UInt32 = 112
  /// The rate of a paced sender in bits on the wire per second (`nack`, `nack_fec`, `carousel`); nil is
  /// as fast as the slowest port and device.
  public var pace: UInt64?
  /// Reports are sent after a delay drawn uniformly from 0 to this (`nack`, `nack_fec`).
  public var reportWindow: Nanoseconds = .milliseconds(100)
  /// Blocks of a group of the erasure code (`nack_fec`).
  public var group: UInt32 = 20
  /// Who gets the file by unicast because it is slow (`wds`); nil if nobody.
  public var slow: SlowRule?
  /// How many unicast transfers the server has at a time (`unicast`, and the slow devices of `wds`); nil sets no limit.
  public var maxTransfers: Int?

  /// The defaults.
  public init() {}
}
