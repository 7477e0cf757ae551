import BlockTransfer
import Network
import PromotionEngine
import TFTPWire
import Timebase
import Runs

/// Counts the figures of a run, takes its timeline, and checks its invariants.
package struct RunCounters: Observer {
  package typealias Observed = Promotion

  var devices: ContiguousArray<DeviceCounters> = []
  var sessions = SessionCounters()
  var timeline: Timeline
  /// The gaps of each device at its first check, in the order of the checks; kept if it is not nil before the run.
  var firstGaps: [DeviceGaps]?
  /// Devices that outlived a trace of loss.
  var outlivedTraces = 0
  /// Packets that the devices sent.
  private(set) var devicePackets: UInt64 = 0
  /// What does not hold. It is set once, and ends the run.
  private(set) var breach: String?
  /// The threshold in bytes: no device may be promoted at or above it.
  var threshold: UInt64
  let strategy: StrategyName
  private let file: FileLayout
  /// Whether the first session still waits for devices (R22).
  private var isGathering: Bool
  /// Whether sessions may be handed over (R23).
  private let handsOver: Bool
  /// By cohort: whether its devices may check themselves and be promoted (R14).
  private let speaksPromotion: [Bool]

  init(_ configuration: SimulationConfiguration) {
    strategy = configuration.strategy
    file = configuration.file
    isGathering = configuration.parameters.start != nil
    handsOver = configuration.parameters.handOver != nil
    threshold = configuration.parameters.promotion.threshold
    speaksPromotion = configuration.cohorts.map(configuration.speaksPromotion(with:))
    timeline = Timeline(
      step: configuration.timelineStep, atMost: configuration.mostTimelineSteps, devices: configuration.deviceCount)
    devices.reserveCapacity(configuration.deviceCount)
  }

  mutating func report(breach text: String) {
    if breach == nil { breach = text }
  }

  package var hasSeenEnough: Bool { breach != nil }
  package var nextSample: Nanoseconds { timeline.nextSample }
  package var wantsLastSample: Bool { timeline.wantsLastSample }

  package mutating func sample(at time: Nanoseconds, busy: Nanoseconds, totals: Port.Totals, segments: [UInt64]) {
    timeline.sample(at: time, busy: busy, totals: totals, segments: segments)
  }

  // MARK: Packets

  package mutating func expected(_ device: DeviceID, cohort: Int, join: Nanoseconds) {
    devices.append(DeviceCounters(cohort: cohort, join: join))
  }

  @inline(__always)
  package mutating func sent(_ packet: SentPacket<Message>, departure: Nanoseconds, at now: Nanoseconds) {
    let block = packet.message.block
    sessions.count(bytes: packet.bytes, isUnicastData: packet.destination != 0 && block != nil)
    if packet.destination == 0, let block { sessions.countData(block, session: packet.pass) }
  }

  package mutating func outlivedTrace(_ device: DeviceID) { outlivedTraces += 1 }

  package mutating func dropped(_ packet: SentPacket<Message>, bytesSent: UInt64, at now: Nanoseconds) {
    sessions.count(bytes: bytesSent, isUnicastData: false)
  }

  package mutating func neverLeft(_ kind: Port.Kind) {
    if case .multicastData(let session, let isRepeated) = kind {
      sessions.discountData(session: session, isRepeated: isRepeated)
    }
  }

  @inline(__always)
  package mutating func lost(_ arrival: Arrival<Message>, to device: DeviceID, at now: Nanoseconds) {
    devices[Int(device) - 1].lose(arrival)
  }

  @inline(__always)
  package mutating func arrived(
    _ arrival: Arrival<Message>, at device: DeviceID, as reception: Reception, at now: Nanoseconds
  ) {
    devices[Int(device) - 1].take(arrival, as: reception, of: file)
  }

  @inline(__always)
  package mutating func heard(_ stretch: Stretch) { devices[Int(stretch.device) - 1].hear(stretch, of: file) }

  @inline(__always)
  package mutating func departs(_ message: Message, from device: DeviceID, at time: Nanoseconds) { devicePackets += 1 }

  package mutating func skipped(_ rounds: SkippedRounds) {
    devicePackets += UInt64(rounds.rounds)
    let packets = rounds.rounds * rounds.windowSize
    sessions.count(bytes: rounds.bytes * UInt64(packets), isUnicastData: false)
    sessions.countData(rounds.blocks, session: rounds.pass)
    let index = Int(rounds.device) - 1
    devices[index].countMulticast(UInt64(packets), new: UInt64(packets), session: rounds.pass)
    devices[index].countBytes(of: UInt64(packets), lastBlock: false, of: file)
  }

  // MARK: Roles and decisions

  /// A device that listens when the first DATA of a session would arrive is in its first set, and in the test of N9.
  package mutating func reached(_ device: DeviceID, byFirstDataOf session: UInt32) {
    let index = Int(device) - 1
    if devices[index].roles.last == .passive {
      sessions.countFirstHearing(device, &devices[index], session: session)
    }
    if session == 1 { devices[index].isInUniformityTable = true }
  }

  package mutating func switchedOff(_ device: DeviceID, wasAtItsEnd: Bool, at now: Nanoseconds) {
    guard !wasAtItsEnd else { return }
    devices[Int(device) - 1].left = true
    timeline.leave(device, at: now)
  }

  package mutating func completed(_ device: DeviceID, at time: Nanoseconds) {
    devices[Int(device) - 1].completed = time
    enter(.complete, device, at: time)
  }

  package mutating func noted(_ note: DeviceNote, of device: DeviceID, receiver: Device, at now: Nanoseconds) {
    switch note {
    case .checked(let figures): countCheck(figures, of: device, with: receiver)
    case .entered(let role):
      let index = Int(device) - 1
      switch role {
      case .smart:
        if devices[index].promoted == nil { devices[index].promoted = now }
        sessions.countPromotion(&devices[index])
        checkPromotion(of: device, receiver)
      case .passive: sessions.countPassive(device, &devices[index])
      case .active, .joining, .failed, .complete: break
      }
      enter(DeviceRole(role), device, at: now)
    }
  }

  private mutating func enter(_ role: DeviceRole, _ device: DeviceID, at time: Nanoseconds) {
    timeline.enter(role, from: devices[Int(device) - 1].roles.last, device, at: time)
    devices[Int(device) - 1].roles.append(role)
  }

  /// Who checks itself while the first session waits for devices (R22) has missed nothing of any session.
  private mutating func countCheck(_ figures: GapReport, of device: DeviceID, with receiver: Device) {
    let index = Int(device) - 1
    if !speaksPromotion[devices[index].cohort] {
      report(breach: "device \(device) checked itself, but it or the server does not speak of promotion")
    }
    guard !isGathering else { return }
    if figures.missingPackets > 0 { devices[index].missedAtCheck = true }
    guard devices[index].firstCheck == nil else { return }
    devices[index].firstCheck = figures
    sessions.countGaps(receiver.gaps, with: figures)
    firstGaps?.append(DeviceGaps(device: Int(device), gaps: receiver.gaps.gaps))
  }

  package mutating func noted(_ note: ServerNote, at now: Nanoseconds) {
    switch note {
    case .started: isGathering = false
    case .sessionOpened(let device):
      if sessions.isSessionOpen { report(breach: "two sessions at a time, the second of device \(device)") }
      if isGathering { report(breach: "a session of device \(device) before the start") }
      sessions.open(active: device)
    case .sessionBegan: sessions.begin(at: now)
    case .sessionEnded(let ended):
      if ended == .handedOver, !handsOver { report(breach: "a session was handed over without a rule for it") }
      let session = sessions.session
      var secondSet = 0
      for index in devices.indices where isPassive(index, atAnEnd: ended) {
        devices[index].secondSetOf = session
        secondSet += 1
      }
      sessions.end(at: now, ended, secondSet: secondSet)
    }
  }
}

