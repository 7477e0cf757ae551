/// How a file divides into blocks: `size / blockSize + 1` of them, the last one short (RFC 1350 §6), possibly empty.
public struct FileLayout: Hashable, Sendable, BitwiseCopyable {
  /// The file's size in bytes.
  public let size: UInt64
  /// The bytes of each block but the last.
  public let blockSize: UInt32
  /// The number of blocks, `n` in the rules.
  public let blocks: BlockNumber

  /// Divides a file into blocks. Nil if it would take more than `UInt32.max - 1` blocks, or blocks of no bytes.
  public init?(size: UInt64, blockSize: UInt32) {
    guard blockSize > 0, size / UInt64(blockSize) < UInt64(UInt32.max - 1) else { return nil }
    self.size = size
    self.blockSize = blockSize
    blocks = BlockNumber(size / UInt64(blockSize)) + 1
  }

  /// The bytes of the last block: fewer than ``blockSize``, possibly 0.
  public var lastBlockBytes: UInt32 { UInt32(size % UInt64(blockSize)) }

  /// The payload bytes of one block.
  public func bytes(of block: BlockNumber) -> UInt32 { block == blocks ? lastBlockBytes : blockSize }
}
