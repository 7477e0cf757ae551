import BlockTransfer
import Network
import PromotionEngine
import Runs
import Timebase

/// The settings of a carousel.
struct CarouselSettings: Sendable {
  /// FLUTE's header of a packet: 16 bytes of LCT (RFC 5651) and 4 of FEC payload ID (RFC 5445).
  static let headerBytes: UInt64 = 20

  let parameters: ProtocolParameters
  let file: FileLayout
  /// In bits on the wire per second.
  let pace: UInt64
  let service: Nanoseconds
  private let framing: Framing

  init(_ configuration: SimulationConfiguration) {
    parameters = configuration.parameters
    file = configuration.file
    pace = configuration.pace
    service = configuration.service
    framing = Framing(mtu: configuration.mtu)
  }

  var retries: Int { parameters.retries }

  func payload(ofData bytes: UInt32) -> UInt64 { Self.headerBytes + UInt64(bytes) }

  func bytesOnWire(of block: BlockNumber) -> UInt64 { framing.bytes(ofPayload: payload(ofData: file.bytes(of: block))) }
}
