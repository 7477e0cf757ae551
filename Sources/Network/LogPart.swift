import BlockTransfer
import EventSimulation
import Timebase

/// A part of the log, in one ascent, and which of its packets a device lost.
@usableFromInline
struct LogPart {
  /// Packets that are lost are kept until so many are: as many as there are bits in ``bursts``.
  @inlinable static var lossesAtOnce: Int { 64 }
  /// The same for several climbs, if bursts are not noted: as many as the stack has room for (a kilobyte).
  @inlinable static var lossesOfClimbs: Int { 128 }

  @usableFromInline let runs: UnsafeBufferPointer<MulticastRun>
  @usableFromInline let checkpoints: UnsafeBufferPointer<Checkpoint>
  @usableFromInline let strideLog2: Int
  /// The packets that were lost, ascending.
  @usableFromInline private(set) var lost: UnsafeMutableBufferPointer<Int>
  @usableFromInline var lostCount = 0
  /// The lost packets that were lost in the bad state of a chain, if that was noted: a bit for each place in ``lost``.
  @usableFromInline var bursts: UInt64 = 0
  /// Their blocks, but for those that another packet brought.
  @usableFromInline let gaps: UnsafeMutableBufferPointer<Gap>
  @usableFromInline var gapCount = 0
  /// The last packet of the log, in this part or before, that the device received.
  @usableFromInline var lastHeard: Int?
  /// Whether the lost packets of this part are packets that did not fit into the device's buffer.
  @usableFromInline var isOverrun = false
  /// The first packet of this part, and the one behind the last.
  @usableFromInline var start = 0
  @usableFromInline var end = 0

  @inlinable
  init(
    runs: UnsafeBufferPointer<MulticastRun>, checkpoints: UnsafeBufferPointer<Checkpoint>, strideLog2: Int,
    lost: UnsafeMutableBufferPointer<Int>, gaps: UnsafeMutableBufferPointer<Gap>, lastHeard: Int?
  ) {
    self.runs = runs
    self.checkpoints = checkpoints
    self.strideLog2 = strideLog2
    self.lost = lost
    self.gaps = gaps
    self.lastHeard = lastHeard
  }

  /// Starts anew, and offers packets to a loss process up to the `end`-th, or until as many are lost as there is room
  /// for.
  ///
  /// - Parameter notesBursts: whether somebody wants to know of ``bursts``.
  @inlinable @inline(__always)
  mutating func offer(
    from position: inout Int, in firstRun: Int, until end: Int, to loss: inout LossProcess, latency: Nanoseconds,
    notesBursts: Bool
  ) {
    start = position
    isOverrun = false
    if loss.hasClock {
      loss.offerByClock(&self, from: &position, in: firstRun, until: end, latency: latency)
    } else if notesBursts {
      offerNotingBursts(from: &position, until: end, to: &loss)
    } else {
      lostCount = loss.offer(from: &position, until: end, lost: lost)
    }
    self.end = position
    findGaps(from: firstRun, before: position)
    findLastHeard(before: position)
  }

  /// As a loss process offers packets, loss by loss.
  @usableFromInline
  mutating func offerNotingBursts(from position: inout Int, until end: Int, to loss: inout LossProcess) {
    (lostCount, bursts) = (0, 0)
    while position < end, lostCount < lost.count {
      position += Int(loss.pass(UInt64(end - position)))
      guard position < end else { break }
      lose(position..<position + 1, inBurst: loss.lossIsInBurst)
      position += 1
    }
  }

  /// Packets are lost, and there is room for them.
  @inline(__always)
  private mutating func lose(_ packets: Range<Int>, inBurst: Bool) {
    if inBurst { bursts |= ~(~0 << UInt64(packets.count)) << UInt64(lostCount) }
    for packet in packets {
      lost.initializeElement(at: lostCount, to: packet)
      lostCount += 1
    }
  }

  /// Parts with its packets from the first of them to the `end`-th, and from there on.
  ///
  /// - Parameter lastHeard: the last packet before them that the device received. It is what it is behind the first part.
  @usableFromInline
  mutating func removeFirst(until end: Int, from firstRun: Int, after lastHeard: inout Int?) -> LogPart {
    var part = self
    part.end = end
    part.lostCount = lost[..<lostCount].firstIndex { $0 >= end } ?? lostCount
    part.lastHeard = lastHeard
    part.findGaps(from: firstRun, before: end)
    part.findLastHeard(before: end)
    lastHeard = part.lastHeard
    start = end
    lost = UnsafeMutableBufferPointer(rebasing: lost[part.lostCount...])
    lostCount -= part.lostCount
    bursts >>= UInt64(part.lostCount)
    return part
  }

  /// Starts anew with packets of which none is lost.
  @usableFromInline
  mutating func take(from start: Int, until end: Int) {
    (self.start, self.end) = (start, end)
    (lostCount, gapCount, bursts, isOverrun) = (0, 0, 0, false)
    lastHeard = end - 1
  }

