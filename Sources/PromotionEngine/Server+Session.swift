import BlockTransfer
import TFTPWire
import Timebase

/// A multicast pass under way.
struct Session: Hashable, Sendable, BitwiseCopyable {
  /// The device that drives it.
  let active: DeviceID
  /// When the server last heard it (R8).
  var heard: Nanoseconds
  /// Whether its first ACK has come.
  var hasBegun = false
  /// MTFTP: the highest block sent (R18).
  var sent: BlockNumber = 0
  /// MTFTP: when a block was last sent.
  var sentAt = Nanoseconds.zero
}

// A session: R4 (answering), R7 (its end), R8 (an abandoned one), R8a (ACKs of others). R23 is in `Server+HandOver`.
extension Server {
  mutating func openSession(active device: DeviceID, at now: Nanoseconds, into effects: inout [ServerEffect]) {
    phase = .session(Session(active: device, heard: now))
    if let rule = parameters.handOver { repeatedData = RepeatedData(window: rule.window) }
    effects.append(.sessionOpened(active: device))
  }

  mutating func acknowledge(
    _ block: BlockNumber, from device: DeviceID, at now: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    let answersAt = now.later(by: answerDelay)
    guard block < lastBlock else {
      if block == lastBlock { complete(device, at: now, answersAt: answersAt, into: &effects) }
      return
    }
    switch peerStanding(of: device) {
    case .active:
      answerActive(block, at: now, answersAt: answersAt, into: &effects)
    case .elected,
      .passive(queued: false) where isAskingMany:
      endElection(by: block, from: device, at: now, answersAt: answersAt, into: &effects)
    case .smart:
      guard let leavesAt = answer(askFor: block, from: device, at: now) else { return }
      effects.append(.unicast(.data(block + 1), to: device, leavesAt: leavesAt))
    case .unknown, .struckOff, .passive, .complete:
      tellWhereItStands(device, at: now, answersAt: answersAt, into: &effects)
    }
  }

  /// When a session that is under way is abandoned (R8).
  func sessionDeadline(_ session: Session) -> Nanoseconds {
    waiting > 0 ? silenceEnd(of: session) : session.heard.later(by: parameters.sessionTimeout)
  }

  /// R8: when others no longer wait for the active device: after `session_timeout`, and if its acceptance made it active and
  /// it asks for nothing, after three timeouts.
  func silenceEnd(of session: Session) -> Nanoseconds {
    let end = session.heard.later(by: parameters.sessionTimeout)
    guard !session.hasBegun else { return end }
    var silence = session.heard
    for repeats in 0..<Self.repeatsOfAcceptance { silence = silence.later(by: parameters.timeout(after: repeats)) }
    return min(silence, end)
  }

  /// R8: whether others are asked to drive now, since the active device has asked for nothing.
  func standsAside(_ session: Session, at now: Nanoseconds) -> Bool {
    let end = session.heard.later(by: parameters.sessionTimeout)
    let silence = silenceEnd(of: session)
    return !session.hasBegun && waiting > 0 && silence <= now && (now < end || silence == end)
  }

  static let answerInterval = Nanoseconds.seconds(1)

  /// R8a: answers an ACK of a device that should not ask, at most once a second, so that two ends that answer each
  /// other make no storm.
  private mutating func tellWhereItStands(
    _ device: DeviceID, at now: Nanoseconds, answersAt: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    guard self[device].nextAnswer <= now else { return }
    self[device].nextAnswer = now.later(by: Self.answerInterval)
    let knowsPromotion = parameters.speaksPromotion && self[device].knowsPromotion
    let answer = knowsPromotion ? Message.check(session: sessionsEnded) : .notActive
    effects.append(.unicast(answer, to: device, leavesAt: answersAt))
  }

  /// R4: answers every ACK of the active device with the window after it.
  mutating func answerActive(
    _ block: BlockNumber, at now: Nanoseconds, answersAt: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    guard case .session(var session) = phase else { return }
    if handsOver(session, askedFor: block + 1, answersAt: answersAt, into: &effects) { return }
    if !session.hasBegun {
      session.hasBegun = true
      isAfterSilence = false
      phase = .session(session)
      effects.append(.sessionBegan)
    }
    let (end, overflows) = block.addingReportingOverflow(parameters.windowSize)
    let last = overflows ? lastBlock : min(end, lastBlock)
    repeatedData?.send(block + 1...last)
    effects.append(.multicastData(first: block + 1, last: last, leavesAt: answersAt))
  }

  /// `ACK(n)` completes any device that sends it (R7, R8a). What it frees or ends depends on the device's state.
  private mutating func complete(
    _ device: DeviceID, at now: Nanoseconds, answersAt: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    let before = self[device].standing
    if case .unknown = before { return }
    move(device, to: .complete)
    switch before {
    case .active:
      guard case .session(let session) = phase else { return }
      if !session.hasBegun { effects.append(.sessionBegan) }
      endSession(session, .complete, answersAt: answersAt, into: &effects)
    case .elected: electAnother(answersAt: answersAt, into: &effects)
    case .smart:
      fillSmartPlaces(answersAt: answersAt, into: &effects)
      proceed(answersAt: answersAt, into: &effects)
    case .passive:
      awaitNoLonger(device)
      proceed(answersAt: answersAt, into: &effects)
    case .unknown, .struckOff, .complete:
      return
    }
  }

  /// A device sent ERROR: what the server did for it has ended (RFC 1350). It is struck off, so it can join again.
  mutating func giveUp(_ device: DeviceID, answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    switch peerStanding(of: device) {
    case .active:
      guard case .session(let session) = phase else { return }
      endSession(session, .abandoned, answersAt: answersAt, into: &effects)
    case .elected:
      strikeOff(device)
      electAnother(answersAt: answersAt, into: &effects)
    case .smart:
      strikeOff(device)
      fillSmartPlaces(answersAt: answersAt, into: &effects)
      proceed(answersAt: answersAt, into: &effects)
    case .passive:
      strikeOff(device)
      proceed(answersAt: answersAt, into: &effects)
    case .unknown, .struckOff, .complete:
      return
    }
  }

  /// R7, R8, R23: the session is over and the check begins, if anybody knows of checks; else the next election. If the
  /// session was abandoned, its active device is struck off.
  mutating func endSession(
    _ session: Session, _ ended: SessionEnd, answersAt: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    countSession(ended, into: &effects)
    if ended == .abandoned { strikeOff(session.active) }
    phase = .idle
    switch parameters.mode {
    case .rfc2090 where registry.contains { self[$0].knowsPromotion }:
      beginCheck(answersAt: answersAt, into: &effects)
    case .rfc2090: proceed(answersAt: answersAt, into: &effects)
    case .pxeMTFTP: return  // R19: the devices check by themselves
    }
  }

  /// A session is over, whatever comes now.
  mutating func countSession(_ ended: SessionEnd, into effects: inout [ServerEffect]) {
    if sessionsEnded < .max { sessionsEnded += 1 }
    effects.append(.sessionEnded(ended))
  }
}
