import BlockTransfer
import Network
import PromotionEngine
import Runs
import Timebase

/// The settings of `nack` and `nack_fec`.
struct NackSettings: Sendable {
  /// The bytes of a range, or of a group and a number, in a report.
  static let itemBytes: UInt64 = 8

  let parameters: ProtocolParameters
  let file: FileLayout
  /// The groups of the erasure code; nil without one.
  let groups: ErasureGroups?
  /// In bits on the wire per second.
  let pace: UInt64
  let reportWindow: Nanoseconds
  let service: Nanoseconds
  private let framing: Framing

  init(_ configuration: SimulationConfiguration) {
    parameters = configuration.parameters
    file = configuration.file
    groups =
      configuration.strategy == .nackFEC
      ? ErasureGroups(blocks: configuration.file.blocks, size: configuration.rivals.group) : nil
    pace = configuration.pace
    reportWindow = configuration.rivals.reportWindow
    service = configuration.service
    framing = Framing(mtu: configuration.mtu)
  }

  /// UFTP's header of 16 bytes and 8 of a FILESEG; NORM's NORM_DATA (RFC 5740, 4.2.1) with a payload ID of 4 bytes.
  private var dataHeader: UInt64 { groups == nil ? 24 : 20 }
  /// UFTP's STATUS with the echo of a clock; NORM_NACK (RFC 5740, 4.3.1) with one request header.
  private var reportHeader: UInt64 { groups == nil ? 32 : 28 }

  func payload(ofData bytes: UInt32) -> UInt64 { dataHeader + UInt64(bytes) }

  /// UFTP's REGISTER, FILEINFO and FILEINFO_ACK, for both. UFTP's DONE with a clock; NORM_CMD(FLUSH) with a clock.
  func payload(of message: NackMessage) -> UInt64 {
    switch message {
    case .register: 60
    case .confirm: 56
    case .confirmed: 32
    case .ask: groups == nil ? 32 : 28
    case .report(let report): reportHeader + Self.itemBytes * UInt64(report.content.count)
    case .data(let block): payload(ofData: file.bytes(of: block))
    }
  }

  func bytesOnWire(of block: BlockNumber) -> UInt64 { framing.bytes(ofPayload: payload(ofData: file.bytes(of: block))) }

  /// How many ranges, or groups, a packet of a report holds: as many as fit into `blksize` bytes, but at least one.
  var itemsPerReport: Int {
    let room = UInt64(file.blockSize)
    return room > reportHeader ? max(1, Int((room - reportHeader) / Self.itemBytes)) : 1
  }

  /// What a device with these gaps reports, packet by packet.
  func reports(of gaps: GapMap) -> [NackReport.Content] {
    guard let groups else { return gaps.gaps.parts(of: itemsPerReport).map { .ranges($0) } }
    return groups.shortages(in: gaps).parts(of: itemsPerReport).map { .shortages($0) }
  }
}

extension NackReport.Content {
  fileprivate var count: Int {
    switch self {
    case .ranges(let ranges): ranges.count
    case .shortages(let shortages): shortages.count
    }
  }
}

extension Array {
  fileprivate func parts(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
