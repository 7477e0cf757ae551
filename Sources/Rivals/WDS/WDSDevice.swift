import BlockTransfer
import Network
import PromotionEngine
import Runs
import TFTPTransfer
import Timebase

/// A device of `wds`: it joins, takes what it misses from any round, says what it misses when it is polled, drives
/// rounds if it is the master, and gets the file by unicast if it is sent away.
///
///     off ──▶ joining ──▶ listening ◀──▶ master
///                            │ sent away ──▶ fetching
struct WDSDevice: Sendable {
  /// What the network is to do.
  enum Effect: Sendable {
    case send(WDSMessage, leavesAt: Nanoseconds)
    case entered(DeviceRole)
    /// It was asked what it misses, after something had been sent.
    case checked
    case completed
  }

  private enum State: Sendable {
    case off
    /// It asks to take part, and hears nothing of the group.
    case joining(Patience)
    /// It takes part, complete or not: a complete device answers polls until the group falls silent.
    case listening
    /// It has heard nothing for long, and joins again.
    case rejoining(Patience)
    case master
    case fetching(TransferReceiver)
    /// It has everything, and takes part no more.
    case over
    case failed
  }

  private var state = State.off
  private(set) var gaps: GapMap
  /// The number by which the server knows it; 0 before the JOINACK.
  private var number: DeviceID = 0
  /// The last packet of the group, or the JOINACK.
  private var heardAt = Nanoseconds.zero
  private var loss = WDSLossReport()
  /// Whether it has answered a poll that it has everything.
  private var hasSaidThatItIsComplete = false

  init(blocks: BlockNumber) { gaps = GapMap(blocks: blocks) }

  var isOff: Bool { if case .off = state { true } else { false } }

  /// Whether it is complete, so that switching it off changes nothing for it, or has failed.
  var isAtItsEnd: Bool {
    switch state {
    case .over, .failed: true
    case .joining, .listening, .rejoining, .master, .fetching: gaps.isEmpty
    case .off: false
    }
  }

  /// The proof that the device does one thing with DATA: it notes the block and the instant.
  struct OnlyListens: Sendable {
    fileprivate init() {}
  }

  /// How it hears the group. Who is not the master acts when it is polled, which is no DATA.
  var hearing: Hearing<OnlyListens> {
    switch state {
    case .listening, .rejoining: .onlyListens(OnlyListens())
    case .master: .acts
    case .off, .joining, .fetching, .over, .failed: .nothing
    }
  }

  /// Notes the blocks `first…last` without those of `lost`, the last of which arrives now.
  mutating func listen(
    _: OnlyListens, to first: BlockNumber, through last: BlockNumber, except lost: UnsafeBufferPointer<Gap>,
    at now: Nanoseconds
  ) -> Listened {
    heardAt = now
    let filled = gaps.fill(first, through: last, except: lost)
    return Listened(filled: filled, isComplete: filled.count > 0 && gaps.isEmpty)
  }

  mutating func makeRoom(forGaps count: Int) { gaps.makeRoom(for: count) }

  /// A silence of the group is noticed after `group_timeout`.
  func deadline(_ settings: WDSSettings) -> ReceiverDeadline {
    switch state {
    case .joining(let patience), .rejoining(let patience): ReceiverDeadline(time: patience.deadline)
    case .listening: ReceiverDeadline(time: heardAt + settings.parameters.groupTimeout, isSilence: true)
    case .master: ReceiverDeadline(time: heardAt + settings.parameters.groupTimeout)
    case .fetching(let transfer): ReceiverDeadline(time: transfer.deadline)
    case .off, .over, .failed: ReceiverDeadline(time: .never)
    }
  }

  mutating func switchOn(at now: Nanoseconds, _ settings: WDSSettings, into effects: inout [Effect]) {
    guard isOff else { return }
    state = .joining(Patience(from: now, after: 0, under: settings.parameters))
    effects.append(.send(.join, leavesAt: now))
  }

  mutating func switchOff(into effects: inout [Effect]) {
    if isAtItsEnd { state = .over } else { fail(into: &effects) }
  }

