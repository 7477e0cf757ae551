import BlockTransfer
import Network
import PromotionEngine
import PromotionRun
import Runs
import RandomStreams
import Timebase

/// Networks by seed on which little happens for long: what a delivery by runs skips.
///
/// ``RandomScenario`` disturbs everything at once, so that hardly a round of lock-step remains. Here a session goes on quietly
/// until one of a few disturbances meets it: a late joiner, a burst, a switch-off, a limit, a full queue, a look, a sample.
struct QuietScenario {
  private var stream: RandomStream
  private var rules: RandomRules
  private var laterModels: LaterLossModels

  private let seed: UInt64

  init(seed: UInt64) {
    self.seed = seed
    rules = RandomRules(seed: seed)
    laterModels = LaterLossModels(seed: seed, isQuiet: true)
    stream = RandomStream(StreamKey(seed: seed, replication: 2, device: 0, purpose: .join))
  }

  mutating func configuration() -> SimulationConfiguration {
    let blockSize = pick(8, 512, 1428)
    let blocks = number(50...400)
    let last = pick(0, 1, number(0...(blockSize - 1)))
    let file = FileLayout(size: UInt64(blocks * blockSize + last), blockSize: UInt32(blockSize))!
    let windowSize = pick(1, 1, 2, 4, 16)
    // A round takes about 250 µs: twice the latency, turnaround, service, and the packets themselves.
    let session = Nanoseconds.microseconds(Int64(blocks / windowSize * 250))
    let parameters = parameters(for: file, windowSize: windowSize, session: session)
    var cohorts: [Cohort] = []
    for index in 0..<number(1...3) { cohorts.append(cohort("cohort \(index + 1)", session: session)) }
    var configuration = SimulationConfiguration(parameters: parameters, file: file, cohorts: cohorts)
    configuration.uplinkBitsPerSecond = pick(1_000_000_000, 1_000_000_000, 99_999_989)
    configuration.uplinkQueue = pick(nil, nil, nil, 1, 3, 15)
    configuration.sharedLoss = pick(
      .none, .none, .none, .none, .bernoulli(p: .constant(0.01)),
      .bernoulli(p: .drawn(.beta(a: 1, b: 99))),
      .gilbertElliott(p: .constant(0.01), r: .constant(0.5), k: .constant(1), h: .constant(0)),
      .runs(good: .drawn(.poisson(mean: 80)), lost: .constant(2)),
      .trace([PacketRuns(numbers: [number(2...90), number(91...190)].map(UInt64.init))]))
    configuration.sharedLoss = laterModels.model(inPlaceOf: configuration.sharedLoss)
    configuration.limits.time = chance(4) ? time(within: session + session) : .seconds(60)
    configuration.limits.events = chance(5) ? UInt64(number(1...(2 * blocks))) : 500_000
    configuration.timelineStep = pick(nil, nil, .milliseconds(7), .microseconds(1_250))
    rules.change(&configuration)
    if chance(2) {
      var world = RandomScenario(seed: seed)
      world.addWorld(to: &configuration)
    }
    rules.silence(&configuration)
    return configuration
  }

  // MARK: - Protocol

