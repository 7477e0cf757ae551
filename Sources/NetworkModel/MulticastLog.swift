import EventSimulation
import TFTPWire
import Timebase

/// Consecutive blocks of one session that left the uplink at even distances: one entry of the log.
struct MulticastRun: Hashable, Sendable, BitwiseCopyable {
  /// When the first block left.
  var departure: Nanoseconds
  /// The time from one block's leaving to the next one's.
  var period: Nanoseconds
  /// The first place of the first block's arrivals; the place of a device's arrival is its number further on.
  var place: UInt64
  /// The distance from one block's place to the next one's.
  var placeStep: UInt64
  /// The first block.
  var first: BlockNumber
  /// How many blocks.
  var count: Int
  /// The session that sent them.
  var session: UInt32
  /// The index of the ascent that it belongs to.
  var ascent: UInt32 = 0
  /// How many packets were logged before the run.
  var start = 0

  /// The last block.
  var last: BlockNumber { first + UInt32(truncatingIfNeeded: count - 1) }

  /// How many packets were logged with it.
  var end: Int { start &+ count }

  /// When the block at `index` left.
  func departure(at index: Int) -> Nanoseconds { departure + period * index }

  /// The key of the arrival of the block at `index` at a device.
  func arrivalKey(at index: Int, latency: Nanoseconds, device: UInt32) -> EventKey {
    EventKey(time: departure(at: index) + latency, place: place + placeStep * UInt64(index) + UInt64(device))
  }

  /// How many of the blocks arrive before `key`. O(1).
  func count(arrivingBefore key: EventKey, latency: Nanoseconds, device: UInt32) -> Int {
    if arrivalKey(at: count - 1, latency: latency, device: device) < key { return count }
    let spare = key.time - latency - departure
    guard spare.count >= 0 else { return 0 }
    let reached = min(period > .zero ? Int(spare.count / period.count) : count - 1, count - 1)
    return arrivalKey(at: reached, latency: latency, device: device) < key ? reached + 1 : reached
  }
}

/// Runs of one session in which the blocks never go back and none is left out, though one may be repeated: who receives all
/// packets from one to another of them receives all blocks between theirs, and no others.
struct Ascent: Hashable, Sendable, BitwiseCopyable {
  /// The session of its runs.
  var session: UInt32
  /// How many packets were logged before it.
  var start: Int
}

/// What is known of the packets of the log from one waymark to the next.
struct Waymark: Hashable, Sendable, BitwiseCopyable {
  /// Stands for no ``lead``.
  static let noLead = UInt32.max / 2

  /// The run of the first of them: that of each is this one or soon after it.
  var run: UInt32
  /// How much higher the number of each block is than that of its packet, modulo 2³², if all are of one run, and neither its first
  /// nor its last: only those can be repeats of each other.
  var lead = noLead
}

/// What the group was sent, for those who only listen: they catch up with it when somebody looks at them.
///
/// **Why this changes nothing.** A device that only listens (`Device.onlyListens`) does one thing with a DATA of the
/// group: it notes the block and the instant, and nobody else can see either until an event concerns the device. So it is
/// enough that before each event that concerns it, and before each look from outside, the device takes every packet whose
/// arrival has a smaller key than the event, in the order of arrival. Arrivals have the order of departures, because
/// only devices whose path has no jitter follow the log: a packet that left at `t` arrives at `t + latency`. Each
/// packet keeps the places in the order of scheduling that its arrivals would have had as events, so that an event at
/// the very instant of an arrival finds it taken or not just as if both had been events. Loss processes are advanced
/// by the same packets in the same order. `--packet-by-packet` does without the log and must write the same bytes.
struct MulticastLog: Sendable {
  private(set) var runs: ContiguousArray<MulticastRun> = []
  private(set) var ascents: ContiguousArray<Ascent> = []
  /// One at each packet whose number is a multiple of 2 to the power of ``strideLog2``: mostly it tells a packet's block. Steps from
  /// run to run, whose number no processor can guess, would take as long as all else that is done for a loss.
  ///
  /// The stride doubles when they get too many for the runs: they grow with what was lost, not with what was sent.
  private(set) var waymarks: ContiguousArray<Waymark> = []
  private(set) var strideLog2 = 3
  /// How many packets were logged.
  private(set) var packets = 0

