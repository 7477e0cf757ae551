import BlockTransfer
import TFTPWire
import Timebase

/// The server's end of a transfer to one client: a value that takes messages and the time, and says what to do.
///
///     offering ──ACK 0──▶ sending ──ACK n──▶ ended
///
/// Without options it begins with `sending` (RFC 1350). The client drives: each new ACK gets the window after it, once.
/// An ACK that comes again asks for the same window again. It must lead on, since the window, or its first block, may be
/// lost; but it may also be a copy, and RFC 1123 §4.2.3.1 tells what comes of answering each (the Sorcerer's Apprentice:
/// an end that acknowledges every copy of DATA then gets two of everything until the file is over). So a repeated ACK
/// is answered if it comes
/// - half a timeout or more after the window was sent: then it is the client's own repeat, or
/// - sooner, if the window had several blocks, and neither it nor the one before it was asked for or sent twice. So
///   RFC 7440's ACK of a window whose first block was lost is answered at once; but of copies that come with every
///   window only the first is, so the stream is single again after one window.
///
/// The end of a transfer has no handshake. If ACK(n) is lost the sender hears no more, and ends after its
/// ``Settings/silence``: ``TransferEnd/unacknowledged``, which RFC 1350 §6 takes for complete. A client's ERROR ends it
/// at once.
///
/// Its driver calls ``fire(at:under:into:)`` when ``deadline(under:)`` has come. Firing early or twice does nothing.
/// Only what comes from the client's own address and port may be passed on (RFC 1350 §4).
public struct TransferSender: Hashable, Sendable, BitwiseCopyable {
  /// How a sender behaves.
  public struct Settings: Hashable, Sendable {
    /// How long the client waits before it repeats; a driver takes what was accepted, see ``following(_:)``.
    public var timeout: Nanoseconds
    /// How long nothing may come from the client.
    public var silence: Nanoseconds
    /// Whether the sender itself repeats its last window, or its OACK, after each ``timeout`` in which nothing came:
    /// RFC 1350's retransmission by both ends, for clients that leave it to the server. To a client that repeats too it
    /// sends nothing twice: the client's repeat comes too soon after the sender's own.
    public var repeatsItself: Bool
    /// The time from an arrival to the sending of its answer (N4); 0 on a real socket.
    public var answerDelay: Nanoseconds

    /// Leaves retransmission to the client, unless told otherwise.
    public init(
      timeout: Nanoseconds, silence: Nanoseconds, repeatsItself: Bool = false, answerDelay: Nanoseconds = .zero
    ) {
      self.timeout = timeout
      self.silence = silence
      self.repeatsItself = repeatsItself
      self.answerDelay = answerDelay
    }

    /// The same, with the timeout that the client asked for, if it did (RFC 2349).
    public func following(_ terms: TransferTerms) -> Settings {
      guard let seconds = terms.accepted.timeoutSeconds else { return self }
      var settings = self
      settings.timeout = .seconds(Int64(seconds))
      return settings
    }
  }

  /// What a sender wants done after an input.
  public enum Effect: Hashable, Sendable, BitwiseCopyable {
    /// Send a message to the client.
    case send(TransferMessage, leavesAt: Nanoseconds)
    /// Send DATA `first…last` to the client, one after the other.
    case sendData(first: BlockNumber, last: BlockNumber, leavesAt: Nanoseconds)
    /// The transfer is over; nothing more comes from this sender.
    case ended(TransferEnd)
  }

  private enum Doing: Hashable, Sendable, BitwiseCopyable {
    /// The OACK is out, and ACK(0) is waited for.
    case offering
    case sending
    case ended(TransferEnd)
  }

  /// What was agreed on.
  public let terms: TransferTerms
  private var doing: Doing
  /// The client has all blocks up to this one, by its own word.
  public private(set) var acknowledged: BlockNumber = 0
  /// The last block that was sent.
  public private(set) var sent: BlockNumber = 0
  /// When the client was heard last: its request, or an ACK of what it asked for last.
  private var heardAt: Nanoseconds
  /// When what was sent last left.
  private var sentAt: Nanoseconds
  /// Whether the window was asked for or sent more than once, and whether the one before it was.
  private var isRepeated = false
  private var wasRepeatedBefore = false

  /// Answers a request: by OACK, or at once by the first window if no option was accepted.
  public init(_ terms: TransferTerms, at now: Nanoseconds, under settings: Settings, into effects: inout [Effect]) {
    self.terms = terms
    heardAt = now
    sentAt = now
    doing = terms.accepted.isEmpty ? .sending : .offering
    answerRequest(at: now, under: settings, into: &effects)
  }

  /// How the transfer ended; nil while it goes on.
  public var end: TransferEnd? { if case .ended(let end) = doing { end } else { nil } }

  /// When ``fire(at:under:into:)`` is due; ``Timebase/Nanoseconds/never`` if nothing is.
  public func deadline(under settings: Settings) -> Nanoseconds {
    guard end == nil else { return .never }
    let givesUpAt = heardAt.later(by: settings.silence)
    return settings.repeatsItself ? min(givesUpAt, sentAt.later(by: settings.timeout)) : givesUpAt
  }

