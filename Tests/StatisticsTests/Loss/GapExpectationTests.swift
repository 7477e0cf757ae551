import RandomStreams
import TestSupport
import Testing

@testable import Statistics

/// The gaps that loss is expected to leave, against files drawn packet by packet.
@Suite struct GapExpectationTests {
  private static let bernoulli = ChainByPackets(p: 0, r: 1, lossInGood: 0.2, lossInBad: 0.2)
  private static let bursts = ChainByPackets(p: 0.05, r: 0.3, lossInGood: 0, lossInBad: 1)
  private static let gilbertElliott = ChainByPackets(p: 0.1, r: 0.25, lossInGood: 0.03, lossInBad: 0.6)

  /// The gaps by length that a law leaves in files of `blocks`, as means.
  private static func drawn(_ laws: [LossLaw], blocks: Int, files: Int) -> [Double] {
    var stream = RandomStream(StreamKey(seed: 19, replication: 1, device: 1, purpose: .downLoss))
    var counts = [Double](repeating: 0, count: blocks)
    for _ in 0..<files {
      var isLost = [Bool](repeating: false, count: blocks)
      for law in laws {
        let sequence = law.draw(packets: blocks, from: &stream)
        var (block, fate) = (0, sequence.beginsLost)
        for run in sequence.runs {
          for _ in 0..<run {
            if fate { isLost[block] = true }
            block += 1
          }
          fate.toggle()
        }
      }
      for gap in isLost.split(separator: false) { counts[gap.count - 1] += 1 }
    }
    return counts.map { $0 / Double(files) }
  }

  /// Each length within five standard errors of a count that is nearly Poisson: a false alarm in a million.
  private static func expectClose(_ expected: [Double], _ drawn: [Double], files: Int) {
    for length in drawn.indices {
      let mean = length < expected.count ? expected[length] : 0
      let error = (max(mean, 1 / Double(files)) / Double(files)).squareRoot()
      #expect(abs(drawn[length] - mean) <= 5 * error, "\(length + 1) blocks: \(drawn[length]) drawn, \(mean) expected")
    }
  }

  @Test(
    arguments: [[bernoulli], [bursts], [gilbertElliott], [bernoulli, gilbertElliott], [bursts, gilbertElliott], []],
    [1, 7, 40])
  func expectedGapsAreThoseOfFilesThatAreDrawn(chains: [ChainByPackets], blocks: Int) {
    let files = 3000
    let expected = GapExpectation(chains).gaps(in: blocks, upTo: blocks)
    Self.expectClose(
      expected, Self.drawn(chains.map { .packets($0) }, blocks: blocks, files: files), files: files)
  }

  /// A chain by time, frame by frame with its windows: against every way in which the blocks can fare.
  @Test(arguments: [1, 2], [1, 2, 3, 4]) func windowsThatComeAtTheirTimesAreCountedExactly(frames: Int, window: Int) {
    let chain = ChainInTime(good: 0.02, bad: 0.005, lossInGood: 0.05, lossInBad: 0.7)
    let blocks = 5
    let paced = PacedChain(chain, frameTime: 0.001, pause: 0.006)
    var expected = [Double](repeating: 0, count: blocks)
    // Of all fates of all frames: their probability, and the gaps of the blocks.
    for fates in 0..<(1 << (blocks * frames)) {
      let isLost = (0..<blocks * frames).map { fates >> $0 & 1 == 1 }
      var states = [1 - chain.badShare, chain.badShare]
      for (frame, lost) in isLost.enumerated() {
        if frame > 0 {
          let passed = frame.isMultiple(of: frames * window) ? paced.pause : paced.frameTime
          let all = states[0] + states[1]
          states[1] = chain.badShare * all + chain.memory(after: passed) * (states[1] - chain.badShare * all)
          states[0] = all - states[1]
        }
        states[0] *= lost ? chain.lossInGood : 1 - chain.lossInGood
        states[1] *= lost ? chain.lossInBad : 1 - chain.lossInBad
      }
      let lost = (0..<blocks).map { block in isLost[block * frames..<(block + 1) * frames].contains(true) }
      for gap in lost.split(separator: false) { expected[gap.count - 1] += states[0] + states[1] }
    }
    let found = GapExpectation([paced], frames: frames, window: window).gaps(in: blocks, upTo: blocks)
    for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-12) }
  }

  /// Every lost block is in one gap.
  @Test(arguments: [[bernoulli], [bursts], [gilbertElliott, bernoulli]], [1, 5, 300])
  func theBlocksOfAllGapsAreTheShareThatIsLost(chains: [ChainByPackets], blocks: Int) {
    let gaps = GapExpectation(chains).gaps(in: blocks, upTo: blocks)
    let missing = gaps.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
    let share = 1 - chains.reduce(1) { $0 * (1 - $1.lossShare) }
    let lost: Double = share * Double(blocks)
    #expect(abs(missing - lost) < 1e-6 * Double(blocks))
  }

  @Test func whatAlwaysLosesLeavesOneGapAndWhatNeverDoesNone() {
    let all = ChainByPackets(p: 0, r: 1, lossInGood: 1, lossInBad: 1)
    expect(GapExpectation([all]).gaps(in: 4, upTo: 9), equals: [0, 0, 0, 1])
    #expect(GapExpectation([]).gaps(in: 4, upTo: 9).allSatisfy { $0 == 0 })
    #expect(GapExpectation([all]).gaps(in: 0, upTo: 9).isEmpty)
  }

  @Test func runsLeaveAsManyGapsAsRunsFitIntoTheFile() {
    let law = RunsLaw(received: .geometric(p: 0.05), lost: .logarithmic(p: 0.7))
    let (blocks, files) = (5000, 40)
    let expected = law.gaps(in: blocks, upTo: 200)
    let drawn = Self.drawn([.runs(law)], blocks: blocks, files: files)
    let (all, seen) = (expected.reduce(0, +), drawn.reduce(0, +))
    #expect(abs(all - seen) < 0.03 * all)
    for (mean, count) in zip(expected, drawn).prefix(8) {
      let tolerance = 0.1 * mean + 1
      #expect(abs(mean - count) < tolerance)
    }
  }
}
