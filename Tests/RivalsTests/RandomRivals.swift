import BlockTransfer
import Network
import PromotionEngine
import RandomStreams
import TestSupport
import Testing
import Timebase

@testable import Rivals
@testable import Runs

/// Small networks by seed for any strategy: losses, joins, leaves, ports, buffers, frames, and timers short enough to run
/// out.
///
/// Delays are often zero or alike, so that many events fall on the same instant.
struct RandomRivals {
  private var stream: RandomStream

  init(seed: UInt64) {
    stream = RandomStream(StreamKey(seed: seed, replication: 1, device: 0, purpose: .join))
  }

  mutating func configuration(_ strategy: StrategyName) -> SimulationConfiguration {
    let file = file()
    var cohorts: [Cohort] = []
    for index in 0..<number(1...3) { cohorts.append(cohort("cohort \(index + 1)")) }
    var configuration = SimulationConfiguration(parameters: parameters(for: file), file: file, cohorts: cohorts)
    configuration.strategy = strategy
    configuration.uplinkBitsPerSecond = pick(1_000_000_000, 1_000_000_000, 100_000_000, 7_000_000, 999_983)
    configuration.uplinkQueue = pick(nil, nil, nil, 1, 2, 5)
    configuration.service = pick(.zero, .microseconds(20), .microseconds(20), .milliseconds(1))
    configuration.sharedLoss = chance(4) ? loss(devices: 1) : .none
    configuration.limits.events = 200_000
    configuration.timelineStep = pick(nil, nil, .milliseconds(50), .microseconds(77_777))
    setRules(of: &configuration)
    addWorld(to: &configuration)
    return configuration
  }

  /// The same network with a limit that ends the run before it is over.
  mutating func limited(_ strategy: StrategyName) -> SimulationConfiguration {
    var configuration = configuration(strategy)
    configuration.limits.time = chance(2) ? .microseconds(Int64(number(1...200_000))) : .seconds(60)
    configuration.limits.events = UInt64(number(1...2_000))
    return configuration
  }

  private mutating func file() -> FileLayout {
    let blockSize = pick(8, 512, 930, 1428)
    let full = chance(6) ? number(100...600) : number(0...40)
    let last = pick(0, 1, blockSize - 1, number(0...(blockSize - 1)))
    return FileLayout(size: UInt64(full * blockSize + last), blockSize: UInt32(blockSize))!
  }

  private mutating func parameters(for file: FileLayout) -> ProtocolParameters {
    var parameters = ProtocolParameters()
    parameters.blockSize = file.blockSize
    parameters.windowSize = chance(2) ? 1 : UInt32(number(2...8))
    parameters.timeout = pick(.microseconds(600), .milliseconds(2), .milliseconds(20), .seconds(1))
    parameters.backoff = chance(5) ? 2 : 1
    parameters.retries = number(1...4)
    let patience = parameters.timeout * (parameters.retries + 1)
    parameters.sessionTimeout = patience + pick(.zero, parameters.timeout)
    parameters.groupTimeout = parameters.sessionTimeout + pick(Nanoseconds(1), parameters.timeout)
    parameters.noticeCopies = number(1...3)
    parameters.noticeInterval = pick(.microseconds(100), .milliseconds(3), .milliseconds(10))
    if chance(4) {
      parameters.start = StartRule()
      parameters.start?.devices = number(1...4)
      parameters.start?.within = .milliseconds(Int64(number(0...30)))
    }
    return parameters
  }

  private mutating func setRules(of configuration: inout SimulationConfiguration) {
    configuration.rivals.slice = UInt32(pick(1, 7, 112))
    configuration.rivals.pace = pick(nil, nil, 900_000_000, 50_000_000, 3_000_001)
    configuration.rivals.reportWindow = pick(.zero, Nanoseconds(3), .milliseconds(4), .milliseconds(100))
    configuration.rivals.group = UInt32(pick(1, 3, 20))
    configuration.rivals.slow = chance(2) ? SlowRule() : nil
    configuration.rivals.maxTransfers = pick(nil, nil, 1, 2)
  }

  // MARK: - Ports, buffers, frames

  private mutating func addWorld(to configuration: inout SimulationConfiguration) {
    configuration.mtu = pick(1500, 1500, 1500, 576, 700)
    if chance(3) { addSegments(to: &configuration) }
    for index in configuration.cohorts.indices {
      if chance(5) {
        configuration.cohorts[index].link = Link(
          bitsPerSecond: pick(1_000_000_000, 100_000_000, 9_999_991, 2_000_000), queue: pick(nil, nil, 1, 3))
      }
      if chance(5) {
        let payload = UInt64(configuration.parameters.blockSize) + 50
        configuration.cohorts[index].receiver = ReceiverBuffer(
          bitsPerSecond: pick(2_000_000_000, 400_000_000, 20_000_000, 3_000_000),
          bytes: pick(2 * payload + 150, 20 * payload + 150, 1 << 20))
      }
    }
  }

  private mutating func addSegments(to configuration: inout SimulationConfiguration) {
    for index in 0..<number(1...3) {
      var segment = Segment(name: "s\(index)")
      segment.parent = chance(2) || index == 0 ? nil : "s\(number(0...(index - 1)))"
      segment.bitsPerSecond = pick(1_000_000_000, 100_000_000, 11_000_003)
      segment.multicastBitsPerSecond = pick(nil, nil, 6_000_000, 54_000_000)
      segment.queue = pick(nil, nil, 1, 4)
      segment.latency = pick(.zero, .microseconds(5), .milliseconds(1))
      segment.loss = chance(3) ? loss(devices: 1) : .none
      configuration.segments.append(segment)
    }
    for index in configuration.cohorts.indices where !chance(4) {
      configuration.cohorts[index].segment = configuration.segments[number(0...(configuration.segments.count - 1))].name
    }
  }

