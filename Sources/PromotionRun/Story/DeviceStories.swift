import BitCollections
import BlockTransfer
import Network
import PromotionEngine
import TFTPWire
import Timebase
import Runs

/// Follows some devices through a run, so that their stories can be told.
struct DeviceStories: Observer {
  typealias Observed = Promotion

  static var wantsBursts: Bool { true }

  /// A session as the server sees it.
  struct Session: Sendable {
    var driver: DeviceID
    var opened: Nanoseconds
    var end: Nanoseconds?
    var ended: SessionEnd?
  }

  /// The server asks one device for its gap report, or to drive the next session (R9, R15).
  struct Ask: Hashable, Sendable {
    var device: DeviceID
    var isElection: Bool
    var time: Nanoseconds
  }

  private var notes: [StoryNotes] = []
  /// Where the notes of a device are, by its number; -1 for those that nobody asked for.
  private var places: [Int]
  private var sessions: [Session] = []
  /// What the server asked, in the order of time.
  private var asks: [Ask] = []
  /// When the first session waited for devices no longer (R22); before 0 if it never did.
  private var start: Nanoseconds
  private var uplink: UplinkNotes
  private let network: NetworkConfiguration
  /// Whether devices check themselves, by cohort.
  private let checksItself: [Bool]

  init(of devices: [DeviceID], in configuration: SimulationConfiguration) {
    checksItself = configuration.cohorts.map(configuration.speaksPromotion(with:))
    start = configuration.parameters.start == nil ? Nanoseconds(-1) : .never
    network = configuration.network
    uplink = UplinkNotes(blocks: configuration.file.blocks)
    places = [Int](repeating: -1, count: configuration.deviceCount + 1)
    for device in devices where places[Int(device)] < 0 {
      places[Int(device)] = notes.count
      notes.append(StoryNotes(of: device, blocks: configuration.file.blocks, under: configuration.parameters))
    }
  }

  /// The stories, once the run is over, and all devices have caught up.
  ///
  /// - Parameter receiver: how a device stands then.
  mutating func stories(
    ofRunThatEnded ended: RunEnd, at time: Nanoseconds, _ receiver: (DeviceID) -> Device
  ) -> [DeviceStory] {
    let end = ended == .timeLimit ? network.limits.time : time
    // A run that no limit ends goes on until all has happened that ports have worked out.
    let known = ended == .complete ? .never : end
    for index in notes.indices {
      if !notes[index].isAtItsEnd { notes[index].fallShort(.end, receiver(notes[index].device), uplink, at: end) }
      notes[index].settle(before: known)
    }
    return notes.map { $0.story(sessions: sessions, asks: asks, start: start, ended: ended, at: end) }
  }

  // MARK: The group

  mutating func sent(_ packet: SentPacket<Message>, departure: Nanoseconds, at now: Nanoseconds) {
    if packet.destination == 0, let block = packet.message.block { uplink.take(block, at: now) }
    noteAsk(packet, at: now)
  }

  private mutating func noteAsk(_ packet: SentPacket<Message>, at now: Nanoseconds) {
    guard packet.destination > 0 else { return }
    switch packet.message {
    case .check: asks.append(Ask(device: packet.destination, isElection: false, time: now))
    case .elected: asks.append(Ask(device: packet.destination, isElection: true, time: now))
    case .data, .request, .open, .report, .acknowledgment, .acceptance, .notActive, .smart, .wait, .error: return
    }
  }

  mutating func dropped(_ packet: SentPacket<Message>, bytesSent: UInt64, at now: Nanoseconds) {
    if packet.destination == 0, let block = packet.message.block { uplink.drop(block) }
    noteAsk(packet, at: now)
    miss(packet, at: .queue, time: now)
  }

  mutating func stopped(
    _ packet: SentPacket<Message>, for below: StoppedFor, cause: StopCause, at time: Nanoseconds
  ) {
    let network = network
    switch below {
    case .segment(let segment):
      miss(packet, at: .segment(segment, cause), time: time) { network.isCohort($0.cohort, below: segment) }
    case .links(let cohort, let except):
      miss(packet, at: .link, time: time) { $0.cohort == cohort && !except.contains(Int($0.device) - 1) }
    case .link(let device):
      miss(packet, at: .link, time: time) { $0.device == device }
    }
  }

  mutating func lostBeforeFanOut(_ packet: SentPacket<Message>, departure: Nanoseconds) {
    miss(packet, at: .beforeFanOut, time: departure)
  }

  /// A packet was stopped on its way to those of some devices to whom it was sent.
  private mutating func miss(
    _ packet: SentPacket<Message>, at place: DeviceStory.Losses.Place, time: Nanoseconds,
    by concerns: (StoryNotes) -> Bool = { _ in true }
  ) {
    let stop = StoryNotes.Stop(of: packet, at: place, time: time)
    if packet.destination > 0 { return withNotes(of: packet.destination) { $0.miss(stop) } }
    for index in notes.indices where concerns(notes[index]) { notes[index].miss(stop) }
  }

