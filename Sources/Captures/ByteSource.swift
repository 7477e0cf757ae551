/// The bytes of a file, of which only a window is in memory.
package struct ByteSource {
  /// Reads bytes from a position on: as many as are asked for, or up to the end.
  package typealias Reading = (_ position: UInt64, _ count: Int) throws(CaptureError) -> [UInt8]

  private static let windowBytes = 1 << 20

  /// The number of bytes.
  package let size: UInt64
  private let reading: Reading
  private var window: [UInt8] = []
  private var start: UInt64 = 0

  /// Bytes that `reading` reads.
  package init(size: UInt64, reading: @escaping Reading) { (self.size, self.reading) = (size, reading) }

  /// Bytes in memory.
  package init(_ bytes: [UInt8]) {
    self.init(size: UInt64(bytes.count)) { position, count in
      guard position < UInt64(bytes.count) else { return [] }
      return Array(bytes[Int(position)...].prefix(count))
    }
  }

  /// The bytes from a position on; nil if there are fewer.
  mutating func bytes(at position: UInt64, count: Int) throws(CaptureError) -> ArraySlice<UInt8>? {
    let (end, overflow) = position.addingReportingOverflow(UInt64(count))
    guard !overflow, end <= size, count <= Self.windowBytes else { return nil }
    if position < start || end > start + UInt64(window.count) {
      window = try reading(position, Self.windowBytes)
      start = position
    }
    let offset = Int(position - start)
    guard offset + count <= window.count else { return nil }
    return window[offset..<offset + count]
  }
}

extension ArraySlice<UInt8> {
  /// The big-endian number of two bytes, `offset` bytes from the start; nil beyond the end.
  func big16(_ offset: Int) -> UInt16? {
    guard offset >= 0, count >= 2, offset <= count - 2 else { return nil }
    return UInt16(self[startIndex + offset]) << 8 | UInt16(self[startIndex + offset + 1])
  }

  /// The big-endian number of four bytes.
  func big32(_ offset: Int) -> UInt32? {
    guard let high = big16(offset), let low = big16(offset + 2) else { return nil }
    return UInt32(high) << 16 | UInt32(low)
  }

  /// The byte at an offset.
  func byte(_ offset: Int) -> UInt8? { offset >= 0 && offset < count ? self[startIndex + offset] : nil }

  /// What follows `offset` bytes; empty beyond the end.
  func from(_ offset: Int) -> ArraySlice<UInt8> { dropFirst(Swift.max(0, offset)) }

  /// A number of two bytes in the order of a file.
  func number16(_ offset: Int, isLittle: Bool) -> UInt16? { big16(offset).map { isLittle ? $0.byteSwapped : $0 } }

  /// A number of four bytes in the order of a file.
  func number32(_ offset: Int, isLittle: Bool) -> UInt32? { big32(offset).map { isLittle ? $0.byteSwapped : $0 } }
}
