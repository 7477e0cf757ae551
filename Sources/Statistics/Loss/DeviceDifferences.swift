import CGSL
import RandomStreams

/// Whether devices have one law with the same parameters: the test of likelihood ratios.
///
/// The model is fitted to each device by itself. Twice what the log likelihood gains is a χ² with as many degrees of freedom
/// as there are more parameters (S. S. Wilks, Annals of Mathematical Statistics 9 (1938)), if each device lost often enough.
enum DeviceDifferences {
  /// The least runs of loss of each device.
  static let leastRuns = 10

  /// The probability of a gain at least as large; nil for one device, or if one of them lost too seldom.
  static func p(_ estimate: LossEstimate, _ data: LossData) -> Double? {
    let devices = data.sequences.map { LossData([$0]) }
    guard devices.count > 1, !estimate.point.isEmpty, devices.allSatisfy({ $0.lostRuns >= leastRuns }) else {
      return nil
    }
    let apart = devices.reduce(0) { sum, device in
      let least = Minimizer.descend(from: estimate.point, step: 0.2, tolerance: 1e-4, most: 400) {
        -estimate.lawAt($0).logLikelihood(of: device)
      }
      return sum - least.value
    }
    let together = estimate.lawAt(estimate.point).logLikelihood(of: data)
    GSL.prepare()
    return gsl_cdf_chisq_Q(max(0, 2 * (apart - together)), Double(estimate.point.count * (devices.count - 1)))
  }
}
