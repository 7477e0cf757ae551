import Network
import RandomStreams
import Timebase

/// Loss models by seed that came after the random scenarios. They are drawn beside them, so that what a seed gives else
/// remains.
struct LaterLossModels {
  private var stream: RandomStream
  /// Whether little is lost.
  private let isQuiet: Bool

  init(seed: UInt64, isQuiet: Bool = false) {
    stream = RandomStream(StreamKey(seed: seed, replication: isQuiet ? 2 : 1, device: 0, purpose: .leave))
    self.isQuiet = isQuiet
  }

  /// One of them, or mostly the given model.
  mutating func model(inPlaceOf model: LossModel) -> LossModel {
    // Nothing is lost on most paths, and that should remain so.
    guard chance(model == .none ? 9 : 3) else { return model }
    let share = isQuiet ? pick(0.002, 0.01, 0.03) : pick(0.02, 0.2, 0.6, 1)
    let length = Nanoseconds.microseconds(isQuiet ? pick(300, 2_000, 20_000) : pick(10, 300, 3_000, 40_000))
    switch stream.uniform(upTo: 5) {
    case 0:
      return .gilbertElliottInTime(
        good: .constant(length * (isQuiet ? 40 : pick(1, 10))), bad: .constant(length),
        lossInGood: .constant(isQuiet ? 0 : pick(0, 0.05)), lossInBad: .constant(pick(0.3, 1)))
    case 1:
      return .gilbertElliottInTime(
        good: .drawn(.exponential(mean: 0.02)), bad: .drawn(.uniform(low: 0, high: 0.002)),
        lossInGood: .drawn(.uniform(low: 0, high: 0.02)), lossInBad: .drawn(.uniform(low: 0.5, high: 1)))
    case 2: return .bursts(loss: .constant(share), length: .time(.constant(length)))
    case 3: return .bursts(loss: .constant(share), length: .packets(pick(1, 2.5, 9)))
    case 4:
      let lost = PacketRuns(numbers: (1...60).filter { _ in chance(isQuiet ? 50 : 9) })
      return .trace(
        LossTrace([LossTrace.Recording(lost: lost, length: UInt64(pick(60, 61, 90)))], then: pick(nil, .repeat, .clean))
      )
    default:
      let further: LossModel = pick(
        .bernoulli(p: .constant(0.01)), .bursts(loss: .constant(0.02), length: .time(.constant(length))),
        .outages(.list([Outage(at: length * 7, lasting: length)])), .trace([[3, 4, 60]]), .none)
      return chance(3) ? .anyOf([further, .bernoulli(p: .constant(share / 2)), model]) : .anyOf([model, further])
    }
  }

  private mutating func pick<Value>(_ values: Value...) -> Value {
    values[Int(stream.uniform(upTo: UInt64(values.count - 1)))]
  }

  /// True once in `times`.
  private mutating func chance(_ times: UInt64) -> Bool { stream.uniform(upTo: times - 1) == 0 }
}
