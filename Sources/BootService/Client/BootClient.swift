import BlockTransfer
import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

/// One download: a value that takes datagrams and the time, and says what to do.
///
///     asking ──OACK with multicast──▶ joining ──joined──▶ in the group ──ACK(n)──▶ dallying ──▶ ended
///       │ ▲                                                    │ nothing came of it
///       │ └──────ERROR 8: asks for less ───────────────────────┘
///       └──OACK without it, or DATA 1──▶ transferring ──last block──▶ ended
///
/// What it does as a device of a group is the engine's ``PromotionEngine/Device``, and what it does as a plain client is
/// ``TFTPTransfer/TransferReceiver``. This type finds out which of them is wanted and hands the packets over. Its parts
/// have their own files: `BootClient+Asking` (what it asks for), `BootClient+Answer` (what is granted),
/// `BootClient+Receiving` (who sent a datagram), `BootClient+Group` and `BootClient+Transfer`.
///
/// Its driver calls ``fire(at:into:)`` when ``deadline`` has come. Firing early or twice does nothing. It calls
/// ``joined(at:into:)`` when it has done a ``ClientEffect/join(_:)``: what makes the server send leaves after that.
public struct BootClient: Sendable {
  enum Doing: Sendable {
    /// Has not begun.
    case nothing
    /// Has asked, and has no answer.
    case asking(Asking)
    /// Waits for its driver to join the group. Without an acceptance it is one of MTFTP.
    case joining(Endpoint, Acceptance?)
    /// Is a device of the group.
    case inGroup(Endpoint)
    /// Receives by unicast.
    case transferring
    /// Has sent its ACK(n), and answers a server that did not hear it.
    case dallying(until: Nanoseconds)
    case ended(ClientOutcome)
  }

  let settings: ClientSettings
  var doing = Doing.nothing
  var device = Device()
  var deviceSettings: DeviceSettings
  var receiver = TransferReceiver()
  var receiverSettings: TransferReceiver.Settings
  /// Where the server sends from, fixed by its first answer (RFC 1350 §4).
  var peer: Endpoint?
  /// Whether it has asked anew in a group. The answer may come from another port.
  var peerMayChange = false
  /// Where the packets of the group come from, if its server does not speak promotion: from where the first of them came.
  var groupSender: Endpoint?
  /// The size of the file, if it is known from elsewhere than the answer.
  var knownSize: UInt64?
  /// Whether it asks for wide block numbers (R21).
  var asksWide: Bool
  /// The last session that it knows to have ended.
  var sessionsEnded: UInt32 = 0
  /// How many sessions had ended when DATA of the group came last.
  var heardAfter: UInt32?
  /// The role in which its last block found it.
  var roleBefore = RoleName.joining
  /// When the group was heard last, or a block came that was missing.
  var heardAt = Nanoseconds.zero
  /// How often it asked anew because the server did not know its transfer any more.
  var reopened = 0
  /// From this instant on a stranger is answered.
  var nextTurningAway = Nanoseconds(.min)
  /// What was granted; nil until then.
  public internal(set) var terms: ClientTerms?
  /// What it has received and sent.
  public internal(set) var counts = ClientCounts()
  var deviceEffects: [DeviceEffect] = []
  var receiverEffects: [TransferReceiver.Effect] = []

  /// A client that has not begun.
  public init(_ settings: ClientSettings) {
    self.settings = settings
    let parameters = settings.parameters
    deviceSettings = DeviceSettings(parameters: parameters, file: nil)
    receiverSettings = TransferReceiver.Settings(asks: [], patience: TransferPatience(parameters))
    knownSize = settings.size
    asksWide = parameters.wideBlockNumbers
  }

  /// How it ended; nil while it goes on.
  public var outcome: ClientOutcome? { if case .ended(let outcome) = doing { outcome } else { nil } }

  /// Its role at this moment. A client without a group is its own active device (RFC 2090).
  public var role: RoleName {
    switch doing {
    case .nothing, .asking, .joining: .joining
    case .inGroup, .dallying: device.role
    case .transferring: .active
    case .ended(.complete): .complete
    case .ended(.failed): .failed
    }
  }

  /// The blocks that it misses, if it is in a group.
  public var gaps: GapMap { device.gaps }

  /// The file, once its size is known.
  public var file: FileLayout? { device.file ?? receiver.file }

  /// When ``fire(at:into:)`` is due; ``Timebase/Nanoseconds/never`` if nothing is.
  public var deadline: Nanoseconds {
    switch doing {
    case .asking(.group): device.deadline(under: deviceSettings)
    case .inGroup: min(device.deadline(under: deviceSettings), givesUpAt)
    case .asking, .transferring: receiver.deadline
    case .dallying(let until): until
    case .nothing, .joining, .ended: .never
    }
  }

  /// Asks for the file.
  public mutating func begin(at now: Nanoseconds, into effects: inout [ClientEffect]) {
    guard case .nothing = doing else { return }
    switch settings.mode {
    case .auto, .promotion, .rfc2090: ask(.group, at: now, into: &effects)
    case .tftp: ask(.transfer, at: now, into: &effects)
    case .mtftp(let terms): beginMTFTP(terms, at: now, into: &effects)
    }
  }

