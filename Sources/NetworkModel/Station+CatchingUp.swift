import PromotionEngine
import TFTPWire
import Timebase

// How a device takes what it heard of the log: its new gaps are where packets were lost, whatever came between.
extension Station {
  /// Packets that are lost are kept until so many are.
  private static let lossesAtOnce = 64

  /// Takes the packets of the log up to the `end`-th, ascent by ascent.
  mutating func hear(_ log: MulticastLog, until end: Int, of file: FileLayout) {
    withUnsafeTemporaryAllocation(of: Gap.self, capacity: Self.lossesAtOnce) { gaps in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.lossesAtOnce) { lost in
        log.runs.withUnsafeBufferPointer { runs in
          log.waymarks.withUnsafeBufferPointer { waymarks in
            var part = LogPart(
              runs: runs, waymarks: waymarks, strideLog2: log.strideLog2, lost: lost, gaps: gaps, lastHeard: lastHeard)
            while position < end {
              let run = log.run(of: position)
              hear(&part, from: run, until: min(end, log.endOfAscent(ofRun: run)), of: file)
            }
            lastHeard = part.lastHeard
          }
        }
      }
    }
  }

  /// Takes packets of one ascent, the next of which is of the run `firstRun`, up to the `end`-th or until many are lost.
  private mutating func hear(_ part: inout LogPart, from firstRun: Int, until end: Int, of file: FileLayout) {
    let start = position
    let session = part.runs[firstRun].session
    part.offer(from: &position, in: firstRun, until: end, to: &downLoss)
    let offered = position - start
    let lost = part.lostCount
    tally.offered += UInt64(offered)
    tally.lost += UInt64(lost)
    if session == 1 { tally.sessionOneLost += UInt64(lost) }
    guard let lastHeard = part.lastHeard, lastHeard >= start else { return }

    let last = part.run(of: lastHeard, from: firstRun)
    let lastBlock = part.block(of: lastHeard, in: last)
    let filled = device.listen(
      to: part.block(of: start, in: firstRun), through: lastBlock, except: part.gaps(before: lastBlock))
    if filled.count > 0, device.isComplete {
      let completing = part.firstHeard(of: filled.last, from: start, in: firstRun)
      complete(
        at: part.runs[completing.run].departure(at: completing.packet - part.runs[completing.run].start) + latency)
    }
    tally.countMulticast(UInt64(offered - lost), new: UInt64(filled.count), session: session)
    tally.countBytes(of: UInt64(filled.count), lastBlock: filled.last == file.blocks, of: file)
    let key = part.runs[last].arrivalKey(at: lastHeard - part.runs[last].start, latency: latency, device: number)
    device.heardGroup(at: key.time)
    heardAt = key.time
    alarm.see(key.place)
  }

  /// The last missing block arrived at `time`, which may be past when the device catches up.
  mutating func complete(at time: Nanoseconds) {
    tally.roles.append(.complete)
    tally.completed = time
  }
}

/// A part of the log, in one ascent, and what a device lost of it.
private struct LogPart {
  let runs: UnsafeBufferPointer<MulticastRun>
  private let waymarks: UnsafeBufferPointer<Waymark>
  private let strideLog2: Int
  /// The packets that were lost, ascending.
  private let lost: UnsafeMutableBufferPointer<Int>
  private(set) var lostCount = 0
  /// Their blocks, but for those that another packet brought.
  private let gaps: UnsafeMutableBufferPointer<Gap>
  private var gapCount = 0
  /// The last packet of the log, in this part or before, that the device received.
  private(set) var lastHeard: Int?
  /// The first packet of this part.
  private var start = 0

  init(
    runs: UnsafeBufferPointer<MulticastRun>, waymarks: UnsafeBufferPointer<Waymark>, strideLog2: Int,
    lost: UnsafeMutableBufferPointer<Int>, gaps: UnsafeMutableBufferPointer<Gap>, lastHeard: Int?
  ) {
    self.runs = runs
    self.waymarks = waymarks
    self.strideLog2 = strideLog2
    self.lost = lost
    self.gaps = gaps
    self.lastHeard = lastHeard
  }

  /// Begins anew, and offers packets to a loss process up to the `end`-th, or until as many are lost as there is room for.
  mutating func offer(from position: inout Int, in firstRun: Int, until end: Int, to loss: inout LossProcess) {
    start = position
    lostCount = loss.offer(from: &position, until: end, lost: lost)
    findGaps(from: firstRun, before: position)
    findLastHeard(before: position)
  }

  /// Finds the blocks of the lost packets.
  @inline(never)  // so that its variables stand in registers
  private mutating func findGaps(from firstRun: Int, before end: Int) {
    let gaps = gaps
    var (run, count) = (firstRun, 0)
    var lastLost = BlockNumber.max  // no block of the file
    for index in 0..<lostCount {
      let packet = lost[index]
      let lead = waymarks[packet &>> strideLog2].lead
      var block = lead &+ UInt32(truncatingIfNeeded: packet)
      if lead == Waymark.noLead {
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

  /// Finds the last packet that was not lost; it stays the one before this part when all of this were.
  private mutating func findLastHeard(before end: Int) {
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
  private mutating func isRepeated(_ packet: Int, lostAs index: Int, in run: Int, until end: Int) -> Bool {
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
  func gaps(before block: BlockNumber) -> UnsafeBufferPointer<Gap> {
    let count = gapCount > 0 && gaps[gapCount - 1].first > block ? gapCount - 1 : gapCount
    return UnsafeBufferPointer(rebasing: gaps[..<count])
  }

  @inline(__always)
  func block(of packet: Int, in run: Int) -> BlockNumber {
    runs[run].first &+ UInt32(truncatingIfNeeded: packet &- runs[run].start)
  }

  /// With one comparison: the first packet of a run is the one before its second, modulo 2⁶⁴.
  @inline(__always)
  private func isFirstOrLast(_ packet: Int, in run: Int) -> Bool {
    UInt(bitPattern: packet &- runs[run].start &- 1) >= UInt(bitPattern: runs[run].count &- 2)
  }

  /// The run of a packet, from the run `first` on.
  @inline(__always)
  func run(of packet: Int, from first: Int) -> Int {
    var run = max(first, Int(waymarks[packet &>> strideLog2].run))
    while packet >= runs[run].end { run &+= 1 }
    return run
  }

  /// The first packet from a position on that brought a block.
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
