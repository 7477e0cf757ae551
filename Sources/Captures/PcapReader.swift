/// Frames of a file in the format pcap (draft-ietf-opsawg-pcap), in either byte order, with micro- or nanoseconds.
struct PcapReader: FrameReader {
  /// No frame is longer: what claims to be is not a frame.
  private static let longest: UInt32 = 1 << 24

  private var source: ByteSource
  private var position: UInt64 = 24
  private let isLittle: Bool
  private let parts: UInt64
  private let linkType: UInt16
  private(set) var isCut = false

  /// Nil if the file is in another format.
  init?(_ source: ByteSource) throws(CaptureError) {
    var source = source
    guard let magic = try source.bytes(at: 0, count: 4)?.big32(0) else { return nil }
    switch magic {
    case 0xA1B2_C3D4: (isLittle, parts) = (false, 1_000_000)
    case 0xD4C3_B2A1: (isLittle, parts) = (true, 1_000_000)
    case 0xA1B2_3C4D: (isLittle, parts) = (false, 1_000_000_000)
    case 0x4D3C_B2A1: (isLittle, parts) = (true, 1_000_000_000)
    default: return nil
    }
    guard let header = try source.bytes(at: 0, count: 24),
      let link = header.number32(20, isLittle: isLittle)
    else { throw CaptureError("the capture ends within its header") }
    // The upper bits say whether frames end with a check sequence.
    linkType = UInt16(truncatingIfNeeded: link)
    self.source = source
  }

  mutating func next() throws(CaptureError) -> Frame? {
    guard position < source.size else { return nil }
    guard let header = try source.bytes(at: position, count: 16),
      let seconds = header.number32(0, isLittle: isLittle), let fraction = header.number32(4, isLittle: isLittle),
      let length = header.number32(8, isLittle: isLittle)
    else {
      isCut = true
      return nil
    }
    // Zeros after the last frame are damage too.
    guard length > 0, length <= Self.longest else { throw .damaged(position, "a frame of \(length) bytes") }
    let start = position + 16
    guard let bytes = try source.bytes(at: start, count: min(Int(length), Frame.looked)),
      start + UInt64(length) <= source.size
    else {
      isCut = true
      position = source.size
      return nil
    }
    position = start + UInt64(length)
    let time = CaptureTime.nanoseconds(seconds: Int64(seconds), fraction: UInt64(fraction), parts: parts)
    return Frame(time: time, linkType: linkType, bytes: bytes)
  }
}
