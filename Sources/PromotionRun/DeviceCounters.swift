import BlockTransfer
import Network
import PromotionEngine
import TFTPWire
import Timebase
import Runs

/// The counters of a device for the reports.
package struct DeviceCounters: Sendable {
  // The counts of every packet first.
  var lost: UInt64 = 0
  /// Packets handed to the device.
  var received: UInt64 = 0
  var unicastBlocks: UInt64 = 0
  var duplicates: UInt64 = 0
  /// Payload bytes of the blocks that were missing.
  var bytes: UInt64 = 0
  var multicastBlocks: UInt64 = 0
  /// DATA of session 1 by multicast (N9).
  var sessionOneReceived: UInt64 = 0
  var sessionOneLost: UInt64 = 0
  var sessionsHeard = 0
  var lastSessionHeard: UInt32 = 0
  var roles = RoleHistory()
  let cohort: Int
  let join: Nanoseconds
  /// Packets offered to the loss of its path, as the network counted them when the device was checked last.
  var offered: UInt64 = 0
  /// What else happened on its path.
  var path = PathCounts()
  var firstCheck: GapReport?
  var missedAtCheck = false
  /// Whether it was switched off before it was complete or had failed.
  var left = false
  var promoted: Nanoseconds?
  var completed: Nanoseconds?
  /// Whether it listened to session 1 from its first DATA on.
  var isInUniformityTable = false
  /// The last session during which it became passive, and the last one at whose first DATA it was passive.
  var passiveIn: UInt32 = 0
  var heardFirstOf: UInt32 = 0
  /// The last session in whose second set, and promotions, it was counted.
  var secondSetOf: UInt32 = 0
  var promotedAfter: UInt32 = 0

  init(cohort: Int, join: Nanoseconds) {
    self.cohort = cohort
    self.join = join
  }

  /// Counts a stretch of multicast DATA that arrived, and how much of it was new.
  @inline(__always)
  mutating func countMulticast(_ packets: UInt64, new: UInt64, session: UInt32) {
    if session != lastSessionHeard {
      lastSessionHeard = session
      sessionsHeard += 1
    }
    if session == 1 { sessionOneReceived += packets }
    received += packets
    multicastBlocks += new
    duplicates += packets - new
  }

  /// Counts a block that was missing and came by unicast.
  @inline(__always)
  mutating func countRepair(of block: BlockNumber, in file: FileLayout) {
    unicastBlocks += 1
    bytes += UInt64(file.bytes(of: block))
  }

  /// Counts the payload of blocks that were missing.
  @inline(__always)
  mutating func countBytes(of blocks: UInt64, lastBlock: Bool, of file: FileLayout) {
    bytes += blocks * UInt64(file.blockSize)
    if lastBlock { bytes -= UInt64(file.blockSize - file.lastBlockBytes) }
  }

  /// Counts a packet that was lost.
  @inline(__always)
  mutating func lose(_ arrival: Arrival<Message>) {
    lost += 1
    if arrival.pass == 1, arrival.addressing == .multicast, arrival.message.block != nil { sessionOneLost += 1 }
  }

  /// Counts a message that arrived.
  @inline(__always)
  mutating func take(_ arrival: Arrival<Message>, as reception: Reception, of file: FileLayout) {
    if arrival.addressing == .multicast, let block = arrival.message.block {
      countMulticast(1, new: reception == .new ? 1 : 0, session: arrival.pass)
      if reception == .new { countBytes(of: 1, lastBlock: block == file.blocks, of: file) }
      return
    }
    received += 1
    switch reception {
    case .new: if let block = arrival.message.block { countRepair(of: block, in: file) }
    case .duplicate: duplicates += 1
    case .other: break
    }
  }

  /// Counts a stretch of what the group was sent.
  @inline(__always)
  mutating func hear(_ stretch: Stretch, of file: FileLayout) {
    let (lostNow, session, filled) = (stretch.lost, stretch.pass, stretch.filled)
    lost += UInt64(lostNow)
    if session == 1 { sessionOneLost += UInt64(lostNow) }
    let arrived = stretch.offered - lostNow - stretch.overruns
    guard arrived > 0 else { return }
    countMulticast(UInt64(arrived), new: UInt64(filled.count), session: session)
    countBytes(of: UInt64(filled.count), lastBlock: filled.last == file.blocks, of: file)
  }

  func record(of device: DeviceID) -> DeviceRecord {
    DeviceRecord(
      device: Int(device), cohort: cohort, join: join, roles: roles.all,
      sessionsHeard: sessionsHeard, firstCheck: firstCheck, missedAtCheck: missedAtCheck,
      promoted: promoted, completed: completed, multicastBlocks: multicastBlocks,
      unicastBlocks: unicastBlocks, duplicatePackets: duplicates, offeredPackets: offered,
      lostPackets: lost, left: left, path: path)
  }

  /// What does not hold for a device. A complete device has every block once, and their bytes add up to the file. Every
  /// packet that it was offered was lost, or did not fit into its buffer, or waits there, or was received.
  func breach(of number: DeviceID, _ device: Device) -> String? {
    if offered != received + lost + path.overruns + path.unread {
      return "device \(number) was offered \(offered) packets, but got \(received), lost \(lost), had no room for "
        + "\(path.overruns), and left \(path.unread) unread"
    }
    guard let file = device.file else { return nil }
    let blocks = multicastBlocks + unicastBlocks
    let missing = device.gaps.missing
    if blocks != UInt64(file.blocks - missing) {
      return "device \(number) got \(blocks) blocks, but misses \(missing) of \(file.blocks)"
    }
    if missing == 0, bytes != file.size {
      return "device \(number) is complete with \(bytes) of \(file.size) bytes"
    }
    if (completed != nil) != (missing == 0) {
      return "device \(number) is complete, or its report says so, but not both"
    }
    return nil
  }
}
