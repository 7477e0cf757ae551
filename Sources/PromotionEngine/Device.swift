import BlockTransfer
import TFTPWire
import Timebase

/// A device that boots: a value that takes messages and the time, and says what to do.
///
///     joining ──OACK mc=1──▶ active ──has all──▶ complete
///        │                     ▲
///        └─OACK mc=0─▶ passive ┤ elected (R15)
///                       │  │   │
///                       │  └── told to wait: still passive
///                       ├─has all─▶ complete
///                       └─promoted (R12)─▶ smart ──has all──▶ complete
///
/// Any role can end in `failed`. A device is complete at the moment at which its last missing block arrives, even if it
/// still has work for the group; its ``role`` says so. The rules of each role have their own file: `Device+Joining`
/// (R1–R3), `Device+Active` (R5–R7), `Device+Passive` (R9, R10), `Device+Plain` (R14's last sentence), `Device+Smart`
/// (R14), `Device+MTFTP` (R17–R20).
///
/// Its driver calls ``fire(at:under:into:)`` when ``deadline(under:)`` has come. Firing early or twice does nothing.
public struct Device: Sendable, Hashable {
  /// What a device is doing, with only the data that this needs.
  enum Doing: Hashable, Sendable {
    /// Not switched on yet.
    case nothing
    /// R1, R3: has asked to join, and has no answer.
    case joining(Patience)
    /// R3: was accepted, and joins the group until this instant. Then it drives the session, or listens.
    case entering(until: Nanoseconds, isActive: Bool)
    /// R17: listens before its first open, or sends opens.
    case opening(MTFTPOpening)
    /// R5, R6: drives a session.
    case driving(Drive)
    /// R18: drives a session of MTFTP.
    case drivingMTFTP(MTFTPDrive)
    /// R9, R10: listens to the group and waits.
    case listening(Listening)
    /// R19, R20: listens to the group and waits.
    case listeningMTFTP(MTFTPListening)
    /// R14: fetches what it misses.
    case fetching(Fetch)
    /// Has sent ACK(n), which leaves at `until`. The device hears the group until then.
    case done(until: Nanoseconds)
    /// Has given up, or was switched off before it was complete.
    case failed
  }

  /// The proof that a device only listens: DATA of the group changes nothing but its gaps and its silence, whose deadline moves
  /// away. ``hearing(at:smartListens:)`` alone makes one, so who changes what a role does with DATA must decide there.
  package struct OnlyListens: Hashable, Sendable, BitwiseCopyable {
    /// R14: a smart device does more when a block comes that it misses up to this one, because it has asked for that. 0
    /// for all others.
    package let awaitsThrough: BlockNumber

    fileprivate init(awaitsThrough: BlockNumber = 0) { self.awaitsThrough = awaitsThrough }
  }

  /// How a device hears the group.
  package enum Hearing: Hashable, Sendable, BitwiseCopyable {
    /// Not at all.
    case nothing
    /// It only listens: whoever drives it may hand it DATA of the group late and in stretches.
    case onlyListens(OnlyListens)
    /// A packet that it hears may make it act.
    case acts
  }

  var doing = Doing.nothing
  /// The file, once its size is known (R2; configured in MTFTP).
  public internal(set) var file: FileLayout?
  /// Whether it and its server both know the option `promotion`: it reports its gaps, and may be promoted (R14).
  var reports = false  // stands here because the bytes after `file` are free
  /// The blocks that the device misses; empty until the file's size is known.
  public internal(set) var gaps = GapMap(blocks: 0)
  var continuity: UInt32 = 0
  var windowSize: UInt32 = 1
  /// The largest `k` that it has heard since the server told it one by unicast (R9).
  var sessionsEnded: UInt32 = 0

  /// A device that is switched off.
  public init() {}

  /// Whether the device knows the file and misses nothing of it.
  public var isComplete: Bool { file != nil && gaps.isEmpty }

  /// The role at this moment.
  public var role: RoleName {
    if isComplete { return .complete }
    return switch doing {
    case .nothing, .joining, .entering, .opening: .joining
    case .driving, .drivingMTFTP: .active
    case .listening, .listeningMTFTP: .passive
    case .fetching: .smart
    case .done: .complete
    case .failed: .failed
    }
  }

