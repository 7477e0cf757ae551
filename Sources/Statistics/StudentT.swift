import CGSL
import RandomStreams

/// Student's t distribution, by GSL.
package enum StudentT {
  /// The quantile that is exceeded with probability 1 − `probability`.
  package static func quantile(_ probability: Double, degrees: Int) -> Double {
    GSL.prepare()
    return gsl_cdf_tdist_Pinv(probability, Double(degrees))
  }
}
