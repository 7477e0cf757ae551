import Timebase

/// How a datagram becomes frames on an Ethernet (N1, N12).
public struct Framing: Hashable, Sendable {
  /// Preamble, Ethernet header, IPv4 header, frame check sequence and gap.
  @usableFromInline static let bytesAroundIPPayload: UInt64 = 58
  /// The shortest frame with its preamble and gap.
  @usableFromInline static let leastBytes: UInt64 = 84
  /// The largest UDP payload that one frame holds.
  @usableFromInline let largestPayload: UInt64
  /// What the last fragment holds of the IP payload at most, as does a packet of one frame: all that the MTU leaves.
  @usableFromInline let lastFragmentBytes: UInt64
  /// What each fragment before it holds: a multiple of 8 bytes (RFC 791).
  @usableFromInline let fragmentBytes: UInt64

  /// Frames for links with this MTU in bytes.
  public init(mtu: UInt32) {
    largestPayload = UInt64(mtu) - 28
    lastFragmentBytes = UInt64(mtu) - 20
    fragmentBytes = lastFragmentBytes / 8 * 8
  }

  /// Bytes on the wire of a UDP payload in one frame (N1).
  @inlinable
  public static func bytes(ofPayload payload: UInt64) -> UInt64 { max(leastBytes, payload + 8 + bytesAroundIPPayload) }

  /// Bytes on the wire of a UDP payload in as many frames as it takes.
  @inlinable @inline(__always)
  public func bytes(ofPayload payload: UInt64) -> UInt64 {
    payload <= largestPayload ? Self.bytes(ofPayload: payload) : frames(ofPayload: payload).bytes
  }

  /// The frames of a UDP payload.
  @inlinable
  public func frames(ofPayload payload: UInt64) -> Frames {
    guard payload > largestPayload else {
      return Frames(before: 0, bytesBefore: 0, lastBytes: Self.bytes(ofPayload: payload))
    }
    // What the last fragment cannot hold goes before it, in as few fragments as can be.
    let ipPayload = payload + 8
    let before = (ipPayload - lastFragmentBytes + fragmentBytes - 1) / fragmentBytes
    let rest = ipPayload - before * fragmentBytes
    return Frames(
      before: Int(before), bytesBefore: fragmentBytes + Self.bytesAroundIPPayload,
      lastBytes: max(Self.leastBytes, rest + Self.bytesAroundIPPayload))
  }
}

/// The frames of one datagram, in the order in which they are sent.
public struct Frames: Hashable, Sendable, BitwiseCopyable {
  /// The fragments before the last frame.
  @usableFromInline let before: Int
  /// The bytes on the wire of each of these.
  @usableFromInline let bytesBefore: UInt64
  /// The bytes on the wire of the last frame.
  @usableFromInline let lastBytes: UInt64

  @inlinable
  init(before: Int, bytesBefore: UInt64, lastBytes: UInt64) {
    self.before = before
    self.bytesBefore = bytesBefore
    self.lastBytes = lastBytes
  }

  /// How many frames.
  @inlinable public var count: Int { before + 1 }
  /// The bytes on the wire of all of them.
  @inlinable public var bytes: UInt64 { UInt64(before) * bytesBefore + lastBytes }
  /// The bytes on the wire of one of them, counted from 0.
  @inlinable public func bytes(of frame: Int) -> UInt64 { frame < before ? bytesBefore : lastBytes }
}

/// At what distances the frames of a datagram arrive, by number: 0 is a datagram of one frame.
///
/// Loss that has a clock draws the fate of each frame at its own instant (N13). There are few such patterns, so a packet
/// carries the number of its own.
@usableFromInline
struct FramePatterns: Sendable {
  /// How long before the last frame each frame arrives.
  @usableFromInline private(set) var all: ContiguousArray<ContiguousArray<Nanoseconds>> = [[.zero]]
  private var numbers: [ContiguousArray<Nanoseconds>: UInt32] = [:]
  /// Whether the distances matter to anybody. If not, only the number of frames counts.
  private let keepsDistances: Bool

  @usableFromInline
  init(keepsDistances: Bool) { self.keepsDistances = keepsDistances }

  /// The number of the pattern of frames that arrive at these times.
  @usableFromInline
  mutating func number(of times: ArraySlice<Nanoseconds>) -> UInt32 {
    guard times.count > 1, let last = times.last else { return 0 }
    var distances: ContiguousArray<Nanoseconds> = []
    for time in times { distances.append(keepsDistances ? last - time : .zero) }
    if let number = numbers[distances] { return number }
    let number = UInt32(all.count)
    all.append(distances)
    numbers[distances] = number
    return number
  }

  /// How many frames a pattern has.
  @usableFromInline
  func frames(of pattern: UInt32) -> Int { all[Int(pattern)].count }
}