  /// Whether it has not been switched on yet.
  package var isOff: Bool { doing == .nothing }

  /// Whether the device is complete or failed, so that switching it off changes nothing.
  public var isAtItsEnd: Bool { role == .complete || role == .failed }

  /// Whether the device hears the group at `now`: from its OACK on (R3), in MTFTP from the moment it is switched on
  /// (R17), until ACK(n) has left. While it is smart it hears the group only with `smart_listens` (R14).
  public func listens(at now: Nanoseconds, under settings: DeviceSettings) -> Bool {
    var device = self
    return device.hearing(at: now, smartListens: settings.parameters.promotion.smartListens) != .nothing
  }

  /// When ``fire(at:under:into:)`` is due; ``Timebase/Nanoseconds/never`` if nothing is.
  public func deadline(under settings: DeviceSettings) -> Nanoseconds {
    nextDeadline(groupTimeout: settings.parameters.groupTimeout).time
  }

  /// How the device hears the group at `now`. It changes nothing; it is mutating so that the device is not copied.
  package mutating func hearing(at now: Nanoseconds, smartListens: Bool) -> Hearing {
    switch doing {
    case .nothing, .joining, .entering, .failed: .nothing
    case .listening: .onlyListens(OnlyListens())
    case .listeningMTFTP(let listening): listening.onlyListens ? .onlyListens(OnlyListens()) : .acts
    case .opening, .driving, .drivingMTFTP: .acts
    // A block that puts a grown timeout back (R24) brings its deadline nearer.
    case .fetching(let fetch):
      !smartListens
        ? .nothing
        : fetch.patience.repeats == 0 ? .onlyListens(OnlyListens(awaitsThrough: fetch.frontier)) : .acts
    case .done(let until): now < until ? .acts : .nothing
    }
  }

  /// ``deadline(under:)``, and whether it is that of a device that only listens, and a silence of the group and nothing else
  /// (R9, R19): what it hears puts that off, and brings no other deadline nearer.
  package func nextDeadline(groupTimeout: Nanoseconds) -> (time: Nanoseconds, isSilence: Bool) {
    switch doing {
    case .nothing, .done, .failed: (.never, false)
    case .joining(let patience): (patience.deadline, false)
    case .entering(let until, _): (until, false)
    case .opening(let opening): (opening.deadline, false)
    case .driving(let drive): (drive.patience.deadline, false)
    case .drivingMTFTP(let drive): (drive.patience.deadline, false)
    case .listening(let listening): (listening.deadline(groupTimeout: groupTimeout), listening.report == .none)
    case .listeningMTFTP(let listening): (listening.deadline(groupTimeout: groupTimeout), listening.onlyListens)
    case .fetching(let fetch): (fetch.patience.deadline, false)
    }
  }

