import Glibc

/// Independent loss: the share of lost packets is the most likely probability.
enum BernoulliFit {
  static func logLikelihood(_ p: Double, of data: LossData) -> Double {
    let (lost, received) = (Double(data.lost), Double(data.packets - data.lost))
    return (lost > 0 ? lost * log(p) : 0) + (received > 0 ? received * log1p(-p) : 0)
  }

  static func estimate(_ data: LossData) -> LossEstimate {
    let p = data.lossShare
    let information = Double(data.packets) * p * (1 - p)
    let error = (p * (1 - p) / Double(data.packets)).squareRoot()
    let isInside = p > 0 && p < 1
    return LossEstimate(
      law: .bernoulli(p: p),
      parameters: [FittedParameter("p", p, .probability, error: isInside ? error : nil, isAtLimit: !isInside)],
      logLikelihood: logLikelihood(p, of: data), freeParameters: 1,
      point: isInside ? [ParameterScale.probability.real(p)] : [],
      covariance: isInside ? [[1 / information]] : [],
      lawAt: { point in .bernoulli(p: point.isEmpty ? p : ParameterScale.probability.value(point[0])) })
  }
}
