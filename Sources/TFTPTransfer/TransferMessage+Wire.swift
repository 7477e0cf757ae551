import BlockTransfer
import TFTPWire

/// What the packets of a transfer carry in addition to the messages.
public struct TransferContext: Hashable, Sendable {
  /// The file's name.
  public var fileName: String
  /// The width of block numbers in DATA and ACK.
  public var blockNumbers: BlockNumberWidth

  /// The name that a simulation assumes (N1), and the numbers of RFC 1350.
  public init(fileName: String = "boot.img", blockNumbers: BlockNumberWidth = .bits16) {
    self.fileName = fileName
    self.blockNumbers = blockNumbers
  }
}

extension TransferMessage {
  /// The TFTP packet of a message. Block numbers of 16 bits begin again at 0 after 65 535.
  ///
  /// - Parameter payload: the bytes of a DATA block.
  public func packet(in context: TransferContext, payload: ArraySlice<UInt8> = []) -> Packet {
    switch self {
    case .request(let options):
      .readRequest(ReadRequest(fileName: context.fileName, options: Options(options.list)))
    case .acceptance(let options): .optionAcknowledgment(Options(options.list))
    case .data(let block): .data(block: block.onWire(context.blockNumbers), payload: payload)
    case .acknowledgment(let block): .acknowledgment(block.onWire(context.blockNumbers))
    case .error(let code): .error(code: code, message: code.words)
    }
  }

  /// The bytes of a message as a UDP payload (N1). It does not make the packet where that would cost an allocation per
  /// packet.
  ///
  /// - Parameter payloadBytes: the bytes of a DATA block.
  public func encodedLength(in context: TransferContext, payloadBytes: UInt32) -> Int {
    switch self {
    case .data: DataHeader.encodedLength(blockNumbers: context.blockNumbers) + Int(payloadBytes)
    case .acknowledgment: DataHeader.encodedLength(blockNumbers: context.blockNumbers)
    case .request, .acceptance, .error: packet(in: context).encodedLength(blockNumbers: context.blockNumbers)
    }
  }

  /// What a packet means.
  ///
  /// - Parameters:
  ///   - width: the width of its block number, DATA's and ACK's.
  ///   - reference: a block that the receiver of the packet stands at. Of all blocks whose number ends in the 16 bits
  ///     of the packet, the one nearest to it is meant.
  init(_ packet: Packet, blockNumbers width: BlockNumberWidth, near reference: BlockNumber) {
    switch packet {
    case .readRequest(let request): self = .request(TransferOptions(request.options))
    case .optionAcknowledgment(let options): self = .acceptance(TransferOptions(options))
    case .data(let block, _): self = .data(block.meant(in: width, near: reference))
    case .acknowledgment(let block): self = .acknowledgment(block.meant(in: width, near: reference))
    case .error(let code, _): self = .error(code)
    }
  }
}

extension TransferSender {
  /// What goes into its packets.
  public func context(fileName: String) -> TransferContext {
    TransferContext(fileName: fileName, blockNumbers: terms.accepted.blockNumbers)
  }

  /// What a packet of the client means at this moment.
  public func message(_ packet: Packet) -> TransferMessage {
    TransferMessage(packet, blockNumbers: terms.accepted.blockNumbers, near: acknowledged)
  }
}

extension TransferReceiver {
  /// What goes into its packets.
  public func context(fileName: String) -> TransferContext {
    TransferContext(fileName: fileName, blockNumbers: blockNumbers)
  }

  /// What a packet of the server means at this moment.
  public func message(_ packet: Packet) -> TransferMessage {
    TransferMessage(packet, blockNumbers: blockNumbers, near: received)
  }
}

extension BlockNumber {
  /// The number as it is written.
  fileprivate func onWire(_ width: BlockNumberWidth) -> BlockNumber {
    width == .bits32 ? self : BlockNumber(UInt16(truncatingIfNeeded: self))
  }

  /// The block that a number on the wire stands for.
  fileprivate func meant(in width: BlockNumberWidth, near reference: BlockNumber) -> BlockNumber {
    guard width == .bits16 else { return self }
    let distance = Int64(Int16(truncatingIfNeeded: self &- reference))
    // Before block 0 there is none, and after the last number neither: then it is one that nobody waits for.
    return BlockNumber(exactly: Int64(reference) + distance) ?? BlockNumber(UInt16(truncatingIfNeeded: self))
  }
}
