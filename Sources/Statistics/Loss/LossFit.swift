import Glibc

/// The models of loss that are fitted, in the order of their parameters.
package enum LossModelKind: String, CaseIterable, Sendable {
  case bernoulli
  case simpleGilbert = "simple_gilbert"
  case gilbert
  case gilbertElliott = "gilbert_elliott"
  case simpleGilbertInTime = "simple_gilbert_in_time"
  case gilbertInTime = "gilbert_in_time"
  case gilbertElliottInTime = "gilbert_elliott_in_time"
  case runs
}

/// A parameter as it was estimated.
package struct FittedParameter: Hashable, Sendable {
  /// What a parameter counts.
  package enum Unit: String, Sendable {
    case probability, seconds, packets
  }

  /// Its name in a scenario.
  package let name: String
  package let value: Double
  package let unit: Unit
  /// Its standard error; nil if the data do not say it, or if the value is at the end of its range.
  package let standardError: Double?
  /// Whether the likelihood is largest at the end of the parameter's range.
  package let isAtLimit: Bool

  init(_ name: String, _ value: Double, _ unit: Unit, error: Double?, isAtLimit: Bool = false) {
    (self.name, self.value, self.unit, standardError, self.isAtLimit) = (name, value, unit, error, isAtLimit)
  }
}

/// A model with the parameters under which the data are most likely.
package struct LossFit: Sendable {
  package let kind: LossModelKind
  /// The law with its parameters.
  package let law: LossLaw
  package let parameters: [FittedParameter]
  /// The logarithm of the probability of the data.
  package let logLikelihood: Double
  /// Schwarz's criterion (G. Schwarz, "Estimating the dimension of a model", Annals of Statistics 6 (1978)): k ln n − 2 ln L
  /// for k parameters and n packets. The least is the best.
  package let bic: Double
  /// The test of the lengths of runs; nil if there are too few runs for it.
  package let test: RunLengthTest?

  init(_ kind: LossModelKind, _ estimate: LossEstimate, of data: LossData) {
    self.kind = kind
    law = estimate.law
    parameters = estimate.parameters
    logLikelihood = estimate.logLikelihood
    bic = Double(estimate.freeParameters) * log(Double(data.packets)) - 2 * estimate.logLikelihood
    test = RunLengthTest(estimate, on: data)
  }
}
