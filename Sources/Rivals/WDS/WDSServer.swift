import BitCollections
import BlockTransfer
import Network
import PromotionEngine
import TFTPTransfer
import Timebase

/// The server of `wds`: it polls who misses what, and sends that in a round at the pace of the master; round after round
/// until nobody misses anything.
///
///     idle ──a device──▶ gathering ──▶ polling ◀──▶ sending
struct WDSServer: Sendable {
  /// What the network is to do.
  enum Effect: Sendable {
    case send(WDSMessage, to: DeviceID, leavesAt: Nanoseconds)
    /// DATA `first…last` of a transfer to one device.
    case sendData(first: BlockNumber, last: BlockNumber, to: DeviceID, leavesAt: Nanoseconds)
    case sendToGroup(WDSMessage, leavesAt: Nanoseconds)
    case data(Gap, leavesAt: Nanoseconds)
    case watch(DeviceID)
    case roundBegan(master: DeviceID)
    case roundEnded
  }

  /// A poll under way.
  private struct Poll: Sendable {
    /// Who must answer.
    var asked: BitSet
    var answered = BitSet()
    var answers: [Answer] = []
    var sentAt: Nanoseconds
  }

  /// A device's answer, and what follows from it.
  private struct Answer: Sendable {
    var device: DeviceID
    var ranges: [Gap]
    var throughput: WDSThroughput
  }

  private enum Phase: Sendable {
    case idle
    /// Devices join. The first poll comes at this instant, or with enough devices.
    case gathering(until: Nanoseconds)
    case polling(Poll, Patience)
    case sending(WDSRound, Patience)
  }

  private let settings: WDSSettings
  private let devices: Int
  private var phase = Phase.idle
  /// Who takes part, by number.
  private(set) var members = BitSet()
  /// Who is sent to unicast, and who was struck off.
  private var slow = BitSet()
  private var struckOff = BitSet()
  /// The master of the last round; 0 before the first.
  private var master: DeviceID = 0
  /// Rounds that are over.
  private var rounds: UInt32 = 0
  private var hasBegun = false
  private var transfers: UnicastServer
  private var transferEffects: [UnicastServer.Effect] = []

  init(_ settings: WDSSettings, devices: Int) {
    self.settings = settings
    self.devices = devices
    transfers = UnicastServer(settings.unicast, devices: devices)
  }

  var breach: String? { transfers.breach }

  var deadline: Nanoseconds {
    switch phase {
    case .idle: .never
    case .gathering(let until): until
    case .polling(_, let patience), .sending(_, let patience): patience.deadline
    }
  }

  func deadline(of device: DeviceID) -> Nanoseconds { transfers.deadline(of: device) }

  // MARK: What devices say

  mutating func receive(
    _ message: WDSMessage, from device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    guard (1...max(1, devices)).contains(Int(device)) else { return }
    switch message {
    case .join: join(device, at: now, into: &effects)
    case .report(let report): receive(report, from: device, at: now, into: &effects)
    case .acknowledgment(let answer): receive(answer, from: device, at: now, into: &effects)
    case .transfer(let message) where slow.contains(Int(device)):
      transfers.receive(message, from: device, at: now, into: &transferEffects)
      carryOut(into: &effects)
    case .data, .joinAck, .poll, .status, .kick, .transfer: break
    }
  }

