/// All models that were fitted to some data, and what can be said of them.
package struct LossSelection: Sendable {
  /// A difference of BIC that is "not worth more than a bare mention" (R. E. Kass and A. E. Raftery, "Bayes factors", Journal
  /// of the American Statistical Association 90 (1995)).
  package static let indistinct = 2.0
  /// A model is said not to fit below this probability.
  package static let level = 0.01

  package let data: LossData
  /// The fits, the best first.
  package let fits: [LossFit]
  /// The probability that devices with the same parameters of the best model differ as much as these; nil if there is but
  /// one, or one of them lost too seldom to say.
  package let differenceP: Double?

  /// Fits every model for which the data suffice: losses for all but one, times for those that go by time.
  package init(_ data: LossData) {
    self.data = data
    var known: [LossEstimate] = []
    var fits: [LossFit] = []
    for kind in LossModelKind.allCases {
      guard let estimate = LossEstimate(kind, of: data, known: known) else { continue }
      known.append(estimate)
      fits.append(LossFit(kind, estimate, of: data))
    }
    let best = fits.indices.min { fits[$0].bic < fits[$1].bic } ?? 0
    differenceP = DeviceDifferences.p(known[best], data)
    self.fits = fits.sorted { $0.bic < $1.bic }
  }

  /// The best fit.
  package var best: LossFit { fits[0] }

  /// The fits that the data cannot tell from the best.
  package var indistinct: [LossFit] { fits.dropFirst().filter { $0.bic - best.bic < Self.indistinct } }

  /// Whether the devices differ by more than chance.
  package var devicesDiffer: Bool { differenceP.map { $0 < Self.level } ?? false }

  /// Whether even the best model does not fit.
  package var nothingFits: Bool { best.test.map { $0.p < Self.level } ?? false }
}
