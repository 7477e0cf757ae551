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
    case completed
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
  private(set) var gaps = GapMap(blocks: 0)
  /// The last packet of the group, or the welcome.
  private var heardAt = Nanoseconds.zero

  init() {}

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
    gaps = GapMap(blocks: settings.file.blocks)
    effects.append(.entered(.listening))
    join(at: now, settings, into: &effects)
  }

  private mutating func join(at now: Nanoseconds, _ settings: CarouselSettings, into effects: inout [Effect]) {
    state = .joining(Patience(from: now, after: 0, under: settings.parameters))
    effects.append(.send(.join, leavesAt: now))
  }

  mutating func switchOff(into effects: inout [Effect]) {
    guard !isAtItsEnd else { return }
    fail(into: &effects)
  }

  private mutating func fail(into effects: inout [Effect]) {
    state = .failed
    effects.append(.entered(.failed))
  }

  mutating func receive(
    _ message: CarouselMessage, at now: Nanoseconds, answersAt: Nanoseconds, _ settings: CarouselSettings,
    into effects: inout [Effect]
  ) -> Reception {
    guard listens else { return .other }
    switch message {
    case .data(let block):
      guard block >= 1, block <= settings.file.blocks else { return .other }
      heardAt = now
      let isNew = gaps.fill(block, through: block).count > 0
      if gaps.isEmpty {
        state = .complete
        effects.append(.completed)
        effects.append(.send(.leave, leavesAt: answersAt))
      }
      return isNew ? .new : .duplicate
    case .welcome:
      if case .joining = state { state = .listening }
      heardAt = now
      return .other
    case .join, .leave: return .other
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
      join(at: now, settings, into: &effects)
    case .off, .joining, .listening, .complete, .failed: break
    }
  }
}