  /// Starts anew with packets, those in ``lost`` of which did not fit into the device's buffer.
  @usableFromInline
  mutating func take(from start: Int, until end: Int, of firstRun: Int, overruns: Int) {
    (self.start, self.end) = (start, end)
    (lostCount, bursts, isOverrun) = (overruns, 0, true)
    findGaps(from: firstRun, before: end)
    findLastHeard(before: end)
  }

  /// Starts anew with one packet that did not fit into the device's buffer.
  @usableFromInline
  mutating func overrun(_ packet: Int) {
    (start, end) = (packet, packet + 1)
    (lostCount, gapCount, bursts, isOverrun) = (1, 0, 0, true)
    lost.initializeElement(at: 0, to: packet)
  }

  /// As ``offer(from:in:until:to:latency:notesBursts:)``, for packets that may be several frames each. Each frame steps (N12).
  ///
  /// - Returns: how many frames were lost of packets of several frames.
  @usableFromInline
  mutating func offerFragments(
    from position: inout Int, in firstRun: Int, until end: Int, to loss: inout LossProcess, latency: Nanoseconds,
    patterns: FramePatterns
  ) -> UInt64 {
    start = position
    (lostCount, bursts, isOverrun) = (0, 0, false)
    var fragmentsLost: UInt64 = 0
    var run = firstRun
    while position < end, lostCount < lost.count {
      run = self.run(of: position, from: run)
      let logged = runs[run]
      let distances = patterns.all[Int(logged.frames)]
      let arrival = logged.departure(at: position - logged.start) + latency
      let sure = loss.sureToPass(at: arrival - distances[0])
      let alike =
        sure.until == .never
        ? logged.count : logged.count(arrivingBefore: .before(sure.until), latency: latency, device: 0)
      let stretch = min(Int(clamping: sure.frames) / distances.count, min(end, logged.start + alike) - position)
      if stretch > 0 {
        loss.skip(UInt64(stretch * distances.count))
        position += stretch
        continue
      }
      var (isLost, isInBurst) = (false, false)
      for distance in distances where loss.loses(at: arrival - distance) {
        if distances.count > 1 { fragmentsLost += 1 }
        isLost = true
        if loss.lossIsInBurst { isInBurst = true }
      }
      if isLost {
        if isInBurst { bursts |= 1 << UInt64(lostCount) }
        lost.initializeElement(at: lostCount, to: position)
        lostCount += 1
      }
      position += 1
    }
    self.end = position
    findGaps(from: firstRun, before: position)
    findLastHeard(before: position)
    return fragmentsLost
  }

  /// Offers packets to a law that goes by time. Those whose fate is known are offered at once.
  ///
  /// O(losses + changes of the law × log runs).
  @inline(__always)
  mutating func offer(
    from position: inout Int, in firstRun: Int, until end: Int, to law: inout some ClockedLaw,
    knowing known: inout KnownFate, latency: Nanoseconds
  ) {
    var run = firstRun
    (lostCount, bursts) = (0, 0)
    while position < end, lostCount < lost.count {
      run = self.run(of: position, from: run)
      let arrival = runs[run].departure(at: position - runs[run].start) + latency
      if known.isOver(at: arrival) { known.ask(&law, at: arrival) }
      let outlook = known.outlook
      guard outlook.frames > 0 else {
        if law.loses(at: arrival) { lose(position..<position + 1, inBurst: law.lossIsInBurst) }
        position += 1
        continue
      }
      let room = outlook.areLost ? min(end - position, lost.count - lostCount) : end - position
      let most = position + Int(min(outlook.frames, UInt64(room)))
      let next = firstArrival(notBefore: outlook.until, from: run, until: most, latency: latency)
      if outlook.areLost { lose(position..<next, inBurst: law.lossIsInBurst) }
      known.skip(UInt64(next - position))
      position = next
    }
  }

  /// The first packet, of those from a run on and before the `end`-th, that does not arrive before `time`; `end` if all
  /// of them do. O(log runs).
  private func firstArrival(notBefore time: Nanoseconds, from run: Int, until end: Int, latency: Nanoseconds) -> Int {
    var (low, high) = (run, self.run(of: end - 1, from: run))
    if time == .never || runs[high].departure(at: end - 1 - runs[high].start) + latency < time { return end }
    while low < high {
      let middle = (low + high + 1) / 2
      if runs[middle].departure + latency < time { low = middle } else { high = middle - 1 }
    }
    return runs[low].start + runs[low].count(arrivingBefore: .before(time), latency: latency, device: 0)
  }

  /// Finds the blocks of the lost packets.
  @usableFromInline @inline(never)  // so that its variables stand in registers
  mutating func findGaps(from firstRun: Int, before end: Int) {
    let gaps = gaps
    var (run, count) = (firstRun, 0)
    var lastLost = BlockNumber.max  // no block of the file
    for index in 0..<lostCount {
      let packet = lost[index]
      let lead = checkpoints[packet &>> strideLog2].lead
      var block = lead &+ UInt32(truncatingIfNeeded: packet)
      if lead == Checkpoint.noLead {
        guard let missed = blockMissed(with: packet, lostAs: index, from: &run, until: end) else { continue }
        block = missed
      }
      if lastLost &+ 1 >= block {
        gaps[count &- 1].last = block
      } else {
        gaps.initializeElement(at: count, to: Gap(first: block, last: block))
        count &+= 1
      }
      lastLost = block
    }
    gapCount = count
  }