  /// Takes one message from the client. What makes no sense at this moment is ignored.
  public mutating func receive(
    _ message: TransferMessage, at now: Nanoseconds, under settings: Settings, into effects: inout [Effect]
  ) {
    switch (doing, message) {
    case (.sending, .acknowledgment(let block)): acknowledge(block, at: now, under: settings, into: &effects)
    case (.offering, .acknowledgment(0)):
      heardAt = now
      doing = .sending
      sendWindow(at: now.later(by: settings.answerDelay), into: &effects)
    case (.offering, .request): repeatAnswer(at: now, under: settings, into: &effects)
    case (.sending, .request):
      // The client hears nothing of a transfer without options but its DATA, so its repeat is like an ACK(0).
      guard terms.accepted.isEmpty, acknowledged == 0, mayAskAgain(at: now, under: settings) else { return }
      repeatAnswer(at: now, under: settings, into: &effects)
    case (.offering, .error(let code)), (.sending, .error(let code)): finish(.refused(code), into: &effects)
    case (.ended, _), (.offering, .acknowledgment), (_, .acceptance), (_, .data): return
    }
  }

  /// Does what is due at `now`: repeats what was sent last, or gives up.
  public mutating func fire(at now: Nanoseconds, under settings: Settings, into effects: inout [Effect]) {
    guard deadline(under: settings) <= now else { return }
    if now >= heardAt.later(by: settings.silence) {
      finish(sent == terms.file.blocks ? .unacknowledged : .silent, into: &effects)
    } else if case .offering = doing {
      offer(at: now, into: &effects)
    } else {
      isRepeated = true
      sendWindow(at: now, into: &effects)
    }
  }

  /// Ends the transfer from this side: the client is told by ERROR.
  public mutating func cancel(
    _ code: ErrorCode, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    guard end == nil else { return }
    effects.append(.send(.error(code), leavesAt: now))
    finish(.cancelled(code), into: &effects)
  }

  private mutating func acknowledge(
    _ block: BlockNumber, at now: Nanoseconds, under settings: Settings, into effects: inout [Effect]
  ) {
    guard block >= acknowledged, block <= sent else { return }
    heardAt = now
    if block > acknowledged {
      goOn(after: block)
      guard block < terms.file.blocks else { return finish(.complete, into: &effects) }
    } else if !mayAskAgain(at: now, under: settings) {
      return
    }
    sendWindow(at: now.later(by: settings.answerDelay), into: &effects)
  }

  private mutating func goOn(after block: BlockNumber) {
    acknowledged = block
    wasRepeatedBefore = isRepeated
    isRepeated = false
  }

  /// Takes a new ACK, but not the last one, without an effect. It is for callers that take millions of them.
  ///
  /// - Returns: the blocks to send, after the answer delay. Nil for any other ACK; then nothing has changed.
  @inline(__always)
  package mutating func acknowledgeAtOnce(
    _ block: BlockNumber, at now: Nanoseconds, under settings: Settings
  ) -> ClosedRange<BlockNumber>? {
    guard case .sending = doing, block > acknowledged, block <= sent, block < terms.file.blocks else { return nil }
    goOn(after: block)
    heardAt = now
    let window = window
    sent = max(sent, window.upperBound)
    sentAt = now.later(by: settings.answerDelay)
    return window
  }

  /// Whether an ACK that came before must be answered again; see the type.
  private mutating func mayAskAgain(at now: Nanoseconds, under settings: Settings) -> Bool {
    let isLate = now >= sentAt.later(by: Nanoseconds(settings.timeout.count / 2))
    let saysThatTheFirstWasLost = window.count > 1 && !isRepeated && !wasRepeatedBefore
    isRepeated = true
    return isLate || saysThatTheFirstWasLost
  }

  private mutating func answerRequest(at now: Nanoseconds, under settings: Settings, into effects: inout [Effect]) {
    if case .offering = doing {
      offer(at: now.later(by: settings.answerDelay), into: &effects)
    } else {
      sendWindow(at: now.later(by: settings.answerDelay), into: &effects)
    }
  }

  private mutating func repeatAnswer(at now: Nanoseconds, under settings: Settings, into effects: inout [Effect]) {
    heardAt = now
    answerRequest(at: now, under: settings, into: &effects)
  }

  private mutating func offer(at sending: Nanoseconds, into effects: inout [Effect]) {
    effects.append(.send(.acceptance(terms.accepted), leavesAt: sending))
    sentAt = sending
  }

  /// The blocks after the last that was acknowledged. While the transfer goes on there is at least one.
  private var window: ClosedRange<BlockNumber> {
    acknowledged + 1...acknowledged + min(terms.windowSize, terms.file.blocks - acknowledged)
  }

  private mutating func sendWindow(at sending: Nanoseconds, into effects: inout [Effect]) {
    let window = window
    effects.append(.sendData(first: window.lowerBound, last: window.upperBound, leavesAt: sending))
    sent = max(sent, window.upperBound)
    sentAt = sending
  }

  private mutating func finish(_ end: TransferEnd, into effects: inout [Effect]) {
    doing = .ended(end)
    effects.append(.ended(end))
  }
}
