import EventSimulation
import TFTPWire
import Timebase

/// Consecutive blocks of one session that left the uplink at even distances: one entry of the log.
struct MulticastRun: Hashable, Sendable, BitwiseCopyable {
  /// When the first block left.
  var departure: Nanoseconds
  /// The time from one block's leaving to the next one's.
  var period: Nanoseconds
  /// The place of the first block in the order of scheduling.
  var sequence: UInt64
  /// The distance from one block's place to the next one's.
  var sequenceStep: UInt64
  /// The first block.
  var first: BlockNumber
  /// How many blocks.
  var count: Int
  /// The session that sent them.
  var session: UInt32

  /// When the block at `index` left.
  func departure(at index: Int) -> Nanoseconds { departure + period * index }

  /// The key of the arrival of the block at `index` at a device.
  func arrivalKey(at index: Int, latency: Nanoseconds, rank: UInt32) -> EventKey {
    EventKey(
      time: departure(at: index) + latency,
      sequence: sequence + sequenceStep * UInt64(index),
      rank: rank
    )
  }

  /// How many of the blocks arrive before `key`. O(1).
  func count(arrivingBefore key: EventKey, latency: Nanoseconds, rank: UInt32) -> Int {
    let spare = key.time - latency - departure
    guard spare.count >= 0 else { return 0 }
    let reached = count > 1 ? spare.count / period.count : min(spare.count, 1)
    guard reached < count else { return count }
    let last = Int(reached)
    return arrivalKey(at: last, latency: latency, rank: rank) < key ? last + 1 : last
  }
}

/// A place in the log: the next block that a device has not caught up with.
struct LogPosition: Hashable, Sendable, BitwiseCopyable {
  /// The index of a run.
  var run = 0
  /// The index of a block in it; the run's count when the run may still grow.
  var block = 0
}

/// What the group was sent, for those who only listen: they catch up with it when somebody looks at them.
///
/// **Why this changes nothing.** A device that only listens (`Device.onlyListens`) does one thing with a DATA of the
/// group: it notes the block and the instant, and nobody else can see either until an event concerns the device. So it is
/// enough that before each event that concerns it, and before each look from outside, the device takes every packet whose
/// arrival has a smaller key than the event, in the order of arrival. Arrivals have the order of departures, because
/// only devices whose path has no jitter follow the log: a packet that left at `t` arrives at `t + latency`. Each
/// packet keeps the number in the order of scheduling that its arrivals would have had as events, so that an event at
/// the very instant of an arrival finds it taken or not just as if both had been events. Loss processes are advanced
/// by the same packets in the same order. `--packet-by-packet` does without the log and must write the same bytes.
struct MulticastLog: Sendable {
  private(set) var runs: ContiguousArray<MulticastRun> = []

  /// The position after everything logged so far.
  var end: LogPosition {
    runs.isEmpty ? LogPosition() : LogPosition(run: runs.count - 1, block: runs[runs.count - 1].count)
  }

  /// The key of the arrival at a device of what was logged last; nil before the first block.
  func lastArrival(latency: Nanoseconds, rank: UInt32) -> EventKey? {
    runs.last.map { $0.arrivalKey(at: $0.count - 1, latency: latency, rank: rank) }
  }

  /// Adds one block; it joins the last run if it goes on as that run does.
  mutating func append(_ block: BlockNumber, departure: Nanoseconds, sequence: UInt64, session: UInt32) {
    if let last = runs.indices.last, runs[last].session == session,
      block == runs[last].first &+ UInt32(runs[last].count)
    {
      if runs[last].count == 1 {
        runs[last].period = departure - runs[last].departure
        runs[last].sequenceStep = sequence - runs[last].sequence
        runs[last].count = 2
        return
      }
      let run = runs[last]
      if departure == run.departure(at: run.count),
        sequence == run.sequence + run.sequenceStep * UInt64(run.count)
      {
        runs[last].count += 1
        return
      }
    }
    runs.append(
      MulticastRun(
        departure: departure,
        period: .zero,
        sequence: sequence,
        sequenceStep: 0,
        first: block,
        count: 1,
        session: session
      )
    )
  }

  /// The first position whose packet arrives after `key` at a device: what is in flight starts there. O(in flight).
  func position(after key: EventKey, latency: Nanoseconds, rank: UInt32) -> LogPosition {
    var index = runs.count - 1
    while index >= 0 {
      let arrived = runs[index].count(arrivingBefore: key, latency: latency, rank: rank)
      if arrived > 0 || index == 0 {
        return arrived == runs[index].count && index + 1 < runs.count
          ? LogPosition(run: index + 1) : LogPosition(run: index, block: arrived)
      }
      index -= 1
    }
    return LogPosition()
  }
}
