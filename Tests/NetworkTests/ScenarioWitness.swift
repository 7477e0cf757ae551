import BlockTransfer
import PromotionEngine
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

/// Goes through a run event by event and notes which features come up.
struct ScenarioWitness {
  /// A device as the trace has shown it so far.
  struct Seen {
    var role = RoleName.joining
    var activity = DeviceState.Activity.off
    var missing: UInt32 = 0
    /// What a silence counts from.
    var quietSince = Nanoseconds.never
    /// DATA of the group that it lost since then.
    var missed = 0
    var wasSilent = false
    var joinedInSession = false
    var joinedAfterwards = false
    var wasQueued = false
    var wasAbandoned = false
    var heard = 0
  }

  let configuration: SimulationConfiguration
  let cohorts: [Cohort]
  /// Whether what a device receives has jitter.
  private let hasJitter: [Bool]
  var devices: [Seen]
  var phase = ServerState.Phase.idle
  private var sessionsEnded: UInt32 = 0
  private var waiting = 0
  var features: Set<ScenarioFeature> = []

  /// The features of a run.
  static func features(of configuration: SimulationConfiguration, seed: UInt64) throws -> Set<ScenarioFeature> {
    var witness = ScenarioWitness(configuration)
    var run = TracedRun(configuration, seed: seed, replication: 1)
    while let event = run.next() { witness.see(event) }
    try witness.seeEnd(of: run.finish())
    try witness.seeSkippedRounds(seed: seed)
    return witness.features
  }

  private init(_ configuration: SimulationConfiguration) {
    self.configuration = configuration
    cohorts = configuration.cohorts.flatMap { Array(repeating: $0, count: $0.count) }
    hasJitter = cohorts.map { $0.jitter != nil }
    devices = Array(repeating: Seen(), count: cohorts.count)
    if cohorts.allSatisfy({ $0.jitter != nil }) { features.insert(.jitterEverywhere) }
  }

  private var isInSession: Bool { if case .session = phase { true } else { false } }
  var isPXE: Bool { configuration.parameters.mode == .pxeMTFTP }

  mutating func note(_ feature: ScenarioFeature, if holds: Bool) {
    if holds { features.insert(feature) }
  }

  // MARK: - Events

  private mutating func see(_ event: TracedEvent) {
    switch event.subject {
    case .device(let device):
      guard case .device(let state) = event.state else { return }
      see(event, of: Int(device) - 1, after: state)
    case .server:
      guard case .server(let state, let standing) = event.state else { return }
      seeServer(event, after: state, standing: standing)
    case .uplink:
      seeUplink(event.happening)
    }
  }

  private mutating func seeUplink(_ happening: TracedEvent.Happening) {
    guard case .sent(let message, let last, let device, let fates) = happening else { return }
    let (dropped, lost) = (fates.dropped, fates.lost)
    if lost > 0 { features.formUnion(Self.feature(of: configuration.sharedLoss, .sharedBernoulli)) }
    switch message {
    case .data(let first):
      note(device == 0 ? .queueDropsData : .queueDropsUnicastData, if: dropped > 0)
      note(.window, if: device == 0 && last > first)
    case .check:
      note(device == 0 ? .queueDropsNotice : .queueDropsAnswer, if: dropped > 0)
      if case .check = phase { note(.askedByUnicast, if: device != 0) }
    default:
      note(.queueDropsAnswer, if: dropped > 0)
    }
  }

