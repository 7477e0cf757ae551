import BlockTransfer
import TFTPWire
import Timebase

/// What a smart device has asked for (R14): every missing block up to `frontier`.
struct Fetch: Hashable, Sendable, BitwiseCopyable {
  /// The highest block asked for; 0 before the first.
  var frontier: BlockNumber = 0
  /// Blocks asked for that are still missing.
  var outstanding = 0
  /// When the last ask leaves.
  var askedAt: Nanoseconds
  /// The silence after which the outstanding requests are repeated.
  var patience: Patience

  /// A block that was missing arrived. The device had asked for it if it is not beyond the `frontier`.
  @inline(__always)
  mutating func receive(_ block: BlockNumber, at now: Nanoseconds, timeout: Nanoseconds) {
    wait(from: now, timeout: timeout)
    if block <= frontier { outstanding -= 1 }
  }

  /// The silence counts from `now`, or from the last ask.
  @inline(__always)
  mutating func wait(from now: Nanoseconds, timeout: Nanoseconds) {
    patience = Patience(from: max(askedAt, now), timeout: timeout)
  }

  /// The device asks for the block, with a packet that leaves at `leavesAt`.
  @inline(__always)
  mutating func ask(for block: BlockNumber, leavesAt: Nanoseconds, timeout: Nanoseconds) {
    frontier = block
    outstanding += 1
    askedAt = leavesAt
    patience.deadline = leavesAt.later(by: timeout)
  }
}

// The smart device: R14. `ACK(b−1)` asks for block `b` alone, by unicast.
extension Device {
  mutating func beginFetching(
    leavesAt: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    effects.append(.entered(.smart))
    var fetch = Fetch(askedAt: leavesAt, patience: Patience(from: leavesAt, timeout: settings.parameters.timeout))
    fetchMore(&fetch, leavesAt: leavesAt, under: settings, into: &effects)
    doing = .fetching(fetch)
  }

  mutating func fetchOn(
    _ fetch: Fetch, received block: BlockNumber, isNew: Bool, at now: Nanoseconds, under settings: DeviceSettings,
    into effects: inout [DeviceEffect]
  ) {
    guard isNew else { return }
    let answersAt = now.later(by: settings.answerDelay)
    if gaps.isEmpty {
      sendFinalAcknowledgment(leavesAt: answersAt, into: &effects)
      if !settings.parameters.promotion.smartListens { doing = .done(until: now) }
      return
    }
    var fetch = fetch
    fetch.receive(block, at: now, timeout: settings.parameters.timeout)
    fetchMore(&fetch, leavesAt: answersAt, under: settings, into: &effects)
    doing = .fetching(fetch)
  }

  mutating func fetchAgain(
    _ fetch: Fetch, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    var fetch = fetch
    guard fetch.patience.repeats(at: now, under: settings.parameters) else { return fail(into: &effects) }
    fetch.askedAt = now
    doing = .fetching(fetch)
    var next = gaps.first
    while let block = next, block <= fetch.frontier {
      effects.append(.send(.acknowledgment(block - 1), leavesAt: now))
      next = gaps.first(after: block)
    }
  }

  private func fetchMore(
    _ fetch: inout Fetch, leavesAt: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    while fetch.outstanding < settings.parameters.promotion.smartWindow, let block = gaps.first(after: fetch.frontier) {
      effects.append(.send(.acknowledgment(block - 1), leavesAt: leavesAt))
      fetch.ask(for: block, leavesAt: leavesAt, timeout: settings.parameters.timeout)
    }
  }
}