  private mutating func join(_ device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]) {
    let answersAt = now + settings.service
    if let kick = kick(for: device) { return effects.append(.send(.kick(kick), to: device, leavesAt: answersAt)) }
    effects.append(.send(.joinAck(device), to: device, leavesAt: answersAt))
    members.insert(Int(device))
    gather(at: now, answersAt: answersAt, into: &effects)
  }

  /// Why a device may not take part; nil if it may.
  private func kick(for device: DeviceID) -> WDSKick? {
    if slow.contains(Int(device)) { return .fallback }
    return struckOff.contains(Int(device)) ? .fail : nil
  }

  /// R22 holds for the first poll. Without it, and for any later start, the poll comes one `timeout` after a device
  /// joined while nobody took part.
  private mutating func gather(at now: Nanoseconds, answersAt: Nanoseconds, into effects: inout [Effect]) {
    switch phase {
    case .polling, .sending: return
    case .idle, .gathering: break
    }
    let start = hasBegun ? nil : settings.parameters.start
    if let start, members.count >= start.devices { return poll(at: answersAt, into: &effects) }
    guard case .idle = phase else { return }
    let wait = start.map(\.within) ?? settings.parameters.timeout
    phase = .gathering(until: wait.map { now + $0 } ?? .never)
  }

  // MARK: Polls

  /// Asks all members what they miss.
  private mutating func poll(at time: Nanoseconds, into effects: inout [Effect]) {
    hasBegun = true
    guard !members.isEmpty else {
      phase = .idle
      return
    }
    phase = .polling(Poll(asked: members, sentAt: time), Patience(from: time, after: 0, under: settings.parameters))
    effects.append(.sendToGroup(.poll(rounds), leavesAt: time))
  }

  private mutating func receive(
    _ report: WDSReport, from device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    if let kick = kick(for: device) {
      return effects.append(.send(.kick(kick), to: device, leavesAt: now + settings.service))
    }
    guard case .polling(var poll, let patience) = phase, report.poll == rounds, members.contains(Int(device)),
      poll.answered.insert(Int(device)).inserted
    else { return }
    let throughput = WDSThroughput(
      roundTrip: now - poll.sentAt, asked: report.asked, lost: min(report.lost, report.asked))
    poll.answers.append(
      Answer(
        device: device, ranges: Array(report.ranges.prefix(WDSReport.mostRanges)), throughput: throughput))
    phase = .polling(poll, patience)
    if poll.asked.isSubset(of: poll.answered) { decide(poll, at: now + settings.service, into: &effects) }
  }

  /// All have answered, or were struck off: the slow ones are sent away, and the others get a round.
  private mutating func decide(_ poll: Poll, at time: Nanoseconds, into effects: inout [Effect]) {
    let reference = poll.answers.first { $0.device == master }?.throughput
    for answer in poll.answers where answer.ranges.isEmpty { members.remove(Int(answer.device)) }
    var answers = poll.answers.filter { !$0.ranges.isEmpty }
    if let rule = settings.slow, let reference, reference.isKnown {
      answers.removeAll { answer in
        let isSlow =
          answer.throughput.isKnown && answer.throughput.isBelow(rule.sharePerBillion, of: reference)
        if isSlow { sendAway(answer.device, at: time, into: &effects) }
        return isSlow
      }
    }
    guard let master = elected(among: answers, reference: reference) else { return self.poll(at: time, into: &effects) }
    self.master = master
    effects.append(.roundBegan(master: master))
    effects.append(.sendToGroup(.status(master: master, round: rounds), leavesAt: time))
    goOn(
      WDSRound(over: answers.flatMap(\.ranges), of: settings.file.blocks), at: time, into: &effects)
  }

  private mutating func sendAway(_ device: DeviceID, at time: Nanoseconds, into effects: inout [Effect]) {
    members.remove(Int(device))
    slow.insert(Int(device))
    effects.append(.send(.kick(.fallback), to: device, leavesAt: time))
  }

  /// The master stays, unless somebody's throughput is below three quarters of its own. A new one is the slowest of those
  /// of whom something is known, or of all if nothing is known of anybody; of equally slow ones the first to answer.
  private func elected(among answers: [Answer], reference: WDSThroughput?) -> DeviceID? {
    let known = answers.filter(\.throughput.isKnown)
    let candidates = known.isEmpty ? answers : known
    var slowest: Answer?
    for candidate in candidates
    where candidate.throughput.slowness > slowest?.throughput.slowness ?? 0 {
      slowest = candidate
    }
    guard let slowest else { return nil }
    guard let reference, candidates.contains(where: { $0.device == master }) else { return slowest.device }
    return slowest.throughput.isBelow(WDSSettings.electionPerBillion, of: reference) ? slowest.device : master
  }

  // MARK: Rounds

  private mutating func receive(
    _ answer: WDSAcknowledgment, from device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    guard device == master, case .sending(var round, let patience) = phase else { return }
    phase = .idle  // so that the round is not copied
    if round.acknowledge(answer) {
      goOn(round, at: now + settings.service, into: &effects)
    } else {
      phase = .sending(round, patience)
    }
  }

  /// Sends the next blocks of a round, or ends it.
  private mutating func goOn(
    _ round: WDSRound, after repeats: UInt32 = 0, at time: Nanoseconds, into effects: inout [Effect]
  ) {
    guard !round.isOver else {
      effects.append(.roundEnded)
      rounds += 1
      return poll(at: time, into: &effects)
    }
    var round = round
    round.fill(window: settings.window) { effects.append(.data($0, leavesAt: time)) }
    phase = .sending(round, Patience(from: time, after: repeats, under: settings.parameters))
  }

  // MARK: Deadlines

  mutating func fire(at now: Nanoseconds, into effects: inout [Effect]) {
    guard deadline <= now else { return }
    switch phase {
    case .idle: break
    case .gathering: poll(at: now, into: &effects)
    case .polling(let poll, let patience): pollAgain(poll, patience, at: now, into: &effects)
    case .sending(let round, let patience): sendAgain(round, patience, at: now, into: &effects)
    }
  }

  private mutating func pollAgain(
    _ poll: Poll, _ patience: Patience, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    var (poll, patience) = (poll, patience)
    if patience.repeats(at: now, under: settings.parameters) {
      poll.sentAt = now
      phase = .polling(poll, patience)
      effects.append(.sendToGroup(.poll(rounds), leavesAt: now))
    } else {
      strikeOff(poll.asked.subtracting(poll.answered))
      decide(poll, at: now, into: &effects)
    }
  }

  /// Nothing came from the master: it is named again, and gets again what is under way; or there is a new poll, without
  /// it.
  private mutating func sendAgain(
    _ round: WDSRound, _ patience: Patience, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    var (round, patience) = (round, patience)
    if patience.repeats(at: now, under: settings.parameters) {
      round.giveUpUnderWay()
      effects.append(.sendToGroup(.status(master: master, round: rounds), leavesAt: now))
      goOn(round, after: patience.repeats, at: now, into: &effects)
    } else {
      strikeOff([Int(master)])
      effects.append(.roundEnded)
      poll(at: now, into: &effects)
    }
  }

  private mutating func strikeOff(_ silent: BitSet) {
    struckOff.formUnion(silent)
    members.subtract(silent)
  }

  // MARK: Unicast transfers

  mutating func fire(for device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]) {
    transfers.fire(for: device, at: now, into: &transferEffects)
    carryOut(into: &effects)
  }

  private mutating func carryOut(into effects: inout [Effect]) {
    for effect in transferEffects {
      switch effect {
      case .send(let message, let device, let leavesAt):
        effects.append(.send(WDSMessage(message), to: device, leavesAt: leavesAt))
      case .sendData(let first, let last, let device, let leavesAt):
        effects.append(.sendData(first: first, last: last, to: device, leavesAt: leavesAt))
      case .watch(let device): effects.append(.watch(device))
      }
    }
    transferEffects.removeAll(keepingCapacity: true)
  }
}
