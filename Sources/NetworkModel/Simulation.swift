import BitCollections
import EventSimulation
import PromotionEngine
import RandomStreams
import TFTPWire
import Timebase

/// How multicast reaches the devices; both ways write the same bytes.
public enum Delivery: Sendable {
  /// Devices that only listen catch up with a log of what was sent when somebody looks at them.
  case byRuns
  /// Every packet is delivered to every device.
  case packetByPacket
}

/// One run of a network: a value that goes from event to event.
///
/// What happens to packets stands in `Simulation+Server` (the uplink), `Simulation+Paths` (fan-out, loss and arrival) and
/// `Simulation+Devices`; the log and the catching up in `MulticastLog` and `Simulation+CatchingUp`; most packets of a repair in
/// `Simulation+Repair`.
public struct Simulation: Sendable {
  var configuration: NetworkConfiguration
  let seed: UInt64
  let replication: Int
  let delivery: Delivery
  var wire: WireContext
  /// What of the devices' settings their deadlines and their listening need: a copy of all of them would be felt at every event.
  var groupTimeout: Nanoseconds { configuration.parameters.groupTimeout }
  var smartListens: Bool { configuration.parameters.promotion.smartListens }
  /// What a packet of DATA has on the wire besides its payload.
  let bytesAroundPayload: UInt64
  /// The last message but DATA whose bytes on the wire were counted, and how many.
  var lastMeasured: (message: Message, bytes: UInt64)
  /// The devices' settings, by cohort.
  var settings: [DeviceSettings]

  var queue = EventQueue<Event>()
  var server: Server
  var serverAlarm = Alarm()
  /// The devices; device `d` stands at `d - 1`.
  var stations: ContiguousArray<Station>
  var uplink: Uplink
  var sharedLoss: LossProcess
  var log = MulticastLog()
  var ledger = Ledger()
  var packetFollowers = PacketFollowers()
  /// The order in which a packet reaches the devices, if no path has jitter.
  let fanOutOrder: [DeviceID]?
  /// The device that a packet in the log reaches last; nil if every path has jitter.
  let slowest: DeviceID?

  /// The key of the event that is being executed.
  var now = EventKey.before(.zero)
  /// Events executed so far.
  var events: UInt64 = 0
  var timeline: [TimelineSample] = []
  var nextSample: Nanoseconds
  /// When those who follow the log are looked at; never while there are none.
  var nextLook = Nanoseconds.never
  /// How far the silences of those who follow the log are foreseen: by index, and altogether.
  var foreseen: ContiguousArray<Int>
  var foreseenByAll = 0
  /// The first packet of the log from which on packets left the uplink without a pause at every look.
  var steadyFrom = Self.withoutLog
  var busyAtLastSample = Nanoseconds.zero
  /// The gaps of each device at its first check, in the order of the checks; kept if it is not nil before the run.
  public var firstGaps: [DeviceGaps]?
  /// What does not hold; set once, it ends the run.
  var breach: String?

  var deviceEffects: [DeviceEffect] = []
  var serverEffects: [ServerEffect] = []

