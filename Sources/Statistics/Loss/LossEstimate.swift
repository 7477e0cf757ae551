/// What a fit of one model finds: the law, and how it changes with what was estimated.
struct LossEstimate {
  /// The law at the maximum.
  var law: LossLaw
  var parameters: [FittedParameter]
  var logLikelihood: Double
  /// How many parameters the model has.
  var freeParameters: Int
  /// The parameters that are not at a limit, on the scale of the search.
  var point: [Double]
  /// Their covariance; nil if the data do not say it.
  var covariance: [[Double]]?
  /// The law at another point.
  var lawAt: ([Double]) -> LossLaw
}

extension LossEstimate {
  /// Fits a model; nil if the data do not suffice for it.
  ///
  /// - Parameter known: the fits of models with fewer parameters, where a search begins too.
  init?(_ kind: LossModelKind, of data: LossData, known: [LossEstimate] = []) {
    if kind == .bernoulli {
      self = BernoulliFit.estimate(data)
      return
    }
    guard data.lost < data.packets, let simple = SimpleGilbertFit.estimate(data) else { return nil }
    let estimate: LossEstimate? =
      switch kind {
      case .bernoulli, .simpleGilbert: simple
      case .gilbert: Self.byPackets(data, losesInGood: false, known + [simple])
      case .gilbertElliott: Self.byPackets(data, losesInGood: true, known + [simple])
      case .simpleGilbertInTime: Self.inTime(data, losesInGood: false, passesInBad: false, known)
      case .gilbertInTime: Self.inTime(data, losesInGood: false, passesInBad: true, known)
      case .gilbertElliottInTime: Self.inTime(data, losesInGood: true, passesInBad: true, known)
      case .runs: RunsFit.estimate(data)
      }
    // Packets of one instant with different fates are impossible where the state is seen.
    guard let estimate, estimate.logLikelihood.isFinite else { return nil }
    self = estimate
  }

  private static func byPackets(_ data: LossData, losesInGood: Bool, _ known: [LossEstimate]) -> LossEstimate {
    let chains = known.compactMap { if case .packets(let chain) = $0.law { chain } else { nil } }
    return ChainFit(data, losesInGood: losesInGood, passesInBad: true, LossLaw.packets).estimate(
      from: ChainStarts.packets(data, losesInGood: losesInGood, passesInBad: true), known: chains)
  }

  private static func inTime(
    _ data: LossData, losesInGood: Bool, passesInBad: Bool, _ known: [LossEstimate]
  ) -> LossEstimate? {
    guard data.hasTimes else { return nil }
    let chains = known.compactMap { if case .time(let chain) = $0.law { chain } else { nil } }
    let estimate = ChainFit(data, losesInGood: losesInGood, passesInBad: passesInBad, LossLaw.time).estimate(
      from: ChainStarts.time(data, losesInGood: losesInGood, passesInBad: passesInBad), known: chains)
    guard case .time(let chain) = estimate.law, chain.stays.min() >= shortestStay, chain.stays.max() <= longestStay
    else { return nil }
    return estimate
  }

  /// A shorter stay sees no packet, or one: that is no chain in time, and a scenario takes none.
  private static let shortestStay = 1e-5
  /// A year.
  private static let longestStay = 365 * 86_400.0
}
