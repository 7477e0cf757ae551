import BitCollections
import BlockTransfer
import Network
import PromotionEngine
import Runs
import Timebase

/// A device of a transfer by slices: it asks to take part until it is let in, takes what it misses, and says what it
/// misses of a slice when it is asked.
///
///     off ──▶ joining ──let in──▶ listening ◀──▶ asking (the group was silent) ──▶ failed
///                ▲ told to wait      │ silence, and it has everything ──▶ over
struct SlicesDevice: Sendable {
  /// What the network is to do.
  enum Effect: Sendable {
    case send(SlicesMessage, leavesAt: Nanoseconds)
    case entered(DeviceRole)
  }

  private enum State: Sendable {
    case off
    /// It asks to take part, and hears nothing of the group.
    case joining(Patience)
    /// It takes part, complete or not: a complete device goes on answering.
    case listening
    /// It has heard nothing for long, and asks whether it still takes part.
    case asking(Patience)
    /// It has everything, and the group has fallen silent.
    case over
    case failed
  }

  private var state = State.off
  private(set) var gaps: GapMap
  /// The last packet of the group, or the welcome.
  private var heardAt = Nanoseconds.zero
  /// As what it takes part; nil before the welcome.
  private var membership: SlicesMembership?

  init(blocks: BlockNumber) { gaps = GapMap(blocks: blocks) }

  var isOff: Bool { if case .off = state { true } else { false } }

  /// Whether it is complete, so that switching it off changes nothing for it, or has failed.
  var isAtItsEnd: Bool {
    switch state {
    case .over, .failed: true
    case .joining, .listening, .asking: gaps.isEmpty
    case .off: false
    }
  }

  private var listens: Bool {
    switch state {
    case .listening, .asking: true
    case .off, .joining, .over, .failed: false
    }
  }

  /// The proof that the device does one thing with DATA: it notes the block and the instant.
  struct OnlyListens: Sendable {
    fileprivate init() {}
  }

  /// How it hears the group. It acts when it is asked, which is no DATA.
  var hearing: Hearing<OnlyListens> { listens ? .onlyListens(OnlyListens()) : .nothing }

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
  func deadline(_ settings: SlicesSettings) -> ReceiverDeadline {
    switch state {
    case .joining(let patience), .asking(let patience): ReceiverDeadline(time: patience.deadline)
    case .listening: ReceiverDeadline(time: heardAt + settings.parameters.groupTimeout, isSilence: true)
    case .off, .over, .failed: ReceiverDeadline(time: .never)
    }
  }

  mutating func switchOn(at now: Nanoseconds, _ settings: SlicesSettings, into effects: inout [Effect]) {
    guard isOff else { return }
    state = .joining(Patience(from: now, after: 0, under: settings.parameters))
    effects.append(.send(.connect, leavesAt: now))
  }

  mutating func switchOff(into effects: inout [Effect]) {
    if isAtItsEnd { state = .over } else { fail(into: &effects) }
  }

  private mutating func fail(into effects: inout [Effect]) {
    state = .failed
    effects.append(.entered(.failed))
  }

  mutating func receive(
    _ message: SlicesMessage, at now: Nanoseconds, answersAt: Nanoseconds, _ settings: SlicesSettings,
    into effects: inout [Effect]
  ) {
    switch message {
    case .welcome(let membership): begin(as: membership, at: now, into: &effects)
    case .wait: wait(at: now, settings)
    case .dropped: drop(into: &effects)
    case .ask(let ask): answer(ask, at: now, answersAt: answersAt, settings, into: &effects)
    case .data, .connect, .answer: break
    }
  }

  private mutating func begin(as membership: SlicesMembership, at now: Nanoseconds, into effects: inout [Effect]) {
    self.membership = membership
    switch state {
    case .joining:
      effects.append(.entered(.listening))
      (state, heardAt) = (.listening, now)
    case .asking, .listening: (state, heardAt) = (.listening, now)
    case .off, .over, .failed: break
    }
  }

  /// The server is there, but does not let it in: it asks again when it would have done so anyway, with new patience.
  private mutating func wait(at now: Nanoseconds, _ settings: SlicesSettings) {
    switch state {
    case .joining(var patience):
      patience.repeats = 0
      patience.deadline = min(patience.deadline, now + settings.parameters.timeout)
      state = .joining(patience)
    case .off, .listening, .asking, .over, .failed: break
    }
  }

  /// udpcast's receiver gives up when it learns that it was dropped.
  private mutating func drop(into effects: inout [Effect]) {
    if isAtItsEnd { return }
    if !isOff { fail(into: &effects) }
  }

  private mutating func answer(
    _ ask: SlicesAsk, at now: Nanoseconds, answersAt: Nanoseconds, _ settings: SlicesSettings,
    into effects: inout [Effect]
  ) {
    guard listens, let membership, let blocks = settings.blocks(of: ask.slice) else { return }
    guard ask.run == membership.run else { return leave(at: answersAt, settings, into: &effects) }
    (state, heardAt) = (.listening, now)
    guard !ask.ready.contains(Int(membership.number)) else { return }
    let answer = SlicesAnswer(
      slice: ask.slice, round: ask.round, repeats: ask.repeats, missing: missing(of: blocks))
    effects.append(.send(.answer(answer), leavesAt: answersAt))
  }

  /// Another run is under way, so the one that it took part in is over.
  private mutating func leave(at time: Nanoseconds, _ settings: SlicesSettings, into effects: inout [Effect]) {
    if gaps.isEmpty {
      state = .over
    } else if case .listening = state {
      ask(at: time, settings, into: &effects)
    }
  }

  private mutating func ask(at time: Nanoseconds, _ settings: SlicesSettings, into effects: inout [Effect]) {
    state = .asking(Patience(from: time, after: 0, under: settings.parameters))
    effects.append(.send(.connect, leavesAt: time))
  }

  /// What it misses of these blocks, counted from the first of them.
  private func missing(of blocks: ClosedRange<BlockNumber>) -> BitSet {
    var missing = BitSet()
    var next = gaps.first(after: blocks.lowerBound - 1)
    while let block = next, block <= blocks.upperBound {
      missing.insert(Int(block - blocks.lowerBound))
      next = gaps.first(after: block)
    }
    return missing
  }

  mutating func fire(at now: Nanoseconds, _ settings: SlicesSettings, into effects: inout [Effect]) {
    switch state {
    case .joining(var patience) where patience.deadline <= now:
      if patience.repeats(at: now, under: settings.parameters) {
        state = .joining(patience)
        effects.append(.send(.connect, leavesAt: now))
      } else {
        fail(into: &effects)
      }
    case .asking(var patience) where patience.deadline <= now:
      if gaps.isEmpty {
        state = .over
      } else if patience.repeats(at: now, under: settings.parameters) {
        state = .asking(patience)
        effects.append(.send(.connect, leavesAt: now))
      } else {
        fail(into: &effects)
      }
    case .listening where heardAt + settings.parameters.groupTimeout <= now:
      if gaps.isEmpty {
        state = .over
      } else {
        ask(at: now, settings, into: &effects)
      }
    case .off, .joining, .listening, .asking, .over, .failed: break
    }
  }
}
