import Timebase

/// The buffer of one device, which empties at a rate (N11).
///
/// It holds UDP payload, and is full of what has come and has not left: `(emptyAt − now) × rate` bits. A datagram that
/// does not fit is an *overrun*. The device reads a datagram when its last byte leaves. The time that one takes is rounded
/// up to a nanosecond, and no datagram that fits by its bytes is an overrun for that.
@usableFromInline
struct ReceiveBuffer: Sendable {
  /// What a datagram of some size needs.
  @usableFromInline
  struct Need: Sendable, BitwiseCopyable {
    @usableFromInline let bytes: UInt64
    /// How long it takes to leave.
    @usableFromInline let service: Nanoseconds
    /// It fits if the buffer would be empty after at most this time.
    @usableFromInline let room: Nanoseconds

    @inlinable
    init(bytes: UInt64, service: Nanoseconds, room: Nanoseconds) {
      self.bytes = bytes
      self.service = service
      self.room = room
    }
  }

  private let bitsPerSecond: UInt64
  private let limit: UInt64
  private var lastNeed: Need
  /// When it is empty, if nothing more comes.
  @usableFromInline var emptyAt = Nanoseconds.zero

  @usableFromInline
  init(_ model: ReceiverBuffer) {
    bitsPerSecond = model.bitsPerSecond
    limit = model.bytes
    lastNeed = Need(bytes: 0, service: .zero, room: .zero)
    lastNeed = makeNeed(ofPayload: 0)
  }

  /// What a datagram with this payload needs.
  @usableFromInline
  mutating func need(ofPayload bytes: UInt64) -> Need {
    if lastNeed.bytes != bytes { lastNeed = makeNeed(ofPayload: bytes) }
    return lastNeed
  }

  private func makeNeed(ofPayload bytes: UInt64) -> Need {
    let service = Port.division(bytes: bytes, by: bitsPerSecond)
    guard bytes <= limit else { return Need(bytes: bytes, service: service, room: Nanoseconds(-1)) }
    let bits = UInt128(limit - bytes) * 8_000_000_000
    // By how much each of those before it, if they are like it, takes longer than its bytes do.
    let rounded = UInt128(service.count) * UInt128(bitsPerSecond) - UInt128(bytes) * 8_000_000_000
    let room = (bits + UInt128((limit - bytes) / max(1, bytes)) * rounded) / UInt128(bitsPerSecond)
    return Need(bytes: bytes, service: service, room: Nanoseconds(Int64(clamping: room)))
  }

  /// A datagram with this payload arrives at `now`. Returns when it is read; nil if it does not fit.
  @usableFromInline
  mutating func take(payload bytes: UInt64, at now: Nanoseconds) -> Nanoseconds? {
    let need = need(ofPayload: bytes)
    guard max(.zero, emptyAt - now) <= need.room else { return nil }
    emptyAt = max(emptyAt, now) + need.service
    return emptyAt
  }
}

extension ReceiveBuffer {
  /// When an empty buffer gives a window's datagrams to the device, if they come at even distances; nil if one does not
  /// fit, or if they are not read at even distances.
  @usableFromInline
  func reading(
    of datagrams: Int, payload bytes: UInt64, from first: Nanoseconds, spacing: Nanoseconds
  ) -> (first: Nanoseconds, spacing: Nanoseconds)? {
    var buffer = self
    buffer.emptyAt = .zero
    guard let firstRead = buffer.take(payload: bytes, at: first) else { return nil }
    let spacingRead = max(spacing, buffer.need(ofPayload: bytes).service)
    for datagram in 1..<max(1, datagrams) {
      guard let read = buffer.take(payload: bytes, at: first + spacing * datagram),
        read == firstRead + spacingRead * datagram
      else { return nil }
    }
    return (firstRead, spacingRead)
  }
}
