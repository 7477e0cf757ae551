import BlockTransfer
import Network
import PromotionEngine
import Runs
import Timebase

/// The settings of a transfer by slices, and the lengths of udpcast's packets (udpc-protoc.h of version 20120424).
struct SlicesSettings: Sendable {
  /// Operation, slice, block, two reserved fields, and the bytes of the slice.
  static let headerBytes: UInt64 = 16
  /// How often a slice is asked for before those that are not ready are dropped: udpcast's `--retries-until-drop`.
  static let mostRounds: UInt32 = 200

  let parameters: ProtocolParameters
  let file: FileLayout
  /// Blocks of a slice.
  let slice: UInt32
  /// In bits on the wire per second.
  let pace: UInt64
  let service: Nanoseconds
  private let framing: Framing
  private let devices: UInt64

  init(_ configuration: SimulationConfiguration) {
    parameters = configuration.parameters
    file = configuration.file
    slice = max(1, configuration.rivals.slice)
    pace = configuration.pace
    service = configuration.service
    framing = Framing(mtu: configuration.mtu)
    devices = UInt64(configuration.deviceCount)
  }

  /// How many slices the file has.
  var slices: UInt32 { (file.blocks - 1) / slice + 1 }

  /// The blocks of a slice; nil if the file has no such slice.
  func blocks(of number: UInt32) -> ClosedRange<BlockNumber>? {
    guard number < slices else { return nil }
    let first = number * slice + 1  // at most the number of blocks
    return first...(first + min(slice - 1, file.blocks - first))
  }

  /// A block that is short goes at full length, padded.
  var dataPayload: UInt64 { Self.headerBytes + UInt64(file.blockSize) }

  /// A set of the ready has a bit for each of 1024 receivers, the most that udpcast has, or for more if there are more.
  var askPayload: UInt64 { 16 + max(128, (devices + 7) / 8) }

  func payload(of message: SlicesMessage) -> UInt64 {
    switch message {
    case .data: dataPayload
    case .connect: 12  // CONNECT_REQ
    case .welcome, .wait: 32  // CONNECT_REPLY
    case .dropped: 4  // DISCONNECT
    case .ask: askPayload  // REQACK
    // OK, or RETRANSMIT with a bit for each of 1024 blocks.
    case .answer(let answer): answer.missing.isEmpty ? 8 : 140
    }
  }

  var dataBytesOnWire: UInt64 { framing.bytes(ofPayload: dataPayload) }
  var askBytesOnWire: UInt64 { framing.bytes(ofPayload: askPayload) }
}