  /// Switches the device on: it joins (R1, R17).
  public mutating func switchOn(at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect])
  {
    guard case .nothing = doing else { return }
    switch settings.parameters.mode {
    case .rfc2090: join(at: now, under: settings, into: &effects)
    case .pxeMTFTP: listenFirst(at: now, under: settings, into: &effects)
    }
  }

  /// Switches the device off (N8). If it was not complete, it has failed.
  public mutating func switchOff(into effects: inout [DeviceEffect]) {
    fail(into: &effects)
  }

  /// Takes one message from the server. Messages that the device's role does not wait for are ignored (R8a).
  public mutating func receive(
    _ message: Message, by addressing: Addressing, at now: Nanoseconds, under settings: DeviceSettings,
    into effects: inout [DeviceEffect]
  ) {
    guard doing != .failed else { return }
    if addressing == .multicast { heardGroup(message, at: now, under: settings, into: &effects) }
    switch message {
    case .data(let block):
      receiveData(block, by: addressing, at: now, under: settings, into: &effects)
    case .check(let session):
      guard settings.parameters.mode == .rfc2090 else { return }  // MTFTP has no OACK (R8a)
      receiveCheck(session, by: addressing, at: now, under: settings, into: &effects)
    case .acceptance, .notActive, .smart, .wait, .elected:
      guard settings.parameters.mode == .rfc2090, addressing == .unicast else { return }
      receiveGrant(message, at: now, under: settings, into: &effects)
    case .error:
      guard addressing == .unicast, doing != .nothing, !isComplete else { return }
      fail(into: &effects)
    case .request, .open, .report, .acknowledgment:
      return
    }
  }

  /// Takes the blocks `first…last` of the group, but for `lost` ones, for a device that only listens; the last that it received
  /// came at `now`, and its silence counts from there.
  ///
  /// One call for a stretch does what one call for each block would do, except that the caller learns from the result whether
  /// the device became complete.
  package mutating func listen(
    _ proof: OnlyListens, to first: BlockNumber, through last: BlockNumber, except lost: UnsafeBufferPointer<Gap>,
    at now: Nanoseconds
  ) -> (filled: GapMap.Filled, isComplete: Bool) {
    listen(proof, at: now) { $0.fill(first, through: last, except: lost) }
  }

  /// The same for blocks of the group some of which were left out: `fill` fills the gaps with those that it received.
  @inline(__always)
  package mutating func listen(_ proof: OnlyListens, at now: Nanoseconds, fill: (inout GapMap) -> GapMap.Filled)
    -> (filled: GapMap.Filled, isComplete: Bool)
  {
    switch doing {
    case .listening(var listening):
      listening.hear(at: now)
      doing = .listening(listening)
    case .listeningMTFTP(var listening):
      listening.hear(at: now)
      doing = .listeningMTFTP(listening)
    case .fetching:
      break  // see `tookUnasked(at:timeout:)`
    case .nothing, .joining, .entering, .opening, .driving, .drivingMTFTP, .done, .failed:
      preconditionFailure("a stretch of blocks is for a device that only listens")
    }
    let filled = fill(&gaps)
    return (filled, filled.count > 0 && isComplete)
  }

  /// Reserves room for this many gaps at once, for callers that know how many to expect. It has no other effect.
  package mutating func makeRoom(forGaps count: Int) { gaps.makeRoom(for: count) }

  /// Does what is due at `now`.
  public mutating func fire(at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]) {
    guard deadline(under: settings) <= now else { return }
    switch doing {
    case .nothing, .done, .failed: return
    case .joining(let patience): repeatRequest(patience, at: now, under: settings, into: &effects)
    case .entering(_, let isActive): enter(isActive: isActive, at: now, under: settings, into: &effects)
    case .opening(let opening): fireOpening(opening, at: now, under: settings, into: &effects)
    case .driving(let drive): askAgain(drive, at: now, under: settings, into: &effects)
    case .drivingMTFTP(let drive): acknowledgeAgain(drive, at: now, under: settings, into: &effects)
    case .listening(let listening): fireListening(listening, at: now, under: settings, into: &effects)
    case .listeningMTFTP(let listening): fireListeningMTFTP(listening, at: now, under: settings, into: &effects)
    case .fetching(let fetch): fetchAgain(fetch, at: now, under: settings, into: &effects)
    }
  }
}

// MARK: - What all roles share

extension Device {
  /// A packet of the group ends a silence (R9, R17, R19).
  private mutating func heardGroup(
    _ message: Message, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    switch doing {
    case .listening(var listening):
      listening.hear(at: now)
      doing = .listening(listening)
    case .opening, .listeningMTFTP:
      hearGroupMTFTP(message, at: now, under: settings, into: &effects)
    case .nothing, .joining, .entering, .driving, .drivingMTFTP, .fetching, .done, .failed:
      return
    }
  }

  private mutating func receiveData(
    _ block: BlockNumber, by addressing: Addressing, at now: Nanoseconds, under settings: DeviceSettings,
    into effects: inout [DeviceEffect]
  ) {
    guard let file, block >= 1, block <= file.blocks else { return }
    let beginsMTFTP = addressing == .unicast && block == 1 && awaitsMTFTP
    if beginsMTFTP, !isComplete { effects.append(.entered(.active)) }
    let expected = gaps.first ?? file.blocks
    let isNew = gaps.fill(block, through: block).count == 1
    if isNew, gaps.isEmpty { effects.append(.entered(.complete)) }
    switch doing {
    case .driving(let drive):
      driveOn(drive, received: block, isNew: isNew, expected: expected, at: now, under: settings, into: &effects)
    case .drivingMTFTP(let drive):
      guard addressing == .multicast || block == 1 else { return }
      driveOnMTFTP(drive, received: block, at: now, under: settings, into: &effects)
    case .opening, .listeningMTFTP:
      if beginsMTFTP { beginDrivingMTFTP(at: now, under: settings, into: &effects) }
    case .fetching(let fetch):
      fetchOn(fetch, received: block, isNew: isNew, at: now, under: settings, into: &effects)
    case .nothing, .joining, .entering, .listening, .done, .failed:
      return
    }
  }

