import BitCollections
import BlockTransfer
import Network
import PromotionEngine
import Timebase

/// The server of `nack` and `nack_fec`: it sends the file, asks what is missing, and sends that, until nobody answers.
struct NackServer: Sendable {
  /// What the network is to do.
  enum Effect: Sendable {
    case confirm(DeviceID, sentAt: Nanoseconds, hasBegun: Bool)
    case ask(Ask)
    case data(BlockNumber, leavesAt: Nanoseconds)
    case passBegan
    case passEnded
  }

  private enum State: Sendable {
    /// It waits for the first devices, at most until this instant (R22).
    case gathering(until: Nanoseconds)
    /// The next packet of the pass is sent when it is due.
    case sending(Pass)
    /// It sends so many more copies of an ask, the next one at this instant.
    case asking(copies: Int, next: Nanoseconds)
    /// It waits for reports.
    case collecting(until: Nanoseconds)
    /// Nobody misses anything.
    case resting
  }

  /// What is left of a pass.
  private struct Pass: Sendable {
    /// The runs to send.
    let runs: [Gap]
    /// The run that is under way, and its next packet.
    var run = 0
    var next: BlockNumber

    /// Nil if there is nothing to send.
    init?(_ runs: [Gap]) {
      guard let first = runs.first?.first else { return nil }
      self.runs = runs
      next = first
    }

    /// Goes on to the next packet; false if this was the last one.
    mutating func advance() -> Bool {
      if next < runs[run].last {
        next += 1
      } else {
        run += 1
        guard run < runs.count else { return false }
        next = runs[run].first
      }
      return true
    }
  }

  private let settings: NackSettings
  private var state = State.gathering(until: .never)
  /// The devices that have registered.
  private var known: BitSet
  private let devices: Int
  private var pacer: Pacer
  private var isPassOpen = false
  private var requests: RepairRequests
  /// The number of the last ask, and of the first one after the last pass.
  private var lastAsk: UInt32 = 0
  private var firstAsk: UInt32 = 1
  private var lastCopyAt = Nanoseconds.zero
  /// Asks in a row that nobody has answered.
  private var silentAsks = 0
  /// The longest round trip that was measured; nil before the first.
  private(set) var roundTrip: Nanoseconds?

  init(_ settings: NackSettings, devices: Int) {
    self.settings = settings
    self.devices = devices
    known = BitSet(reservingCapacity: devices)
    pacer = Pacer(rate: settings.pace)
    requests = RepairRequests(blocks: settings.file.blocks, groups: settings.groups)
  }

  var deadline: Nanoseconds {
    switch state {
    case .gathering(let until), .collecting(let until): until
    case .sending: pacer.due
    case .asking(_, let next): next
    case .resting: .never
    }
  }

  // MARK: What devices say

  mutating func receive(
    _ message: NackMessage, from device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    guard device >= 1, device <= devices else { return }
    switch message {
    case .register: register(device, at: now, into: &effects)
    case .confirmed(let sentAt): measure(from: sentAt, to: now, held: .zero)
    case .report(let report): take(report, at: now)
    case .data, .confirm, .ask: break
    }
  }

  private mutating func register(_ device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]) {
    known.insert(Int(device))
    let answersAt = now + settings.service
    switch state {
    case .gathering(let until):
      if known.count >= settings.parameters.start?.devices ?? 1 {
        begin(at: answersAt)
      } else if until == .never, let within = settings.parameters.start?.within {
        state = .gathering(until: now + within)
      }
    case .resting:
      silentAsks = 0
      ask(at: answersAt)
    case .asking, .collecting: silentAsks = 0  // the device misses something
    case .sending: break
    }
    effects.append(.confirm(device, sentAt: answersAt, hasBegun: hasBegun))
  }

  private var hasBegun: Bool { if case .gathering = state { false } else { true } }

  /// Notes a round trip. A clock that runs ahead, or a trip longer than anybody waits, is not believed.
  private mutating func measure(from sentAt: Nanoseconds, to now: Nanoseconds, held: Nanoseconds) {
    guard sentAt >= .zero, sentAt <= now, held >= .zero, held <= now - sentAt else { return }
    let trip = now - sentAt - held
    guard Int128(trip.count) <= settings.parameters.patience else { return }
    roundTrip = max(roundTrip ?? .zero, trip)
    if case .collecting(let until) = state { state = .collecting(until: max(until, lastCopyAt + patience)) }
  }

  /// How long reports to an ask are waited for: the longest delay, and two round trips, because queues and jitter can be
  /// longer than when they were measured.
  private var patience: Nanoseconds {
    settings.reportWindow + (roundTrip.map { $0 + $0 } ?? settings.parameters.timeout)
  }

  private mutating func take(_ report: NackReport, at now: Nanoseconds) {
    measure(from: report.ask.sentAt, to: now, held: report.held)
    switch state {
    case .gathering, .sending: return  // who has reported too late is asked again after the pass
    case .asking, .collecting, .resting: break
    }
    silentAsks = 0
    guard report.ask.number >= firstAsk, report.ask.number <= lastAsk else { return }
    requests.add(report.content)
    if case .resting = state, !requests.isEmpty { state = .collecting(until: now + patience) }
  }

  // MARK: What is due

  mutating func fire(at now: Nanoseconds, into effects: inout [Effect]) {
    guard deadline <= now else { return }
    switch state {
    case .gathering: begin(at: now)
    case .sending(let pass): send(pass, at: now, into: &effects)
    case .asking(let copies, _): sendAsk(copies, at: now, into: &effects)
    case .collecting: endCollecting(at: now, into: &effects)
    case .resting: break
    }
  }

  /// The first pass is the whole file.
  private mutating func begin(at time: Nanoseconds) { begin([Gap(first: 1, last: settings.file.blocks)], at: time) }

  private mutating func begin(_ runs: [Gap], at time: Nanoseconds) {
    guard let pass = Pass(runs) else { return }
    pacer.start(at: time)
    state = .sending(pass)
  }

  private mutating func send(_ pass: Pass, at now: Nanoseconds, into effects: inout [Effect]) {
    if !isPassOpen {
      effects.append(.passBegan)
      isPassOpen = true
    }
    effects.append(.data(pass.next, leavesAt: now))
    pacer.send(bytes: settings.bytesOnWire(of: pass.next))
    var pass = pass
    if pass.advance() {
      state = .sending(pass)
    } else {
      silentAsks = 0
      firstAsk = lastAsk &+ 1
      ask(at: pacer.due)
    }
  }

  private mutating func ask(at time: Nanoseconds) {
    lastAsk &+= 1
    state = .asking(copies: settings.parameters.noticeCopies, next: time)
  }

  private mutating func sendAsk(_ copies: Int, at now: Nanoseconds, into effects: inout [Effect]) {
    effects.append(.ask(Ask(number: lastAsk, sentAt: now)))
    lastCopyAt = now
    state =
      copies > 1
      ? .asking(copies: copies - 1, next: now + settings.parameters.noticeInterval)
      : .collecting(until: now + patience)
  }

  /// The reports are in: they are the next pass. Without any the server asks again, and rests when nobody has answered
  /// `retries` asks in a row.
  private mutating func endCollecting(at now: Nanoseconds, into effects: inout [Effect]) {
    if isPassOpen {
      effects.append(.passEnded)
      isPassOpen = false
    }
    guard requests.isEmpty else { return begin(requests.take(), at: now) }
    silentAsks += 1
    if silentAsks < settings.parameters.retries { ask(at: now) } else { state = .resting }
  }
}
