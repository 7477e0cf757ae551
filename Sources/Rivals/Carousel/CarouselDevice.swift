import BlockTransfer
import Network
import PromotionEngine
import Runs
import Timebase

/// A device of a carousel: it joins, takes what it misses from any round, and leaves when it has everything.
struct CarouselDevice: Sendable {
  /// What the network is to do.
  enum Effect: Sendable {
    case send(CarouselMessage, leavesAt: Nanoseconds)
    case entered(DeviceRole)
  }

  private enum State: Sendable {
    case off
    /// It asks to join, and listens already.
    case joining(Patience)
    /// The server knows it.
    case listening
    case complete
    case failed
  }

  private var state = State.off
  private(set) var gaps: GapMap
  /// The last packet of the group, or the welcome.
  private var heardAt = Nanoseconds.zero
  /// What it missed at its last silence, and how many silences in a row found it missing the same.
  private var missedBefore: UInt32?
  private var silencesInVain = 0

  init(blocks: BlockNumber) { gaps = GapMap(blocks: blocks) }

  var isOff: Bool { if case .off = state { true } else { false } }

  var isAtItsEnd: Bool {
    switch state {
    case .complete, .failed: true
    case .off, .joining, .listening: false
    }
  }

  var listens: Bool {
    switch state {
    case .joining, .listening: true
    case .off, .complete, .failed: false
    }
  }

  /// The proof that the device does one thing with DATA: it notes the block and the instant.
  struct OnlyListens: Sendable {
    fileprivate init() {}
  }

  /// How it hears the group. It acts when it has everything, and at nothing else that the group is sent.
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

  /// Leaves if it has everything.
  mutating func leaveIfComplete(answersAt: Nanoseconds, into effects: inout [Effect]) -> Bool {
    guard listens, gaps.isEmpty else { return false }
    state = .complete
    effects.append(.send(.leave, leavesAt: answersAt))
    return true
  }

  /// The block that it misses and that comes last in the round, or in the next one up to the block that came.
  func decisiveBlock(after block: BlockNumber) -> BlockNumber { gaps.last(before: block) ?? gaps.lastGap?.last ?? 0 }

  mutating func makeRoom(forGaps count: Int) { gaps.makeRoom(for: count) }

  /// A silence of the group is noticed after `group_timeout`.
  func deadline(_ settings: CarouselSettings) -> ReceiverDeadline {
    switch state {
    case .joining(let patience): ReceiverDeadline(time: patience.deadline)
    case .listening: ReceiverDeadline(time: heardAt + settings.parameters.groupTimeout, isSilence: true)
    case .off, .complete, .failed: ReceiverDeadline(time: .never)
    }
  }

  mutating func switchOn(at now: Nanoseconds, _ settings: CarouselSettings, into effects: inout [Effect]) {
    guard isOff else { return }
    effects.append(.entered(.listening))
    join(at: now, settings, into: &effects)
  }

  private mutating func join(at now: Nanoseconds, _ settings: CarouselSettings, into effects: inout [Effect]) {
    state = .joining(Patience(from: now, after: 0, under: settings.parameters))
    effects.append(.send(.join, leavesAt: now))
  }

  /// It joins again, but gives up when `retries` + 1 joins have brought nothing: losses that repeat with the rounds would
  /// take the same blocks for ever.
  private mutating func endSilence(at now: Nanoseconds, _ settings: CarouselSettings, into effects: inout [Effect]) {
    silencesInVain = gaps.missing == missedBefore ? silencesInVain + 1 : 0
    missedBefore = gaps.missing
    if silencesInVain > settings.retries {
      fail(into: &effects)
    } else {
      join(at: now, settings, into: &effects)
    }
  }

  mutating func switchOff(into effects: inout [Effect]) {
    guard !isAtItsEnd else { return }
    fail(into: &effects)
  }

  private mutating func fail(into effects: inout [Effect]) {
    state = .failed
    effects.append(.entered(.failed))
  }

  mutating func receive(_ message: CarouselMessage, at now: Nanoseconds) {
    guard listens else { return }
    switch message {
    case .welcome:
      if case .joining = state { state = .listening }
      heardAt = now
    case .data, .join, .leave: break
    }
  }

  mutating func fire(at now: Nanoseconds, _ settings: CarouselSettings, into effects: inout [Effect]) {
    switch state {
    case .joining(var patience) where patience.deadline <= now:
      if patience.repeats(at: now, under: settings.parameters) {
        state = .joining(patience)
        effects.append(.send(.join, leavesAt: now))
      } else {
        fail(into: &effects)
      }
    case .listening where heardAt + settings.parameters.groupTimeout <= now:
      endSilence(at: now, settings, into: &effects)
    case .off, .joining, .listening, .complete, .failed: break
    }
  }
}
