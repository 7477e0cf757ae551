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

  private var notes: [StoryNotes] = []
  /// Where the notes of a device are, by its number; -1 for those that nobody asked for.
  private var places: [Int]
  private var sessions: [Session] = []
  /// When the first session waited for devices no longer (R22); before 0 if it never did.
  private var start: Nanoseconds
  /// When each block turned to the uplink last; before 0 if it never did.
  private var sentAt: [Nanoseconds]
  private let network: NetworkConfiguration
  /// Whether devices check themselves, by cohort.
  private let checksItself: [Bool]

  init(of devices: [DeviceID], in configuration: SimulationConfiguration) {
    checksItself = configuration.cohorts.map(configuration.speaksPromotion(with:))
    start = configuration.parameters.start == nil ? Nanoseconds(-1) : .never
    network = configuration.network
    sentAt = [Nanoseconds](repeating: Nanoseconds(-1), count: Int(configuration.file.blocks) + 1)
    places = [Int](repeating: -1, count: configuration.deviceCount + 1)
    for device in devices where places[Int(device)] < 0 {
      places[Int(device)] = notes.count
      notes.append(StoryNotes(of: device, blocks: configuration.file.blocks, under: configuration.parameters))
    }
  }

  /// The stories, once the run is over.
  func stories(ofRunThatEnded ended: RunEnd, at time: Nanoseconds) -> [DeviceStory] {
    let end = ended == .timeLimit ? network.limits.time : time
    return notes.map { $0.story(sessions: sessions, start: start, ended: ended, at: end) }
  }

  // MARK: The group

  mutating func sent(_ packet: SentPacket<Message>, departure: Nanoseconds, at now: Nanoseconds) {
    if packet.destination == 0, let block = packet.message.block { sentAt[Int(block)] = now }
  }

  mutating func dropped(_ packet: SentPacket<Message>, bytesSent: UInt64, at now: Nanoseconds) {
    if packet.destination == 0, let block = packet.message.block { note(.queue, of: block) }
  }

  mutating func stopped(
    _ packet: SentPacket<Message>, for below: StoppedFor, cause: StopCause, at now: Nanoseconds
  ) {
    guard packet.destination == 0, let block = packet.message.block else { return }
    for index in notes.indices where notes[index].listens {
      switch below {
      case .segment(let segment):
        guard network.isCohort(notes[index].cohort, below: segment) else { continue }
        notes[index].note(
          StoryNotes.Stop(segment: segment, cause: cause, isInBurst: packet.isInBurst), of: block)
      case .links(let cohort, let except):
        guard notes[index].cohort == cohort, !except.contains(Int(notes[index].device) - 1) else { continue }
        notes[index].note(.link, of: block)
      case .link(let device):
        if notes[index].device == device { notes[index].note(.link, of: block) }
      }
    }
  }

  mutating func overran(_ arrival: Arrival<Message>, at device: DeviceID, at now: Nanoseconds) {
    withNotes(of: device) { notes in
      guard arrival.addressing == .multicast, let block = arrival.message.block else { return }
      notes.note(.buffer, of: block)
      notes.hear(arrival.pass, new: 0, again: 0, lost: 0, overran: 1)
    }
  }

  mutating func lostBeforeFanOut(_ packet: SentPacket<Message>, departure: Nanoseconds) {
    guard let block = packet.message.block else { return }
    note(packet.isInBurst ? .beforeFanOutInBurst : .beforeFanOut, of: block)
  }

  private mutating func note(_ fate: StoryNotes.Fates, of block: BlockNumber) {
    for index in notes.indices where notes[index].listens { notes[index].note(fate, of: block) }
  }

  mutating func skipped(_ rounds: SkippedRounds) {
    for round in 0..<rounds.rounds {
      for block in rounds.window(of: round) { sentAt[Int(block)] = rounds.turn(of: round) }
    }
    let packets = UInt64(rounds.rounds * rounds.windowSize)
    withNotes(of: rounds.device) { $0.hear(rounds.pass, new: packets, again: 0, lost: 0) }
  }

  mutating func noted(_ note: ServerNote, at now: Nanoseconds) {
    switch note {
    case .started: start = now
    case .sessionOpened(let device): sessions.append(Session(driver: device, opened: now))
    case .sessionBegan: return
    case .sessionEnded(let ended):
      sessions[sessions.count - 1].end = now
      sessions[sessions.count - 1].ended = ended
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
    withNotes(of: device) { if !wasAtItsEnd { $0.end(.switchedOff, at: now) } }
  }

  mutating func timerFired(at device: DeviceID, at now: Nanoseconds) {
    withNotes(of: device) { $0.lastInput = .timer }
  }

  mutating func lost(_ arrival: Arrival<Message>, to device: DeviceID, at now: Nanoseconds) {
    withNotes(of: device) { $0.lose(arrival) }
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
      notes.hear(
        stretch.pass, new: new, again: arrived - new, lost: UInt64(stretch.lost), overran: UInt64(stretch.overruns))
      guard stretch.lost + stretch.overruns > 0 else { return }
      var lost = 0
      stretch.forEachPacket { block, _, isLost in
        guard isLost else { return }
        notes.note(stretch.overruns > 0 ? .buffer : stretch.isInBurst(lost) ? .ownPathInBurst : .ownPath, of: block)
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
    withNotes(of: device) { $0.troubles.lostFromIt += 1 }
  }

  mutating func noted(_ note: DeviceNote, of device: DeviceID, receiver: Device, at now: Nanoseconds) {
    let place = places[Int(device)]
    guard place >= 0 else { return }
    switch note {
    case .entered(let role): notes[place].enter(role, at: now)
    case .checked(let figures): notes[place].check(figures, gaps: receiver.gaps, sentAt: sentAt, at: now)
    }
  }
}