  /// The key of the arrival at a device of what was logged last; nil before the first block.
  func lastArrival(latency: Nanoseconds, device: UInt32) -> EventKey? {
    runs.last.map { $0.arrivalKey(at: $0.count - 1, latency: latency, device: device) }
  }

  /// Adds a run; it joins the last one if it goes on as that does.
  mutating func append(_ run: MulticastRun) {
    defer {
      packets += run.count
      setWaymarks()
    }
    guard let last = runs.indices.last, runs[last].session == run.session else {
      return begin(run, newAscent: true)
    }
    if run.first == runs[last].last &+ 1, join(run, to: last) { return }
    begin(run, newAscent: run.first < runs[last].last || run.first > runs[last].last &+ 1)
  }

  /// Adds `rounds` runs that are like `run` but for a window further on each time.
  mutating func append(rounds: Int, of run: MulticastRun, every period: Nanoseconds, placesOfRound: UInt64) {
    var run = run
    if run.count == 1 {
      (run.period, run.placeStep, run.count) = (period, placesOfRound, rounds)
      return append(run)
    }
    for _ in 0..<rounds {
      append(run)
      run.departure = run.departure + period
      run.place += placesOfRound
      run.first += UInt32(run.count)
    }
  }

  private mutating func join(_ run: MulticastRun, to last: Int) -> Bool {
    let before = runs[last]
    let distance = (
      time: run.departure - before.departure(at: before.count - 1),
      place: run.place - (before.place + before.placeStep * UInt64(before.count - 1))
    )
    guard before.count == 1 || (before.period, before.placeStep) == distance,
      run.count == 1 || (run.period, run.placeStep) == distance
    else { return false }
    (runs[last].period, runs[last].placeStep) = distance
    runs[last].count += run.count
    return true
  }

  private mutating func begin(_ run: MulticastRun, newAscent: Bool) {
    if newAscent { ascents.append(Ascent(session: run.session, start: packets)) }
    var run = run
    run.ascent = UInt32(ascents.count - 1)
    run.start = packets
    runs.append(run)
  }

  private mutating func setWaymarks() {
    while packets >> strideLog2 > 16 * runs.count + 64 { doubleStride() }
    let (run, last) = (runs.count - 1, (packets - 1) >> strideLog2)
    let firstUnsettled = max(0, waymarks.count - 1)
    waymarks.append(contentsOf: repeatElement(Waymark(run: UInt32(run)), count: last + 1 - waymarks.count))
    // What stood open before ends with the last packet of another run or goes on in this one.
    let firstInside = max(firstUnsettled, runs[run].start >> strideLog2 + 1)
    guard firstInside < last else { return }
    let lead = runs[run].first &- UInt32(truncatingIfNeeded: runs[run].start)
    waymarks.withUnsafeMutableBufferPointer { waymarks in
      for index in firstInside..<last { waymarks[index].lead = lead }
    }
  }

  private mutating func doubleStride() {
    // Where two leads stand side by side no run ends between them.
    waymarks = ContiguousArray(
      stride(from: 0, to: waymarks.count, by: 2).map { index in
        let hasLead = index + 1 < waymarks.count && waymarks[index + 1].lead != Waymark.noLead
        return hasLead ? waymarks[index] : Waymark(run: waymarks[index].run)
      })
    strideLog2 += 1
  }

  /// How many packets of the log, from the first on, arrive at a device before `key`. O(in flight).
  func arrived(before key: EventKey, latency: Nanoseconds, device: UInt32) -> Int {
    var index = runs.count - 1
    while index >= 0 {
      let arrived = runs[index].count(arrivingBefore: key, latency: latency, device: device)
      if arrived > 0 { return runs[index].start + arrived }
      index -= 1
    }
    return 0
  }

  /// When a packet that was logged left the uplink.
  func departure(of packet: Int) -> Nanoseconds {
    let run = runs[run(of: packet)]
    return run.departure(at: packet - run.start)
  }

  /// The index of the run of a packet that was logged. O(log runs), and O(1) where they are as long as they are on average.
  func run(of packet: Int) -> Int {
    let waymark = packet >> strideLog2
    var low = Int(waymarks[waymark].run)
    var high = waymark + 1 < waymarks.count ? Int(waymarks[waymark + 1].run) : runs.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if runs[middle].start <= packet { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// How many packets were logged up to the end of the ascent of a run.
  func endOfAscent(ofRun run: Int) -> Int {
    let next = Int(runs[run].ascent) + 1
    return next < ascents.count ? ascents[next].start : packets
  }
}
