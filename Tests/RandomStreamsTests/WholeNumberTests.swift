import CGSL
import Foundation
import RandomStreams
import TestSupport
import Testing

@Suite struct WholeNumberTests {
  @Test(arguments: [1, 2, 4, 5, 6, 9, 63, 99] as [UInt64]) func everyNumberUpToABoundIsAsLikely(bound: UInt64) {
    var stream = testStream()
    var counts = [Int](repeating: 0, count: Int(bound) + 1)
    for _ in 0..<GoodnessOfFit.draws { counts[Int(stream.uniform(upTo: bound))] += 1 }
    #expect(GoodnessOfFit.isEven(counts))
  }

  /// Without rejection a third of these would come twice as often, whichever way words are mapped.
  @Test func aBoundThatDoesNotDivideTheWordsIsNotBiased() {
    let bound = 3 * (UInt64(1) << 62) - 1
    var stream = testStream()
    var (residues, thirds) = ([0, 0, 0], [0, 0, 0])
    for _ in 0..<GoodnessOfFit.draws {
      let number = stream.uniform(upTo: bound)
      #expect(number <= bound)
      residues[Int(number % 3)] += 1
      thirds[Int(number >> 62)] += 1
    }
    #expect(GoodnessOfFit.isEven(residues))
    #expect(GoodnessOfFit.isEven(thirds))
  }

  @Test func theBoundsAtTheEdgesHold() {
    var stream = testStream()
    for _ in 0..<100 { expect(stream.uniform(upTo: 0), equals: 0) }
    var bits = (any: UInt64(0), all: UInt64.max)
    for _ in 0..<100 {
      let word = stream.uniform(upTo: .max)
      bits = (bits.any | word, bits.all & word)
    }
    #expect(bits == (.max, 0))
    for _ in 0..<100 { #expect(stream.uniform(upTo: .max - 1) < .max) }
  }

  @Test(arguments: [1e-3, 0.01, 0.3, 0.5, 0.99]) func trialsToASuccessAreGeometric(p: Double) {
    var stream = testStream()
    let sample = (0..<GoodnessOfFit.draws).map { _ in stream.geometric(p: p) }
    #expect(GoodnessOfFit.follows(sample, from: 1) { gsl_ran_geometric_pdf(UInt32($0), p) })
  }

  /// On both sides of where the draw changes from GSL's own to the exponential one.
  @Test(arguments: [2e-6, 1e-6, 0.999e-6, 1e-8, 1e-12, 1e-17]) func rareSuccessesKeepTheLaw(p: Double) {
    var stream = testStream()
    let sample = (0..<GoodnessOfFit.draws).map { _ in stream.geometric(p: p) }
    #expect(sample.allSatisfy { $0 >= 1 })
    #expect(GoodnessOfFit.follows(sample.map { Double($0) }) { -expm1($0 * log1p(-p)) })
  }

  @Test func trialsBeyond64BitsSaturate() {
    var stream = testStream()
    let beyond = (0..<GoodnessOfFit.draws).count { _ in stream.geometric(p: 1e-19) == .max }
    // e^(−2⁶⁴ × 1e-19) = 0.158 of them, give or take five standard deviations.
    #expect((0.1522...0.1638).contains(Double(beyond) / Double(GoodnessOfFit.draws)))
    for _ in 0..<100 { expect(stream.geometric(p: .leastNonzeroMagnitude), equals: .max) }
  }

  @Test(
    arguments: [
      (1, 1), (1.5, 1), (.infinity, 1), (0, .max), (-0.5, .max), (-.infinity, .max), (.nan, .max),
    ] as [(Double, UInt64)])
  func whatIsCertainIsNotDrawn(p: Double, trials: UInt64) {
    var stream = testStream()
    expect(stream.geometric(p: p), equals: trials)
    expect(stream, equals: testStream())
  }
}