  private mutating func parameters(for file: FileLayout, windowSize: Int, session: Nanoseconds) -> ProtocolParameters {
    var parameters = ProtocolParameters()
    parameters.mode = chance(6) ? .pxeMTFTP : .rfc2090
    parameters.blockSize = file.blockSize
    parameters.windowSize = UInt32(windowSize)
    parameters.wideBlockNumbers = chance(8)
    // The shortest lets a device that loses a twentieth of the session hear a silence in it.
    parameters.timeout = pick(.milliseconds(1), .milliseconds(4), .milliseconds(30), .seconds(1))
    parameters.retries = number(1...3)
    parameters.sessionTimeout = parameters.timeout * (parameters.retries + 1)
    parameters.groupTimeout = parameters.sessionTimeout + pick(Nanoseconds(1), .milliseconds(1), parameters.timeout)
    parameters.noticeCopies = number(1...3)
    parameters.noticeInterval = pick(.microseconds(300), .milliseconds(10))
    parameters.activeOrder = pick(.arrival, .largestGap, .smallestGap, .mostGaps)
    parameters.listenDelay = pick(.milliseconds(1), .milliseconds(30))
    parameters.reopenDelay = pick(.milliseconds(5), .seconds(2))
    parameters.promotion.threshold = pick(0, file.size / 30 + 1, file.size / 4 + 1, file.size + 1)
    parameters.promotion.continuity = UInt32(number(0...20))
    parameters.promotion.maxSmart = pick(nil, nil, 1, 3)
    parameters.promotion.smartOrder = pick(.arrival, .smallestGap, .largestGap, .fewestGaps)
    parameters.promotion.smartWindow = pick(1, 1, 3)
    parameters.promotion.smartListens = !chance(3)
    parameters.promotion.reportWindow = pick(.zero, .zero, .milliseconds(4))
    return parameters
  }

  // MARK: - Devices

  private mutating func cohort(_ name: String, session: Nanoseconds) -> Cohort {
    var cohort = Cohort(name: name, count: chance(15) ? number(60...70) : number(1...6))
    switch number(0...5) {
    case 0: cohort.join = .list((0..<cohort.count).map { _ in time(within: session) })
    case 1: cohort.join = .at(.constant(time(within: session)))
    case 2: cohort.join = .every(.constant(.microseconds(Int64(number(1...5000)))), start: .zero)
    default: break
    }
    if chance(4) {
      cohort.leave = .devices([DeviceLeave(device: number(1...cohort.count), at: time(within: session + session))])
    }
    cohort.latency = pick(
      .constant(.microseconds(100)), .constant(.microseconds(100)), .constant(.microseconds(Int64(number(1...900)))),
      .drawn(.uniform(low: 5e-5, high: 5e-4)))
    cohort.jitter = chance(10) ? .drawn(.exponential(mean: 1e-5)) : nil
    cohort.downLoss = loss(of: cohort.count)
    cohort.upLoss = pick(.none, .none, .none, .bernoulli(p: .constant(0.02)), loss(of: cohort.count))
    cohort.downLoss = laterModels.model(inPlaceOf: cohort.downLoss)
    cohort.upLoss = laterModels.model(inPlaceOf: cohort.upLoss)
    return cohort
  }

  private mutating func loss(of devices: Int) -> LossModel {
    switch number(0...9) {
    case 0: .none
    case 1, 2: .bernoulli(p: .constant(pick(0.002, 0.01, 0.05)))
    case 3: .bernoulli(p: .drawn(.beta(a: 1, b: 99)))
    case 4: .gilbertElliott(p: .constant(0.01), r: .constant(0.2), k: .constant(pick(0.999, 1)), h: .constant(0.2))
    case 5: .runs(good: .drawn(.geometric(p: 0.01)), lost: .drawn(.poisson(mean: 2)))
    // Bursts that outlast a silence, and leave gaps longer than most.
    case 6: .runs(good: .constant(UInt64(number(20...200))), lost: .constant(UInt64(number(10...300))))
    case 7:
      .outages(
        .recurring(
          every: .constant(.milliseconds(Int64(number(20...400)))),
          lasting: .constant(.milliseconds(Int64(number(1...15)))), first: nil))
    default:
      .trace(LossTrace((0..<pick(1, devices)).map { _ in PacketRuns(numbers: (1...400).filter { _ in chance(90) }) }))
    }
  }

  // MARK: - Draws

  private mutating func time(within span: Nanoseconds) -> Nanoseconds {
    Nanoseconds(Int64(stream.uniform(upTo: UInt64(span.count))))
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(stream.uniform(upTo: UInt64(range.count - 1)))
  }

  private mutating func pick<Value>(_ values: Value...) -> Value { values[number(0...(values.count - 1))] }

  /// True once in `times`.
  private mutating func chance(_ times: Int) -> Bool { number(1...times) == 1 }
}
