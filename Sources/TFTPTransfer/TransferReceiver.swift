import BlockTransfer
import TFTPWire
import Timebase

/// A client's end of a transfer: a value that takes messages and the time, and says what to do.
///
///     off ──▶ requesting ──OACK, or DATA 1──▶ receiving ──last block──▶ complete
///
/// Each state but `complete` can end in `failed`. It takes blocks in their order. It acknowledges the last block of a
/// window and the last block of the file; and, once a window, the last in order when a block comes before the one that
/// is due (RFC 7440): that one was lost, and the server begins again with it. Blocks that it had, and blocks that come
/// too early, are dropped, and a block that it had never makes it send (no Sorcerer's Apprentice).
///
/// It repeats its request, or its last ACK, when nothing new has come for a timeout: counted from what it sent last or
/// from the last new block, whichever is later (R6). When its repeats are exhausted it fails.
///
/// A complete client answers a copy of the last block by ACK(n) once more, since its first may have been lost (RFC 1350
/// §6 calls this dallying). It waits for nothing: a driver keeps it for as long as the server may repeat, or drops it.
///
/// Its driver calls ``fire(at:under:into:)`` when ``deadline`` has come. Firing early or twice does nothing. Only what
/// comes from the server's address may be passed on, and after the first answer only from its port (RFC 1350 §4).
public struct TransferReceiver: Hashable, Sendable, BitwiseCopyable {
  /// How a client behaves.
  public struct Settings: Hashable, Sendable {
    /// The options that it asks for.
    public var asks: TransferOptions
    /// How long it waits, and how often it asks again.
    public var patience: TransferPatience
    /// The time from an arrival to the sending of its answer (N4); 0 on a real socket.
    public var answerDelay: Nanoseconds

    /// Makes the settings from their parts.
    public init(asks: TransferOptions, patience: TransferPatience, answerDelay: Nanoseconds = .zero) {
      self.asks = asks
      self.patience = patience
      self.answerDelay = answerDelay
    }
  }

  /// What a client wants done after an input.
  public enum Effect: Hashable, Sendable, BitwiseCopyable {
    /// Send a message to the server.
    case send(TransferMessage, leavesAt: Nanoseconds)
    /// The server serves the file.
    case began
    /// The whole file is there.
    case completed
    /// The transfer has failed.
    case failed(TransferFailure)
  }

  enum Doing: Hashable, Sendable, BitwiseCopyable {
    /// Has not begun.
    case nothing
    case requesting(Waiting)
    case receiving(Receiving)
    case complete
    case failed(TransferFailure)
  }

  /// What a client that receives keeps.
  struct Receiving: Hashable, Sendable, BitwiseCopyable {
    var waiting: Waiting
    /// When the last ACK left.
    var sentAt: Nanoseconds
    /// The block that was acknowledged last. The window is the blocks after it.
    var asked: BlockNumber
    /// The highest block that came too early since the last one that came in order; 0 if none did.
    var early: BlockNumber = 0
  }

  var doing = Doing.nothing
  /// The blocks 1 to this one are there.
  public private(set) var received: BlockNumber = 0
  /// The file in its blocks, once its size is known: by `tsize`, else by its last block.
  public private(set) var file: FileLayout?
  /// The bytes of a block.
  public private(set) var blockSize = TransferTerms.plainBlockSize
  /// The blocks of a window.
  public private(set) var windowSize: UInt32 = 1
  /// The width of block numbers in DATA and ACK.
  public private(set) var blockNumbers = BlockNumberWidth.bits16

  /// A client that has not begun.
  public init() {}

  /// Whether it has not begun.
  public var isOff: Bool { doing == .nothing }
  /// Whether the whole file is there.
  public var isComplete: Bool { doing == .complete }
  /// Why the transfer has failed; nil if it has not.
  public var failure: TransferFailure? { if case .failed(let failure) = doing { failure } else { nil } }

  /// When ``fire(at:under:into:)`` is due; ``Timebase/Nanoseconds/never`` if nothing is.
  public var deadline: Nanoseconds {
    switch doing {
    case .requesting(let waiting): waiting.deadline
    case .receiving(let receiving): receiving.waiting.deadline
    case .nothing, .complete, .failed: .never
    }
  }

  /// Asks for the file.
  public mutating func begin(at now: Nanoseconds, under settings: Settings, into effects: inout [Effect]) {
    guard case .nothing = doing else { return }
    effects.append(.send(.request(settings.asks), leavesAt: now))
    doing = .requesting(Waiting(from: now, with: settings.patience))
  }

