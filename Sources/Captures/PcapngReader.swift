/// Frames of a file in the format pcapng (draft-ietf-opsawg-pcapng): sections in either byte order, each with its interfaces.
struct PcapngReader: FrameReader {
  private struct Interface {
    var linkType: UInt16
    var snapLength: UInt32
    /// The parts of a second in which times are counted.
    var parts: UInt64 = 1_000_000
    var secondsOffset: Int64 = 0
  }

  private static let section: UInt32 = 0x0A0D_0D0A
  /// The bytes of an interface's description that are read: its options are short.
  private static let describedBytes = 1 << 16

  private var source: ByteSource
  private var position: UInt64 = 0
  private var isLittle = false
  private var interfaces: [Interface] = []
  private(set) var isCut = false

  /// Nil if the file is in another format.
  init?(_ source: ByteSource) throws(CaptureError) {
    var source = source
    guard try source.bytes(at: 0, count: 4)?.big32(0) == Self.section else { return nil }
    self.source = source
  }

  mutating func next() throws(CaptureError) -> Frame? {
    while position < source.size {
      guard let head = try source.bytes(at: position, count: 12) else { break }
      if head.big32(0) == Self.section { try beginSection(head) }
      guard let kind = head.number32(0, isLittle: isLittle), let length = head.number32(4, isLittle: isLittle) else {
        break
      }
      guard length >= 12, length % 4 == 0 else { throw .damaged(position, "a block of \(length) bytes") }
      let (start, end) = (position + 8, position + UInt64(length))
      guard end <= source.size else { break }
      position = end
      let bodyLength = Int(length) - 12
      switch kind {
      case 1: try describe(start, bodyLength)
      case 2, 3, 6: if let frame = try frame(kind, start, bodyLength) { return frame }
      default: break  // names, statistics, comments, and what others add
      }
    }
    isCut = isCut || position < source.size
    return nil
  }

  private mutating func beginSection(_ head: ArraySlice<UInt8>) throws(CaptureError) {
    switch head.big32(8) {
    case 0x1A2B_3C4D: isLittle = false
    case 0x4D3C_2B1A: isLittle = true
    default: throw .damaged(position, "a section whose byte order is not said")
    }
    interfaces = []
  }

  private mutating func describe(_ start: UInt64, _ length: Int) throws(CaptureError) {
    let described = min(length, Self.describedBytes)
    guard let body = try source.bytes(at: start, count: described), let link = body.number16(0, isLittle: isLittle),
      let snap = body.number32(4, isLittle: isLittle)
    else { throw .damaged(start, "the description of an interface is too short") }
    var interface = Interface(linkType: link, snapLength: snap)
    var rest = body.from(8)
    while let code = rest.number16(0, isLittle: isLittle), let length = rest.number16(2, isLittle: isLittle), code != 0
    {
      let value = rest.from(4).prefix(Int(length))
      if code == 9, let resolution = value.first { interface.parts = Self.parts(resolution) }
      if code == 14, let high = value.number32(isLittle ? 4 : 0, isLittle: isLittle),
        let low = value.number32(isLittle ? 0 : 4, isLittle: isLittle)
      {
        interface.secondsOffset = Int64(bitPattern: UInt64(high) << 32 | UInt64(low))
      }
      rest = rest.from(4 + (Int(length) + 3) / 4 * 4)
    }
    interfaces.append(interface)
  }

  /// A power of ten, or of two if the upper bit is set; 0, which says no time, if it is too large.
  private static func parts(_ resolution: UInt8) -> UInt64 {
    let exponent = Int(resolution & 0x7F)
    if resolution & 0x80 != 0 { return exponent < 64 ? 1 << UInt64(exponent) : 0 }
    return exponent < 20 ? (0..<exponent).reduce(1) { power, _ in power * 10 } : 0
  }

  /// A packet of any kind of block: the enhanced one, the simple one without a time, and the obsolete one.
  private mutating func frame(_ kind: UInt32, _ start: UInt64, _ length: Int) throws(CaptureError) -> Frame? {
    let headerLength = kind == 3 ? 4 : 20
    guard length >= headerLength, let header = try source.bytes(at: start, count: headerLength) else {
      throw .damaged(start, "a block of a packet is too short")
    }
    func number(_ offset: Int) -> UInt32 { header.number32(offset, isLittle: isLittle) ?? 0 }
    let place: Int
    switch kind {
    case 2: place = Int(header.number16(0, isLittle: isLittle) ?? 0)
    case 3: place = 0
    default: place = Int(number(0))
    }
    guard place < interfaces.count else { throw .damaged(start, "a packet of an interface that is not described") }
    let interface = interfaces[place]
    var captured = kind == 3 ? number(0) : number(12)
    if kind == 3 {
      if interface.snapLength > 0 { captured = min(captured, interface.snapLength) }
      captured = min(captured, UInt32(length - headerLength))
    }
    guard UInt64(captured) <= UInt64(length - headerLength) else {
      throw .damaged(start, "a packet of \(captured) bytes in a block of \(length)")
    }
    let first = start + UInt64(headerLength)
    guard let bytes = try source.bytes(at: first, count: min(Int(captured), Frame.looked)) else { return nil }
    let time = kind == 3 ? nil : Self.time(UInt64(number(4)) << 32 | UInt64(number(8)), interface)
    return Frame(time: time, linkType: interface.linkType, bytes: bytes)
  }

  private static func time(_ ticks: UInt64, _ interface: Interface) -> Int64? {
    guard interface.parts > 0 else { return nil }
    let (whole, rest) = ticks.quotientAndRemainder(dividingBy: interface.parts)
    guard let seconds = Int64(exactly: whole) else { return nil }
    let (sum, overflow) = seconds.addingReportingOverflow(interface.secondsOffset)
    return overflow ? nil : CaptureTime.nanoseconds(seconds: sum, fraction: rest, parts: interface.parts)
  }
}
