import BlockTransfer
import Network
import PromotionEngine
import Runs
import TFTPTransfer
import Timebase

/// The settings of `wds`, and the lengths of [MS-WDSMT]'s packets.
struct WDSSettings: Sendable {
  /// The security header without a hash (5 bytes), the session header (13) and the number of options (2).
  private static let commonBytes: UInt64 = 20
  /// What each ODATA and RDATA has before the block: ClientId, two sequence numbers, and the length.
  private static let headerBytes: UInt64 = commonBytes + 22
  /// A device whose throughput is below this share of the master's becomes the master ([MS-WDSMT] 3.1.5.9.6.1).
  static let electionPerBillion: UInt64 = 750_000_000

  let parameters: ProtocolParameters
  let file: FileLayout
  /// Blocks that are under way to the master at a time, at most.
  let window: Int
  let slow: SlowRule?
  let service: Nanoseconds
  /// The transfers of slow devices.
  let unicast: UnicastSettings

  init(_ configuration: SimulationConfiguration) {
    parameters = configuration.parameters
    file = configuration.file
    window = Int(max(1, configuration.parameters.windowSize))
    slow = configuration.rivals.slow
    service = configuration.service
    unicast = UnicastSettings(configuration)
  }

  func payload(ofData bytes: UInt32) -> UInt64 { Self.headerBytes + UInt64(bytes) }

  func payload(of message: WDSMessage) -> UInt64 {
    switch message {
    case .data: Self.headerBytes + UInt64(file.blockSize)
    // A name of 32 bytes, an IPv4 and a MAC address with their lengths.
    case .join: Self.commonBytes + 44
    case .joinAck: Self.commonBytes + 18
    case .poll: Self.commonBytes + 12
    // POLLACK's 14, [MS-WDSMA]'s progress, time and count, its ranges, and QCR's server time and loss rate.
    case .report(let report): Self.commonBytes + 14 + 7 + 16 * UInt64(report.ranges.count) + 16
    case .status: Self.commonBytes + 34
    case .acknowledgment: Self.commonBytes + 36
    case .kick: Self.commonBytes + 7
    case .transfer(let message): UInt64(message.encodedLength(in: unicast.context, payloadBytes: 0))
    }
  }
}