  /// Finds the last packet that was not lost. If all of this part were lost, it remains the one before this part.
  @inlinable @inline(__always)
  mutating func findLastHeard(before end: Int) {
    var (packet, index) = (end - 1, lostCount - 1)
    while index >= 0, lost[index] == packet {
      packet -= 1
      index -= 1
    }
    if packet >= start { lastHeard = packet }
  }

  /// The block of a lost packet, which is of `run` or one that follows; nil if another packet decides on it.
  @inline(never)  // rare, and in the way of what is not
  private mutating func blockMissed(
    with packet: Int, lostAs index: Int, from run: inout Int, until end: Int
  ) -> BlockNumber? {
    run = self.run(of: packet, from: run)
    if isFirstOrLast(packet, in: run), isRepeated(packet, lostAs: index, in: run, until: end) { return nil }
    return block(of: packet, in: run)
  }

  /// Whether another packet with the block of a lost one was received just before, or decides on the block as it comes next.
  private func isRepeated(_ packet: Int, lostAs index: Int, in run: Int, until end: Int) -> Bool {
    let block = block(of: packet, in: run)
    if packet + 1 < end, packet + 1 == runs[run].end, runs[run + 1].first == block { return true }
    var before = (packet: packet, index: index, run: run)
    while before.packet == runs[before.run].start, before.run > 0, runs[before.run - 1].last == block {
      before = (before.packet - 1, before.index - 1, before.run - 1)
      if before.packet < start {
        if before.packet == lastHeard { return true }
      } else if before.index < 0 || lost[before.index] != before.packet {
        return true
      }
    }
    return false
  }

  /// The gaps that lie before a block.
  @inlinable @inline(__always)
  func gaps(before block: BlockNumber) -> UnsafeBufferPointer<Gap> {
    var count = gapCount
    while count > 0, gaps[count - 1].first > block { count -= 1 }
    return UnsafeBufferPointer(rebasing: gaps[..<count])
  }

  @inlinable @inline(__always)
  func block(of packet: Int, in run: Int) -> BlockNumber {
    runs[run].first &+ UInt32(truncatingIfNeeded: packet &- runs[run].start)
  }

  /// The block of a packet, which is of the run `first` or one that follows. O(1) in the midst of long runs.
  @inline(__always)
  func block(of packet: Int, from first: Int) -> BlockNumber {
    let lead = checkpoints[packet &>> strideLog2].lead
    guard lead == Checkpoint.noLead else { return lead &+ UInt32(truncatingIfNeeded: packet) }
    return block(of: packet, in: run(of: packet, from: first))
  }

  /// The places in ``lost`` from one on of the packets that come before the `end`-th.
  func placesOfLost(from place: Int, before end: Int) -> Range<Int> {
    var next = place
    while next < lostCount, lost[next] < end { next += 1 }
    return place..<next
  }

  /// The block of a lost packet, by its place in ``lost``.
  func blockOfLost(_ place: Int) -> BlockNumber { block(of: lost[place], from: 0) }

  /// One comparison is enough: the first packet of a run is the one before its second, modulo 2⁶⁴.
  @inline(__always)
  private func isFirstOrLast(_ packet: Int, in run: Int) -> Bool {
    UInt(bitPattern: packet &- runs[run].start &- 1) >= UInt(bitPattern: runs[run].count &- 2)
  }

  /// The run of a packet, from the run `first` on.
  @inlinable @inline(__always)
  func run(of packet: Int, from first: Int) -> Int {
    var run = max(first, Int(checkpoints[packet &>> strideLog2].run))
    while packet >= runs[run].end { run &+= 1 }
    return run
  }

  /// The key under which the device reads a packet of a run.
  @inlinable @inline(__always)
  func key(
    ofReading packet: Int, in run: Int, _ reading: Reading, latency: Nanoseconds, device: DeviceID
  ) -> EventKey {
    let arrival = runs[run].arrivalKey(at: packet - runs[run].start, latency: latency, device: device)
    return EventKey(time: reading.time(of: packet, arrivingAt: arrival.time), sequence: arrival.sequence)
  }

  /// When the device read the first packet of this part that brought a block.
  @inlinable
  func reading(_ reading: Reading, of block: BlockNumber, _ latency: Nanoseconds, from firstRun: Int) -> Nanoseconds {
    let (packet, run) = firstHeard(of: block, from: start, in: firstRun)
    return reading.time(of: packet, arrivingAt: runs[run].departure(at: packet - runs[run].start) + latency)
  }

  /// The first packet from a position on that brought a block.
  @usableFromInline
  func firstHeard(of block: BlockNumber, from start: Int, in firstRun: Int) -> (packet: Int, run: Int) {
    var run = firstRun
    while true {
      if runs[run].first <= block, block <= runs[run].last {
        let packet = runs[run].start + Int(block - runs[run].first)
        if packet >= start, !lost[..<lostCount].contains(packet) { return (packet, run) }
      }
      run += 1
    }
  }
}
