import Glibc

/// The simple Gilbert model by packets: what becomes of a packet depends on the one before it alone.
///
/// Given the first packet of each sequence, the most likely p is the share of received packets that a lost one follows,
/// and r the share of lost packets that a received one follows (T. W. Anderson and L. A. Goodman, "Statistical inference
/// about Markov chains", Annals of Mathematical Statistics 28 (1957)). For one sequence that begins and ends with a received
/// packet, p is runs of loss ÷ (received packets − 1), and r runs of loss ÷ lost packets. The likelihood that is compared
/// with that of other models has the first packets too.
enum SimpleGilbertFit {
  /// Nil if nobody knows what follows a received packet, or a lost one.
  static func estimate(_ data: LossData) -> LossEstimate? {
    guard data.received.followed > 0, data.losses.followed > 0, data.received.left > 0 else { return nil }
    let shares = [data.received, data.losses].map { Double($0.left) / Double($0.followed) }
    let trials = [data.received.followed, data.losses.followed].map(Double.init)
    let isInside = shares.map { $0 > 0 && $0 < 1 }
    let parameters = zip(["p", "r"], shares.indices).map { name, index in
      let share = shares[index]
      return FittedParameter(
        name, share, .probability,
        error: isInside[index] ? (share * (1 - share) / trials[index]).squareRoot() : nil, isAtLimit: !isInside[index])
    }
    let inside = shares.indices.filter { isInside[$0] }
    func law(_ point: [Double]) -> LossLaw {
      var values = shares
      for (index, real) in zip(inside, point) { values[index] = ParameterScale.probability.value(real) }
      return .packets(ChainByPackets(p: values[0], r: values[1], lossInGood: 0, lossInBad: 1))
    }
    let point = inside.map { ParameterScale.probability.real(shares[$0]) }
    return LossEstimate(
      law: law(point), parameters: parameters, logLikelihood: law(point).logLikelihood(of: data), freeParameters: 2,
      point: point,
      covariance: inside.map { row in
        inside.map { $0 == row ? 1 / (trials[row] * shares[row] * (1 - shares[row])) : 0 }
      }, lawAt: law)
  }
}