  private mutating func fail(into effects: inout [Effect]) {
    state = .failed
    effects.append(.entered(.failed))
  }

  /// Enters a role, if it is not complete.
  private func enter(_ role: DeviceRole, into effects: inout [Effect]) {
    if !gaps.isEmpty { effects.append(.entered(role)) }
  }

  // MARK: What the server says

  mutating func receive(
    _ message: WDSMessage, at now: Nanoseconds, cohort: Int, answersAt: Nanoseconds, _ settings: WDSSettings,
    into effects: inout [Effect]
  ) {
    switch message {
    case .joinAck(let number): begin(as: number, at: now, into: &effects)
    case .poll(let poll): answer(poll, at: now, answersAt: answersAt, into: &effects)
    case .status(let master, _): follow(master, at: now, into: &effects)
    case .kick(let kick): leave(kick, at: answersAt, cohort: cohort, settings, into: &effects)
    case .transfer(let message): _ = fetch(message, at: now, cohort: cohort, settings, into: &effects)
    case .data, .join, .report, .acknowledgment: break
    }
  }

  private mutating func begin(as number: DeviceID, at now: Nanoseconds, into effects: inout [Effect]) {
    switch state {
    case .joining: effects.append(.entered(.listening))
    case .rejoining: break
    case .off, .listening, .master, .fetching, .over, .failed: return
    }
    self.number = number
    (state, heardAt) = (.listening, now)
  }

  private mutating func answer(
    _ poll: UInt32, at now: Nanoseconds, answersAt: Nanoseconds, into effects: inout [Effect]
  ) {
    switch state {
    case .rejoining: state = .listening
    case .listening, .master: break
    case .off, .joining, .fetching, .over, .failed: return
    }
    heardAt = now
    hasSaidThatItIsComplete = gaps.isEmpty
    if poll > 0 { effects.append(.checked) }
    effects.append(.send(.report(loss.report(gaps, to: poll)), leavesAt: answersAt))
  }

  private mutating func follow(_ master: DeviceID, at now: Nanoseconds, into effects: inout [Effect]) {
    // A round means that the poll is over, so its word was heard.
    guard !hasSaidThatItIsComplete else {
      state = .over
      return
    }
    switch state {
    case .listening, .rejoining:
      state = .listening
      if master == number {
        state = .master
        enter(.master, into: &effects)
      }
    case .master where master != number:
      state = .listening
      enter(.listening, into: &effects)
    case .master: break
    case .off, .joining, .fetching, .over, .failed: return
    }
    heardAt = now
  }

  private mutating func leave(
    _ kick: WDSKick, at time: Nanoseconds, cohort: Int, _ settings: WDSSettings, into effects: inout [Effect]
  ) {
    switch state {
    case .joining, .listening, .rejoining, .master: break
    case .off, .fetching, .over, .failed: return
    }
    if gaps.isEmpty {
      state = .over
      return
    }
    switch kick {
    case .fail: fail(into: &effects)
    case .fallback:
      effects.append(.entered(.fetching))
      var transfer = TransferReceiver()
      var wanted: [TransferReceiver.Effect] = []
      transfer.begin(at: time, under: settings.unicast.receivers[cohort], into: &wanted)
      state = .fetching(transfer)
      carryOut(wanted, into: &effects)
    }
  }

  // MARK: A block that it acts on

  /// Takes a block: of the group if it is the master, or of its own transfer.
  mutating func take(
    _ block: BlockNumber, by addressing: Addressing, at now: Nanoseconds, cohort: Int, answersAt: Nanoseconds,
    _ settings: WDSSettings, into effects: inout [Effect]
  ) -> Reception {
    switch (state, addressing) {
    case (.master, .multicast): drive(block, at: now, answersAt: answersAt, settings, into: &effects)
    case (.fetching, .unicast): fetch(.data(block), at: now, cohort: cohort, settings, into: &effects)
    default: .other
    }
  }

