import CGSL
import RandomStreams

/// The covariance of estimates: the inverse of the observed information, which is the curvature of the log likelihood at
/// its maximum.
enum Curvature {
  /// A difference of the log likelihood that its noise does not reach, and at which it is still nearly a parabola.
  private static let drop = 0.02

  /// The covariance at the maximum of `logLikelihood`; nil if it is no maximum, or flat in some direction: then the data
  /// do not say what the parameters are.
  static func covariance(at point: [Double], of logLikelihood: ([Double]) -> Double) -> [[Double]]? {
    let count = point.count
    guard count > 0 else { return [] }
    let top = logLikelihood(point)
    var steps = [Double](repeating: 0, count: count)
    for index in 0..<count {
      guard let step = step(index, at: point, top, logLikelihood) else { return nil }
      steps[index] = step
    }
    func value(_ moves: (Int, Double)...) -> Double {
      var moved = point
      for (index, sign) in moves { moved[index] += sign * steps[index] }
      return logLikelihood(moved)
    }
    var information = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for i in 0..<count {
      information[i][i] = (2 * top - value((i, 1)) - value((i, -1))) / (steps[i] * steps[i])
      for j in 0..<i {
        let mixed = value((i, 1), (j, 1)) - value((i, 1), (j, -1)) - value((i, -1), (j, 1)) + value((i, -1), (j, -1))
        information[i][j] = -mixed / (4 * steps[i] * steps[j])
        information[j][i] = information[i][j]
      }
    }
    return inverse(information)
  }

  /// A step that lowers the log likelihood by about ``drop``.
  private static func step(
    _ index: Int, at point: [Double], _ top: Double, _ logLikelihood: ([Double]) -> Double
  ) -> Double? {
    var step = 1e-3
    for _ in 0..<12 {
      var (above, below) = (point, point)
      above[index] += step
      below[index] -= step
      let fall = top - (logLikelihood(above) + logLikelihood(below)) / 2
      if fall > drop / 4, fall < drop * 4 { return step }
      if step >= 4 { return nil }
      // Of a parabola the next step is the right one.
      step = fall > 1e-9 ? min(4, step * min(30, max(0.1, (drop / fall).squareRoot()))) : min(4, step * 10)
    }
    return step
  }

  /// The inverse of a positive definite matrix, by Cholesky's decomposition; nil if it is none.
  static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
    GSL.prepare()
    let count = matrix.count
    guard matrix.allSatisfy({ $0.allSatisfy(\.isFinite) }), let work = gsl_matrix_alloc(count, count) else {
      return nil
    }
    defer { gsl_matrix_free(work) }
    for i in 0..<count { for j in 0..<count { gsl_matrix_set(work, i, j, matrix[i][j]) } }
    guard gsl_linalg_cholesky_decomp1(work) == 0, gsl_linalg_cholesky_invert(work) == 0 else { return nil }
    let inverse = (0..<count).map { i in (0..<count).map { gsl_matrix_get(work, i, $0) } }
    return inverse.allSatisfy({ $0.allSatisfy(\.isFinite) }) ? inverse : nil
  }
}
