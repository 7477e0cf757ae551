import Glibc

/// The search for the most likely hidden chain, by packets or in time.
struct ChainFit<Chain: HiddenChain> {
  /// The parameters in their order: two for the stays, and the loss in good and in bad.
  private enum Slot: Int, CaseIterable {
    case leavesGood, leavesBad, lossInGood, lossInBad
  }

  /// A loss of likelihood that nobody sees: as good as the end of a range.
  private static var unseen: Double { 1e-3 }
  private static var descents: Int { 3 }

  private let data: LossData
  private let free: [Slot]
  private let wrap: (Chain) -> LossLaw

  /// - Parameters:
  ///   - losesInGood: whether packets are lost in good; else none is.
  ///   - passesInBad: whether packets pass in bad; else none does.
  init(_ data: LossData, losesInGood: Bool, passesInBad: Bool, _ wrap: @escaping (Chain) -> LossLaw) {
    self.data = data
    self.wrap = wrap
    free =
      [.leavesGood, .leavesBad] + (losesInGood ? [.lossInGood] : []) + (passesInBad ? [.lossInBad] : [])
  }

  /// The most likely chain of those that descents from some `starts` find; never less likely than `known`, which are chains
  /// of fewer parameters.
  func estimate(from starts: [Chain], known: [Chain]) -> LossEstimate {
    let ranked = (starts + known).map { (chain: $0, value: -$0.logLikelihood(of: data)) }
      .filter { $0.value.isFinite }.sorted { $0.value < $1.value }
    var best = Minimizer.Least(point: point(of: starts[0], free), value: .infinity)
    for start in ranked.prefix(Self.descents) {
      let least = descend(from: point(of: start.chain, free), step: 0.7, tolerance: 0.02, most: 120)
      if least.value < best.value { best = least }
    }
    for step in [0.2, 0.05] {
      let least = descend(from: best.point, step: step, tolerance: 1e-4, most: 500)
      if least.value <= best.value { best = least }
    }
    var chain = self.chain(at: best.point, free, in: starts[0]).ordered()
    for other in known where -other.logLikelihood(of: data) < best.value - 1e-9 {
      chain = other
      best.value = -other.logLikelihood(of: data)
    }
    return estimate(at: chain, -best.value)
  }

  private func descend(from start: [Double], step: Double, tolerance: Double, most: Int) -> Minimizer.Least {
    let base = self.chain(at: start, free, in: nil)
    return Minimizer.descend(from: start, step: step, tolerance: tolerance, most: most) {
      -chain(at: $0, free, in: base).logLikelihood(of: data)
    }
  }

  /// The chain with its errors. A parameter whose end of the range is as likely is there.
  private func estimate(at found: Chain, _ top: Double) -> LossEstimate {
    var chain = found
    var inner = free
    for slot in free {
      guard let limit = limit(of: slot) else { continue }
      let moved = self.chain(of: values(of: chain).setting(slot.rawValue, to: limit))
      if moved.logLikelihood(of: data) >= top - Self.unseen {
        chain = moved
        inner.removeAll { $0 == slot }
      }
    }
    let limited = chain
    func at(_ point: [Double]) -> Chain { self.chain(at: point, inner, in: limited) }
    let point = point(of: limited, inner)
    let covariance = Curvature.covariance(at: point) { at($0).logLikelihood(of: data) }
    let values = values(of: limited)
    let parameters = free.map { slot in
      let value = values[slot.rawValue]
      let error = inner.firstIndex(of: slot).flatMap { index in
        covariance.map { $0[index][index].squareRoot() * scale(of: slot).slope(at: value) }
      }
      return parameter(slot, value, error: error, isAtLimit: !inner.contains(slot))
    }
    return LossEstimate(
      law: wrap(limited), parameters: parameters, logLikelihood: limited.logLikelihood(of: data),
      freeParameters: free.count, point: point, covariance: covariance, lawAt: { wrap(at($0)) })
  }

  // MARK: Parameters

  private func scale(of slot: Slot) -> ParameterScale {
    switch slot {
    case .leavesGood, .leavesBad: Chain.stayScale
    case .lossInGood, .lossInBad: .probability
    }
  }

  /// The end of a parameter's range that can be most likely.
  private func limit(of slot: Slot) -> Double? {
    switch slot {
    case .leavesGood, .leavesBad: Chain.stayScale == .probability ? 1 : nil
    case .lossInGood: 0
    case .lossInBad: 1
    }
  }

  /// Scenarios by packets give the probabilities to get through, k and h.
  private func parameter(_ slot: Slot, _ value: Double, error: Double?, isAtLimit: Bool) -> FittedParameter {
    let byPackets = Chain.stayScale == .probability
    let (name, shown, unit): (String, Double, FittedParameter.Unit) =
      switch slot {
      case .leavesGood: byPackets ? ("p", value, .probability) : ("good", value, .seconds)
      case .leavesBad: byPackets ? ("r", value, .probability) : ("bad", value, .seconds)
      case .lossInGood: byPackets ? ("k", 1 - value, .probability) : ("loss_good", value, .probability)
      case .lossInBad: byPackets ? ("h", 1 - value, .probability) : ("loss_bad", value, .probability)
      }
    return FittedParameter(name, shown, unit, error: error, isAtLimit: isAtLimit)
  }

  private func values(of chain: Chain) -> SIMD4<Double> {
    SIMD4(chain.stays.x, chain.stays.y, chain.lossInGood, chain.lossInBad)
  }

  private func chain(of values: SIMD4<Double>) -> Chain {
    Chain(stays: SIMD2(values.x, values.y), lossInGood: values.z, lossInBad: values.w)
  }

  /// Values at the ends of their range are moved inside, where a search can begin.
  private func point(of chain: Chain, _ slots: [Slot]) -> [Double] {
    let values = values(of: chain)
    return slots.map { slot in
      let value = values[slot.rawValue]
      guard scale(of: slot) == .probability else { return scale(of: slot).real(value) }
      return scale(of: slot).real(min(max(value, 1e-5), 1 - 1e-2))
    }
  }

  private func chain(at point: [Double], _ slots: [Slot], in base: Chain?) -> Chain {
    var values = base.map { self.values(of: $0) } ?? SIMD4(0, 0, 0, 1)
    if !free.contains(.lossInGood) { values.z = 0 }
    if !free.contains(.lossInBad) { values.w = 1 }
    for (slot, real) in zip(slots, point) { values[slot.rawValue] = scale(of: slot).value(real) }
    return chain(of: values)
  }
}

extension SIMD4<Double> {
  fileprivate func setting(_ index: Int, to value: Double) -> SIMD4<Double> {
    var values = self
    values[index] = value
    return values
  }
}
