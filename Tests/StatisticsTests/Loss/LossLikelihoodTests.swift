import Foundation
import Testing

@testable import Statistics

/// The likelihoods, held against sums over everything that could have been.
@Suite struct LossLikelihoodTests {
  private static let chains = [
    ChainByPackets(p: 0.1, r: 0.4, lossInGood: 0, lossInBad: 1),
    ChainByPackets(p: 0.1, r: 0.3, lossInGood: 0, lossInBad: 0.6),
    ChainByPackets(p: 0.3, r: 0.6, lossInGood: 0.05, lossInBad: 0.7),
    ChainByPackets(p: 0.9, r: 0.8, lossInGood: 0.2, lossInBad: 0.5),
  ]
  private static let length = 7
  /// Uneven instants, two of them the same.
  private static let times = [0, 0.001, 0.001, 0.4, 0.45, 2, 2.02]

  /// All sequences of so many packets.
  private static var sequences: [[Bool]] {
    (0..<1 << length).map { bits in (0..<length).map { bits >> $0 & 1 == 1 } }
  }

  /// The probability of fates, by the definition: a sum over all states that nobody sees.
  private func sum(_ fates: [Bool], bad: Double, loss: [Double], _ leaves: (Int) -> [Double]) -> Double {
    (0..<1 << fates.count).reduce(0) { sum, bits in
      let states = fates.indices.map { bits >> $0 & 1 }
      var probability = states[0] == 1 ? bad : 1 - bad
      for (index, state) in states.enumerated() {
        probability *= fates[index] ? loss[state] : 1 - loss[state]
        guard index + 1 < states.count else { break }
        let leaving = leaves(index)[state]
        probability *= states[index + 1] == state ? 1 - leaving : leaving
      }
      return sum + probability
    }
  }

  @Test(arguments: chains)
  func aChainByPacketsIsTheSumOverItsStates(chain: ChainByPackets) {
    for fates in Self.sequences {
      let direct = sum(
        fates, bad: chain.p / (chain.p + chain.r), loss: [chain.lossInGood, chain.lossInBad],
        { _ in [chain.p, chain.r] })
      let likelihood = exp(chain.logLikelihood(of: LossData([LossSequence(fates)])))
      #expect(abs(likelihood - direct) < 1e-14)
    }
  }

  @Test(arguments: [(0.0, 1.0), (0, 0.5), (0.05, 0.7)])
  func aChainInTimeIsTheSumOverItsStates(lossInGood: Double, lossInBad: Double) {
    let chain = ChainInTime(good: 0.5, bad: 0.1, lossInGood: lossInGood, lossInBad: lossInBad)
    for fates in Self.sequences {
      let direct = sum(fates, bad: 0.1 / 0.6, loss: [lossInGood, lossInBad]) { packet in
        let stays = exp(-(1 / 0.5 + 1 / 0.1) * (Self.times[packet + 1] - Self.times[packet]))
        return [0.1 / 0.6 * (1 - stays), 0.5 / 0.6 * (1 - stays)]
      }
      let likelihood = exp(chain.logLikelihood(of: LossData([LossSequence(fates, times: Self.times)])))
      #expect(abs(likelihood - direct) < 1e-14)
    }
  }

  private static let laws: [LossLaw] =
    [.bernoulli(p: 0.3), .time(ChainInTime(good: 0.5, bad: 0.1, lossInGood: 0.1, lossInBad: 0.7))]
    + chains.map(LossLaw.packets)
    + [
      .runs(RunsLaw(received: .geometric(p: 0.3), lost: .logarithmic(p: 0.7))),
      .runs(RunsLaw(received: .logarithmic(p: 0.9), lost: .logarithmic(p: 0.2))),
      .runs(RunsLaw(received: .constant(3), lost: .geometric(p: 0.5))),
      .runs(RunsLaw(received: .constant(2), lost: .constant(1))),
      .runs(
        RunsLaw(
          received: .weighted([WeightedLength(1, weight: 0.2), WeightedLength(3, weight: 0.8)]),
          lost: .weighted([WeightedLength(1, weight: 0.7), WeightedLength(2, weight: 0.3)]))),
      .runs(RunsLaw(received: .poisson(mean: 40), lost: .geometric(p: 0.4))),
    ]