  private mutating func seeServer(_ event: TracedEvent, after state: ServerState, standing: StandingName?) {
    if case .session(let active) = phase, state.sessionsEnded > sessionsEnded, case .deadline = event.happening {
      devices[Int(active) - 1].wasAbandoned = true
    }
    seeStart(event, after: state)
    if case .election = state.phase, waiting > 1 || state.waiting > 1 { features.insert(.elected) }
    switch event.happening {
    case .arrived(_, let device):
      note(.abandonedReturns, if: devices[Int(device) - 1].wasAbandoned)
      if standing == .queued {
        features.insert(.queued)
        devices[Int(device) - 1].wasQueued = true
      }
    case .lost(_, let device, _):
      features.formUnion(Self.feature(of: cohorts[Int(device) - 1].upLoss, .upBernoulli))
    case .placeDeadline:
      note(.placeFreed, if: standing == .struckOff)
    default: break
    }
    (phase, sessionsEnded, waiting) = (state.phase, state.sessionsEnded, state.waiting)
  }

  private mutating func see(_ event: TracedEvent, of index: Int, after state: DeviceState) {
    let before = devices[index]
    switch event.happening {
    case .switchedOn: seeJoin(of: index)
    case .switchedOff: seeLeave(of: index)
    case .deadline: seeDeadline(at: event.time, of: index, after: state)
    case .received(let message, let channel): seeArrival(message, channel, at: event.time, of: index, after: state)
    case .overran(.data, .multicast): features.insert(.overrunData)
    case .missed(let message, let channel):
      features.formUnion(Self.feature(of: cohorts[index].downLoss, .downBernoulli))
      if case .data = message, channel == .multicast { devices[index].missed += 1 }
    default: break
    }
    seeRepeats(state.activity, after: before.activity)
    seeEntering(state.activity, after: before.activity)
    seePlain(event, of: index, before: before, after: state)
    if state.role != before.role { seeRole(state.role, of: index, before: before, at: event.time) }
    if case .aboutToReport = state.activity { features.insert(.reportDelayed) }
    devices[index].role = state.role
    devices[index].activity = state.activity
    devices[index].missing = state.missing
  }

  private mutating func seeJoin(of index: Int) {
    switch phase {
    case .session: devices[index].joinedInSession = true
    case .check, .election: features.insert(.joinsInCheck)
    case .gathering: break
    case .idle: devices[index].joinedAfterwards = sessionsEnded > 0
    }
  }

  private mutating func seeLeave(of index: Int) {
    switch devices[index].role {
    case .joining: features.insert(.leavesJoining)
    case .passive: note(.leavesPassive, if: isInSession)
    case .active: features.insert(.leavesActive)
    case .smart: features.insert(.leavesSmart)
    case .complete: features.insert(.leavesComplete)
    case .failed: break
    }
  }

  private mutating func seeDeadline(at time: Nanoseconds, of index: Int, after state: DeviceState) {
    let before = devices[index]
    switch before.role {
    case .active: features.insert(isPXE ? .pxeRepeats : .activeRepeats)
    case .smart: features.insert(.smartRepeats)
    case .passive:
      if case .reporting(let repeats) = state.activity { note(.reportRepeated, if: repeats > 0) }
      if case .aboutToOpen = before.activity { note(.pxeReopens, if: state.activity == .opening) }
      guard time >= before.quietSince + configuration.parameters.groupTimeout else { return }
      features.insert(isInSession ? .silenceInSession : .silenceOutsideSession)
      note(.burst, if: before.missed > 0)
      note(.burstWithoutJitter, if: before.missed > 0 && cohorts[index].jitter == nil)
      devices[index].wasSilent = true
      listen(index, from: time)
    case .joining, .complete, .failed: break
    }
    note(.failed, if: state.role == .failed)
  }

