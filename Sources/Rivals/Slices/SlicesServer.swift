import BitCollections
import BlockTransfer
import Network
import PromotionEngine
import Timebase

/// The sender of a transfer by slices: it gathers devices, sends a slice, asks what is missed, sends the union again
/// until nobody misses anything, and goes on to the next slice.
///
///     idle ──a device──▶ gathering ──▶ sending ◀──▶ asking ──no slice or no device is left──▶ idle
struct SlicesServer: Sendable {
  /// What the network is to do.
  enum Effect: Sendable {
    case send(SlicesMessage, to: DeviceID, leavesAt: Nanoseconds)
    case ask(SlicesAsk, leavesAt: Nanoseconds)
    case data(BlockNumber, leavesAt: Nanoseconds)
    case runBegan
    case runEnded
  }

  /// A slice under way.
  private struct Slice: Sendable {
    var number: UInt32
    var blocks: ClosedRange<BlockNumber>
    var round: UInt32 = 0
    /// The blocks that are still to be sent in this round, counted from the slice's first.
    var unsent: BitSet
    /// Who has all of it.
    var ready = BitSet()
    /// Who has answered in this round, the ready ones too.
    var answered = BitSet()
    /// What somebody misses.
    var missing = BitSet()

    init(_ number: UInt32, _ blocks: ClosedRange<BlockNumber>) {
      self.number = number
      self.blocks = blocks
      unsent = BitSet(0..<blocks.count)
    }
  }

  private enum Phase: Sendable {
    case idle
    /// Devices connect. The run begins at this instant, or with enough devices.
    case gathering(until: Nanoseconds)
    case sending(Slice)
    case asking(Slice, SlicesQuestion)
  }

  private let settings: SlicesSettings
  private let devices: Int
  private var phase = Phase.idle
  private var pacer: Pacer
  private var wait = AnswerWait()
  /// Who takes part in the run, or will, by number.
  private(set) var members = BitSet()
  private var dropped = BitSet()
  /// Runs begun so far.
  private var runs: UInt32 = 0

  init(_ settings: SlicesSettings, devices: Int) {
    self.settings = settings
    self.devices = devices
    pacer = Pacer(rate: settings.pace)
  }

  var deadline: Nanoseconds {
    switch phase {
    case .idle: .never
    case .gathering(let until): until
    case .sending: pacer.due
    case .asking(_, let question): question.deadline
    }
  }

  // MARK: Who takes part

  mutating func receive(
    _ message: SlicesMessage, from device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    guard (1...max(1, devices)).contains(Int(device)) else { return }
    switch message {
    case .connect: connect(device, at: now, into: &effects)
    case .answer(let answer): receive(answer, from: device, at: now, into: &effects)
    case .data, .welcome, .wait, .dropped, .ask: break
    }
  }

