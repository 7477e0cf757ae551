import Glibc

/// The scale on which a parameter is searched for: any real number is a valid value there.
package enum ParameterScale: Hashable, Sendable {
  /// The logit of a value between 0 and 1.
  case probability
  /// The logarithm of a positive value.
  case positive

  func real(_ value: Double) -> Double {
    switch self {
    case .probability:
      let value = min(max(value, 1e-300), 1 - 1e-16)
      return log(value) - log1p(-value)
    case .positive: return log(max(value, 1e-300))
    }
  }

  func value(_ real: Double) -> Double {
    switch self {
    case .probability: real >= 0 ? 1 / (1 + exp(-real)) : exp(real) / (1 + exp(real))
    case .positive: exp(min(real, 700))
    }
  }

  /// The derivative of the value by the real number.
  func slope(at value: Double) -> Double {
    switch self {
    case .probability: value * (1 - value)
    case .positive: value
    }
  }
}
