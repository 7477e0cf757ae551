import BlockTransfer
import EventSimulation
import Timebase

/// Consecutive blocks of one pass that left the uplink at even distances: one entry of the log.
@usableFromInline
struct MulticastRun: Hashable, Sendable, BitwiseCopyable {
  /// When the first block left.
  @usableFromInline var departure: Nanoseconds
  /// The time from the departure of one block to that of the next.
  @usableFromInline var period: Nanoseconds
  /// The first sequence number of the first block's arrivals. That of a device's arrival is larger by the device's
  /// number.
  @usableFromInline var sequence: UInt64
  /// The distance from one block's sequence number to the next one's.
  @usableFromInline var sequenceStep: UInt64
  /// The first block.
  @usableFromInline var first: BlockNumber
  /// How many blocks.
  @usableFromInline var count: Int
  /// The pass that sent them.
  @usableFromInline var pass: UInt32
  /// The pattern of frames of each (N12).
  @usableFromInline var frames: UInt32
  /// The index of the ascent that it belongs to.
  @usableFromInline var ascent: UInt32 = 0
  /// The index of the climb that it belongs to.
  @usableFromInline var climb: UInt32 = 0
  /// How many packets were logged before the run.
  @usableFromInline var start = 0

  @usableFromInline
  init(
    departure: Nanoseconds, period: Nanoseconds, sequence: UInt64, sequenceStep: UInt64, first: BlockNumber, count: Int,
    pass: UInt32, frames: UInt32 = 0
  ) {
    self.departure = departure
    self.period = period
    self.sequence = sequence
    self.sequenceStep = sequenceStep
    self.first = first
    self.count = count
    self.pass = pass
    self.frames = frames
  }

  /// The last block.
  @usableFromInline var last: BlockNumber { first + UInt32(truncatingIfNeeded: count - 1) }

  /// How many packets were logged up to its end.
  @usableFromInline var end: Int { start &+ count }

  /// Takes the run that follows in it, if that continues it evenly. False if it does not.
  mutating func join(_ run: MulticastRun) -> Bool {
    guard run.frames == frames else { return false }
    let distance = (
      time: run.departure - departure(at: count - 1),
      sequence: run.sequence - (sequence + sequenceStep * UInt64(count - 1))
    )
    guard count == 1 || (period, sequenceStep) == distance, run.count == 1 || (run.period, run.sequenceStep) == distance
    else { return false }
    (period, sequenceStep) = distance
    count += run.count
    return true
  }

  /// When the block at `index` left.
  @usableFromInline
  func departure(at index: Int) -> Nanoseconds { departure + period * index }

  /// The key of the arrival of the block at `index` at a device.
  @usableFromInline
  func arrivalKey(at index: Int, latency: Nanoseconds, device: UInt32) -> EventKey {
    EventKey(time: departure(at: index) + latency, sequence: sequence + sequenceStep * UInt64(index) + UInt64(device))
  }

  /// How many of the blocks arrive before `key`. O(1).
  @usableFromInline
  func count(arrivingBefore key: EventKey, latency: Nanoseconds, device: UInt32) -> Int {
    if arrivalKey(at: count - 1, latency: latency, device: device) < key { return count }
    let spare = key.time - latency - departure
    guard spare.count >= 0 else { return 0 }
    let reached = min(period > .zero ? Int(spare.count / period.count) : count - 1, count - 1)
    return arrivalKey(at: reached, latency: latency, device: device) < key ? reached + 1 : reached
  }
}

/// Runs of one pass in which the blocks never go back and none is left out, though one may be repeated. A device that
/// receives all packets from one to another of them receives all blocks between theirs, and no others.
///
/// A climb is some ascents of one pass, each behind the one before.
@usableFromInline
struct Ascent: Hashable, Sendable, BitwiseCopyable {
  /// How many packets were logged before it.
  @usableFromInline var start: Int
  /// The index of its first run.
  @usableFromInline var firstRun: Int
}

/// What is known about the packets of the log from one checkpoint to the next.
@usableFromInline
struct Checkpoint: Hashable, Sendable, BitwiseCopyable {
  /// Stands for no ``lead``.
  @usableFromInline static let noLead = UInt32.max / 2

  /// The run of the first of them. The run of each packet is this one or soon after it.
  @usableFromInline var run: UInt32
  /// How much higher the number of each block is than that of its packet, modulo 2³². It is set if all are of one run,
  /// and neither its first nor its last packet, because only these can be repeats of each other.
  @usableFromInline var lead = noLead
}

