import BlockTransfer
import Network
import PromotionEngine

/// The gaps of one device, where they lie in the file.
public struct DeviceGaps: Hashable, Sendable {
  /// The device, from 1.
  public var device: Int
  /// Its gaps, ascending.
  public var gaps: [Gap]

  /// The gaps of a device.
  package init(device: Int, gaps: [Gap]) {
    self.device = device
    self.gaps = gaps
  }
}