  /// Sets a run up: draws each device's parameters and schedules joins and leaves.
  ///
  /// - Parameters:
  ///   - configuration: the network and the protocol.
  ///   - seed: of the experiment.
  ///   - replication: from 1; the same number gives the same run, whatever the other replications are.
  ///   - delivery: how multicast reaches the devices, which changes nothing but the time that the run takes.
  public init(_ configuration: NetworkConfiguration, seed: UInt64, replication: Int, delivery: Delivery = .byRuns) {
    self.configuration = configuration
    self.seed = seed
    self.replication = replication
    self.delivery = delivery
    wire = WireContext(parameters: configuration.parameters)
    bytesAroundPayload = UInt64(Message.data(1).encodedLength(in: wire, payloadBytes: 0)) + WireContext.bytesAround
    lastMeasured = (.wait, wire.bytes(of: .wait, payload: 0))
    settings = configuration.cohorts.map {
      DeviceSettings(
        parameters: configuration.parameters,
        file: configuration.file,
        answerDelay: $0.turnaround
      )
    }
    let draws = Draws(seed: seed, replication: replication)
    server = Server(
      ServerSettings(
        parameters: configuration.parameters,
        file: configuration.file,
        answerDelay: configuration.service
      ),
      expectedDevices: configuration.deviceCount
    )
    uplink = Uplink(bitsPerSecond: configuration.uplinkBitsPerSecond, queueLimit: configuration.uplinkQueue)
    sharedLoss = LossProcess(
      configuration.sharedLoss,
      stream: draws.stream(0, .sharedLoss),
      parameters: draws.stream(0, .sharedLossParameters)
    )
    let stations = draws.stations(of: configuration)
    self.stations = stations
    foreseen = ContiguousArray(repeating: Self.withoutLog, count: stations.count)
    nextSample = configuration.timelineStep == nil ? .never : .zero
    // Stations are large: each is looked at once.
    var byLatency: [(latency: Nanoseconds, device: DeviceID)] = []
    byLatency.reserveCapacity(stations.count)
    var leaves: [(time: Nanoseconds, device: DeviceID)] = []
    for index in stations.indices {
      let device = DeviceID(index + 1)
      if stations[index].hasJitter {
        packetFollowers.insert(index)
      } else {
        byLatency.append((stations[index].latency, device))
      }
      queue.schedule(.join(device), at: stations[index].join, in: .fourth)
      if stations[index].leave != .never { leaves.append((stations[index].leave, device)) }
    }
    for leave in leaves { queue.schedule(.leave(leave.device), at: leave.time) }
    byLatency.sort { ($0.latency, $0.device) < ($1.latency, $1.device) }
    fanOutOrder = byLatency.count == stations.count ? byLatency.map(\.device) : nil
    slowest = byLatency.last?.device
  }

  /// Runs to the end.
  ///
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself.
  public mutating func run() throws(InvariantBreach) -> RunRecord {
    try finish(advance { _ in false } ?? .complete)
  }

  /// Executes events until the run ends, and says why it did; nil when `pauses` held before an event.
  @inline(__always)
  mutating func advance(until pauses: (inout Simulation) -> Bool) -> RunEnd? {
    let limits = configuration.limits
    var ended = RunEnd.complete
    while breach == nil {
      if events > limits.events {
        ended = .eventLimit
        break
      }
      let horizon = min(limits.time, nextSample)
      let next = queue.first?.time ?? .never
      if nextLook <= min(next, horizon) {
        look()
        continue
      }
      if next > horizon {
        guard isAnythingDue(after: .after(horizon)) else { break }
        if nextSample <= limits.time {
          sample(at: nextSample)
          continue
        }
        ended = .timeLimit
        break
      }
      if pauses(&self) { return nil }
      step()
    }
    return ended
  }

  /// Executes the next event.
  @inline(__always)
  mutating func step() {
    guard let (key, event) = queue.popFirst() else { return }
    now = key
    switch event {
    case .join(let device): switchOn(device)
    case .leave(let device): switchOff(device)
    case .deviceAlarm(let device): ringDevice(device)
    case .serverAlarm: ringServer()
    case .placeAlarm(let device): ringPlace(of: device)
    case .uplink(let datagram): send(datagram)
    case .leavesDevice(let device, let message): leave(device, message: message)
    case .reachesServer(let device, let message): reachServer(message, from: device)
    case .reachesDevice(let device, let arrival): reach(device, with: arrival)
    case .fansOut(let arrival, let next): fanOut(arrival, from: next)
    }
  }

  /// Whether an event that still counts is pending, or what is in the log has not arrived everywhere after `key`.
  ///
  /// Alarms whose deadline is gone, and the leaving of a device that is at its end, are no reason for a run to go on.
  private func isAnythingDue(after key: EventKey) -> Bool {
    if let slowest, let last = log.lastArrival(latency: stations[Int(slowest) - 1].latency, device: slowest), last > key
    {
      return true
    }
    return isAnyoneWatched
      || queue.contains { key, event in
        switch event {
        case .deviceAlarm(let device):
          let station = stations[Int(device) - 1]
          return station.alarm.isPending(at: key)
            && station.device.deadline(under: settings[station.cohort]) != .never
        case .serverAlarm: return serverAlarm.isPending(at: key) && server.deadline != .never
        case .placeAlarm(let device):
          return stations[Int(device) - 1].placeAlarm.isPending(at: key) && server.deadline(of: device) != .never
        case .leave(let device): return !stations[Int(device) - 1].device.isAtItsEnd
        case .join, .uplink, .leavesDevice, .reachesServer, .reachesDevice, .fansOut: return true
        }
      }
  }
}