/// What the group was sent, for devices that only listen. They catch up with it when something looks at them.
///
/// **Why this changes nothing.** A device that only listens (``Hearing/onlyListens(_:)``) does one thing with a DATA of
/// the group: it notes the block and the instant. No other part can see either until an event concerns the device. So
/// it is enough that the device takes every packet whose arrival has a smaller key than an event, in the order of
/// arrival, before each event that concerns it, and before each look from outside. Arrivals have the order of
/// departures, because no packet overtakes another: one that left at `t` arrives at `t + latency`, or later on a path with
/// jitter, which draws in the same order as ever (`Run+Jitter.swift`). Each packet keeps the sequence numbers that its arrivals would have had as events. So an event at the
/// very instant of an arrival finds it taken or not, just as if both had been events. The same packets advance the loss
/// processes in the same order. `--packet-by-packet` works without the log and must write the same bytes.
@usableFromInline
struct MulticastLog: Sendable {
  @usableFromInline var runs: ContiguousArray<MulticastRun> = []
  private(set) var ascents: ContiguousArray<Ascent> = []
  private(set) var climbs: ContiguousArray<Ascent> = []
  /// How many packets were logged before each pass.
  private var passes: ContiguousArray<Int> = []
  /// One at each packet whose number is a multiple of 2 to the power of ``strideLog2``. Mostly it is enough to find a
  /// packet's block. Steps from run to run, whose number no processor can predict, would take as long as everything
  /// else that is done for a loss.
  ///
  /// The stride doubles when there are too many checkpoints for the runs. So their number grows with the losses, not
  /// with the packets.
  @usableFromInline var checkpoints: ContiguousArray<Checkpoint> = []
  @usableFromInline var strideLog2 = 3
  /// How many packets were logged.
  @usableFromInline var packets = 0
  /// The shortest time from one packet to the next, if that is not the file's last block, which may be shorter than the
  /// others.
  @usableFromInline private(set) var leastDistance = Nanoseconds.never
  /// The file's last block, and the packets that carried it.
  @usableFromInline var lastBlock: BlockNumber = 0
  private var packetsOfLastBlock: [Int] = []

  @usableFromInline
  init() { packetsOfLastBlock.reserveCapacity(8) }  // a session that is under way allocates nothing for it

  /// The key of the arrival of the last logged packet at a device; nil before the first block.
  @usableFromInline
  func lastArrival(latency: Nanoseconds, device: UInt32) -> EventKey? {
    runs.last.map { $0.arrivalKey(at: $0.count - 1, latency: latency, device: device) }
  }

  /// Adds a run. It joins the last one if it continues it evenly.
  @usableFromInline
  mutating func append(_ run: MulticastRun) {
    defer {
      packets += run.count
      setCheckpoints()
    }
    if run.first <= lastBlock, lastBlock - run.first < run.count {
      packetsOfLastBlock.append(packets + Int(lastBlock - run.first))
    }
    if run.count > 1 { leastDistance = min(leastDistance, run.period) }
    if run.first != lastBlock, let before = runs.last {
      leastDistance = min(leastDistance, run.departure - before.departure(at: before.count - 1))
    }
    guard let last = runs.indices.last, runs[last].pass == run.pass else {
      return begin(run, newAscent: true)
    }
    if run.first == runs[last].last &+ 1, runs[last].join(run) { return }
    begin(run, newAscent: run.first < runs[last].last || run.first > runs[last].last &+ 1)
  }

  /// Adds `rounds` runs that are like `run`, each one window further on.
  @usableFromInline
  mutating func append(rounds: Int, of run: MulticastRun, every period: Nanoseconds, sequenceNumbersOfRound: UInt64) {
    var run = run
    if run.count == 1 {
      (run.period, run.sequenceStep, run.count) = (period, sequenceNumbersOfRound, rounds)
      return append(run)
    }
    for _ in 0..<rounds {
      append(run)
      run.departure = run.departure + period
      run.sequence += sequenceNumbersOfRound
      run.first += UInt32(run.count)
    }
  }

  private mutating func begin(_ run: MulticastRun, newAscent: Bool) {
    if newAscent {
      let isNewPass = runs.last.map { $0.pass != run.pass } ?? true
      if isNewPass { passes.append(packets) }
      if isNewPass || runs[runs.count - 1].last >= run.first {
        climbs.append(Ascent(start: packets, firstRun: runs.count))
      }
      ascents.append(Ascent(start: packets, firstRun: runs.count))
    }
    var run = run
    run.ascent = UInt32(ascents.count - 1)
    run.climb = UInt32(climbs.count - 1)
    run.start = packets
    runs.append(run)
  }

  @inline(__always)
  private mutating func setCheckpoints() {
    if (packets &- 1) &>> strideLog2 >= checkpoints.count { addCheckpoints() }
  }

