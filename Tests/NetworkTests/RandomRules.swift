import Network
import PromotionEngine
import PromotionRun
import RandomStreams
import Timebase

/// The rules of the protocol that came later, by seed, for scenarios that are drawn already: R24.
///
/// They have a stream of their own, so the scenarios stay what they were.
struct RandomRules {
  private var stream: RandomStream

  init(seed: UInt64) {
    stream = RandomStream(StreamKey(seed: seed, replication: 3, device: 0, purpose: .join))
  }

  mutating func change(_ configuration: inout SimulationConfiguration) {
    if chance(4) { growTimeouts(&configuration.parameters) }
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