  private mutating func drive(
    _ block: BlockNumber, at now: Nanoseconds, answersAt: Nanoseconds, _ settings: WDSSettings,
    into effects: inout [Effect]
  ) -> Reception {
    guard 1...settings.file.blocks ~= block else { return .other }
    heardAt = now
    let isNew = gaps.fill(block, through: block).count > 0
    if isNew, gaps.isEmpty { effects.append(.completed) }
    let answer = WDSAcknowledgment(block: block, firstMissing: gaps.first ?? settings.file.blocks + 1)
    effects.append(.send(.acknowledgment(answer), leavesAt: answersAt))
    return isNew ? .new : .duplicate
  }

  /// Takes a message of its transfer. It is complete when its last missing block has come, and then ends the transfer.
  private mutating func fetch(
    _ message: TransferMessage, at now: Nanoseconds, cohort: Int, _ settings: WDSSettings,
    into effects: inout [Effect]
  ) -> Reception {
    guard case .fetching(var transfer) = state else { return .other }
    let wasComplete = gaps.isEmpty
    var wanted: [TransferReceiver.Effect] = []
    var payloadBytes: UInt32 = 0
    if case .data(let block) = message { payloadBytes = settings.file.bytes(of: block) }
    let reception = transfer.receive(
      message, payloadBytes: payloadBytes, at: now, under: settings.unicast.receivers[cohort], into: &wanted)
    var isNew = false
    if case (.new, .data(let block)) = (reception, message) { isNew = gaps.fill(block, through: block).count > 0 }
    if !wasComplete, gaps.isEmpty {
      effects.append(.completed)
      if !transfer.isComplete {
        wanted.removeAll()
        transfer.cancel(.undefined, at: now + settings.unicast.receivers[cohort].answerDelay, into: &wanted)
      }
    }
    state = .fetching(transfer)
    carryOut(wanted, into: &effects)
    return switch reception {
    case .new: isNew ? .new : .duplicate
    case .duplicate: .duplicate
    case .early, .other: .other
    }
  }

  private mutating func carryOut(_ wanted: [TransferReceiver.Effect], into effects: inout [Effect]) {
    for effect in wanted {
      switch effect {
      case .send(let message, let leavesAt): effects.append(.send(WDSMessage(message), leavesAt: leavesAt))
      case .failed where !gaps.isEmpty: fail(into: &effects)
      case .began, .completed, .failed: break
      }
    }
  }

  // MARK: Deadlines

  mutating func fire(at now: Nanoseconds, cohort: Int, _ settings: WDSSettings, into effects: inout [Effect]) {
    guard deadline(settings).time <= now else { return }
    switch state {
    case .off, .over, .failed: break
    case .joining(let patience):
      if let patience = joinAgain(patience, at: now, settings, into: &effects) { state = .joining(patience) }
    case .rejoining(let patience):
      if let patience = joinAgain(patience, at: now, settings, into: &effects) { state = .rejoining(patience) }
    case .listening: fallSilent(at: now, settings, into: &effects)
    case .master:
      enter(.listening, into: &effects)
      fallSilent(at: now, settings, into: &effects)
    case .fetching(var transfer):
      var wanted: [TransferReceiver.Effect] = []
      transfer.fire(at: now, under: settings.unicast.receivers[cohort], into: &wanted)
      state = .fetching(transfer)
      carryOut(wanted, into: &effects)
    }
  }

  private mutating func joinAgain(
    _ patience: Patience, at now: Nanoseconds, _ settings: WDSSettings, into effects: inout [Effect]
  ) -> Patience? {
    var patience = patience
    if gaps.isEmpty {
      state = .over
    } else if patience.repeats(at: now, under: settings.parameters) {
      effects.append(.send(.join, leavesAt: now))
      return patience
    } else {
      fail(into: &effects)
    }
    return nil
  }

  private mutating func fallSilent(at now: Nanoseconds, _ settings: WDSSettings, into effects: inout [Effect]) {
    if gaps.isEmpty {
      state = .over
    } else {
      state = .rejoining(Patience(from: now, after: 0, under: settings.parameters))
      effects.append(.send(.join, leavesAt: now))
    }
  }
}
