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
    case .request(let proposal): .readRequest(ReadRequest(fileName: context.fileName, options: proposal.list))
    case .open: .readRequest(ReadRequest(fileName: context.fileName))
    case .report(let report):
      .readRequest(ReadRequest(fileName: context.fileName, options: [.promotion(.report(report))]))
    case .data(let block): .data(block: block, payload: payload)
    case .acknowledgment(let block): .acknowledgment(block)
    case .acceptance(let acceptance): .optionAcknowledgment(acceptance.list(in: context))
    case .check(let session): .optionAcknowledgment([.promotion(.check(session: session))])
    case .notActive: .optionAcknowledgment([.multicast(context.group(isActive: false))])
    case .smart: .optionAcknowledgment([.promotion(.smart)])
    case .wait: .optionAcknowledgment([.promotion(.wait)])
    case .elected: .optionAcknowledgment([.multicast(context.group(isActive: true))])
    case .error(let code): .error(code: code, message: code.words)
    }
  }

  /// The bytes of a message as a UDP payload (N1). It does not make the packet where that would cost an allocation per
  /// packet.
  ///
  /// - Parameter payloadBytes: the bytes of a DATA block.
  public func encodedLength(in context: WireContext, payloadBytes: UInt32) -> Int {
    switch self {
    case .data: DataHeader.encodedLength(blockNumbers: context.blockNumbers) + Int(payloadBytes)
    case .request, .open, .report, .acknowledgment, .acceptance, .check, .notActive, .smart, .wait, .elected, .error:
      packet(in: context).encodedLength(blockNumbers: context.blockNumbers)
    }
  }
}

extension Acceptance {
  /// The options of its OACK, in the order of R2.
  fileprivate func list(in context: WireContext) -> Options {
    options.list(
      blockSize: file.blockSize, transferSize: file.size, timeoutSeconds: timeoutSeconds, windowSize: windowSize,
      multicast: context.group(isActive: isActive),
      promotion: promotion.map {
        .offer(threshold: $0.threshold, continuity: $0.continuity, endedSessions: $0.sessionsEnded)
      })
  }
}

extension WireContext {
  /// The answer to `multicast`, always in full: a client may give up at a shorter one.
  fileprivate func group(isActive: Bool) -> Multicast {
    .reply(address: groupAddress, port: groupPort, isActive: isActive)
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
    case .error(let code, _): self = .error(code)
    case .readRequest(let request):
      switch request.options.promotion {
      case .report(let report): self = .report(report)
      case .offer, .check, .smart, .wait: return nil
      case .request, nil:
        if request.options.list.isEmpty {
          self = .open
        } else if let proposal = Proposal(request.options) {
          self = .request(proposal)
        } else {
          return nil
        }
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
    case (nil, .reply(_, _, let isActive)) where options.list.count == 1: self = isActive ? .elected : .notActive
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
          file: file, windowSize: options.windowSize ?? 1, options: Proposal.Options(options),
          timeoutSeconds: options.timeoutSeconds ?? 0, isActive: isActive, promotion: offer))
    case (_, .request), (_, nil): return nil
    }
  }
}