  @inline(never)  // so that most packets cost a comparison
  private mutating func addCheckpoints() {
    while packets >> strideLog2 > 16 * runs.count + 64 { doubleStride() }
    let (run, last) = (runs.count - 1, (packets - 1) >> strideLog2)
    guard last >= checkpoints.count else { return }
    let firstUnsettled = max(0, checkpoints.count - 1)
    checkpoints.append(contentsOf: repeatElement(Checkpoint(run: UInt32(run)), count: last + 1 - checkpoints.count))
    // The open checkpoint ends with the last packet of another run, or goes on in this one.
    let firstInside = max(firstUnsettled, runs[run].start >> strideLog2 + 1)
    guard firstInside < last else { return }
    let lead = runs[run].first &- UInt32(truncatingIfNeeded: runs[run].start)
    checkpoints.withUnsafeMutableBufferPointer { checkpoints in
      for index in firstInside..<last { checkpoints[index].lead = lead }
    }
  }

  private mutating func doubleStride() {
    // Where two leads stand side by side no run ends between them.
    checkpoints = ContiguousArray(
      stride(from: 0, to: checkpoints.count, by: 2).map { index in
        let hasLead = index + 1 < checkpoints.count && checkpoints[index + 1].lead != Checkpoint.noLead
        return hasLead ? checkpoints[index] : Checkpoint(run: checkpoints[index].run)
      })
    strideLog2 += 1
  }

  /// The first packet from a position on that carries the file's last block; nil if there is none yet.
  @usableFromInline
  func packetOfLastBlock(from position: Int) -> Int? {
    var packet: Int?
    for next in packetsOfLastBlock.reversed() {
      guard next >= position else { break }
      packet = next
    }
    return packet
  }

  /// How many packets of the log, from the first on, arrive at a device before `key`. O(in flight).
  @usableFromInline
  func arrived(before key: EventKey, latency: Nanoseconds, device: UInt32) -> Int {
    var index = runs.count - 1
    while index >= 0 {
      let arrived = runs[index].count(arrivingBefore: key, latency: latency, device: device)
      if arrived > 0 { return runs[index].start + arrived }
      index -= 1
    }
    return 0
  }

  /// The first packet with a block, from `position` on, and the key of its arrival at a device; nil if none follows.
  @usableFromInline
  func arrival(
    of block: BlockNumber, from position: Int, latency: Nanoseconds, device: UInt32
  ) -> (packet: Int, key: EventKey)? {
    guard position < packets else { return nil }
    for index in run(of: position)..<runs.count where runs[index].first <= block && block <= runs[index].last {
      let packet = Int(block - runs[index].first)
      if runs[index].start + packet >= position {
        return (runs[index].start + packet, runs[index].arrivalKey(at: packet, latency: latency, device: device))
      }
    }
    return nil
  }

  /// When a packet that was logged left the uplink.
  @usableFromInline
  func departure(of packet: Int) -> Nanoseconds {
    let run = runs[run(of: packet)]
    return run.departure(at: packet - run.start)
  }

  /// The index of the run of a logged packet. O(log runs), and O(1) where runs have about average length.
  @usableFromInline
  func run(of packet: Int) -> Int {
    let checkpoint = packet >> strideLog2
    var low = Int(checkpoints[checkpoint].run)
    var high = checkpoint + 1 < checkpoints.count ? Int(checkpoints[checkpoint + 1].run) : runs.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if runs[middle].start <= packet { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// How many packets were logged up to the end of a run's climb.
  @usableFromInline
  func endOfClimb(ofRun run: Int) -> Int {
    let next = Int(runs[run].climb) + 1
    return next < climbs.count ? climbs[next].start : packets
  }

  /// How many packets were logged up to the end of the climb of the packet at a position.
  @usableFromInline
  func endOfClimb(at position: Int) -> Int {
    guard let last = climbs.last, position < last.start else { return packets }
    return endOfClimb(ofRun: run(of: position))
  }

  /// The lowest and the highest block of some climbs.
  @usableFromInline
  func blocks(ofClimbs climbs: ClosedRange<Int>) -> ClosedRange<BlockNumber> {
    var blocks = (first: BlockNumber.max, last: BlockNumber.min)
    for climb in climbs {
      let end = climb + 1 < self.climbs.count ? self.climbs[climb + 1].firstRun : runs.count
      blocks.first = min(blocks.first, runs[self.climbs[climb].firstRun].first)
      blocks.last = max(blocks.last, runs[end - 1].last)
    }
    return blocks.first...blocks.last
  }

  /// How many packets were logged up to the end of the pass of the packet at a position. O(log passes).
  @usableFromInline
  func endOfPass(at position: Int) -> Int {
    var (low, high) = (0, passes.count)
    while low < high {
      let middle = (low + high) / 2
      if passes[middle] > position { high = middle } else { low = middle + 1 }
    }
    return low < passes.count ? passes[low] : packets
  }

  /// How many packets were logged up to the end of a run's ascent.
  @usableFromInline
  func endOfAscent(ofRun run: Int) -> Int { endOfAscent(Int(runs[run].ascent)) }

  /// How many packets were logged up to the end of an ascent.
  func endOfAscent(_ ascent: Int) -> Int { ascent + 1 < ascents.count ? ascents[ascent + 1].start : packets }
}