extension RunCounters {
  /// Whether a device is in the second set of the session that ends. A device that must let another one drive is
  /// passive from then on (R23), though it has not heard of it.
  private func isPassive(_ index: Int, atAnEnd ended: SessionEnd) -> Bool {
    switch devices[index].roles.last {
    case .passive: true
    case .active: ended == .handedOver && index + 1 == sessions.passes.last?.record.activeDevice
    case .joining, .smart, .complete, .failed, .fetching, .listening, .master: false
    }
  }
}

// What must hold in every run. It is checked always at the end, and in debug builds after each event for the device or
// the server that the event concerned.
extension RunCounters {
  package mutating func check(_ device: DeviceID, offered: UInt64, counts: PathCounts, receiver: Device) {
    devices[Int(device) - 1].offered = offered
    devices[Int(device) - 1].path = counts
    if let breach = devices[Int(device) - 1].breach(of: device, receiver) { report(breach: breach) }
  }

  /// No device is promoted with a gap at or over the threshold, nor where it or the server does not speak of promotion.
  mutating func checkPromotion(of device: DeviceID, _ receiver: Device) {
    if !speaksPromotion[devices[Int(device) - 1].cohort] {
      self.report(breach: "device \(device) was promoted, but it or the server does not speak of promotion")
    }
    let report = receiver.gaps.statistics(of: file, continuity: 0)
    if !report.isDetected(below: threshold) {
      self.report(
        breach: "device \(device) was promoted with a gap of \(report.totalGapBytes) bytes, threshold \(threshold)")
    }
  }

  /// The packets that left the uplink, or have not left yet, are those that were sent. The session under way has the
  /// server's active device.
  package mutating func check(_ server: Server, taken: Port.Totals, at now: Nanoseconds) {
    let (bytes, data) = (taken.bytes, taken.unicastData)
    if bytes != sessions.uplinkBytes {
      report(breach: "\(bytes) bytes left the uplink or are to, but the server sent \(sessions.uplinkBytes)")
    }
    if data != sessions.unicastDataPackets {
      report(
        breach: "\(data) unicast DATA left the uplink or are to, but the server sent \(sessions.unicastDataPackets)")
    }
    let driver = sessions.isSessionOpen ? sessions.passes.last?.record.activeDevice : nil
    if driver != server.activeDevice.map(Int.init) {
      report(
        breach:
          "device \(driver ?? 0) drives the session, but device \(server.activeDevice ?? 0) is active to the server")
    }
  }

  /// The multicast DATA that left the uplink is that of the sessions.
  mutating func check(_ totals: Port.Totals) {
    let data = sessions.passes.reduce(0) { $0 + $1.record.dataPackets }
    if data != totals.multicastData {
      report(breach: "\(totals.multicastData) multicast DATA left the uplink, but the sessions sent \(data)")
    }
  }
}
