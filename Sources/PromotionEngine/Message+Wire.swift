import BlockTransfer
import TFTPWire
import Timebase

/// What the packets of a transfer carry in addition to the messages.
public struct WireContext: Hashable, Sendable {
  /// The file's name.
  public var fileName: String
  /// The group's address.
  public var groupAddress: String
  /// The group's port.
  public var groupPort: UInt16
  /// The protocol, whose values the options propose and accept.
  public var parameters: ProtocolParameters

  /// The names that a simulation assumes (N1).
  public init(
    fileName: String = "boot.img", groupAddress: String = "239.192.0.1", groupPort: UInt16 = 1758,
    parameters: ProtocolParameters
  ) {
    self.fileName = fileName
    self.groupAddress = groupAddress
    self.groupPort = groupPort
    self.parameters = parameters
  }

  /// The width of block numbers in DATA and ACK (R21).
  public var blockNumbers: BlockNumberWidth { parameters.wideBlockNumbers ? .bits32 : .bits16 }
}

extension Message {
  /// The TFTP packet of a message.
  ///
  /// - Parameters:
  ///   - context: what the packet carries in addition.
  ///   - payload: the bytes of a DATA block.
  public func packet(in context: WireContext, payload: ArraySlice<UInt8> = []) -> Packet {
    switch self {
    case .request: .readRequest(ReadRequest(fileName: context.fileName, options: proposal(of: .request, in: context)))
    case .plainRequest:
      .readRequest(ReadRequest(fileName: context.fileName, options: proposal(of: nil, in: context)))
    case .open: .readRequest(ReadRequest(fileName: context.fileName))
    case .report(let report):
      .readRequest(ReadRequest(fileName: context.fileName, options: [.promotion(.report(report))]))
    case .data(let block): .data(block: block, payload: payload)
    case .acknowledgment(let block): .acknowledgment(block)
    case .acceptance(let acceptance): .optionAcknowledgment(answer(acceptance, in: context))
    case .check(let session): .optionAcknowledgment([.promotion(.check(session: session))])
    case .notActive: .optionAcknowledgment([.multicast(groupAnswer(isActive: false, in: context))])
    case .smart: .optionAcknowledgment([.promotion(.smart)])
    case .wait: .optionAcknowledgment([.promotion(.wait)])
    case .elected: .optionAcknowledgment([.multicast(.reply(address: nil, port: nil, isActive: true))])
    case .handedOver: .optionAcknowledgment([.multicast(.reply(address: nil, port: nil, isActive: false))])
    }
  }

  /// The bytes of a message as a UDP payload (N1). It does not make the packet where that would cost an allocation per
  /// packet.
  ///
  /// - Parameter payloadBytes: the bytes of a DATA block.
  public func encodedLength(in context: WireContext, payloadBytes: UInt32) -> Int {
    switch self {
    case .data: DataHeader.encodedLength(blockNumbers: context.blockNumbers) + Int(payloadBytes)
    case .request, .plainRequest, .open, .report, .acknowledgment, .acceptance, .check, .notActive, .smart, .wait,
      .elected, .handedOver:
      packet(in: context).encodedLength(blockNumbers: context.blockNumbers)
    }
  }

  /// The options that a device proposes, in the order of R1.
  private func proposal(of promotion: Promotion?, in context: WireContext) -> Options {
    let parameters = context.parameters
    return Self.options(
      blockSize: parameters.blockSize, transferSize: 0, timeout: parameters.timeout,
      windowSize: parameters.windowSize, multicast: .request, promotion: promotion,
      isWide: parameters.wideBlockNumbers)
  }

  /// The options that the server accepts, in the same order (R2).
  private func answer(_ acceptance: Acceptance, in context: WireContext) -> Options {
    Self.options(
      blockSize: acceptance.file.blockSize, transferSize: acceptance.file.size, timeout: context.parameters.timeout,
      windowSize: acceptance.windowSize,
      multicast: groupAnswer(isActive: acceptance.isActive, in: context),
      promotion: acceptance.promotion.map {
        .offer(threshold: $0.threshold, continuity: $0.continuity, endedSessions: $0.sessionsEnded)
      }, isWide: acceptance.wideBlockNumbers)
  }

  private func groupAnswer(isActive: Bool, in context: WireContext) -> Multicast {
    .reply(address: context.groupAddress, port: context.groupPort, isActive: isActive)
  }

  private static func options(
    blockSize: UInt32, transferSize: UInt64, timeout: Nanoseconds, windowSize: UInt32, multicast: Multicast,
    promotion: Promotion?, isWide: Bool
  ) -> Options {
    var list: [TransferOption] = [.blockSize(blockSize), .transferSize(transferSize)]
    if let timeout = TransferOption.timeout(roundingUpNanoseconds: timeout.count) { list.append(timeout) }
    list.append(.windowSize(windowSize))
    list.append(.multicast(multicast))
    if let promotion { list.append(.promotion(promotion)) }
    if isWide { list.append(.wideBlockNumbers) }
    return Options(list)
  }
}

extension Message {
  /// What a packet means to the engine; nil if it means nothing to it.
  ///
  /// If an OACK leaves out the block size it is the 512 bytes of RFC 1350; if it leaves out the window it is one block
  /// (RFC 7440).
  public init?(_ packet: Packet) {
    switch packet {
    case .data(let block, _): self = .data(block)
    case .acknowledgment(let block): self = .acknowledgment(block)
    case .error: return nil
    case .readRequest(let request):
      switch request.options.promotion {
      case .report(let report): self = .report(report)
      case .request: self = .request
      case .offer, .check, .smart, .wait: return nil
      case nil: self = request.options.list.isEmpty ? .open : .plainRequest
      }
    case .optionAcknowledgment(let options):
      guard let message = Message(answer: options) else { return nil }
      self = message
    }
  }

  private init?(answer options: Options) {
    switch (options.promotion, options.multicast) {
    case (.check(let session), _): self = .check(session: session)
    case (.smart, _): self = .smart
    case (.wait, _): self = .wait
    case (nil, .reply(nil, nil, true)): self = .elected
    case (nil, .reply(nil, nil, false)) where options.transferSize == nil: self = .handedOver
    case (nil, .reply(_, _, false)) where options.transferSize == nil: self = .notActive
    case (let promotion, .reply(_, _, let isActive)):
      guard let size = options.transferSize,
        let file = FileLayout(size: size, blockSize: options.blockSize ?? 512)
      else { return nil }
      var offer: Acceptance.Offer?
      if case .offer(let threshold, let continuity, let sessionsEnded) = promotion {
        offer = Acceptance.Offer(threshold: threshold, continuity: continuity, sessionsEnded: sessionsEnded)
      }
      self = .acceptance(
        Acceptance(
          file: file, windowSize: options.windowSize ?? 1, wideBlockNumbers: options.blockNumberWidth == .bits32,
          isActive: isActive, promotion: offer))
    case (_, .request), (_, nil): return nil
    }
  }
}
