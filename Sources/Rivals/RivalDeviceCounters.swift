import BlockTransfer
import Network
import Runs
import TFTPWire
import Timebase

/// The counters of a rival's device for the reports.
struct RivalDeviceCounters: Sendable {
  private var lost: UInt64 = 0
  /// Packets handed to the device.
  private var received: UInt64 = 0
  private var multicastBlocks: UInt64 = 0
  private var unicastBlocks: UInt64 = 0
  private var duplicates: UInt64 = 0
  /// DATA of the first pass (N9).
  private var firstPassReceived: UInt64 = 0
  private var firstPassLost: UInt64 = 0
  private var passesHeard = 0
  private var lastPassHeard: UInt32 = 0
  var roles = RoleHistory()
  private let cohort: Int
  private let join: Nanoseconds
  /// Packets offered to the loss of its path, and what else happened there, as the network counted them last.
  var offered: UInt64 = 0
  var path = PathCounts()
  var firstCheck: GapReport?
  var missedAtCheck = false
  /// Whether it was switched off before it was complete or had failed.
  var left = false
  var completed: Nanoseconds?
  /// Whether it listened to the first pass from its first DATA on.
  var isInUniformityTable = false

  init(cohort: Int, join: Nanoseconds) {
    self.cohort = cohort
    self.join = join
  }

  mutating func lose(_ packets: UInt64, ofFirstPass: Bool) {
    lost += packets
    if ofFirstPass { firstPassLost += packets }
  }

  /// Counts DATA of the group that arrived, and how many of them brought something new.
  mutating func hear(_ packets: UInt64, new: UInt64, pass: UInt32) {
    if pass != lastPassHeard {
      lastPassHeard = pass
      passesHeard += 1
    }
    if pass == 1 { firstPassReceived += packets }
    received += packets
    multicastBlocks += new
    duplicates += packets - new
  }

  /// Counts what arrived otherwise.
  mutating func take(_ reception: Reception) {
    received += 1
    switch reception {
    case .new: unicastBlocks += 1
    case .duplicate: duplicates += 1
    case .other: break
    }
  }

  func record(of device: Int) -> DeviceRecord {
    DeviceRecord(
      device: device, cohort: cohort, join: join, roles: roles.all, sessionsHeard: passesHeard, firstCheck: firstCheck,
      missedAtCheck: missedAtCheck, completed: completed, multicastBlocks: multicastBlocks,
      unicastBlocks: unicastBlocks, duplicatePackets: duplicates, offeredPackets: offered, lostPackets: lost,
      left: left, path: path)
  }

  func firstPass(of device: Int) -> SessionOneLoss {
    SessionOneLoss(device: device, received: firstPassReceived, lost: firstPassLost)
  }

  /// What does not hold. A complete device has every block once. Every packet that it was offered was lost, or did not
  /// fit into its buffer, or waits there, or was received.
  func breach(of device: DeviceID, _ gaps: GapMap?, _ file: FileLayout) -> String? {
    if offered != received + lost + path.overruns + path.unread {
      return "device \(device) was offered \(offered) packets, but got \(received), lost \(lost), had no room for "
        + "\(path.overruns), and left \(path.unread) unread"
    }
    guard let gaps else { return nil }
    let blocks = multicastBlocks + unicastBlocks
    if blocks != UInt64(file.blocks - gaps.missing) {
      return "device \(device) got \(blocks) blocks, but misses \(gaps.missing) of \(file.blocks)"
    }
    if (completed != nil) != gaps.isEmpty {
      return "device \(device) is complete, or its report says so, but not both"
    }
    return nil
  }
}
