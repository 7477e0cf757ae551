import BlockTransfer
import TFTPWire
import Timebase

// The repair: a smart device asks for a block, the server answers with it, the device asks for the next one (R14). No other
// packets are as many, and most of them change nothing but what stands here: so whoever drives both ends may hand these two over
// by calls of their own, which say what to send at once and know that no deadline comes nearer.

extension Server {
  /// R14: takes the ask of a smart device for the block after `block`, and says when the answer leaves, which is just that block.
  ///
  /// No deadline comes nearer. Nil for anything else, which changes nothing: it is for ``receive(_:from:at:into:)`` then.
  package mutating func answer(askFor block: BlockNumber, from device: DeviceID, at now: Nanoseconds) -> Nanoseconds? {
    guard block < lastBlock, case .smart(var place) = peerStanding(of: device) else { return nil }
    place.hear(at: now)
    peers[Int(device)].standing = .smart(place)
    return now + answerDelay
  }
}

extension Device {
  /// What a smart device asks for next.
  package enum NextFetch: Hashable, Sendable, BitwiseCopyable {
    /// Nothing: all that it misses is asked for.
    case nothing
    /// The block after this one.
    case after(BlockNumber)
  }

  /// R14: takes the lowest block that a smart device misses, if that is asked for and not the last that it misses; gives what it asks
  /// for at `answersAt`. That is one block at most: until all are asked for, as many are outstanding as may be.
  ///
  /// The device's deadline comes no nearer. Nil for anything else, which changes nothing: it is for
  /// ``receive(_:by:at:under:into:)`` then.
  package mutating func fetch(
    _ block: BlockNumber, at now: Nanoseconds, answersAt: Nanoseconds, timeout: Nanoseconds
  ) -> NextFetch? {
    guard case .fetching(var fetch) = doing, block <= fetch.frontier, gaps.first == block, gaps.missing > 1 else {
      return nil
    }
    gaps.fillFirst()
    fetch.receive(block, at: now, timeout: timeout)
    let next = block == fetch.frontier ? gaps.first : gaps.first(after: fetch.frontier)
    if let next { fetch.ask(for: next, leavesAt: answersAt, timeout: timeout) }
    doing = .fetching(fetch)
    return next.map { .after($0 - 1) } ?? .nothing
  }
}
