import BlockTransfer
import Network
import PromotionEngine
import Runs
import Timebase

/// Counts the figures of a rival's run, takes its timeline, and checks what must hold.
struct RivalCounters<Observed: Rival>: Observer {
  private var devices: ContiguousArray<RivalDeviceCounters> = []
  private var passes = RivalPasses()
  private var timeline: Timeline
  private var gapHistograms: [GapHistogram] = []
  /// The gaps of each device at its first check, in the order of the checks; kept if it is not nil before the run.
  private var firstGaps: [DeviceGaps]?
  private var outlivedTraces = 0
  private var devicePackets: UInt64 = 0
  /// What does not hold. It is set once, and ends the run.
  private var breach: String?
  private let rival: Observed
  private let strategy: StrategyName

  init(_ rival: Observed, _ configuration: SimulationConfiguration, keepsDetail: Bool) {
    self.rival = rival
    strategy = configuration.strategy
    firstGaps = keepsDetail ? [] : nil
    timeline = Timeline(
      step: configuration.timelineStep, atMost: configuration.mostTimelineSteps, devices: configuration.deviceCount)
    timeline.changes = keepsDetail ? [] : nil
    devices.reserveCapacity(configuration.deviceCount)
  }

  private mutating func report(breach text: String) {
    if breach == nil { breach = text }
  }

  var hasSeenEnough: Bool { breach != nil }
  var nextSample: Nanoseconds { timeline.nextSample }
  var wantsLastSample: Bool { timeline.wantsLastSample }

  mutating func sample(at time: Nanoseconds, busy: Nanoseconds, totals: Port.Totals, segments: [UInt64]) {
    timeline.sample(at: time, busy: busy, totals: totals, segments: segments)
  }

  // MARK: Packets

  mutating func expected(_ device: DeviceID, cohort: Int, join: Nanoseconds) {
    devices.append(RivalDeviceCounters(cohort: cohort, join: join))
  }

  mutating func sent(_ packet: SentPacket<Observed.Message>, departure: Nanoseconds, at now: Nanoseconds) {
    passes.count(
      packet.message.block, bytes: packet.bytes, toGroup: packet.destination == 0, pass: packet.pass)
  }

  mutating func outlivedTrace(_ device: DeviceID) { outlivedTraces += 1 }

  mutating func dropped(_ packet: SentPacket<Observed.Message>, bytesSent: UInt64, at now: Nanoseconds) {
    passes.uplinkBytes += bytesSent
  }

  mutating func neverLeft(_ kind: Port.Kind) {
    if case .multicastData(let pass, let isRepeated) = kind { passes.discount(pass, isRepeated: isRepeated) }
  }

  mutating func lost(_ arrival: Arrival<Observed.Message>, to device: DeviceID, at now: Nanoseconds) {
    let isOfFirstPass = arrival.pass == 1 && arrival.addressing == .multicast && arrival.message.block != nil
    devices[Int(device) - 1].lose(1, ofFirstPass: isOfFirstPass)
  }

  mutating func arrived(
    _ arrival: Arrival<Observed.Message>, at device: DeviceID, as reception: Reception, at now: Nanoseconds
  ) {
    let index = Int(device) - 1
    if arrival.addressing == .multicast, arrival.message.block != nil {
      devices[index].hear(1, new: reception == .new ? 1 : 0, pass: arrival.pass)
    } else {
      devices[index].take(reception)
    }
  }

  mutating func heard(_ stretch: Stretch) {
    let index = Int(stretch.device) - 1
    devices[index].lose(UInt64(stretch.lost), ofFirstPass: stretch.pass == 1)
    let arrived = stretch.offered - stretch.lost - stretch.overruns
    if arrived > 0 { devices[index].hear(UInt64(arrived), new: UInt64(stretch.filled.count), pass: stretch.pass) }
  }

  mutating func departs(_ message: Observed.Message, from device: DeviceID, at time: Nanoseconds) {
    devicePackets += 1
  }

  // MARK: Roles and passes

  mutating func reached(_ device: DeviceID, byFirstDataOf pass: UInt32) {
    let index = Int(device) - 1
    if devices[index].roles.last.part == .listens { passes.countFirstHearing(pass) }
    if pass == 1 { devices[index].isInUniformityTable = true }
  }

  mutating func switchedOff(_ device: DeviceID, wasAtItsEnd: Bool, at now: Nanoseconds) {
    guard !wasAtItsEnd else { return }
    devices[Int(device) - 1].left = true
    timeline.leave(device, at: now)
  }

