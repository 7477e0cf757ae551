import BlockTransfer
import HeapModule
import TFTPWire
import Timebase

/// The server of one file: a value that takes messages and the time, and says what to send.
///
/// In the mode `rfc2090` its phases follow each other like this. It serves smart devices (R13) in all of them.
///
///     gathering ──enough devices, or in time (R22)──▶ idle, or an election
///     idle ──first RRQ (R2)──▶ session ──ACK(n), silence (R8), or R23──▶ check (R9, R15)
///      ▲                          ▲                                   │ all reported or gone
///      └── nobody waits ──────────┼──────────── election ◀────────────┘
///                                 └─ its ACK ──────┘  (R15)
///     session ──no first ACK, and others wait (R8)──▶ election
///
/// If nobody is registered who speaks of promotion, there is no check: an election follows a session.
///
/// The rules have their own files: `Server+Joining` (R2), `Server+Session` (R4, R7, R8, R8a), `Server+Check` (R9, R15),
/// `Server+Promotion` (R12, R13), `Server+Election` (R15, R16), `Server+MTFTP` (R17, R18), `Server+Start` (R22),
/// `Server+HandOver` (R23).
///
/// Its driver calls ``fireAll(at:into:)`` when ``nextDeadline`` has come. One that has a timer for each device calls
/// ``fire(at:into:)`` when ``deadline`` has come, and ``fire(for:at:into:)`` when a device's ``deadline(of:)`` has, which
/// ``ServerEffect/watch(_:)`` tells. Firing early or twice does nothing.
public struct Server: Sendable {
  enum Phase: Hashable, Sendable {
    case idle
    /// R22: the first session waits for more devices, or for this instant.
    case gathering(until: Nanoseconds)
    case session(Session)
    case check(CheckPhase)
    case election
  }

  var parameters: ProtocolParameters
  let file: FileLayout
  let answerDelay: Nanoseconds
  private let mostDevices: Int
  var peers: [Peer]
  /// Devices in the order of registration. An entry counts while the device's `order` is its index.
  var registry: [DeviceID] = []
  /// How many entries the registry may have before those that no longer count are dropped.
  var registryLimit = Server.leastRegistryLimit
  static let leastRegistryLimit = 16
  var phase = Phase.idle
  /// Sessions ended so far, `k`.
  public internal(set) var sessionsEnded: UInt32 = 0
  /// R23: the repeats of the session under way; nil without that rule.
  var repeatedData: RepeatedData?
  var notices: [Notices] = []
  var smartDevices = 0
  var smartQueue = Heap<QueuedReport>()
  /// What ``nextDeadline`` waits for; see there.
  var placeDeadlines = Heap<PlaceDeadline>()
  /// Devices that are asked to drive the next session, in the order of asking; empty unless there is an election.
  var electionRounds: [ElectionRound] = []
  /// The number that the election's next round has.
  var nextElectionRound = 0
  /// R15: many were asked and none has answered, nor has anybody asked for a block since.
  var isAfterSilence = false
  /// Devices that stand as elected.
  var elected = 0
  /// Passive devices that are not queued.
  var waiting = 0
  var queued = 0

  /// A server that has heard of no device.
  ///
  /// - Parameter expectedDevices: how many devices to reserve room for. There may be more, up to
  ///   ``ServerSettings/mostDevices``.
  public init(_ settings: ServerSettings, expectedDevices: Int = 0) {
    parameters = settings.parameters
    file = settings.file
    answerDelay = settings.answerDelay
    mostDevices = max(settings.mostDevices, expectedDevices)
    if parameters.start != nil { phase = .gathering(until: .never) }
    peers = Array(repeating: Peer(), count: expectedDevices + 1)
  }

  var lastBlock: BlockNumber { file.blocks }

  /// The active device, as the server sees it.
  public var activeDevice: DeviceID? {
    if case .session(let session) = phase { session.active } else { nil }
  }

  /// When ``fire(at:into:)`` is due; ``Timebase/Nanoseconds/never`` if nothing is.
  public var deadline: Nanoseconds {
    var next = Nanoseconds.never
    for notice in notices { next = min(next, notice.next) }
    switch phase {
    case .idle: return next
    case .gathering(let until): return min(next, until)
    case .session(let session): return min(next, sessionDeadline(session))
    case .check(let check): return min(next, check.nextAsk)
    case .election: return min(next, electionDeadline)
    }
  }