  /// Ends the transfer from this side. The server is told nothing; ``cancel(_:at:into:)`` tells it.
  public mutating func stop(into effects: inout [Effect]) {
    switch doing {
    case .complete, .failed: return
    case .nothing, .requesting, .receiving: fail(.stopped, into: &effects)
    }
  }

  /// Ends the transfer from this side, with an ERROR: the disk is full, the file is not wanted.
  public mutating func cancel(_ code: ErrorCode, at now: Nanoseconds, into effects: inout [Effect]) {
    switch doing {
    case .nothing, .complete, .failed: return
    case .requesting, .receiving: fail(.stopped, saying: code, at: now, into: &effects)
    }
  }

  /// Takes one message from the server. What makes no sense at this moment is ignored.
  ///
  /// - Parameter payloadBytes: the bytes of a DATA block; of no meaning for other messages.
  /// - Returns: what DATA was. The caller keeps the payload of a new block.
  public mutating func receive(
    _ message: TransferMessage, payloadBytes: UInt32, at now: Nanoseconds, under settings: Settings,
    into effects: inout [Effect]
  ) -> TransferReception {
    switch (doing, message) {
    case (.receiving(let receiving), .data(let block)):
      return take(block, of: payloadBytes, receiving, at: now, under: settings, into: &effects)
    case (.requesting(let waiting), .data(1)):
      // A server that knows no options (RFC 2347): 512 bytes, one block at a time.
      effects.append(.began)
      let receiving = Receiving(waiting: waiting, sentAt: now, asked: 0)
      return take(1, of: payloadBytes, receiving, at: now, under: settings, into: &effects)
    case (.complete, .data(let block)):
      guard 1...received ~= block else { return .other }
      if block == received {
        effects.append(.send(.acknowledgment(block), leavesAt: now.later(by: settings.answerDelay)))
      }
      return .duplicate
    case (.requesting, .acceptance(let options)): accept(options, at: now, under: settings, into: &effects)
    case (.requesting, .error(let code)), (.receiving, .error(let code)): fail(.refused(code), into: &effects)
    case (.nothing, _), (.failed, _), (.requesting, _), (.receiving, _), (.complete, _): break
    }
    return .other
  }

  /// Does what is due at `now`: repeats what it sent last, or gives up.
  public mutating func fire(at now: Nanoseconds, under settings: Settings, into effects: inout [Effect]) {
    guard deadline <= now else { return }
    switch doing {
    case .nothing, .complete, .failed: return
    case .requesting(var waiting):
      guard waiting.repeats(at: now, with: settings.patience) else { return fail(.noAnswer, into: &effects) }
      effects.append(.send(.request(settings.asks), leavesAt: now))
      doing = .requesting(waiting)
    case .receiving(var receiving):
      guard receiving.waiting.repeats(at: now, with: settings.patience) else { return fail(.silent, into: &effects) }
      effects.append(.send(.acknowledgment(received), leavesAt: now))
      receiving.sentAt = now
      receiving.asked = received
      doing = .receiving(receiving)
    }
  }
}

// MARK: - The answer

extension TransferReceiver {
  /// Takes an OACK, if it grants nothing but what was asked for (RFC 2347).
  private mutating func accept(
    _ options: TransferOptions, at now: Nanoseconds, under settings: Settings, into effects: inout [Effect]
  ) {
    guard options.isWithin(settings.asks) else {
      return fail(.badAnswer, saying: .optionNegotiation, at: now.later(by: settings.answerDelay), into: &effects)
    }
    blockSize = options.blockSize ?? blockSize
    windowSize = options.windowSize ?? windowSize
    blockNumbers = options.blockNumbers
    if let size = options.transferSize {
      guard let known = FileLayout(size: size, blockSize: blockSize) else {
        return fail(.tooLarge, saying: .optionNegotiation, at: now.later(by: settings.answerDelay), into: &effects)
      }
      file = known
    }
    effects.append(.began)
    let sending = now.later(by: settings.answerDelay)
    effects.append(.send(.acknowledgment(0), leavesAt: sending))
    let waiting = Waiting(from: sending, with: settings.patience)
    doing = .receiving(Receiving(waiting: waiting, sentAt: sending, asked: 0))
  }
}

