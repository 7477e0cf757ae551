import EventSimulation
import PromotionEngine
import RandomStreams
import TFTPWire
import Timebase

/// A device on the network: the protocol's device, its path, its loss, and the tally of what reached it.
struct Station: Sendable {
  /// How the multicast DATA of a session comes to a device.
  enum Following: Hashable, Sendable {
    /// Not at all: it does not listen.
    case nothing
    /// By catching up with the log when somebody looks at it.
    case log
    /// By an event for each packet.
    case packets
  }

  // In the order in which events need them, so that an event touches few cache lines: what most need comes first.
  var device = Device()
  /// Its number, from 1.
  let number: DeviceID
  let cohort: Int
  let latency: Nanoseconds
  /// Whether its path has jitter, in both directions.
  let hasJitter: Bool
  var isOn = false
  var following = Following.nothing
  /// Whether its deadline was left to the next look, and is a silence alone, which counts from `heardAt` on.
  var awaitsSilence = false
  var alarm = Alarm()
  var tally = Tally()
  /// The last DATA of the log that it received, or what its silence counted from when it was left to the look.
  var heardAt = Nanoseconds.zero
  /// The last packet of the log that it received since it follows that.
  var lastHeard: Int?
  /// How many packets of the log it has caught up with, or passed over before it followed that.
  var position = 0
  var downLoss: LossProcess
  var upLoss: LossProcess
  /// The server's alarm for the device's smart place.
  var placeAlarm = Alarm()
  var downJitter: Jitter?
  var upJitter: Jitter?
  var reportDelays: RandomStream?
  let join: Nanoseconds
  /// When it is switched off; never, if it stays.
  let leave: Nanoseconds
}

/// What comes on top of a path's latency, packet by packet (N3).
struct Jitter: Sendable {
  private let model: TimeModel
  private var stream: RandomStream
  private var lastArrival = Nanoseconds.zero

  init(_ model: TimeModel, stream: RandomStream) {
    self.model = model
    self.stream = stream
  }

  /// When a packet arrives that would arrive at `undisturbed`, never before the one before it on the path.
  mutating func arrival(_ undisturbed: Nanoseconds) -> Nanoseconds {
    lastArrival = max(lastArrival, undisturbed + model.value(from: &stream))
    return lastArrival
  }
}

extension TimeModel {
  func value(from stream: inout RandomStream) -> Nanoseconds {
    switch self {
    case .constant(let value): value
    case .drawn(let distribution): distribution.drawNanoseconds(from: &stream)
    }
  }
}

/// What is counted of a device for the reports.
struct Tally: Sendable {
  // The counts of every packet first, as in `Station`.
  var offered: UInt64 = 0
  var lost: UInt64 = 0
  /// Packets handed to the device, counted apart from ``offered`` and ``lost`` so that they can be held against them.
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
  var firstCheck: GapReport?
  var missedAtCheck = false
  /// Whether it was switched off before it was complete or had failed.
  var left = false
  var promoted: Nanoseconds?
  var completed: Nanoseconds?
  /// Whether it listened to session 1 from its first DATA on.
  var isInUniformityTable = false
  /// The last session during which it became passive, and the last one whose first DATA it was passive for.
  var passiveIn: UInt32 = 0
  var heardFirstOf: UInt32 = 0
  /// The last session in whose second set, and promotions, it was counted.
  var secondSetOf: UInt32 = 0
  var promotedAfter: UInt32 = 0

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
}

/// The roles that a device entered, one after the other. The first ones stand here rather than in an array: hardly a device has more.
struct RoleHistory: Sendable {
  private var first = InlineArray<15, RoleName>(repeating: .joining)
  private var count: UInt8 = 0
  private var others: [RoleName] = []

  mutating func append(_ role: RoleName) {
    guard count < first.count else { return others.append(role) }
    first[Int(count)] = role
    count += 1
  }

  /// All of them, the first one first.
  var all: [RoleName] { (0..<Int(count)).map { first[$0] } + others }
}
