import Glibc

/// The most likely lengths of runs: each pair of laws is fitted, and the best is kept.
///
/// Geometric lengths of both are left out: that is the simple Gilbert model. A list of lengths has many parameters, so
/// pairs are compared by Schwarz's criterion, as the models are.
enum RunsFit {
  private enum Family: CaseIterable {
    case constant, geometric, logarithmic, poisson, weighted
  }

  /// A gain of likelihood that is none.
  private static let noGain = 1e-3

  static func estimate(_ data: LossData) -> LossEstimate? {
    guard data.lost > 0, data.lost < data.packets else { return nil }
    var best: LossEstimate?
    let price = log(Double(data.packets)) / 2
    func worth(_ estimate: LossEstimate) -> Double { estimate.logLikelihood - price * Double(estimate.freeParameters) }
    for received in Family.allCases {
      for lost in Family.allCases where !(received == .geometric && lost == .geometric) {
        guard let estimate = estimate(data, received, lost),
          worth(estimate) > (best.map(worth) ?? -.infinity) + noGain
        else { continue }
        best = estimate
      }
    }
    return best
  }

  private static func estimate(_ data: LossData, _ received: Family, _ lost: Family) -> LossEstimate? {
    let constants = (received: constant(data, lost: false), lost: constant(data, lost: true))
    if received == .constant, constants.received == nil { return nil }
    if lost == .constant, constants.lost == nil { return nil }
    let lists = (
      received: received == .weighted ? WeightedLengths(data.wholeRuns.received) : nil,
      lost: lost == .weighted ? WeightedLengths(data.wholeRuns.lost) : nil
    )
    if received == .weighted, lists.received == nil { return nil }
    if lost == .weighted, lists.lost == nil { return nil }
    let starts: [Double] = [data.received, data.losses].map { counts in
      let share: Double = (Double(counts.left) + 0.5) / (Double(counts.followed) + 1)
      return min(0.99, max(1e-6, share))
    }
    // The weights of a list come after what is searched for.
    let searched = [received, lost].count { $0 != .constant && $0 != .weighted }
    let weights: [Double] = (lists.received?.point ?? []) + (lists.lost?.point ?? [])
    func law(_ point: [Double]) -> RunsLaw {
      var rest = point[..<searched]
      var weights = point.count > searched ? point[searched...] : weights[...]
      func next(_ family: Family, _ constant: Int?, _ list: WeightedLengths?) -> RunLengthLaw {
        switch family {
        case .constant: return .constant(constant ?? 1)
        case .geometric: return .geometric(p: ParameterScale.probability.value(rest.popFirst() ?? 0))
        case .logarithmic: return .logarithmic(p: ParameterScale.probability.value(rest.popFirst() ?? 0))
        case .poisson: return .poisson(mean: ParameterScale.positive.value(rest.popFirst() ?? 0))
        case .weighted:
          let own = weights.prefix((list?.counts.count ?? 1) - 1)
          weights = weights.dropFirst(own.count)
          return list?.law(own) ?? .constant(1)
        }
      }
      let first = next(received, constants.received, lists.received)
      return RunsLaw(received: first, lost: next(lost, constants.lost, lists.lost))
    }
    // A log-series with long runs has a p near 1, a geometric law one near 0.
    let point = zip([received, lost], starts).compactMap { family, end in
      switch family {
      case .geometric: ParameterScale.probability.real(end)
      case .logarithmic: ParameterScale.probability.real(1 - end * 0.5)
      case .poisson: ParameterScale.positive.real(max(1 / end, 2 * RunLengthLaw.leastPoissonMean))
      case .constant, .weighted: nil
      }
    }
    let coarse = Minimizer.descend(from: point, step: 1, tolerance: 0.01, most: 200) {
      -law($0).logLikelihood(of: data)
    }
    let least = Minimizer.descend(from: coarse.point, step: 0.1, tolerance: 1e-5, most: 300) {
      -law($0).logLikelihood(of: data)
    }
    let found = law(least.point)
    let logLikelihood = found.logLikelihood(of: data)
    guard logLikelihood.isFinite, found.received.isProper, found.lost.isProper else { return nil }
    let whole = least.point + weights
    let covariance = Curvature.covariance(at: whole) { law($0).logLikelihood(of: data) }
    var errors = least.point.indices.map { index in covariance.map { $0[index][index].squareRoot() } }[...]
    let sides = [("good", found.received, lists.received), ("lost", found.lost, lists.lost)]
    let parameters = sides.flatMap { name, law, list -> [FittedParameter] in
      switch law {
      case .constant(let length): return [FittedParameter(name, Double(length), .packets, error: nil, isAtLimit: true)]
      case .geometric(let p), .logarithmic(let p):
        let error = (errors.popFirst() ?? nil).map { $0 * ParameterScale.probability.slope(at: p) }
        return [FittedParameter(name, p, .probability, error: error)]
      case .poisson(let mean):
        let error = (errors.popFirst() ?? nil).map { $0 * ParameterScale.positive.slope(at: mean) }
        return [FittedParameter(name, mean, .packets, error: error)]
      case .weighted: return list?.parameters(name) ?? []
      }
    }
    let freeParameters = [lists.received, lists.lost].reduce(0) { $0 + ($1?.freeParameters ?? 1) }
    return LossEstimate(
      law: .runs(found), parameters: parameters, logLikelihood: logLikelihood, freeParameters: freeParameters,
      point: whole, covariance: covariance, lawAt: { .runs(law($0)) })
  }

  /// The length that all whole runs have; nil if they differ, or if there are fewer than three.
  private static func constant(_ data: LossData, lost: Bool) -> Int? {
    let runs = lost ? data.wholeRuns.lost : data.wholeRuns.received
    guard runs.count == 1, runs[0].count >= 3 else { return nil }
    return runs[0].length
  }
}

extension RunLengthLaw {
  /// Whether its parameter is not at the end of its range, where each run has one packet, or none ends.
  fileprivate var isProper: Bool {
    switch self {
    case .geometric(let p), .logarithmic(let p): p > 1e-7 && p < 1 - 1e-7
    case .constant, .weighted: true
    case .poisson(let mean): mean >= Self.leastPoissonMean
    }
  }
}