  /// Does what is due at `now`.
  public mutating func fire(at now: Nanoseconds, into effects: inout [ClientEffect]) {
    guard deadline <= now else { return }
    switch doing {
    case .asking(.group):
      device.fire(at: now, under: deviceSettings, into: &deviceEffects)
      applyDeviceEffects(at: now, ifFailed: .noAnswer, into: &effects)
    case .inGroup(let group) where givesUpAt <= now:
      sendError(.undefined, "nothing of the group arrives", into: &effects)
      let isAnswered = counts.multicastData == 0 && counts.unicastBlocks > 0
      fail(isAnswered ? .nothingOfGroup(group) : .silent, at: now, into: &effects)
    case .inGroup:
      device.fire(at: now, under: deviceSettings, into: &deviceEffects)
      applyDeviceEffects(at: now, ifFailed: .silent, into: &effects)
    case .asking, .transferring:
      receiver.fire(at: now, under: receiverSettings, into: &receiverEffects)
      applyReceiverEffects(at: now, into: &effects)
    case .dallying: finish(.complete, at: now, into: &effects)
    case .nothing, .joining, .ended: return
    }
  }

  /// Takes the delay that ``ClientEffect/drawReportDelay(atMost:)`` asked for.
  public mutating func delayReport(by delay: Nanoseconds) { device.delayReport(by: delay) }

  /// Ends the download from this side. The server is told, if there is one that has answered.
  ///
  /// A client that has the whole file only leaves its group: what it still did there was for others.
  public mutating func cancel(
    _ code: ErrorCode, message: String, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    guard outcome == nil else { return }
    guard !device.isComplete else { return finish(.complete, at: now, into: &effects) }
    sendError(code, message, into: &effects)
    finish(.failed(.stopped), at: now, into: &effects)
  }
}

// MARK: - What all parts share

extension BootClient {
  /// The protocol that is asked for, or spoken.
  var way: TransferWay {
    switch settings.mode {
    case .tftp: .tftp
    case .mtftp: .mtftp
    case .auto, .promotion, .rfc2090: deviceSettings.parameters.speaksPromotion ? .promotion : .rfc2090
    }
  }

  /// When a client of MTFTP loses hope. R17 to R20 let it open again for ever, if a server answers each open by block 1 and
  /// nothing else, as one of plain TFTP does.
  private var givesUpAt: Nanoseconds {
    guard terms?.way == .mtftp else { return .never }
    return heardAt.later(by: deviceSettings.parameters.groupTimeout * Self.mostSilences)
  }

  /// How many `group_timeout` in a row a client of MTFTP hears nothing.
  private static let mostSilences = 10

  mutating func send(
    _ packet: Packet, _ width: BlockNumberWidth, to endpoint: Endpoint, into effects: inout [ClientEffect]
  ) {
    // Only a request can fail to be written, and `ask` has tried that.
    guard let bytes = try? packet.encoded(blockNumbers: width) else { return }
    counts.sent += 1
    effects.append(.send(bytes, to: endpoint))
  }

  /// Tells the server that this is the end. It is told nothing before it has answered.
  mutating func sendError(_ code: ErrorCode, _ message: String, into effects: inout [ClientEffect]) {
    guard let peer else { return }
    send(.error(code: code, message: message), .bits16, to: peer, into: &effects)
  }

  mutating func fail(_ failure: ClientFailure, at now: Nanoseconds, into effects: inout [ClientEffect]) {
    finish(.failed(failure), at: now, into: &effects)
  }

  mutating func finish(_ outcome: ClientOutcome, at now: Nanoseconds, into effects: inout [ClientEffect]) {
    leaveGroup(into: &effects)
    doing = .ended(outcome)
    if outcome != .complete { effects.append(.event(.entered(.failed), at: now)) }
    effects.append(.event(.ended(outcome), at: now))
  }

  /// Waits longer for a server that answers from a port of its own, as in RFC 1350. Such a server repeats DATA by itself
  /// after the `timeout` that it granted, and atftpd, for one, begins to wait anew at every packet that it ignores: a
  /// client whose repeats come as often keeps it from doing so.
  mutating func givePrecedence() {
    guard peer != settings.server else { return }
    let timeout = settings.parameters.timeout
    let longer = timeout + Nanoseconds(timeout.count / 2)
    deviceSettings.parameters.timeout = longer
    receiverSettings.patience.timeout = longer
  }

  mutating func leaveGroup(into effects: inout [ClientEffect]) {
    if case .inGroup(let group) = doing { effects.append(.leave(group)) }
  }
}

extension TransferPatience {
  /// The patience of a device, for a plain transfer.
  init(_ parameters: ProtocolParameters) {
    self.init(
      timeout: parameters.timeout, retries: parameters.retries, backoff: parameters.backoff,
      maxTimeout: parameters.maxTimeout)
  }
}
