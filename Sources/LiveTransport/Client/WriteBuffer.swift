/// Blocks that follow each other in the file, so that one call writes them. Whoever reads a batch of datagrams would else
/// spend a quarter of its time in a call for each.
struct WriteBuffer: ~Copyable {
  /// As much as a few windows.
  private static let capacity = 1 << 17
  private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.capacity, alignment: 16)
  private var count = 0
  /// Where its first byte goes.
  private var offset: UInt64 = 0

  deinit { bytes.deallocate() }

  /// Takes a block, and writes what it has if the block does not follow it.
  mutating func add(
    _ block: UnsafeRawBufferPointer, at place: UInt64, to file: DownloadFile
  ) throws(DownloadError) {
    if place != offset + UInt64(count) || block.count > bytes.count - count { try flush(to: file) }
    if count == 0 { offset = place }
    guard block.count <= bytes.count else { return try file.write(block, at: place) }
    UnsafeMutableRawBufferPointer(rebasing: bytes[count...]).copyMemory(from: block)
    count += block.count
  }

  /// Writes what it has.
  mutating func flush(to file: DownloadFile) throws(DownloadError) {
    let filled = UnsafeRawBufferPointer(rebasing: bytes[..<count])
    count = 0
    try file.write(filled, at: offset)
  }
}