  /// When ``fire(for:at:into:)`` is due for a device; never if it is not smart.
  public func deadline(of device: DeviceID) -> Nanoseconds {
    guard case .smart(let place) = peerStanding(of: device) else { return .never }
    return min(place.heard.later(by: parameters.sessionTimeout), place.invitation?.deadline ?? .never)
  }

  /// Takes one message from a device. Messages that a device does not send are ignored.
  public mutating func receive(
    _ message: Message, from device: DeviceID, at now: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    guard device >= 1, device <= mostDevices else { return }
    makeRoom(for: device)
    let answersAt = now.later(by: answerDelay)
    switch parameters.mode {
    case .rfc2090:
      hear(message, from: device, at: now)
      switch message {
      case .request(let proposal): register(device, proposal, at: now, into: &effects)
      case .report(let report): take(report, from: device, at: now, answersAt: answersAt, into: &effects)
      case .acknowledgment(let block): acknowledge(block, from: device, at: now, into: &effects)
      case .error: giveUp(device, answersAt: answersAt, into: &effects)
      case .open, .data, .acceptance, .check, .notActive, .smart, .wait, .elected: return
      }
    case .pxeMTFTP:
      switch message {
      case .open: open(from: device, at: now, into: &effects)
      case .acknowledgment(let block): acknowledgeMTFTP(block, from: device, at: now, into: &effects)
      case .error: giveUp(device, answersAt: answersAt, into: &effects)
      case .request, .report, .data, .acceptance, .check, .notActive, .smart, .wait, .elected: return
      }
    }
  }

  /// Does what is due at `now`.
  public mutating func fire(at now: Nanoseconds, into effects: inout [ServerEffect]) {
    sendNotices(at: now, into: &effects)
    switch phase {
    case .gathering(let until) where until <= now:
      endGathering(answersAt: now, into: &effects)
    case .session(let session) where standsAside(session, at: now):
      standAside(session, at: now, into: &effects)
      elect(round: nextElectionRound, answersAt: now, into: &effects)
    case .session(let session) where sessionDeadline(session) <= now:
      endSession(session, .abandoned, answersAt: now, into: &effects)
    case .check(let check) where check.nextAsk <= now:
      askAwaited(check, at: now, into: &effects)
    case .election where electionDeadline <= now:
      repeatElection(at: now, into: &effects)
    case .idle, .gathering, .session, .check, .election:
      return
    }
  }

  subscript(device: DeviceID) -> Peer {
    @inline(__always) get { Int(device) < peers.count ? peers[Int(device)] : Peer() }
    _modify { yield &peers[Int(device)] }
  }

  /// The state of a device, without a copy of all that the server knows of it.
  @inline(__always)
  func peerStanding(of device: DeviceID) -> Peer.Standing {
    Int(device) < peers.count ? peers[Int(device)].standing : .unknown
  }

  private mutating func makeRoom(for device: DeviceID) {
    while peers.count <= Int(device) { peers.append(Peer()) }
  }

  /// Any packet of a device counts as heard (R8, R13), but for a request for a session that has not begun: whoever repeats
  /// requests and never asks for a block, as one does who does not get the answers, would keep the group waiting for ever.
  /// Nor does a request end the silence of one of a crowd (R15).
  private mutating func hear(_ message: Message, from device: DeviceID, at now: Nanoseconds) {
    switch peerStanding(of: device) {
    case .active:
      guard case .session(var session) = phase else { return }
      if case .request = message, !session.hasBegun { return }
      session.heard = now
      phase = .session(session)
    case .smart(var place):
      place.hear(at: now)
      self[device].standing = .smart(place)
    case .passive, .elected:
      if case .request = message { return }
      self[device].isSilent = false
    case .unknown, .struckOff, .complete:
      return
    }
  }

  /// Moves a device to another standing, and updates the counts of waiting devices.
  mutating func move(_ device: DeviceID, to standing: Peer.Standing) {
    count(self[device].standing, by: -1)
    count(standing, by: 1)
    self[device].standing = standing
  }

  private mutating func count(_ standing: Peer.Standing, by step: Int) {
    switch standing {
    case .passive(queued: false): waiting += step
    case .passive(queued: true): queued += step
    case .smart: smartDevices += step
    case .elected: elected += step
    case .unknown, .struckOff, .active, .complete: return
    }
  }

  /// R8a: the device is no longer registered, waited for or elected.
  mutating func strikeOff(_ device: DeviceID) {
    move(device, to: .struckOff)
    awaitNoLonger(device)
  }
}