  /// What a law expects packet by packet multiplies to its likelihood, and all that can happen has a probability of 1.
  @Test(arguments: laws)
  func predictionsMultiplyToTheLikelihoodAndAllSequencesToOne(law: LossLaw) {
    var sum = 0.0
    for fates in Self.sequences {
      let sequence = LossSequence(fates, times: Self.times)
      let likelihood = exp(law.logLikelihood(of: LossData([sequence])))
      var prediction = LossPrediction(law)
      var product = 1.0
      sequence.forEachPacket { isLost, passed in
        let loss = prediction.next(after: passed)
        product *= isLost ? loss : 1 - loss
        prediction.observe(isLost)
      }
      #expect(abs(product - likelihood) < 1e-12, "\(fates)")
      sum += likelihood
    }
    #expect(abs(sum - 1) < 1e-12)
  }

  /// The laws by hand: runs of a log-series, of which the first and the last are cut off.
  @Test func runsAreAsTheDefinitionsSay() {
    let (p, q) = (0.6, 0.25)
    func series(_ n: Int) -> Double { -pow(p, Double(n)) / (Double(n) * log(1 - p)) }
    let law = RunsLaw(received: .logarithmic(p: p), lost: .geometric(p: q))
    let mean = -p / ((1 - p) * log(1 - p))
    let data = LossData([LossSequence([false, false, true, false, false, false, true, true])])
    let first = 1 - series(1)
    let expected = first / (mean + 1 / q) * q * series(3) * (1 - q)
    #expect(abs(exp(law.logLikelihood(of: data)) - expected) < 1e-15)
  }

  @Test func geometricRunsAreTheSimpleGilbertModel() {
    let chain = ChainByPackets(p: 0.05, r: 0.4, lossInGood: 0, lossInBad: 1)
    let runs = RunsLaw(received: .geometric(p: 0.05), lost: .geometric(p: 0.4))
    for fates in Self.sequences {
      let data = LossData([LossSequence(fates)])
      #expect(abs(chain.logLikelihood(of: data) - runs.logLikelihood(of: data)) < 1e-12)
    }
  }

  /// The tails of a Poisson law and of a list against the sums of their masses.
  @Test(arguments: [
    RunLengthLaw.poisson(mean: 20),
    .weighted([WeightedLength(2, weight: 0.5), WeightedLength(5, weight: 0.1), WeightedLength(9, weight: 0.4)]),
  ])
  func tailsAreSumsOfMasses(law: RunLengthLaw) {
    let masses = (0...200).map { exp(law.logMass($0)) }
    for length in [1, 2, 5, 9, 14, 30, 60] {
      let tail = masses[length...].reduce(0, +)
      let sum = (length...200).reduce(0.0) { $0 + masses[$1...].reduce(0, +) }
      #expect(abs(law.tail(length) - tail) <= 1e-9 * tail + 1e-15, "\(length)")
      #expect(abs(law.sumOfTails(length) - sum) <= 1e-7 * sum + 1e-13, "\(length)")
    }
    #expect(abs(law.mean - masses.indices.reduce(0) { $0 + masses[$1] * Double($1) }) < 1e-9)
  }

  /// Far out, where a difference would have no digits left, the tail of a log-series is a sum.
  @Test(arguments: [0.3, 0.9, 0.999, 0.99999])
  func tailsOfALogSeriesKeepTheirDigits(p: Double) {
    let law = RunLengthLaw.logarithmic(p: p)
    for length in [1, 2, 7, 100, 5000] {
      let next = law.tail(length + 1)
      let mass = exp(law.logMass(length))
      #expect(abs(law.tail(length) - next - mass) <= 1e-9 * law.tail(length))
      #expect(next >= 0 && law.sumOfTails(length) >= 0)
    }
    #expect(abs(law.sumOfTails(1) - law.mean) < 1e-9 * law.mean)
  }

  /// A run of a billion packets is a power of a matrix, not a billion steps.
  @Test func longRunsCostNoMore() {
    var sequence = LossSequence()
    sequence.append(isLost: false, count: 1_000_000_000)
    sequence.append(isLost: true, count: 3)
    let chain = ChainByPackets(p: 1e-9, r: 0.5, lossInGood: 0, lossInBad: 1)
    let expected = log(0.5 / (0.5 + 1e-9)) + 999_999_999 * log1p(-1e-9) + log(1e-9) + 2 * log(0.5)
    #expect(abs(chain.logLikelihood(of: LossData([sequence])) - expected) < 1e-6)
  }
}
