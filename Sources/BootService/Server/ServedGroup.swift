import BlockTransfer
import PromotionEngine
import TFTPWire
import Timebase

/// What decides about the group of a device.
struct GroupKey: Hashable, Sendable, BitwiseCopyable {
  var service: Service
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

  var service: Service { key.service }

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

  /// When something is due: the engine's deadlines, or the group's end if it has none. A group of which nobody ever
  /// answered is not kept: else a few forged requests would take all groups.
  func deadline(idle: Nanoseconds) -> Nanoseconds {
    let next = engine.nextDeadline
    return next == .never && isIdle ? heardAt + (isProven ? idle : .zero) : next
  }

  /// Whether nobody waits for anything.
  var isIdle: Bool {
    let state = engine.state
    return state.waiting == 0 && state.queued == 0 && state.smart == 0
      && (state.phase == .idle || state.phase == .gathering)
  }
}
