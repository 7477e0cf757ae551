import BlockTransfer
import TFTPWire
import Timebase

// The repair: a smart device asks for a block, the server answers with it, and the device asks for the next one (R14).
// There are more of these packets than of any others, and most of them change only what is handled here. So a driver of
// both ends may pass them by calls of their own. These say at once what to send, and bring no deadline nearer.

extension Server {
  /// R14: takes the ask of a smart device for the block after `block`. It returns when the answer leaves; the answer is
  /// that block.
  ///
  /// No deadline comes nearer. For anything else it returns nil and changes nothing; then call
  /// ``receive(_:from:at:into:)``.
  package mutating func answer(askFor block: BlockNumber, from device: DeviceID, at now: Nanoseconds) -> Nanoseconds? {
    guard block < lastBlock, case .smart(var place) = peerStanding(of: device) else { return nil }
    place.hear(at: now)
    peers[Int(device)].standing = .smart(place)
    return now.later(by: answerDelay)
  }
}

extension Device {
  /// What a smart device asks for next.
  package enum NextFetch: Hashable, Sendable, BitwiseCopyable {
    /// Nothing: it has asked for all blocks that it misses.
    case nothing
    /// This block. The lowest one that it misses is not behind it.
    case block(BlockNumber, lowestMissing: BlockNumber)
  }

  /// R14: takes a block that a smart device misses, if the device asked for it and also misses another block. It returns
  /// what the device asks for at `answersAt`. That is at most one block, because until all are asked for, as many asks
  /// are outstanding as are allowed.
  ///
  /// The device's deadline comes no nearer: a block that puts a grown timeout back (R24) is none of these. Nil for
  /// anything else, which changes nothing: it is for ``receive(_:by:at:under:into:)`` then.
  package mutating func fetch(
    _ block: BlockNumber, at now: Nanoseconds, answersAt: Nanoseconds, timeout: Nanoseconds
  ) -> NextFetch? {
    guard case .fetching(var fetch) = doing, block <= fetch.frontier, fetch.patience.repeats == 0, gaps.missing > 1
    else { return nil }
    let isLowest = gaps.first == block
    if isLowest {
      gaps.fillFirst()
    } else if gaps.fill(block, through: block).count == 0 {
      return nil
    }
    fetch.receive(block, at: now, timeout: timeout)
    let next = isLowest && block == fetch.frontier ? gaps.first : gaps.first(after: fetch.frontier)
    if let next { fetch.ask(for: next, leavesAt: answersAt, timeout: timeout) }
    doing = .fetching(fetch)
    return next.map { .block($0, lowestMissing: gaps.first ?? $0) } ?? .nothing
  }

  /// The first block behind another one that it misses. It is mutating so that the device is not copied.
  package mutating func firstMissing(after block: BlockNumber) -> BlockNumber? { gaps.first(after: block) }

  /// R14: the last of the blocks that a smart device just took with ``listen(_:to:through:except:at:)`` came at `now`, and
  /// it had not asked for any of them. Its timeout counts from there.
  package mutating func tookUnasked(at now: Nanoseconds, timeout: Nanoseconds) {
    guard case .fetching(var fetch) = doing else { return }
    fetch.wait(from: now, timeout: timeout)
    doing = .fetching(fetch)
  }

  /// Whether DATA changes nothing: a smart device has the block (R14), so nothing that it waits for came.
  ///
  /// It changes nothing; it is mutating so that the device is not copied.
  package mutating func ignores(_ block: BlockNumber) -> Bool {
    guard case .fetching = doing else { return false }
    return !gaps.contains(block)
  }
}