  private mutating func seeArrival(
    _ message: Message, _ addressing: Addressing, at time: Nanoseconds, of index: Int, after state: DeviceState
  ) {
    let before = devices[index]
    if addressing == .multicast { listen(index, from: time) }
    guard case .data(let block) = message else { return }
    if addressing == .multicast {
      devices[index].heard += 1
      if !features.contains(.jitterBesideNone) {
        note(.jitterBesideNone, if: isSomebodyElseHearing(than: hasJitter[index]))
      }
      note(.heardAfterSilence, if: before.wasSilent && before.role == .passive)
      note(.joinsInSession, if: before.joinedInSession && before.role == .passive)
      note(.passiveCompletes, if: before.role == .passive && state.role == .complete && sessionsEnded > 0)
      note(.smartHearsGroup, if: before.role == .smart && state.missing < before.missing)
    }
    let saysMore = !features.contains(configuration.parameters.promotion.smartListens ? .smartInSession : .smartIsDeaf)
    if saysMore, isInSession, addressing == .multicast, devices.contains(where: { $0.role == .smart }) {
      features.insert(.smartInSession)
      note(.smartIsDeaf, if: !configuration.parameters.promotion.smartListens)
    }
    if case .asking(let first, let last, _) = before.activity, case .asking(let now, _, _) = state.activity {
      note(.earlyAsk, if: addressing == .multicast && now != first && block != last)
    }
  }

  private func isSomebodyElseHearing(than jitter: Bool) -> Bool {
    // A plain loop over copies of its own: it is gone through at each arrival.
    let (devices, hasJitter) = (devices, hasJitter)
    for index in 0..<devices.count where devices[index].heard > 0 && hasJitter[index] != jitter { return true }
    return false
  }

  private mutating func seeRole(_ role: RoleName, of index: Int, before: Seen, at time: Nanoseconds) {
    switch role {
    case .passive: listen(index, from: time)
    case .active: note(.joinsAfterwards, if: before.joinedAfterwards && before.role == .joining)
    case .smart:
      note(.promotedFromQueue, if: before.wasQueued)
      note(.pxeSmart, if: isPXE)
    case .joining, .complete, .failed: break
    }
  }

  private mutating func listen(_ index: Int, from time: Nanoseconds) {
    devices[index].quietSince = time
    devices[index].missed = 0
  }

  // MARK: - The end

  private mutating func seeEnd(of record: RunRecord) {
    note(.outlivedTrace, if: record.outlivedTraces > 0)
    note(.severalSessions, if: record.sessions.count > 1)
    note(.abandoned, if: record.sessions.contains { $0.ended == .abandoned })
    note(.repeatedBlocks, if: record.sessions.contains { $0.repeatedPackets > 0 })
    note(.pxeSession, if: isPXE && record.sessions.contains { $0.ended == .complete })
    seeHandOvers(in: record)
    note(.startNever, if: phase == .gathering && devices.contains { $0.role == .passive })
    let inSession = record.sessions.last.map { $0.begin != nil && $0.end == nil } ?? false
    seePorts(of: record)
    switch record.ended {
    case .complete, .interrupted: break
    case .timeLimit: features.insert(inSession ? .timeLimitInSession : .timeLimitElsewhere)
    case .eventLimit: features.insert(inSession ? .eventLimitInSession : .eventLimitElsewhere)
    }
  }

  private mutating func seePorts(of record: RunRecord) {
    note(.segmentLost, if: record.segments.contains { $0.lostFrames > 0 })
    note(.segmentLostUp, if: record.segments.contains { $0.lostOnTheWayUp > 0 })
    note(.segmentQueueDrops, if: record.segments.contains { $0.drops > 0 })
    note(.frameWaits, if: record.segments.contains { $0.mostWaiting > 0 })
    let rates = zip(configuration.segments, record.segments)
    note(.multicastRate, if: rates.contains { $0.multicastBitsPerSecond != nil && $1.groupBytes > 0 })
    note(.linkDrops, if: record.devices.contains { $0.path.linkDrops > 0 })
    note(.overrun, if: record.devices.contains { $0.path.overruns > 0 })
    note(.unread, if: record.devices.contains { $0.path.unread > 0 })
    note(.fragmentLost, if: record.devices.contains { $0.path.fragmentsLost > 0 })
  }

