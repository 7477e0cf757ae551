/// What a law expects of the next packet, from what became of those before it.
///
/// The product of these probabilities is the likelihood, and drawing from them draws from the law.
struct LossPrediction {
  private enum State {
    case constant(Double)
    case packets(StateFilter<ChainByPackets>)
    case time(StateFilter<ChainInTime>)
    case runs(RunState)
  }

  private var state: State
  private var isFirst = true

  init(_ law: LossLaw) {
    state =
      switch law {
      case .bernoulli(let p): .constant(p)
      case .packets(let chain): .packets(StateFilter(chain))
      case .time(let chain): .time(StateFilter(chain))
      case .runs(let runs): .runs(RunState(runs))
      }
  }

  /// The probability that the next packet is lost, `passed` seconds after the one before it.
  mutating func next(after passed: Double) -> Double {
    defer { isFirst = false }
    switch state {
    case .constant(let p): return p
    case .packets(var filter):
      if !isFirst { filter.advance(passed) }
      state = .packets(filter)
      return filter.loss
    case .time(var filter):
      if !isFirst { filter.advance(passed) }
      state = .time(filter)
      return filter.loss
    case .runs(var runs):
      state = .constant(0)
      let loss = runs.loss()
      state = .runs(runs)
      return loss
    }
  }

  /// Takes what became of it.
  mutating func observe(_ isLost: Bool) {
    switch state {
    case .constant: break
    case .packets(var filter):
      _ = filter.observe(isLost)
      state = .packets(filter)
    case .time(var filter):
      _ = filter.observe(isLost)
      state = .time(filter)
    case .runs(var runs):
      // Otherwise the tables of the state would be copied.
      state = .constant(0)
      runs.observe(isLost)
      state = .runs(runs)
    }
  }
}
