import Timebase

/// Which multicast protocol a session speaks.
public enum MulticastMode: String, Hashable, Sendable, CaseIterable {
  /// RFC 2090 with the promotion option: rules R1–R16.
  case rfc2090
  /// The MTFTP of Intel's PXE 2.1: rules R17–R20.
  case pxeMTFTP = "pxe-mtftp"
}

/// Which waiting device the server elects to drive the next session (R15).
public enum ActiveOrder: String, Hashable, Sendable, CaseIterable {
  case arrival
  case largestGap = "largest_gap"
  case smallestGap = "smallest_gap"
  case mostGaps = "most_gaps"
}

/// Which queued device gets the next free smart place (R13).
public enum SmartOrder: String, Hashable, Sendable, CaseIterable {
  case arrival
  case smallestGap = "smallest_gap"
  case largestGap = "largest_gap"
  case fewestGaps = "fewest_gaps"
}

/// The settings of the promotion itself (R11–R14).
public struct PromotionParameters: Hashable, Sendable {
  /// The pre-selected amount in bytes. A device is promoted if its total gap is strictly below it. 0 promotes no
  /// device.
  public var threshold: UInt64 = 0
  /// How many received blocks may lie between two gaps of one chain.
  public var continuity: UInt32 = 1
  /// The most gaps a device may have and still be promoted; nil sets no limit.
  public var maxGaps: UInt32?
  /// The largest gap in blocks a device may have and still be promoted; nil sets no limit.
  public var maxLargestGap: UInt32?
  /// The most gaps in the longest chain a device may have and still be promoted; nil sets no limit.
  public var maxChain: UInt32?
  /// How many devices may be smart at a time, at least 1; nil sets no limit.
  public var maxSmart: Int?
  /// Which device gets a place that becomes free.
  public var smartOrder: SmartOrder = .smallestGap
  /// The most requests that a smart device has outstanding.
  public var smartWindow: Int = 1
  /// Whether a smart device goes on listening to the group.
  public var smartListens: Bool = true
  /// Reports are sent after a delay drawn uniformly from 0 to this.
  public var reportWindow: Nanoseconds = .zero

  /// The defaults of the protocol.
  public init() {}
}

/// When the first session begins, if not at the first request (R22).
public struct StartRule: Hashable, Sendable {
  /// How many devices must be registered.
  public var devices = 2
  /// How long the first one that registers waits at most; nil sets no limit.
  public var within: Nanoseconds?

  /// A session begins as soon as two devices are registered.
  public init() {}
}

/// When a device that loses much must let another one drive (R23).
public struct HandOverRule: Hashable, Sendable {
  /// The share of repeated blocks, in parts of a billion, that must be exceeded.
  public var repeatsPerBillion: UInt64 = 250_000_000
  /// Of how many DATA, the last ones of the session.
  public var window: UInt32 = 1000

  /// More than a quarter of the last thousand blocks.
  public init() {}
}

/// The configuration of the two ends of the protocol, without the file.
public struct ProtocolParameters: Hashable, Sendable {
  /// Which multicast protocol is used.
  public var mode: MulticastMode = .rfc2090
  /// Whether this end speaks of promotion: knows the option `promotion`, or, in MTFTP, a smart device's part (R14, R19).
  /// The two ends may differ. Where one of them does not, RFC 2090 alone holds, or PXE 2.1 alone.
  public var speaksPromotion = true
  /// Bytes of a full DATA block.
  public var blockSize: UInt32 = 1428
  /// Blocks that one ACK of the active device asks for.
  public var windowSize: UInt32 = 1
  /// Whether DATA and ACK carry 32-bit block numbers (R21).
  public var wideBlockNumbers = false
  /// How long an unanswered packet waits for its repeat.
  public var timeout: Nanoseconds = .seconds(1)
  /// Multiplies a request's timeout with each repeat (R24). 1 to 8.
  public var backoff: Int = 1
  /// The longest that a timeout grows by ``backoff`` (R24).
  public var maxTimeout: Nanoseconds = .seconds(64)
  /// Repeats after the first sending.
  public var retries: Int = 5
  /// How long the server waits for a packet of an active or smart device.
  public var sessionTimeout: Nanoseconds = .seconds(6)
  /// How long a passive device waits for a packet of the group.
  public var groupTimeout: Nanoseconds = .milliseconds(6500)
  /// How many times a completion notice is sent.
  public var noticeCopies: Int = 3
  /// The time between two copies of a notice.
  public var noticeInterval: Nanoseconds = .milliseconds(10)
  /// What the first session waits for; nil if the first device that registers drives it at once (R22).
  public var start: StartRule?
  /// When the active device must let another one drive; nil if never (R23).
  public var handOver: HandOverRule?
  /// Which device is elected to drive the next session.
  public var activeOrder: ActiveOrder = .arrival
  /// MTFTP: how long a joining device listens before it sends an open.
  public var listenDelay: Nanoseconds = .seconds(2)
  /// MTFTP: how long a device that received everything would wait before it sends an open again (R20).
  public var reopenDelay: Nanoseconds = .seconds(2)
  /// The settings of the promotion.
  public var promotion = PromotionParameters()

  /// The defaults of the protocol.
  public init() {}
}