  /// How many sessions a notice may tell at once, and still count (R9).
  ///
  /// A registered device knows of all but the last one: the server asks it by unicast before the next session, or strikes it
  /// off. One that was struck off may have missed several. A number that is farther away is not the server's; if it
  /// counted, the device would take no other notice before it is asked by unicast.
  static let farthestNotice: UInt32 = 16

  /// A notice or a unicast OACK asks for a check (R9, R15, R8a).
  ///
  /// By unicast the server says how many sessions have ended, so what a forged notice said is forgotten.
  private mutating func receiveCheck(
    _ session: UInt32, by addressing: Addressing, at now: Nanoseconds, under settings: DeviceSettings,
    into effects: inout [DeviceEffect]
  ) {
    let byUnicast = addressing == .unicast
    let isNews = session > sessionsEnded && session - sessionsEnded <= Self.farthestNotice
    let known = byUnicast || isNews ? session : sessionsEnded
    if byUnicast, isComplete {
      if reports, case .listening = doing { effects.append(.checked(.nothingMissing)) }
      sendFinalAcknowledgment(at: now, under: settings, into: &effects)
      return
    }
    guard reports else { return }
    switch doing {
    case .nothing, .joining, .entering, .opening, .drivingMTFTP, .listeningMTFTP, .failed, .done:
      return
    case .driving, .fetching:
      sessionsEnded = known
      guard byUnicast else { return }
      beginListening(at: now, into: &effects)
    case .listening:
      sessionsEnded = known
      guard isNews || byUnicast else { return }
    }
    check(
      askedByUnicast: byUnicast, answersAt: now.later(by: settings.answerDelay), at: now, under: settings,
      into: &effects)
  }

  /// Any other OACK. Each is for one role only (R8a), but a complete device answers every one of them (R7).
  private mutating func receiveGrant(
    _ message: Message, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    if isComplete {
      sendFinalAcknowledgment(at: now, under: settings, into: &effects)
      return
    }
    switch (doing, message) {
    case (.joining, .acceptance(let acceptance)):
      accept(acceptance, at: now, under: settings, into: &effects)
    case (.listening, .smart) where reports:
      beginFetching(leavesAt: now.later(by: settings.answerDelay), under: settings, into: &effects)
    case (.listening(var listening), .wait) where reports:
      listening.reportAnswered()
      doing = .listening(listening)
    case (.listening(let listening), .acceptance(let acceptance)) where !reports:
      hearAgain(acceptance, listening, at: now, under: settings, into: &effects)
    case (.listening, .elected):
      beginDriving(at: now, under: settings, into: &effects)
    case (.driving, .notActive) where reports:
      beginListening(at: now, into: &effects)  // R23: the notice that follows makes it check itself
    case (.driving, .notActive), (.fetching, .notActive):
      beginListening(at: now, into: &effects)
      let answersAt = now.later(by: settings.answerDelay)
      guard reports else { return sendRequest(leavesAt: answersAt, under: settings, into: &effects) }
      check(askedByUnicast: true, answersAt: answersAt, at: now, under: settings, into: &effects)
    default:
      return
    }
  }

  /// Sends `ACK(n)`: the device says that it misses nothing (R7, R10, R14).
  mutating func sendFinalAcknowledgment(
    leavesAt: Nanoseconds, into effects: inout [DeviceEffect]
  ) {
    guard let file else { return }
    effects.append(.send(.acknowledgment(file.blocks), leavesAt: leavesAt))
    if case .done = doing { return }
    doing = .done(until: leavesAt)
  }

  private mutating func sendFinalAcknowledgment(
    at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    sendFinalAcknowledgment(leavesAt: now.later(by: settings.answerDelay), into: &effects)
  }

  mutating func fail(into effects: inout [DeviceEffect]) {
    guard doing != .failed else { return }
    let wasComplete = isComplete
    doing = .failed
    if !wasComplete { effects.append(.entered(.failed)) }
  }
}
