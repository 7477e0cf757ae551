import BlockTransfer
import Network
import PromotionEngine
import Runs
import Timebase

/// A device of `nack` or `nack_fec`: it registers, listens, and reports what it misses when it is asked.
struct NackDevice: Sendable {
  /// What the network is to do.
  enum Effect: Sendable {
    case send(NackMessage, leavesAt: Nanoseconds)
    case drawDelay(upTo: Nanoseconds)
    case checked
    case entered(DeviceRole)
  }

  private enum State: Sendable {
    case off, listening, complete, failed
  }

  /// A report that waits for its delay.
  private struct DelayedReport: Sendable {
    let ask: Ask
    let askedAt: Nanoseconds
    /// When it is sent.
    var due: Nanoseconds
  }

  private var state = State.off
  private(set) var gaps: GapMap
  /// The last packet of the group, or the server's confirmation.
  private var heardAt = Nanoseconds.zero
  /// Whether it has heard the group since its last silence, and the silences in a row without that.
  private var hasHeard = false
  private var silences = 0
  /// It registers, and waits for the confirmation.
  private var registration: Patience?
  private var report: DelayedReport?
  /// The number of the last ask.
  private var lastAsk: UInt32?
  /// What it missed at the last ask, and how many asks in a row found it missing the same.
  private var missedBefore: UInt32?
  private var asksInVain = 0

  init(blocks: BlockNumber) { gaps = GapMap(blocks: blocks) }

  var isOff: Bool { state == .off }

  /// Who has everything is done, even before it is asked.
  var isAtItsEnd: Bool {
    switch state {
    case .complete, .failed: true
    case .off: false
    case .listening: gaps.isEmpty
    }
  }

  /// The proof that the device does one thing with DATA: it notes the block and the instant.
  struct OnlyListens: Sendable {
    fileprivate init() {}
  }

  /// How it hears the group. It is in the group until it is asked and misses nothing.
  var hearing: Hearing<OnlyListens> { state == .listening ? .onlyListens(OnlyListens()) : .nothing }

  /// Notes the packets `first…last` without those of `lost`, the last of which arrives now.
  mutating func listen(
    _: OnlyListens, to first: BlockNumber, through last: BlockNumber, except lost: UnsafeBufferPointer<Gap>,
    at now: Nanoseconds, groups: ErasureGroups?
  ) -> Listened {
    heardAt = now
    hasHeard = true
    let filled: GapMap.Filled
    if let groups, last > groups.blocks {
      filled = fill(first, through: last, except: lost, groups)
    } else {
      filled = gaps.fill(first, through: last, except: lost)
    }
    return Listened(filled: filled, isComplete: filled.count > 0 && gaps.isEmpty)
  }

  /// Looks up what it misses in packets that ascend.
  mutating func listen(
    _: OnlyListens, to received: inout some ReceivedBlocks, at now: Nanoseconds, groups: ErasureGroups?
  ) -> Listened {
    heardAt = now
    hasHeard = true
    let filled = groups?.fill(from: &received, in: &gaps) ?? gaps.fill(from: &received)
    return Listened(filled: filled, isComplete: filled.count > 0 && gaps.isEmpty)
  }

  private mutating func fill(
    _ first: BlockNumber, through last: BlockNumber, except lost: UnsafeBufferPointer<Gap>, _ groups: ErasureGroups
  ) -> GapMap.Filled {
    var filled = GapMap.Filled.nothing
    func add(_ next: GapMap.Filled) {
      filled.count += next.count
      filled.last = max(filled.last, next.last)
    }
    var start = first
    for gap in lost {
      if start < gap.first { add(groups.fill(start, through: gap.first - 1, in: &gaps)) }
      start = gap.last &+ 1
    }
    if start > 0 { add(groups.fill(start, through: last, in: &gaps)) }
    return filled
  }

  mutating func makeRoom(forGaps count: Int) { gaps.makeRoom(for: count) }

  /// A delayed report, a registration, or else a silence of the group.
  func deadline(_ settings: NackSettings) -> ReceiverDeadline {
    guard state == .listening else { return ReceiverDeadline(time: .never) }
    let next = registration?.deadline ?? heardAt + settings.parameters.groupTimeout
    guard let report else { return ReceiverDeadline(time: next, isSilence: registration == nil) }
    return ReceiverDeadline(time: min(next, report.due))
  }