/// The devices that get every packet of the group as an event of its own, by number less one.
struct PacketFollowers: Sendable {
  private(set) var members = BitSet()
  private(set) var count = 0

  mutating func insert(_ index: Int) {
    if members.insert(index).inserted { count += 1 }
  }

  mutating func remove(_ index: Int) {
    if members.remove(index) != nil { count -= 1 }
  }

  func contains(_ index: Int) -> Bool { members.contains(index) }
}

/// The random streams of a replication.
private struct Draws {
  let seed: UInt64
  let replication: Int

  func stream(_ device: DeviceID, _ purpose: Purpose) -> RandomStream {
    RandomStream(
      StreamKey(seed: seed, replication: UInt32(truncatingIfNeeded: replication), device: device, purpose: purpose)
    )
  }

  /// The devices of all cohorts, in the order of their numbers, with what is drawn once for each.
  func stations(of configuration: NetworkConfiguration) -> ContiguousArray<Station> {
    var stations: ContiguousArray<Station> = []
    stations.reserveCapacityInLargePages(configuration.deviceCount)
    let delaysReports = configuration.parameters.promotion.reportWindow > .zero
    for (cohortIndex, cohort) in configuration.cohorts.enumerated() {
      var lastJoin = Nanoseconds.zero
      let leaves = listedLeaves(of: cohort)
      for index in 0..<cohort.count {
        let device = DeviceID(stations.count + 1)
        let join = join(of: device, index: index, in: cohort, after: lastJoin)
        lastJoin = join
        stations.append(
          Station(
            number: device,
            cohort: cohortIndex,
            latency: once(cohort.latency, device, .latency),
            hasJitter: cohort.jitter != nil,
            downLoss: LossProcess(
              cohort.downLoss,
              index: index,
              stream: stream(device, .downLoss),
              parameters: stream(device, .downLossParameters)
            ),
            upLoss: LossProcess(
              cohort.upLoss,
              index: index,
              stream: stream(device, .upLoss),
              parameters: stream(device, .upLossParameters)
            ),
            downJitter: cohort.jitter.map { Jitter($0, stream: stream(device, .downJitter)) },
            upJitter: cohort.jitter.map { Jitter($0, stream: stream(device, .upJitter)) },
            reportDelays: delaysReports ? stream(device, .reportDelay) : nil,
            join: join,
            leave: leaves?[index] ?? leave(of: device, in: cohort)
          )
        )
      }
    }
    return stations
  }

  private func once(_ model: TimeModel, _ device: DeviceID, _ purpose: Purpose) -> Nanoseconds {
    if case .constant(let value) = model { return value }
    var stream = stream(device, purpose)
    return model.value(from: &stream)
  }

  /// N7.
  private func join(of device: DeviceID, index: Int, in cohort: Cohort, after last: Nanoseconds) -> Nanoseconds {
    switch cohort.join {
    case .at(let time): once(time, device, .join)
    case .every(let interval, let start):
      min((index == 0 ? start : last) + once(interval, device, .join), Distribution.longestTime)
    case .list(let times): times[index]
    }
  }

  /// N8: the times of a list, by index in the cohort; nil if the cohort has none.
  private func listedLeaves(of cohort: Cohort) -> [Nanoseconds]? {
    guard case .devices(let list) = cohort.leave else { return nil }
    var times = [Nanoseconds](repeating: .never, count: cohort.count)
    for leave in list where times.indices.contains(leave.device - 1) { times[leave.device - 1] = leave.at }
    return times
  }

  /// N8: the time of a device that is not listed.
  private func leave(of device: DeviceID, in cohort: Cohort) -> Nanoseconds {
    switch cohort.leave {
    case .never, .devices: .never
    case .at(let time): once(time, device, .leave)
    }
  }
}
