/// Bytes on the wire (N1) that have left the uplink, by what they were.
public struct SentBytes: Hashable, Sendable {
  /// Multicast DATA.
  public var multicastData: UInt64 = 0
  /// Unicast DATA.
  public var unicastData: UInt64 = 0
  /// Every other packet.
  public var control: UInt64 = 0
}

extension SentBytes {
  init(_ totals: Uplink.Totals) {
    multicastData = totals.multicastDataBytes
    unicastData = totals.unicastDataBytes
    control = totals.bytes - totals.multicastDataBytes - totals.unicastDataBytes
  }
}
