import BlockTransfer
import Network

/// What the two ends of a carousel say to each other.
enum CarouselMessage: NetworkMessage, BitwiseCopyable {
  /// A block of the file.
  case data(BlockNumber)
  /// A device joins.
  case join
  /// The server knows the device.
  case welcome
  /// A device has everything.
  case leave

  var block: BlockNumber? {
    @inline(__always) get { if case .data(let block) = self { block } else { nil } }
  }
}
