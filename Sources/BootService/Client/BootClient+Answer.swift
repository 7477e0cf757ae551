import BlockTransfer
import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

// The first OACK: what was granted, and whether the server may grant it (RFC 2347).
extension BootClient {
  mutating func takeAnswer(
    _ options: Options, to asking: Asking, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    switch asking {
    case .group: takeGroupAnswer(options, at: now, into: &effects)
    case .size: takeSize(options, at: now, into: &effects)
    case .transfer, .fewOptions, .noOptions: takePlainAnswer(options, at: now, into: &effects)
    }
  }

  private mutating func takeGroupAnswer(
    _ options: Options, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    // The server may have registered the device at a request whose answer was lost, and elect it or ask it before the
    // device knows its group. By R8a that is ignored; the repeated request is answered in full.
    switch Message(.optionAcknowledgment(options)) {
    case .check, .smart, .wait, .elected, .notActive: if options.list.count == 1 { return }
    default: break
    }
    if let fault = Proposal(deviceSettings.parameters).fault(in: options) {
      return refuse(.badAnswer(fault), at: now, into: &effects)
    }
    guard case .reply(let address, let port, _) = options.multicast else {
      return takeAnswerWithoutGroup(options, at: now, into: &effects)
    }
    guard let address, let port, let host = HostAddress(address), host.isGroup else {
      let found = "\(address ?? "none"), port \(port.map(String.init) ?? "none")"
      return refuse(.badAnswer("its multicast address is \(found)"), at: now, into: &effects)
    }
    if settings.mode == .promotion, options.promotion == nil {
      return refuse(.notGranted(.promotion), at: now, into: &effects)
    }
    // A size of 0 is what was asked with: atftpd echoes it to the second client of a group.
    guard let size = options.transferSize.flatMap({ $0 > 0 ? $0 : nil }) ?? knownSize else {
      sendError(.undefined, "the size is asked for first", into: &effects)
      return ask(.size, at: now, into: &effects)
    }
    guard let acceptance = options.acceptance(ofSize: size), acceptance.fitsNumbers else {
      return askWithWideNumbers(blockSize: options.blockSize, at: now, into: &effects)
    }
    let group = Endpoint(host: host, port: port)
    grant(acceptance, in: group, at: now, into: &effects)
    doing = .joining(group, acceptance)
    effects.append(.join(group))
  }

  private mutating func grant(
    _ acceptance: Acceptance, in group: Endpoint, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    deviceSettings.parameters.wideBlockNumbers = acceptance.wideBlockNumbers
    givePrecedence()
    sessionsEnded = acceptance.promotion?.sessionsEnded ?? 0
    let terms = ClientTerms(
      way: acceptance.promotion == nil ? .rfc2090 : .promotion, size: acceptance.file.size,
      blockSize: acceptance.file.blockSize, windowSize: acceptance.windowSize,
      blockNumbers: acceptance.wideBlockNumbers ? .bits32 : .bits16, group: group, offer: acceptance.promotion)
    self.terms = terms
    effects.append(.event(.granted(terms), at: now))
  }

  /// The server knows no multicast, or does not want it for this file.
  private mutating func takeAnswerWithoutGroup(
    _ options: Options, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    // A server of ours grants no multicast of a file whose blocks 16 bits do not count (R21).
    if !asksWide, let size = options.transferSize,
      FileLayout(size: size, blockSize: options.blockSize ?? TransferTerms.plainBlockSize)?.fitsNumbers != true
    {
      return askWithWideNumbers(blockSize: options.blockSize, at: now, into: &effects)
    }
    guard settings.mode == .auto else { return refuse(.notGranted(way), at: now, into: &effects) }
    beginTransferInstead(at: now)
    takePlainAnswer(options, at: now, into: &effects)
  }

  /// R21: the group's file has too many blocks for 16 bits. Wide numbers are asked for once; after that the file comes
  /// by unicast, where numbers begin again at 0.
  private mutating func askWithWideNumbers(
    blockSize: UInt32?, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    sendError(.optionNegotiation, "the file needs blocknumbers=32 or larger blocks", into: &effects)
    if !asksWide {
      asksWide = true
      ask(.group, at: now, into: &effects)
    } else if settings.mode == .auto {
      ask(.transfer, at: now, into: &effects)
    } else {
      fail(.tooManyBlocks(blockSize: blockSize ?? TransferTerms.plainBlockSize), at: now, into: &effects)
    }
  }

  /// The answer to a request for the size. Who tells it is asked for the group again.
  private mutating func takeSize(_ options: Options, at now: Nanoseconds, into effects: inout [ClientEffect]) {
    guard let size = options.transferSize, size > 0 else {
      guard settings.mode == .auto else {
        return refuse(.badAnswer("it does not tell the size of the file"), at: now, into: &effects)
      }
      return takePlainAnswer(options, at: now, into: &effects)
    }
    knownSize = size
    sendError(.undefined, "only the size was wanted", into: &effects)
    ask(.group, at: now, into: &effects)
  }

  private mutating func takePlainAnswer(
    _ options: Options, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    doing = .transferring
    givePrecedence()
    _ = receiver.receive(
      .acceptance(TransferOptions(options)), payloadBytes: 0, at: now, under: receiverSettings, into: &receiverEffects)
    applyReceiverEffects(at: now, into: &effects)
  }

  /// Ends the download because of the server's answer, and tells it.
  mutating func refuse(_ failure: ClientFailure, at now: Nanoseconds, into effects: inout [ClientEffect]) {
    sendError(.optionNegotiation, ErrorCode.optionNegotiation.words, into: &effects)
    fail(failure, at: now, into: &effects)
  }
}

extension Proposal {
  /// What is wrong with an OACK to this request: an option that it did not ask for, or a value that it must not have.
  fileprivate func fault(in answer: TFTPWire.Options) -> String? {
    for option in answer.list {
      switch option {
      case .blockSize(let bytes):
        guard options.contains(.blockSize), bytes <= blockSize else { return "a block of \(bytes) bytes" }
      case .windowSize(let blocks):
        guard options.contains(.windowSize), blocks <= windowSize else { return "a window of \(blocks) blocks" }
      case .timeout(let seconds):
        guard options.contains(.timeout), seconds == timeoutSeconds else { return "a timeout of \(seconds) s" }
      case .wideBlockNumbers:
        guard options.contains(.wideBlockNumbers) else { return "blocknumbers=32, which was not asked for" }
      case .promotion(.offer):
        guard options.contains(.promotion) else { return "promotion, which was not asked for" }
      case .promotion: return "another form of promotion than an offer"
      case .multicast(.request): return "multicast without an address"
      case .transferSize, .multicast(.reply): continue
      case .unknown(let name, _): return "the option \(name), which was not asked for"
      }
    }
    return nil
  }
}

extension Options {
  /// What an OACK of a group means for a file of this size; nil if its blocks can't be counted.
  fileprivate func acceptance(ofSize size: UInt64) -> Acceptance? {
    let others = list.filter { if case .transferSize = $0 { false } else { true } }
    guard case .acceptance(let acceptance) = Message(.optionAcknowledgment(Options(others + [.transferSize(size)])))
    else { return nil }
    return acceptance
  }
}

extension Acceptance {
  fileprivate var fitsNumbers: Bool { wideBlockNumbers || file.fitsNumbers }
}

extension FileLayout {
  /// Whether 16 bits count its blocks.
  fileprivate var fitsNumbers: Bool { blocks <= BlockNumberWidth.bits16.largestBlock }
}
