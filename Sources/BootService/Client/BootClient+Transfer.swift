import BlockTransfer
import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

// A plain transfer.
extension BootClient {
  /// DATA 1 answers the request: the server knows no options (RFC 2347), so the file comes by RFC 1350.
  mutating func takeDataInstead(
    of asking: Asking, _ payload: Range<Int>, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    switch asking {
    case .group:
      guard settings.mode == .auto else { return refuse(.notGranted(way), at: now, into: &effects) }
      beginTransferInstead(at: now)
    case .size:
      guard settings.mode == .auto else {
        return refuse(.badAnswer("it does not tell the size of the file"), at: now, into: &effects)
      }
    case .transfer, .fewOptions, .noOptions: break
    }
    doing = .transferring
    givePrecedence()
    takeTransferData(1, payload, at: now, into: &effects)
  }

  /// - Parameter block: the number on the wire.
  mutating func takeTransferData(
    _ block: BlockNumber, _ payload: Range<Int>, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    let message = receiver.message(.data(block: block, payload: []))
    let before = receiver.received
    let reception = receiver.receive(
      message, payloadBytes: UInt32(payload.count), at: now, under: receiverSettings, into: &receiverEffects)
    switch reception {
    case .new:
      counts.unicastBlocks += 1
      counts.bytes += UInt64(payload.count)
      effects.append(.write(offset: UInt64(before) * UInt64(receiver.blockSize), payload: payload))
    case .duplicate: counts.duplicates += 1
    case .early, .other: break
    }
    applyReceiverEffects(at: now, into: &effects)
  }

  mutating func applyReceiverEffects(at now: Nanoseconds, into effects: inout [ClientEffect]) {
    for effect in receiverEffects {
      switch effect {
      case .send(let message, _): send(message, into: &effects)
      case .began: beginTransfer(at: now, into: &effects)
      case .completed:
        effects.append(.event(.entered(.complete), at: now))
        effects.append(.event(.completed(size: counts.bytes), at: now))
        finish(.complete, at: now, into: &effects)
      case .failed(let failure): fail(words(for: failure), at: now, into: &effects)
      }
    }
    receiverEffects.removeAll(keepingCapacity: true)
  }

  private mutating func send(_ message: TransferMessage, into effects: inout [ClientEffect]) {
    let context = receiver.context(fileName: settings.fileName)
    let isRequest = if case .request = message { true } else { false }
    send(
      message.packet(in: context), context.blockNumbers, to: isRequest ? settings.server : peer ?? settings.server,
      into: &effects)
  }

  private mutating func beginTransfer(at now: Nanoseconds, into effects: inout [ClientEffect]) {
    let terms = ClientTerms(
      way: .tftp, size: receiver.file?.size, blockSize: receiver.blockSize, windowSize: receiver.windowSize,
      blockNumbers: receiver.blockNumbers)
    self.terms = terms
    effects.append(.event(.granted(terms), at: now))
  }

  private func words(for failure: TransferFailure) -> ClientFailure {
    switch failure {
    case .noAnswer: .noAnswer
    case .silent: .silent
    case .refused(let code): .refused(code, message: code.words)
    case .badAnswer: .badAnswer("an option that was not asked for, or a larger value")
    case .overlongBlock, .wrongSize: .wrongSize
    case .tooLarge: .tooManyBlocks(blockSize: receiver.blockSize)
    case .stopped: .stopped
    }
  }
}
