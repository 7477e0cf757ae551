/// The most likely lengths of runs: each pair of laws is fitted, and the best is kept.
///
/// Geometric lengths of both are left out: that is the simple Gilbert model.
enum RunsFit {
  private enum Family: CaseIterable {
    case constant, geometric, logarithmic
  }

  /// A gain of likelihood that is none.
  private static let noGain = 1e-3

  static func estimate(_ data: LossData) -> LossEstimate? {
    guard data.lost > 0, data.lost < data.packets else { return nil }
    var best: LossEstimate?
    for received in Family.allCases {
      for lost in Family.allCases where !(received == .geometric && lost == .geometric) {
        guard let estimate = estimate(data, received, lost),
          estimate.logLikelihood > (best?.logLikelihood ?? -.infinity) + noGain
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
    let starts = [data.received, data.losses].map { counts in
      min(0.99, max(1e-6, (Double(counts.left) + 0.5) / (Double(counts.followed) + 1)))
    }
    func law(_ point: [Double]) -> RunsLaw {
      var rest = point[...]
      func next(_ family: Family, _ constant: Int?) -> RunLengthLaw {
        guard family != .constant else { return .constant(constant ?? 1) }
        let p = ParameterScale.probability.value(rest.popFirst() ?? 0)
        return family == .geometric ? .geometric(p: p) : .logarithmic(p: p)
      }
      let first = next(received, constants.received)
      return RunsLaw(received: first, lost: next(lost, constants.lost))
    }
    // A log-series with long runs has a p near 1, a geometric law one near 0.
    let point = zip([received, lost], starts).compactMap { family, end in
      switch family {
      case .geometric: ParameterScale.probability.real(end)
      case .logarithmic: ParameterScale.probability.real(1 - end * 0.5)
      case .constant: nil
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
    let covariance = Curvature.covariance(at: least.point) { law($0).logLikelihood(of: data) }
    var errors = least.point.indices.map { index in covariance.map { $0[index][index].squareRoot() } }[...]
    let parameters = [("good", found.received), ("lost", found.lost)].map { name, law in
      switch law {
      case .constant(let length): FittedParameter(name, Double(length), .packets, error: nil, isAtLimit: true)
      case .geometric(let p), .logarithmic(let p):
        FittedParameter(
          name, p, .probability,
          error: (errors.popFirst() ?? nil).map { $0 * ParameterScale.probability.slope(at: p) })
      }
    }
    return LossEstimate(
      law: .runs(found), parameters: parameters, logLikelihood: logLikelihood, freeParameters: 2, point: least.point,
      covariance: covariance, lawAt: { .runs(law($0)) })
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
    case .constant: true
    }
  }
}
