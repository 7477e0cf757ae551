import BlockTransfer
import Network
import PromotionEngine
import PromotionRun
import Runs
import RandomStreams
import Timebase

/// Small networks by seed: every loss model, both multicast modes, every knob, and timers short enough to run out.
///
/// Delays are often zero or alike, so that many events fall on the same instant.
struct RandomScenario {
  private var stream: RandomStream
  private var rules: RandomRules
  /// Of the loss models that came later: the other draws stay those of the seeds that once broke something.
  private var laterModels: LaterLossModels?
  /// Of ports, buffers and frames, so that these shift no other draw.
  private let worldStream: RandomStream
  private let isPlain: Bool

  /// - Parameter isPlain: whether no port is below the uplink, and so on, and no loss model of the later ones is drawn.
  init(seed: UInt64, isPlain: Bool = false) {
    rules = RandomRules(seed: seed)
    stream = RandomStream(StreamKey(seed: seed, replication: 1, device: 0, purpose: .join))
    laterModels = isPlain ? nil : LaterLossModels(seed: seed)
    worldStream = RandomStream(StreamKey(seed: seed, replication: 1, device: 0, purpose: .leave))
    self.isPlain = isPlain
  }

  mutating func configuration() -> SimulationConfiguration {
    let file = file()
    var cohorts: [Cohort] = []
    for index in 0..<number(1...3) { cohorts.append(cohort("cohort \(index + 1)")) }
    var configuration = SimulationConfiguration(parameters: parameters(for: file), file: file, cohorts: cohorts)
    configuration.uplinkBitsPerSecond = pick(1_000_000_000, 1_000_000_000, 100_000_000, 7_000_000, 999_983)
    configuration.uplinkQueue = pick(nil, nil, nil, 1, 2, 5)
    configuration.service = pick(.zero, .microseconds(20), .microseconds(20), .milliseconds(1))
    configuration.sharedLoss = chance(4) ? loss(devices: 1) : .none
    configuration.limits.time = chance(5) ? .microseconds(Int64(number(1...200_000))) : .seconds(60)
    configuration.limits.events = chance(5) ? UInt64(number(1...2_000)) : 200_000
    configuration.timelineStep = pick(nil, nil, .milliseconds(50), .microseconds(77_777))
    rules.change(&configuration)
    guard !isPlain else { return configuration }
    addWorld(to: &configuration)
    rules.silence(&configuration)
    rules.joinLate(&configuration)
    return configuration
  }

  // MARK: - Ports, buffers, frames

  /// Adds ports, buffers and fragments to a network. What was drawn before shifts none of it.
  mutating func addWorld(to configuration: inout SimulationConfiguration) {
    stream = worldStream
    configuration.mtu = pick(1500, 1500, 1500, 576, 700)
    if chance(2) { addSegments(to: &configuration) }
    for index in configuration.cohorts.indices {
      if chance(4) {
        configuration.cohorts[index].link = Link(
          bitsPerSecond: pick(1_000_000_000, 100_000_000, 9_999_991, 2_000_000), queue: pick(nil, nil, 1, 3))
      }
      if chance(4) {
        let payload = UInt64(configuration.parameters.blockSize) + 6
        configuration.cohorts[index].receiver = ReceiverBuffer(
          bitsPerSecond: pick(2_000_000_000, 400_000_000, 20_000_000, 3_000_000),
          bytes: pick(max(payload, 200), 2 * payload + 150, 20 * payload + 150, 1 << 20))
      }
    }
  }

