import Foundation
import RandomStreams
import TestSupport
import Testing

@testable import Statistics

/// Which model is taken, and what is said of the others.
@Suite struct LossSelectionTests {
  @Test(arguments: DrawnLosses.clear)
  func theModelThatMadeTheDataIsChosenAndFits(drawn: DrawnLosses) throws {
    let selection = LossSelection(drawn.data(1000))
    expect(selection.best.kind, equals: drawn.kind)
    #expect(!selection.nothingFits)
    expect(selection.fits.map(\.bic), equals: selection.fits.map(\.bic).sorted())
    // Models with more parameters are never less likely than those that they contain.
    let byKind = Dictionary(uniqueKeysWithValues: selection.fits.map { ($0.kind, $0.logLikelihood) })
    func likelihood(_ kind: LossModelKind) -> Double { byKind[kind] ?? -.infinity }
    #expect(likelihood(.gilbert) >= likelihood(.simpleGilbert) - 1e-2)
    #expect(likelihood(.gilbertElliott) >= likelihood(.gilbert) - 1e-2)
    #expect(likelihood(.gilbertInTime) >= likelihood(.simpleGilbertInTime) - 1e-2)
    #expect(likelihood(.gilbertElliottInTime) >= likelihood(.gilbertInTime) - 1e-2)
  }

  /// Bursts do not fit independent loss, nor a burst in which some packets pass one in which none does.
  @Test func aWrongModelDoesNotFit() throws {
    let bursts = LossSelection(DrawnLosses.clear[2].data(1))
    for kind in [LossModelKind.bernoulli, .simpleGilbert] {
      let fit = try #require(bursts.fits.first { $0.kind == kind })
      #expect(try #require(fit.test).p < 1e-6)
    }
  }

