import Network
import PromotionEngine
import PromotionRun
import Runs
import RandomStreams
import Timebase

/// The rules of the protocol that came later, by seed, for scenarios that are drawn already: R22–R24.
///
/// They have a stream of their own, so the scenarios stay what they were.
struct RandomRules {
  private var stream: RandomStream

  init(seed: UInt64) {
    stream = RandomStream(StreamKey(seed: seed, replication: 3, device: 0, purpose: .join))
  }

  mutating func change(_ configuration: inout SimulationConfiguration) {
    if chance(4) { growTimeouts(&configuration.parameters) }
    if chance(5) { configuration.parameters.start = start(of: configuration.deviceCount) }
    if chance(3) { configuration.parameters.handOver = handOver() }
  }

  /// N4: in some scenarios some devices need time to join the group. Some are longer at it than the server waits.
  mutating func joinLate(_ configuration: inout SimulationConfiguration) {
    guard chance(3) else { return }
    for index in configuration.cohorts.indices where !chance(3) {
      configuration.cohorts[index].groupJoinDelay = pick(
        Nanoseconds(1), .microseconds(20), .microseconds(300), .milliseconds(5), .milliseconds(5), .seconds(2))
    }
  }

  /// R14: in some scenarios some devices, or the server, do not speak of promotion.
  mutating func silence(_ configuration: inout SimulationConfiguration) {
    guard !chance(3) else { return }
    configuration.parameters.speaksPromotion = !chance(6)
    for index in configuration.cohorts.indices { configuration.cohorts[index].isPlain = chance(3) }
  }

  /// R22. Without a limit of time the first session may wait for ever, for a device that leaves before it joins.
  private mutating func start(of devices: Int) -> StartRule {
    var start = StartRule()
    start.devices = 1 + Int(stream.uniform(upTo: UInt64(devices)))
    start.within =
      chance(6) && start.devices <= devices
      ? nil : pick(.zero, Nanoseconds(100_000), .milliseconds(1), .milliseconds(30), .seconds(2))
    return start
  }

  /// R23. In most of these few blocks are enough.
  private mutating func handOver() -> HandOverRule {
    var rule = HandOverRule()
    rule.repeatsPerBillion = pick(0, 20_000_000, 250_000_000, 500_000_000)
    rule.window = pick(1, 3, 8, 8, 40, 200)
    return rule
  }

  /// R24. The timeouts that must be longer than the sum of a request's stay as much longer as they are.
  private mutating func growTimeouts(_ parameters: inout ProtocolParameters) {
    let before = parameters.patience
    parameters.backoff = pick(2, 2, 3, 8)
    parameters.maxTimeout = pick(parameters.timeout * 2, parameters.timeout * 5, .seconds(64))
    let grown = Nanoseconds(Int64(parameters.patience - before))
    parameters.sessionTimeout = parameters.sessionTimeout + grown
    parameters.groupTimeout = parameters.groupTimeout + grown
  }

  private mutating func pick<Value>(_ values: Value...) -> Value {
    values[Int(stream.uniform(upTo: UInt64(values.count - 1)))]
  }

  /// True once in `times`.
  private mutating func chance(_ times: UInt64) -> Bool { stream.uniform(upTo: times - 1) == 0 }
}