  /// Runs it once more by runs: an observer hears of the rounds that are skipped.
  private mutating func seeSkippedRounds(seed: UInt64) throws {
    var simulation = Run(
      Promotion(configuration), on: configuration.network,
      observedBy: Both(RunCounters(configuration), SkippedPasses()), seed: seed, replication: 1)
    let ended = simulation.advance { _ in false } ?? .complete
    let totals = simulation.finish(ended)
    let passes = simulation.observer.second.passes
    guard let last = passes.max() else { return }
    let record = try simulation.observer.first.record(
      of: RunNumber(seed: seed, replication: 1), ended: ended, events: simulation.events, totals: totals)
    let window = configuration.parameters.windowSize
    features.insert(.roundsSkipped)
    note(.roundsSkippedInWindows, if: window > 1)
    note(.roundsSkippedLater, if: last > 1)
    note(.roundsSkippedAndSampled, if: record.timeline.count > 1)
    note(
      .roundsSkippedUntilLimit, if: features.contains(.timeLimitInSession) || features.contains(.eventLimitInSession))
    note(.roundsSkippedAndLeft, if: features.contains(.leavesPassive) || features.contains(.leavesActive))
    note(.roundsSkippedAndJoined, if: features.contains(.joinsInSession))
    note(.roundsSkippedAndSharedLoss, if: !features.isDisjoint(with: Self.shared))
    note(.roundsSkippedAndClock, if: !features.isDisjoint(with: Self.clocked))
    note(.roundsSkippedAndHandedOver, if: features.contains(.handedOver))
    note(.roundsSkippedAtPorts, if: !configuration.segments.isEmpty)
    note(.roundsSkippedAtLinks, if: configuration.cohorts.contains { $0.link != nil })
    note(
      .roundsSkippedAtBuffer, if: simulation.observer.second.drivers.contains { cohorts[Int($0) - 1].receiver != nil })
    let framing = Framing(mtu: configuration.mtu)
    note(
      .roundsSkippedInFragments, if: framing.frames(ofPayload: UInt64(configuration.parameters.blockSize) + 4).count > 1
    )
    note(.roundsSkippedAndSilence, if: features.contains(.silenceInSession))
  }

  // MARK: - Loss models

  static let shared: [ScenarioFeature] = [
    .sharedBernoulli, .sharedDrawnBernoulli, .sharedGilbertElliott, .sharedRuns, .sharedTrace,
    .sharedOutages, .sharedTimedChain, .sharedTimedBursts, .sharedBursts, .sharedList, .sharedRecording,
  ]

  static let clocked: [ScenarioFeature] = [
    .downOutages, .downTimedChain, .downTimedBursts, .upOutages, .upTimedChain, .upTimedBursts, .sharedOutages,
    .sharedTimedChain, .sharedTimedBursts,
  ]

  /// The feature of a loss model in one direction, whose first one is given.
  private static func feature(of model: LossModel, _ first: ScenarioFeature) -> [ScenarioFeature] {
    let offset: Int
    switch model {
    case .none: return []
    case .bernoulli(.constant): offset = 0
    case .bernoulli(.drawn): offset = 1
    case .gilbertElliott: offset = 2
    case .runs: offset = 3
    case .trace(let trace): offset = trace.hasLength ? 10 : 4
    case .outages: offset = 5
    case .gilbertElliottInTime: offset = 6
    case .bursts(_, .time): offset = 7
    case .bursts(_, .packets): offset = 8
    case .anyOf: offset = 9
    }
    return [ScenarioFeature.allCases[ScenarioFeature.allCases.firstIndex(of: first)! + offset]]
  }
}

/// Remembers in which passes rounds of lock-step were skipped.
private struct SkippedPasses: Observer {
  typealias Observed = Promotion

  var passes: Set<UInt32> = []

  var drivers: Set<DeviceID> = []

  mutating func skipped(_ rounds: SkippedRounds) {
    passes.insert(rounds.pass)
    drivers.insert(rounds.device)
  }
}