  private mutating func connect(_ device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]) {
    let answersAt = now + settings.service
    if dropped.contains(Int(device)) { return effects.append(.send(.dropped, to: device, leavesAt: answersAt)) }
    switch phase {
    case .idle, .gathering:
      let membership = SlicesMembership(run: runs + 1, number: device)
      effects.append(.send(.welcome(membership), to: device, leavesAt: answersAt))
      members.insert(Int(device))
      gather(at: now, answersAt: answersAt, into: &effects)
    case .sending, .asking:
      let membership = SlicesMembership(run: runs, number: device)
      let isMember = members.contains(Int(device))
      effects.append(.send(isMember ? .welcome(membership) : .wait, to: device, leavesAt: answersAt))
    }
  }

  /// R22 holds for the first run. Without it, and for any later one, a run begins two `timeout` after the first device
  /// connected, so that a request that was lost has been repeated.
  private mutating func gather(at now: Nanoseconds, answersAt: Nanoseconds, into effects: inout [Effect]) {
    let start = runs > 0 ? nil : settings.parameters.start
    if let start, members.count >= start.devices { return begin(at: answersAt, into: &effects) }
    guard case .idle = phase else { return }
    let wait = start.map(\.within) ?? settings.parameters.timeout * 2
    phase = .gathering(until: wait.map { now + $0 } ?? .never)
  }

  private mutating func begin(at time: Nanoseconds, into effects: inout [Effect]) {
    runs += 1
    effects.append(.runBegan)
    begin(0, at: time, into: &effects)
  }

  private mutating func drop(_ silent: BitSet) {
    dropped.formUnion(silent)
    members.subtract(silent)
  }

  // MARK: Slices

  private mutating func begin(_ number: UInt32, at time: Nanoseconds, into effects: inout [Effect]) {
    guard !members.isEmpty, let blocks = settings.blocks(of: number) else {
      phase = .idle
      members = BitSet()
      return effects.append(.runEnded)
    }
    pacer.start(at: time)
    phase = .sending(Slice(number, blocks))
  }

  private mutating func receive(
    _ answer: SlicesAnswer, from device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    let number = Int(device)
    if dropped.contains(number) {
      return effects.append(.send(.dropped, to: device, leavesAt: now + settings.service))
    }
    guard case .asking(var slice, var question) = phase, members.contains(number), answer.slice == slice.number,
      answer.round == slice.round, !slice.answered.contains(number)
    else { return }
    let missing = answer.missing.intersection(0..<slice.blocks.count)
    slice.answered.insert(number)
    if missing.isEmpty { slice.ready.insert(number) } else { slice.missing.formUnion(missing) }
    question.answered(after: answer.repeats, at: now)
    phase = .asking(slice, question)
    if slice.answered.count == members.count {
      question.add(to: &wait)
      goOn(slice, at: now + settings.service, into: &effects)
    }
  }

  /// Everybody has answered, or was dropped.
  private mutating func goOn(_ slice: Slice, at time: Nanoseconds, into effects: inout [Effect]) {
    var slice = slice
    if slice.round + 1 >= SlicesSettings.mostRounds {
      drop(members.subtracting(slice.ready))
      slice.missing = BitSet()
    }
    if slice.missing.isEmpty { return begin(slice.number + 1, at: time, into: &effects) }
    slice.unsent = slice.missing
    slice.missing = BitSet()
    slice.answered = slice.ready
    slice.round += 1
    pacer.start(at: time)
    phase = .sending(slice)
  }

  // MARK: Deadlines

  mutating func fire(at now: Nanoseconds, into effects: inout [Effect]) {
    guard deadline <= now else { return }
    switch phase {
    case .idle: break
    case .gathering: begin(at: now, into: &effects)
    case .sending(let slice): send(slice, at: now, into: &effects)
    case .asking(let slice, let question): askAgain(slice, question, at: now, into: &effects)
    }
  }

  /// Sends the next block of the round, or asks when the last one has left.
  private mutating func send(_ slice: Slice, at now: Nanoseconds, into effects: inout [Effect]) {
    var slice = slice
    guard let offset = slice.unsent.first else {
      let question = SlicesQuestion(at: now, wait, under: settings.parameters)
      phase = .asking(slice, question)
      return ask(slice, question, at: now, into: &effects)
    }
    phase = .idle  // so that the slice is not copied
    slice.unsent.remove(offset)
    effects.append(.data(slice.blocks.lowerBound + BlockNumber(offset), leavesAt: now))
    pacer.send(bytes: settings.dataBytesOnWire)
    phase = .sending(slice)
  }

  private mutating func ask(
    _ slice: Slice, _ question: SlicesQuestion, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    let ask = SlicesAsk(
      run: runs, slice: slice.number, round: slice.round, repeats: question.repeats, ready: slice.ready)
    effects.append(.ask(ask, leavesAt: now))
    pacer.send(bytes: settings.askBytesOnWire)
  }

  private mutating func askAgain(
    _ slice: Slice, _ question: SlicesQuestion, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    var question = question
    if question.repeats(at: now, wait, under: settings.parameters) {
      phase = .asking(slice, question)
      pacer.start(at: now)
      ask(slice, question, at: now, into: &effects)
    } else {
      drop(members.subtracting(slice.answered))
      goOn(slice, at: now, into: &effects)
    }
  }
}