  // MARK: - Devices

  private mutating func cohort(_ name: String) -> Cohort {
    var cohort = Cohort(name: name, count: number(1...4))
    cohort.join = join(devices: cohort.count)
    cohort.leave = leave(devices: cohort.count)
    cohort.latency = pick(
      .constant(.microseconds(100)), .constant(.zero), .constant(.microseconds(Int64(number(1...3000)))),
      .drawn(.uniform(low: 0, high: 1e-3)), .drawn(.gamma(shape: 2, scale: 1e-4)))
    cohort.jitter = pick(
      nil, nil, nil, nil, .constant(.microseconds(10)), .drawn(.exponential(mean: 1e-4)),
      .drawn(.gaussian(mean: 0, sigma: 1e-4)))
    cohort.turnaround = pick(.zero, .microseconds(20), .microseconds(20), .milliseconds(1))
    cohort.downLoss = loss(devices: cohort.count)
    cohort.upLoss = chance(2) ? .none : loss(devices: cohort.count)
    return cohort
  }

  private mutating func join(devices: Int) -> JoinModel {
    switch number(0...4) {
    case 0, 1: .at(.constant(.zero))
    case 2: .at(.drawn(.exponential(mean: 0.01)))
    case 3: .every(.drawn(.uniform(low: 0, high: 5e-3)), start: .milliseconds(Int64(number(0...20))))
    default: .list((0..<devices).map { _ in .microseconds(Int64(number(0...20_000))) })
    }
  }

  private mutating func leave(devices: Int) -> LeaveModel {
    switch number(0...5) {
    case 0: .at(.drawn(.exponential(mean: 0.03)))
    case 1: .devices([DeviceLeave(device: number(1...devices), at: .microseconds(Int64(number(0...30_000))))])
    default: .never
    }
  }

  private mutating func loss(devices: Int) -> LossModel {
    switch number(0...10) {
    case 0, 1: .none
    case 2, 3: .bernoulli(p: .constant(pick(0.01, 0.1, 0.3, 0.6)))
    case 4: .bernoulli(p: .drawn(.beta(a: 2, b: Double(number(3...40)))))
    case 5: .bernoulli(p: .constant(pick(0, 1)))
    case 6:
      .gilbertElliott(
        p: .constant(pick(0, 0.01, 0.1, 1)), r: .constant(pick(0.05, 0.5, 1)), k: .constant(pick(0.9, 1)),
        h: .constant(pick(0, 0.3, 1)))
    case 7: .runs(good: .drawn(.poisson(mean: 9)), lost: .drawn(.geometric(p: 0.4)))
    case 8: .runs(good: .constant(UInt64(number(1...9))), lost: .constant(UInt64(number(0...3))))
    case 9:
      .outages(
        .recurring(
          every: .drawn(.exponential(mean: pick(0.003, 0.04))), lasting: .drawn(.exponential(mean: 0.002)), first: nil))
    default:
      .trace(LossTrace((0..<pick(1, devices)).map { _ in PacketRuns(numbers: (1...60).filter { _ in chance(6) }) }))
    }
  }

  // MARK: - Draws

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(stream.uniform(upTo: UInt64(range.count - 1)))
  }

  private mutating func pick<Value>(_ values: Value...) -> Value { values[number(0...(values.count - 1))] }

  /// True once in `times`.
  private mutating func chance(_ times: Int) -> Bool { number(1...times) == 1 }
}

extension SimulationConfiguration {
  /// Runs by both deliveries, which must agree in everything that is reported. An invariant that does not hold is an error.
  func runByBothDeliveries(
    seed: UInt64, replication: Int = 1, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> RunRecord {
    let record = try run(seed: seed, replication: replication, keepsDetail: true)
    let other = try run(seed: seed, replication: replication, delivery: .packetByPacket, keepsDetail: true)
    expect(record.differences(from: other), equals: [], "seed \(seed)", sourceLocation: sourceLocation)
    return record
  }
}

extension RunRecord {
  /// The names of the fields in which two records differ.
  fileprivate func differences(from other: RunRecord) -> [String] {
    var names: [String] = []
    func compare<Value: Equatable>(_ name: String, _ field: KeyPath<RunRecord, Value>) {
      if self[keyPath: field] != other[keyPath: field] { names.append(name) }
    }
    compare("strategy", \.strategy)
    compare("ended", \.ended)
    compare("devices", \.devices)
    compare("sessions", \.sessions)
    compare("gapSizes", \.gapSizes)
    compare("sessionOneLoss", \.sessionOneLoss)
    compare("multicastDataPackets", \.multicastDataPackets)
    compare("unicastDataPackets", \.unicastDataPackets)
    compare("serverBytes", \.serverBytes)
    compare("timeline", \.timeline)
    compare("roleChanges", \.roleChanges)
    compare("events", \.events)
    compare("uplink", \.uplink)
    compare("segments", \.segments)
    compare("firstGaps", \.firstGaps)
    compare("outlivedTraces", \.outlivedTraces)
    compare("devicePackets", \.devicePackets)
    return names
  }
}