  /// Where each packet is lost by itself, a chain leaves good at once, if that is as likely: the end of its range.
  @Test func aChainThatAlwaysLeavesGoodIsAtItsLimit() throws {
    var atLimit = 0
    for number in UInt32(7)...16 {
      var stream = RandomStream(StreamKey(seed: 11, replication: number, device: 0, purpose: .downLoss))
      let selection = LossSelection(LossData([LossLaw.bernoulli(p: 0.03).draw(packets: 5000, from: &stream)]))
      for fit in selection.fits {
        for parameter in fit.parameters where parameter.name == "p" && fit.kind != .bernoulli {
          if parameter.value > 1 - 1e-9 { #expect(parameter.isAtLimit, "\(fit.kind) \(parameter)") }
          if parameter.isAtLimit { atLimit += 1 }
        }
        for parameter in fit.parameters where parameter.isAtLimit { #expect(parameter.standardError == nil) }
        for parameter in fit.parameters { #expect(parameter.standardError != 0, "\(fit.kind) \(parameter)") }
      }
    }
    #expect(atLimit > 0, "or the test says nothing")
  }

  @Test func everyHundredthPacketIsARunOfConstantLength() throws {
    var sequence = LossSequence()
    for _ in 0..<50 {
      sequence.append(isLost: false, count: 99)
      sequence.append(isLost: true, count: 1)
    }
    let selection = LossSelection(LossData([sequence]))
    expect(selection.best.law, equals: .runs(RunsLaw(received: .constant(99), lost: .constant(1))))
  }

  /// Lengths of a Poisson law and of a list are found again, within three standard errors, and fit.
  @Test(arguments: 1...5 as ClosedRange<UInt32>)
  func lengthsOfAPoissonLawAndOfAListAreFoundAgain(number: UInt32) throws {
    let lengths = [(1, 0.5), (4, 0.3), (9, 0.2)]
    let truth = RunsLaw(received: .poisson(mean: 40), lost: .weighted(lengths.map { WeightedLength($0, weight: $1) }))
    var stream = RandomStream(StreamKey(seed: 7, replication: number, device: 0, purpose: .downLoss))
    let selection = LossSelection(LossData([LossLaw.runs(truth).draw(packets: 20_000, from: &stream)]))
    #expect(selection.best.kind == .runs && !selection.nothingFits)
    let expected = [("good", 40.0)] + lengths.map { ("lost \($0)", $1) }
    expect(selection.best.parameters.map(\.name), equals: expected.map(\.0))
    for (parameter, (_, value)) in zip(selection.best.parameters, expected) {
      #expect(abs(parameter.value - value) <= 3 * (try #require(parameter.standardError)), "\(parameter)")
    }
  }

  @Test(arguments: [[], [false], [true], [false, false, false], [true, true], [false, true], [true, false]])
  func nearlyNoDataGiveOnlyWhatTheySuffice(fates: [Bool]) {
    let selection = LossSelection(LossData([LossSequence(fates)]))
    #expect(selection.fits.contains { $0.kind == .bernoulli })
    for fit in selection.fits {
      #expect(!fit.logLikelihood.isNaN && fit.test == nil)
      for parameter in fit.parameters { #expect(parameter.value.isFinite) }
    }
  }

  /// Wherever nearly all is lost, or nearly nothing, a search has somewhere to begin.
  @Test(arguments: [0.005, 0.02, 0.3, 0.7, 0.9, 0.96, 0.999], [1, 3])
  func anyShareOfLossIsFitted(share: Double, run: Int) {
    var sequence = LossSequence()
    let received = max(1, Int((Double(run) * (1 - share) / share).rounded()))
    for _ in 0..<6 {
      sequence.append(isLost: false, count: received)
      sequence.append(isLost: true, count: max(1, min(run * 150, Int(Double(received) * share / (1 - share)))))
    }
    sequence.times = (0..<sequence.packets).map { Double($0) * 0.001 }
    let selection = LossSelection(LossData([sequence]))
    #expect(selection.fits.count >= 5)
    for fit in selection.fits { #expect(fit.logLikelihood <= 0 && abs(fit.law.lossShare - sequence.share) < 0.35) }
  }

  /// Four published patterns of 10 000 packets: lost packets, and the runs that they stand in.
  ///
  /// The closed form depends on nothing else if a pattern begins and ends with a received packet.
  @Test(arguments: [(325, 313), (554, 494), (1138, 969), (2068, 1673)])
  func theClosedFormOfPublishedPatterns(lost: Int, runs: Int) throws {
    var sequence = LossSequence()
    let received = 10_000 - lost
    for run in 0..<runs {
      sequence.append(isLost: false, count: received / (runs + 1))
      sequence.append(isLost: true, count: run < lost - runs ? 2 : 1)
    }
    sequence.append(isLost: false, count: 10_000 - sequence.packets)
    #expect(sequence.lost == lost && sequence.runs.count == 2 * runs + 1)
    let data = LossData([sequence])
    let fit = try #require(LossEstimate(.simpleGilbert, of: data))
    let (p, r) = (Double(runs) / Double(received - 1), Double(runs) / Double(lost))
    expect(fit.parameters.map(\.value), equals: [p, r])
    let errors = [(p * (1 - p) / Double(received - 1)).squareRoot(), (r * (1 - r) / Double(lost)).squareRoot()]
    for (parameter, error) in zip(fit.parameters, errors) {
      #expect(abs(try #require(parameter.standardError) - error) < 1e-15)
    }
    // It is the maximum, but for the first packet.
    let top = fit.logLikelihood
    for (dp, dr) in [(1.01, 1.0), (0.99, 1), (1, 1.005), (1, 0.995)] {
      let other = ChainByPackets(p: p * dp, r: r * dr, lossInGood: 0, lossInBad: 1)
      #expect(other.logLikelihood(of: data) < top)
    }
  }

  /// Devices of one law differ by chance, those of two laws by more.
  @Test func devicesThatDifferAreKnown() throws {
    let law = DrawnLosses.clear[1]
    func sequences(_ numbers: ClosedRange<Int>, _ drawn: DrawnLosses) -> [LossSequence] {
      numbers.flatMap { drawn.data($0).sequences }
    }
    func p(_ sequences: [LossSequence]) throws -> Double {
      let data = LossData(sequences)
      let estimate = try #require(LossEstimate(.simpleGilbert, of: data))
      return try #require(DeviceDifferences.p(estimate, data))
    }
    // The binomial distribution puts 9 or fewer of 40 below 0.1 with a probability of 0.995.
    let alike = try (0..<40).map { try p(sequences($0 * 2 + 1...$0 * 2 + 2, law)) }
    #expect(alike.count { $0 < 0.1 } <= 9 && alike.contains { $0 < 0.3 })
    let other = DrawnLosses(
      kind: .simpleGilbert, law: .packets(ChainByPackets(p: 0.05, r: 0.8, lossInGood: 0, lossInBad: 1)), packets: 4000)
    #expect(try p(sequences(1...2, law) + sequences(1...1, other)) < 1e-6)
    let seldom = LossData([LossSequence([false, true, false]), law.data(1).sequences[0]])
    #expect(LossSelection(seldom).differenceP == nil)
  }

  /// Several sequences are several beginnings, not one sequence with jumps.
  @Test func sequencesAreNotJoined() {
    let (a, b) = (LossSequence([false, true, true]), LossSequence([true, false]))
    let chain = LossLaw.packets(ChainByPackets(p: 0.1, r: 0.3, lossInGood: 0.01, lossInBad: 0.8))
    let apart = chain.logLikelihood(of: LossData([a])) + chain.logLikelihood(of: LossData([b]))
    #expect(abs(chain.logLikelihood(of: LossData([a, LossSequence(), b])) - apart) < 1e-12)
    let data = LossData([a, b])
    #expect(data.packets == 5 && data.lost == 3 && data.lostRuns == 2)
    #expect(data.received == (1, 1) && data.losses == (2, 1))
  }
}

extension LossSequence {
  fileprivate var share: Double { Double(lost) / Double(packets) }
}
