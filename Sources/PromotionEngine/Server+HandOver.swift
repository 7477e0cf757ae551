import BlockTransfer
import DequeModule
import TFTPWire
import Timebase

/// The DATA of the session under way, in the order in which they were sent: which of the last ones were repeats (R23).
///
/// It holds runs of repeats, so what is sent once costs nothing.
struct RepeatedData: Hashable, Sendable {
  /// Of how many DATA it tells.
  let window: UInt64
  /// DATA of the session so far.
  private(set) var sent: UInt64 = 0
  /// The highest block among them. An active device asks for ever higher blocks, so it tells which block was sent.
  private var highest: BlockNumber = 0
  /// The first block of the session.
  private var first: BlockNumber = 0
  /// Runs of repeats among the last `window` DATA, by their numbers from 0; the first run may begin before these.
  private var runs: Deque<Range<UInt64>> = []
  /// Repeats in these runs.
  private var inRuns: UInt64 = 0

  init(window: UInt32) { self.window = UInt64(window) }

  /// Counts an answer to the active device.
  mutating func send(_ blocks: ClosedRange<BlockNumber>) {
    if sent == 0 { first = blocks.lowerBound }
    let repeats = UInt64(min(highest, blocks.upperBound)) + 1
    if repeats > blocks.lowerBound { note(sent..<sent + repeats - UInt64(blocks.lowerBound)) }
    sent += UInt64(blocks.count)
    highest = max(highest, blocks.upperBound)
    while let run = runs.first, run.upperBound + window <= sent {
      inRuns -= UInt64(run.count)
      runs.removeFirst()
    }
  }

  private mutating func note(_ run: Range<UInt64>) {
    inRuns += UInt64(run.count)
    if let last = runs.last, last.upperBound == run.lowerBound {
      runs[runs.count - 1] = last.lowerBound..<run.upperBound
    } else {
      runs.append(run)
    }
  }

  /// Repeats among the last `window` DATA, or among all of them if there are fewer.
  var repeats: UInt64 {
    let start = sent > window ? sent - window : 0
    guard let run = runs.first, run.lowerBound < start else { return inRuns }
    return inRuns - (start - run.lowerBound)
  }

  /// Whether the active device asks for more than it asked for at first: it has got a block in this session.
  func hasMoved(before block: BlockNumber) -> Bool { sent > 0 && block > first }
}

extension HandOverRule {
  /// Whether so many repeats are more than the share of a whole window.
  func isExceeded(by repeats: UInt64) -> Bool {
    UInt128(repeats) * 1_000_000_000 > UInt128(window) * UInt128(repeatsPerBillion)
  }
}

// Handing over: R23.
//
// Why this comes to its end, whatever is lost: a session that is handed over has brought its active device at least one
// block (`hasMoved`), and no device ever loses a block that it has. So there are at most as many such sessions as there
// are blocks that devices miss when they join. A device that gets nothing while it drives is not relieved; it fails by
// R6, or R8 strikes it off.
extension Server {
  /// R23: hands a session over instead of answering the active device's ask for `block`. False if it goes on.
  mutating func handsOver(
    _ session: Session, askedFor block: BlockNumber, answersAt: Nanoseconds, into effects: inout [ServerEffect]
  ) -> Bool {
    guard let rule = parameters.handOver, let data = repeatedData, data.sent >= data.window,
      rule.isExceeded(by: data.repeats), data.hasMoved(before: block), waiting + queued > 0
    else { return false }
    let device = session.active
    effects.append(.unicast(.notActive, to: device, leavesAt: answersAt))
    enroll(device)
    move(device, to: .passive(queued: false))
    endSession(session, .handedOver, answersAt: answersAt, into: &effects)
    return true
  }

  /// Whether an ask of the active device may end its session by R23, be it this one or a later one that follows it
  /// without a repeat. Repeats only become fewer among the last DATA then, once there is a whole window of them.
  var mayHandOver: Bool {
    guard let rule = parameters.handOver, let data = repeatedData else { return false }
    return rule.isExceeded(by: data.repeats)
  }
}