  private mutating func addSegments(to configuration: inout SimulationConfiguration) {
    for index in 0..<number(1...4) {
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

  // MARK: - Protocol

  private mutating func file() -> FileLayout {
    let blockSize = pick(8, 512, 930, 1428)
    let full = chance(6) ? number(100...600) : number(0...40)
    let last = pick(0, 1, blockSize - 1, number(0...(blockSize - 1)))
    return FileLayout(size: UInt64(full * blockSize + last), blockSize: UInt32(blockSize))!
  }

  private mutating func parameters(for file: FileLayout) -> ProtocolParameters {
    var parameters = ProtocolParameters()
    parameters.mode = chance(3) ? .pxeMTFTP : .rfc2090
    parameters.blockSize = file.blockSize
    parameters.windowSize = chance(2) ? 1 : UInt32(number(2...8))
    parameters.wideBlockNumbers = chance(8)
    parameters.timeout = pick(.microseconds(600), .milliseconds(2), .milliseconds(20), .seconds(1))
    parameters.retries = number(1...4)
    let patience = parameters.timeout * (parameters.retries + 1)
    parameters.sessionTimeout = patience + pick(.zero, parameters.timeout)
    parameters.groupTimeout = parameters.sessionTimeout + pick(Nanoseconds(1), parameters.timeout)
    parameters.noticeCopies = number(1...3)
    parameters.noticeInterval = pick(.microseconds(100), .milliseconds(3), .milliseconds(10))
    parameters.activeOrder = pick(.arrival, .largestGap, .smallestGap, .mostGaps)
    parameters.listenDelay = pick(.zero, .milliseconds(1), .milliseconds(30))
    parameters.reopenDelay = pick(.zero, .milliseconds(5), .seconds(2))
    parameters.promotion = promotion(for: file)
    return parameters
  }

  private mutating func promotion(for file: FileLayout) -> PromotionParameters {
    var promotion = PromotionParameters()
    promotion.threshold = pick(0, file.size / 10 + 1, file.size / 2 + 1, file.size + 1)
    promotion.continuity = UInt32(number(0...3))
    promotion.maxGaps = chance(5) ? UInt32(number(1...5)) : nil
    promotion.maxLargestGap = chance(5) ? UInt32(number(1...5)) : nil
    promotion.maxChain = chance(5) ? UInt32(number(0...5)) : nil
    promotion.maxSmart = chance(2) ? number(1...2) : nil
    promotion.smartOrder = pick(.arrival, .smallestGap, .largestGap, .fewestGaps)
    promotion.smartWindow = number(1...4)
    promotion.smartListens = !chance(3)
    promotion.reportWindow = pick(.zero, Nanoseconds(3), .milliseconds(4))
    return promotion
  }

  // MARK: - Devices

  private mutating func cohort(_ name: String) -> Cohort {
    var cohort = Cohort(name: name, count: number(1...4))
    cohort.join = join(devices: cohort.count)
    cohort.leave = leave(devices: cohort.count)
    cohort.latency = pick(
      .constant(.microseconds(100)),
      .constant(.zero),
      .constant(.microseconds(Int64(number(1...3000)))),
      .drawn(.uniform(low: 0, high: 1e-3)),
      .drawn(.gamma(shape: 2, scale: 1e-4))
    )
    cohort.jitter = pick(
      nil,
      nil,
      nil,
      nil,
      .constant(.microseconds(10)),
      .drawn(.exponential(mean: 1e-4)),
      .drawn(.gaussian(mean: 0, sigma: 1e-4))
    )
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

  private mutating func outages() -> OutageModel {
    let every = pick(Nanoseconds.microseconds(300), .milliseconds(3), .milliseconds(40), .seconds(2))
    let share = pick(3, 10, 40)
    switch number(0...2) {
    case 0:
      return .recurring(
        every: .constant(every), lasting: .constant(Nanoseconds(every.count / Int64(share))),
        first: chance(2) ? .constant(.zero) : nil)
    case 1:
      return .recurring(
        every: .drawn(.exponential(mean: every.seconds)),
        lasting: .drawn(.exponential(mean: every.seconds / Double(share))), first: nil)
    default:
      return .list(
        (0..<number(0...4)).map { _ in
          Outage(
            at: Nanoseconds(every.count * Int64(number(0...9)) / 4), lasting: Nanoseconds(every.count / Int64(share)))
        })
    }
  }

  private mutating func loss(devices: Int) -> LossModel {
    let model = earlierLoss(devices: devices)
    return laterModels?.model(inPlaceOf: model) ?? model
  }

  private mutating func earlierLoss(devices: Int) -> LossModel {
    switch number(0...10) {
    case 0, 1: .none
    case 2, 3: .bernoulli(p: .constant(pick(0.01, 0.1, 0.3, 0.6)))
    case 4: .bernoulli(p: .drawn(.beta(a: 2, b: Double(number(3...40)))))
    case 5: .bernoulli(p: .constant(pick(0, 1)))
    case 6:
      .gilbertElliott(
        p: .constant(pick(0, 0.01, 0.1, 1)),
        r: .constant(pick(0.05, 0.5, 1)),
        k: .constant(pick(0.9, 1)),
        h: .constant(pick(0, 0.3, 1))
      )
    case 7: .runs(good: .drawn(.poisson(mean: 9)), lost: .drawn(.geometric(p: 0.4)))
    case 8: .runs(good: .constant(UInt64(number(1...9))), lost: .constant(UInt64(number(0...3))))
    case 9: .outages(outages())
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