  mutating func skipped(_ rounds: SkippedRounds) {
    for round in 0..<rounds.rounds {
      for block in rounds.window(of: round) { uplink.take(block, at: rounds.turn(of: round)) }
    }
    let packets = UInt64(rounds.rounds * rounds.windowSize)
    withNotes(of: rounds.device) { notes in
      notes.hear(rounds.pass, new: packets, again: 0)
      notes.acknowledge(rounds.blocks.upperBound)
    }
  }

  mutating func noted(_ note: ServerNote, at now: Nanoseconds) {
    switch note {
    case .started: start = now
    case .sessionOpened(let device): sessions.append(Session(driver: device, opened: now))
    case .sessionBegan: return
    case .sessionEnded(let ended):
      sessions[sessions.count - 1].end = now
      sessions[sessions.count - 1].ended = ended
      // All devices have caught up.
      for index in notes.indices { notes[index].settle(before: now) }
    }
  }

  // MARK: One device

  private mutating func withNotes(of device: DeviceID, _ body: (inout StoryNotes) -> Void) {
    let place = places[Int(device)]
    if place >= 0 { body(&notes[place]) }
  }

  mutating func expected(_ device: DeviceID, cohort: Int, join: Nanoseconds) {
    let checksItself = checksItself[cohort]
    withNotes(of: device) { ($0.cohort, $0.join, $0.checksItself) = (cohort, join, checksItself) }
  }

  mutating func switchedOn(_ device: DeviceID, at now: Nanoseconds) {
    withNotes(of: device) { $0.switchOn(at: now) }
  }

  mutating func switchedOff(_ device: DeviceID, wasAtItsEnd: Bool, at now: Nanoseconds) {
    withNotes(of: device) { if wasAtItsEnd { $0.hearGroup(until: now) } else { $0.end(.switchedOff, at: now) } }
  }

  mutating func timerFired(at device: DeviceID, at now: Nanoseconds) {
    withNotes(of: device) { $0.lastInput = .timer }
  }

  mutating func lost(_ arrival: Arrival<Message>, to device: DeviceID, at now: Nanoseconds) {
    withNotes(of: device) { $0.lose(arrival, at: .ownPath, time: now) }
  }

  mutating func overran(_ arrival: Arrival<Message>, at device: DeviceID, at now: Nanoseconds) {
    withNotes(of: device) { $0.lose(arrival, at: .buffer, time: now) }
  }

  mutating func arrived(
    _ arrival: Arrival<Message>, at device: DeviceID, as reception: Reception, at now: Nanoseconds
  ) {
    withNotes(of: device) { $0.take(arrival, as: reception, at: now) }
  }

  mutating func heard(_ stretch: Stretch) {
    withNotes(of: stretch.device) { notes in
      let new = UInt64(stretch.filled.count)
      let arrived = UInt64(stretch.offered - stretch.lost - stretch.overruns)
      notes.hear(stretch.pass, new: new, again: arrived - new)
      guard stretch.lost + stretch.overruns > 0 else { return }
      var lost = 0
      stretch.forEachPacket { block, _, isLost in
        guard isLost else { return }
        let isOverrun = stretch.overruns > 0
        notes.lose(
          block, of: stretch.pass, at: isOverrun ? .buffer : .ownPath, isInBurst: !isOverrun && stretch.isInBurst(lost))
        lost += 1
      }
    }
  }

  mutating func completed(_ device: DeviceID, at time: Nanoseconds) {
    withNotes(of: device) { $0.complete(at: time) }
  }

  mutating func departs(_ message: Message, from device: DeviceID, at time: Nanoseconds) {
    withNotes(of: device) { $0.send(message, at: time) }
  }

  mutating func lost(_ message: Message, from device: DeviceID, at place: PlaceOfLoss, at now: Nanoseconds) {
    let cause: DeviceStory.Losses.Place =
      switch place {
      case .ownPath: .ownPath
      case .segment(let segment): .segment(segment, .loss)
      }
    withNotes(of: device) { $0.troubles.lostFromIt.count(at: cause, isInBurst: false) }
  }

  mutating func noted(_ note: DeviceNote, of device: DeviceID, receiver: Device, at now: Nanoseconds) {
    let place = places[Int(device)]
    guard place >= 0 else { return }
    switch note {
    case .entered(let role):
      switch role {
      case .failed: notes[place].fallShort(.end, receiver, uplink, at: now)
      case .active where notes[place].hasListenedUnchecked:
        notes[place].fallShort(.drives, receiver, uplink, at: now)
      case .active, .joining, .passive, .smart, .complete: break
      }
      notes[place].enter(role, at: now)
    case .checked(let figures): notes[place].check(figures, gaps: receiver.gaps, uplink, at: now)
    }
  }
}
