import BlockTransfer
import Network
import PromotionEngine
import TFTPWire
import Timebase
import Runs

/// The counters of sessions and gaps for the reports.
struct SessionCounters: Sendable {
  /// A session, and what counting it needs.
  struct Pass: Sendable {
    var record: SessionRecord
    /// The highest block sent in it.
    var highestSent: BlockNumber = 0
  }

  private(set) var passes: [Pass] = []
  private(set) var sessionsBegun = 0
  /// Bytes on the wire, and unicast DATA, that the uplink took. They are counted separately, to be compared with the
  /// uplink's own counters.
  private(set) var uplinkBytes: UInt64 = 0
  private(set) var unicastDataPackets: UInt64 = 0
  private var sessionsEnded = 0
  /// Devices that became passive in a session and again in a later one, and so were counted into both first sets,
  /// before the first DATA of the former came. That DATA may still come.
  private var countedEarly: Set<FirstSetMember> = []
  private var gapHistograms: [GapHistogram] = []

  /// The session under way, or the last one; 0 before the first.
  var session: UInt32 { UInt32(passes.count) }

  /// Whether a session has its active device and has not ended.
  var isSessionOpen: Bool { passes.last.map { $0.record.end == nil } ?? false }

  /// Whether a session has begun and not ended.
  var isSessionUnderWay: Bool { isSessionOpen && passes.last?.record.begin != nil }

  mutating func open(active device: DeviceID) {
    let record = SessionRecord(
      session: passes.count + 1, activeDevice: Int(device), begin: nil, end: nil, ended: nil, dataPackets: 0,
      repeatedPackets: 0, firstSet: 0, secondSet: 0, promoted: 0, waiting: 0)
    passes.append(Pass(record: record))
  }

  mutating func begin(at now: Nanoseconds) {
    passes[passes.count - 1].record.begin = now
    sessionsBegun += 1
  }

  mutating func end(at now: Nanoseconds, _ ended: SessionEnd, secondSet: Int) {
    let last = passes.count - 1
    passes[last].record.end = now
    passes[last].record.ended = ended
    passes[last].record.secondSet = secondSet
    passes[last].record.waiting = secondSet
    sessionsEnded = passes.count
  }

  /// Whether a block was sent to the group in a session before. The active device asks for ever higher blocks, so the
  /// highest one tells.
  private func hasSent(_ block: BlockNumber, session: UInt32) -> Bool {
    session > 0 && block <= passes[Int(session) - 1].highestSent
  }

  /// Counts a packet that the uplink took.
  mutating func count(bytes: UInt64, isUnicastData: Bool) {
    uplinkBytes += bytes
    if isUnicastData { unicastDataPackets += 1 }
  }

  /// Counts a multicast DATA that the uplink took.
  mutating func countData(_ block: BlockNumber, session: UInt32) {
    guard session > 0 else { return }
    let index = Int(session) - 1
    if hasSent(block, session: session) { passes[index].record.repeatedPackets += 1 }
    passes[index].highestSent = max(passes[index].highestSent, block)
    passes[index].record.dataPackets += 1
  }

  /// Counts multicast DATA of ascending blocks that the uplink took.
  mutating func countData(_ blocks: ClosedRange<BlockNumber>, session: UInt32) {
    let index = Int(session) - 1
    let sent = max(blocks.lowerBound, min(passes[index].highestSent &+ 1, blocks.upperBound &+ 1))
    passes[index].record.repeatedPackets += UInt64(sent - blocks.lowerBound)
    passes[index].highestSent = max(passes[index].highestSent, blocks.upperBound)
    passes[index].record.dataPackets += UInt64(blocks.count)
  }

  /// Subtracts what had not left the uplink when a limit ended the run.
  mutating func discountData(session: UInt32, isRepeated: Bool) {
    guard session > 0 else { return }
    passes[Int(session) - 1].record.dataPackets -= 1
    if isRepeated { passes[Int(session) - 1].record.repeatedPackets -= 1 }
  }

  /// Counts a device that became passive into the first set of the session under way, once.
  mutating func countPassive(_ number: DeviceID, _ device: inout DeviceCounters) {
    guard isSessionUnderWay, session != device.passiveIn, session != device.heardFirstOf else { return }
    if device.passiveIn > device.heardFirstOf {
      countedEarly.insert(FirstSetMember(device: number, session: device.passiveIn))
    }
    device.passiveIn = session
    countFirstSet(number, of: session)
  }

  /// Counts a device that is passive when a session's first DATA arrives into its first set, once. First DATA arrive in
  /// the order of their sessions, but a later session may be under way by then.
  mutating func countFirstHearing(_ number: DeviceID, _ device: inout DeviceCounters, session: UInt32) {
    device.heardFirstOf = session
    guard session != device.passiveIn, countedEarly.remove(FirstSetMember(device: number, session: session)) == nil
    else { return }
    countFirstSet(number, of: session)
  }

  /// The session's own active device is not in its first set.
  private mutating func countFirstSet(_ device: DeviceID, of session: UInt32) {
    guard passes[Int(session) - 1].record.activeDevice != Int(device) else { return }
    passes[Int(session) - 1].record.firstSet += 1
  }

  /// Counts a device that became smart between a session's end and the next one's.
  mutating func countPromotion(_ device: inout DeviceCounters) {
    let session = UInt32(sessionsEnded)
    guard session > 0, device.promotedAfter != session else { return }
    device.promotedAfter = session
    passes[sessionsEnded - 1].record.promoted += 1
    if device.secondSetOf == session { passes[sessionsEnded - 1].record.waiting -= 1 }
  }

  /// Counts the gaps of a device, with these figures.
  mutating func countGaps(_ gaps: borrowing GapMap, with figures: GapReport) {
    if gapHistograms.last?.session != sessionsBegun { gapHistograms.append(GapHistogram(session: sessionsBegun)) }
    gapHistograms[gapHistograms.count - 1].count(gaps, with: figures)
  }

  /// The gap sizes by session, then by size.
  var gapSizes: [GapSizeCount] { gapHistograms.flatMap(\.counts) }
}

/// A device in a session's first set.
private struct FirstSetMember: Hashable, Sendable {
  let device: DeviceID
  let session: UInt32
}
