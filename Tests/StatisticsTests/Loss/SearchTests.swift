import Foundation
import TestSupport
import Testing

@testable import Statistics

/// The search and the curvature, on functions whose answers are known.
@Suite struct SearchTests {
  @Test func theSimplexFindsTheBottomOfABentValley() {
    let least = Minimizer.descend(from: [-1.2, 1], step: 0.5, tolerance: 1e-8, most: 2000) { point in
      100 * pow(point[1] - point[0] * point[0], 2) + pow(1 - point[0], 2)
    }
    #expect(abs(least.point[0] - 1) < 1e-5 && abs(least.point[1] - 1) < 1e-5 && least.value < 1e-10)
  }

  /// GSL gives up at a value that is not a number; a likelihood has such values where a law cannot be.
  @Test func theSimplexGoesRoundWhatIsNoNumber() {
    let least = Minimizer.descend(from: [3], step: 1, tolerance: 1e-8, most: 500) { point in
      point[0] < 1 ? .nan : (point[0] - 1.5) * (point[0] - 1.5)
    }
    #expect(abs(least.point[0] - 1.5) < 1e-6)
    expect(Minimizer.descend(from: [], step: 1, tolerance: 1, most: 1) { _ in 7 }.value, equals: 7)
  }

  @Test func theCovarianceIsTheInverseOfTheCurvature() throws {
    let information = [[4.0, 1, 0], [1, 3, -0.5], [0, -0.5, 250]]
    let covariance = try #require(
      Curvature.covariance(at: [1, -2, 0.5]) { point in
        let d = [point[0] - 1, point[1] + 2, point[2] - 0.5]
        return -0.5
          * d.indices.reduce(0) { sum, i in sum + d.indices.reduce(0) { $0 + d[i] * information[i][$1] * d[$1] } }
      })
    for i in 0..<3 {
      for j in 0..<3 {
        let product = (0..<3).reduce(0) { $0 + covariance[i][$1] * information[$1][j] }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-6)
      }
    }
  }

  @Test func aFlatDirectionHasNoError() {
    #expect(Curvature.covariance(at: [0, 0]) { -$0[0] * $0[0] } == nil)
    #expect(Curvature.inverse([[1, 2], [2, 1]]) == nil)
    #expect(Curvature.inverse([[.nan]]) == nil)
  }
}
