import BlockTransfer
import PromotionEngine
import TFTPWire
import Timebase

/// What decides about the group of a device.
struct GroupKey: Hashable, Sendable, BitwiseCopyable {
  var local: LocalEnd
  var file: FileID
  var terms: GroupTerms
}

/// A group of devices that are sent one file on the same terms, as a server keeps it.
struct ServedGroup: Sendable {
  /// A device as the server that has sockets knows it.
  struct Member: Hashable, Sendable, BitwiseCopyable {
    let endpoint: Endpoint
    /// What the last event said of it.
    var standing = StandingName.unknown
    /// Whether it asked for `promotion` when it asked last.
    var asksForPromotion: Bool
    /// When it was last sent an OACK: an ACK(0) right after it may be nothing but its acknowledgment.
    var answeredAt = Nanoseconds.zero
    /// How often it has sent ACK(0) in a row, though the group was sent DATA after the first.
    var deafAsks: UInt8 = 0
    /// Whether it has acknowledged DATA that it was sent. Until then its address may be forged.
    var isProven = false
    /// Whether it counts among what its host has begun and not gone on with.
    var isHalfOpen = true
    /// When its asks and the DATA for it alone began to be counted, how many they were, and the first block of that DATA,
    /// while it has shown nothing.
    var dataSince = Nanoseconds(.min)
    var unanswered = 0
    var asks = 0
    var firstBlock: BlockNumber?
    /// Whether it is among ``ServedGroup/watched``.
    var isWatched = false
    /// Whether it is in the group no longer.
    var hasLeft = false
  }

  let key: GroupKey
  let address: Endpoint
  let context: WireContext
  let layout: FileLayout
  var engine: Server
  /// By device number, from 1.
  private(set) var members: [Member] = []
  /// The devices whose standing may change without a word of theirs, by which they are not complete and not struck off;
  /// and perhaps some others.
  var watched: [DeviceID] = []
  var heardAt: Nanoseconds
  /// Whether a device has answered what it was sent. Until then all of them may be forged.
  var isProven = false
  /// The highest block that the group has been sent; 0 before the first.
  var highestSent: BlockNumber = 0

  /// Whether the group has been sent DATA.
  var hasSentData: Bool { highestSent > 0 }

  init(
    key: GroupKey, address: Endpoint, context: WireContext, layout: FileLayout, mostDevices: Int,
    at now: Nanoseconds
  ) {
    self.key = key
    self.address = address
    self.context = context
    self.layout = layout
    heardAt = now
    engine = Server(ServerSettings(parameters: context.parameters, file: layout, mostDevices: mostDevices))
  }

  /// What of a group does not change. A copy of it holds no copy of the devices.
  struct Facts: Sendable {
    let key: GroupKey
    let address: Endpoint
    let context: WireContext
    let layout: FileLayout

    var local: LocalEnd { key.local }
  }

  /// What of the group does not change.
  var facts: Facts { Facts(key: key, address: address, context: context, layout: layout) }

  var local: LocalEnd { key.local }

  /// A device; nil if there is none of this number.
  func member(_ device: DeviceID) -> Member? {
    device >= 1 && Int(device) <= members.count ? members[Int(device) - 1] : nil
  }

  subscript(device: DeviceID) -> Member {
    get { members[Int(device) - 1] }
    _modify { yield &members[Int(device) - 1] }
  }

  /// The devices by number.
  var devices: some Collection<DeviceID> { (1..<DeviceID(members.count) + 1) }

  mutating func enroll(_ endpoint: Endpoint, asksForPromotion: Bool) -> DeviceID {
    members.append(Member(endpoint: endpoint, asksForPromotion: asksForPromotion))
    return DeviceID(members.count)
  }

  /// Sees to it that a device is looked at when time has passed.
  mutating func watch(_ device: DeviceID) {
    guard !self[device].isWatched else { return }
    self[device].isWatched = true
    watched.append(device)
  }

  /// Stops watching those whose standing changes only when they say something.
  mutating func forgetLapsed() {
    var kept: [DeviceID] = []
    for device in watched {
      if self[device].standing.mayLapse { kept.append(device) } else { self[device].isWatched = false }
    }
    watched = kept
  }

  /// When something is due: the engine's deadlines, or the group's end if it has none. A group of which nobody ever
  /// answered is not kept: else a few forged requests would take all groups.
  func deadline(idle: Nanoseconds) -> Nanoseconds {
    let next = engine.nextDeadline
    return next == .never && isIdle ? heardAt.later(by: (isProven ? idle : .zero)) : next
  }

  /// Whether the group has nothing to do, and nobody was heard for long.
  func isOver(at now: Nanoseconds, idle: Nanoseconds) -> Bool {
    isIdle && engine.nextDeadline == .never && deadline(idle: idle) <= now
  }

  /// Whether nobody waits for anything.
  var isIdle: Bool {
    let state = engine.state
    return state.waiting == 0 && state.queued == 0 && state.smart == 0
      && (state.phase == .idle || state.phase == .gathering)
  }
}

extension StandingName {
  /// Whether the server may take such a device for another thing because time passes, or others do something.
  var mayLapse: Bool {
    switch self {
    case .unknown, .struckOff, .complete: false
    case .passive, .queued, .active, .elected, .smart: true
    }
  }
}