extension TransferOptions {
  /// Whether an OACK with these options answers a request with those: nothing else, and nothing larger. A timeout is
  /// granted as it was asked for or not at all (RFC 2349).
  fileprivate func isWithin(_ asked: TransferOptions) -> Bool {
    !hasOthers
      && list.allSatisfy { option in
        switch option {
        case .blockSize(let bytes): TransferOption.blockSizes ~= bytes && bytes <= asked.blockSize ?? 0
        case .windowSize(let blocks): TransferOption.windowSizes ~= blocks && blocks <= asked.windowSize ?? 0
        case .transferSize: asked.transferSize != nil
        case .timeout(let seconds): seconds == asked.timeoutSeconds
        case .wideBlockNumbers: asked.blockNumbers == .bits32
        case .multicast, .promotion, .unknown: false
        }
      }
  }
}

// MARK: - DATA

extension TransferReceiver {
  private mutating func take(
    _ block: BlockNumber, of bytes: UInt32, _ receiving: Receiving, at now: Nanoseconds, under settings: Settings,
    into effects: inout [Effect]
  ) -> TransferReception {
    guard block > received else { return block == 0 ? .other : .duplicate }
    guard block - received == 1 else {
      return takeEarly(block, receiving, at: now, under: settings, into: &effects)
    }
    if let failure = fault(in: block, of: bytes) {
      fail(failure, saying: .illegalOperation, at: now.later(by: settings.answerDelay), into: &effects)
      return .other
    }
    guard bytes == blockSize else {
      received = block
      file = FileLayout(size: UInt64(block - 1) * UInt64(blockSize) + UInt64(bytes), blockSize: blockSize)
      effects.append(.send(.acknowledgment(block), leavesAt: now.later(by: settings.answerDelay)))
      effects.append(.completed)
      doing = .complete
      return .new
    }
    if takeInOrder(block, receiving, at: now, under: settings) {
      effects.append(.send(.acknowledgment(block), leavesAt: now.later(by: settings.answerDelay)))
    }
    return .new
  }

  /// Takes the next block, which is not the last one of the file. True if it must be acknowledged: it ends its window.
  @inline(__always)
  mutating func takeInOrder(
    _ block: BlockNumber, _ receiving: Receiving, at now: Nanoseconds, under settings: Settings
  ) -> Bool {
    received = block
    var next = receiving
    next.early = 0
    let endsWindow = block - receiving.asked >= windowSize
    if endsWindow {
      next.asked = block
      next.sentAt = now.later(by: settings.answerDelay)
    }
    next.waiting = Waiting(from: max(now, next.sentAt), with: settings.patience)
    doing = .receiving(next)
    return endsWindow
  }

  /// A block of the window that is not the next one: that was lost. One ACK says so for all blocks that come after it.
  /// If their numbers fall, the window has been sent again, and its first block was lost again.
  private mutating func takeEarly(
    _ block: BlockNumber, _ receiving: Receiving, at now: Nanoseconds, under settings: Settings,
    into effects: inout [Effect]
  ) -> TransferReception {
    guard block - receiving.asked <= windowSize, file.map({ block <= $0.blocks }) ?? true else { return .other }
    var next = receiving
    if receiving.early == 0 || block < receiving.early {
      let sending = now.later(by: settings.answerDelay)
      effects.append(.send(.acknowledgment(received), leavesAt: sending))
      next.asked = received
      next.sentAt = sending
      next.waiting.goesOn(from: sending, with: settings.patience)
    }
    next.early = block
    doing = .receiving(next)
    return .early
  }

  /// What is wrong with the next block, if something is.
  private func fault(in block: BlockNumber, of bytes: UInt32) -> TransferFailure? {
    if bytes > blockSize { return .overlongBlock }
    if let file { return bytes == file.bytes(of: block) ? nil : .wrongSize }
    // The largest number is never reached: a file of so many blocks cannot be counted.
    return block < .max - 1 || bytes < blockSize ? nil : .tooLarge
  }

  private mutating func fail(
    _ failure: TransferFailure, saying code: ErrorCode, at sending: Nanoseconds, into effects: inout [Effect]
  ) {
    effects.append(.send(.error(code), leavesAt: sending))
    fail(failure, into: &effects)
  }

  private mutating func fail(_ failure: TransferFailure, into effects: inout [Effect]) {
    doing = .failed(failure)
    effects.append(.failed(failure))
  }
}