  mutating func completed(_ device: DeviceID, at time: Nanoseconds) {
    devices[Int(device) - 1].completed = time
    enter(.complete, device, at: time)
  }

  mutating func noted(
    _ note: RivalReceiverNote, of device: DeviceID, receiver: Observed.Receiver, at now: Nanoseconds
  ) {
    switch note {
    case .entered(let role): enter(role, device, at: now)
    case .checked: countCheck(of: device, with: rival.gaps(of: receiver))
    }
  }

  private mutating func enter(_ role: DeviceRole, _ device: DeviceID, at time: Nanoseconds) {
    timeline.enter(role, from: devices[Int(device) - 1].roles.last, device, at: time)
    devices[Int(device) - 1].roles.append(role)
  }

  private mutating func countCheck(of device: DeviceID, with gaps: GapMap?) {
    guard let gaps else { return }
    let index = Int(device) - 1
    if !gaps.isEmpty { devices[index].missedAtCheck = true }
    guard devices[index].firstCheck == nil else { return }
    let figures = gaps.statistics(of: rival.file, continuity: 1)
    devices[index].firstCheck = figures
    if gapHistograms.last?.session != passes.count { gapHistograms.append(GapHistogram(session: passes.count)) }
    gapHistograms[gapHistograms.count - 1].count(gaps, with: figures)
    firstGaps?.append(DeviceGaps(device: Int(device), gaps: gaps.gaps))
  }

  mutating func noted(_ note: RivalSenderNote, at now: Nanoseconds) {
    switch note {
    case .passBegan(let driver):
      if passes.isOpen { report(breach: "a pass begins before the one before it is over") }
      passes.open(driver: driver, at: now)
    case .passEnded:
      passes.close(at: now, listening: devices.count { $0.roles.last.part == .listens })
    }
  }
}

// What must hold in every run. It is checked always at the end, and in debug builds after each event for the device or
// the server that the event concerned.
extension RivalCounters {
  mutating func check(_ device: DeviceID, offered: UInt64, counts: PathCounts, receiver: Observed.Receiver) {
    let index = Int(device) - 1
    devices[index].offered = offered
    devices[index].path = counts
    if let breach = devices[index].breach(of: device, rival.gaps(of: receiver), rival.file) { report(breach: breach) }
  }

  /// The packets that left the uplink, or have not left yet, are those that were sent.
  mutating func check(_ sender: Observed.Sender, taken: Port.Totals, at now: Nanoseconds) {
    if taken.bytes != passes.uplinkBytes {
      report(
        breach: "\(taken.bytes) bytes left the uplink or are to, but the server sent \(passes.uplinkBytes)")
    }
    if taken.unicastData != passes.unicastDataPackets {
      report(
        breach:
          "\(taken.unicastData) unicast DATA left the uplink or are to, but the server sent \(passes.unicastDataPackets)"
      )
    }
    if let breach = rival.breach(of: sender) { report(breach: breach) }
  }
}

extension RivalCounters {
  /// What is reported of a run that ended.
  ///
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  mutating func record(
    of number: RunNumber, ended: RunEnd, events: UInt64, totals counts: FinalCounts
  ) throws(InvariantBreach) -> RunRecord {
    let totals = counts.totals
    let data = passes.records.reduce(0) { $0 + $1.dataPackets }
    if data != totals.multicastData {
      report(breach: "\(totals.multicastData) multicast DATA left the uplink, but the passes sent \(data)")
    }
    if let breach {
      throw InvariantBreach(invariant: breach, seed: number.seed, replication: number.replication, event: events)
    }
    var record = RunRecord(
      replication: number.replication, strategy: strategy, ended: ended,
      devices: DeviceRecords(count: devices.count) { [devices] in devices[$0].record(of: $0 + 1) },
      sessions: passes.records, gapSizes: gapHistograms.flatMap(\.counts),
      sessionOneLoss: devices.indices.filter { devices[$0].isInUniformityTable }.map {
        devices[$0].firstPass(of: $0 + 1)
      },
      multicastDataPackets: totals.multicastData, unicastDataPackets: totals.unicastData, serverBytes: totals.bytes,
      timeline: timeline.samples(ofRunThatEnded: ended), events: events, uplink: counts.uplink,
      segments: counts.segments, firstGaps: firstGaps ?? [], outlivedTraces: outlivedTraces,
      devicePackets: devicePackets)
    record.roleChanges = timeline.changesByDevice
    return record
  }
}