  // MARK: Inputs

  mutating func switchOn(at now: Nanoseconds, _ settings: NackSettings, into effects: inout [Effect]) {
    guard state == .off else { return }
    state = .listening
    effects.append(.entered(.listening))
    register(at: now, settings, into: &effects)
  }

  private mutating func register(at now: Nanoseconds, _ settings: NackSettings, into effects: inout [Effect]) {
    registration = Patience(from: now, after: 0, under: settings.parameters)
    effects.append(.send(.register, leavesAt: now))
  }

  mutating func switchOff(into effects: inout [Effect]) {
    if isAtItsEnd { finish() } else { fail(into: &effects) }
  }

  private mutating func fail(into effects: inout [Effect]) {
    state = .failed
    effects.append(.entered(.failed))
  }

  /// It has everything, and leaves the group without a word.
  private mutating func finish() { if state == .listening { state = .complete } }

  mutating func receive(
    _ message: NackMessage, at now: Nanoseconds, answersAt: Nanoseconds, _ settings: NackSettings,
    into effects: inout [Effect]
  ) {
    guard state == .listening else { return }
    switch message {
    case .confirm(let sentAt, let hasBegun):
      registration = nil
      heardAt = now
      if !hasBegun { silences = 0 }  // there is nothing to hear yet
      effects.append(.send(.confirmed(sentAt: sentAt), leavesAt: answersAt))
    case .ask(let ask): hear(ask, at: now, answersAt: answersAt, settings, into: &effects)
    case .data, .register, .confirmed, .report: break
    }
  }

  private mutating func hear(
    _ ask: Ask, at now: Nanoseconds, answersAt: Nanoseconds, _ settings: NackSettings, into effects: inout [Effect]
  ) {
    heardAt = now
    hasHeard = true
    guard ask.number != lastAsk else { return }  // another copy
    lastAsk = ask.number
    effects.append(.checked)
    if gaps.isEmpty { return finish() }
    asksInVain = gaps.missing == missedBefore ? asksInVain + 1 : 0
    missedBefore = gaps.missing
    guard asksInVain <= settings.parameters.retries else { return fail(into: &effects) }
    report = DelayedReport(ask: ask, askedAt: now, due: answersAt)
    if settings.reportWindow > .zero {
      effects.append(.drawDelay(upTo: settings.reportWindow))
    } else {
      sendReport(settings, into: &effects)
    }
  }

  /// The delay of its report is drawn.
  mutating func delayReport(by delay: Nanoseconds) {
    if let due = report?.due { report?.due = due + delay }
  }

  /// What it misses now.
  private mutating func sendReport(_ settings: NackSettings, into effects: inout [Effect]) {
    guard let report else { return }
    for content in settings.reports(of: gaps) {
      let packet = NackReport(ask: report.ask, held: report.due - report.askedAt, content: content)
      effects.append(.send(.report(packet), leavesAt: report.due))
    }
    self.report = nil
  }

  mutating func fire(at now: Nanoseconds, _ settings: NackSettings, into effects: inout [Effect]) {
    guard state == .listening, deadline(settings).time <= now else { return }
    if gaps.isEmpty { return finish() }
    if let report, report.due <= now {
      sendReport(settings, into: &effects)
    } else if registration != nil {
      repeatRegistration(at: now, settings, into: &effects)
    } else {
      endSilence(at: now, settings, into: &effects)
    }
  }

  private mutating func repeatRegistration(at now: Nanoseconds, _ settings: NackSettings, into effects: inout [Effect])
  {
    if registration?.repeats(at: now, under: settings.parameters) == true {
      effects.append(.send(.register, leavesAt: now))
    } else {
      fail(into: &effects)
    }
  }

  /// It registers anew, but gives up after `retries` + 1 silences in which it has heard nothing of the group.
  private mutating func endSilence(at now: Nanoseconds, _ settings: NackSettings, into effects: inout [Effect]) {
    silences = hasHeard ? 1 : silences + 1
    hasHeard = false
    if silences > settings.parameters.retries {
      fail(into: &effects)
    } else {
      register(at: now, settings, into: &effects)
    }
  }
}
