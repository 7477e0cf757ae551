import CGSL
import RandomStreams
import TestSupport
import Testing
import Timebase

@testable import Network

/// N13: the chain of Gilbert and Elliott by time.
@Suite struct TimedChainTests {
  private func process(_ model: LossModel, seed: UInt64 = 1, device: UInt32 = 1) -> LossProcess {
    LossProcess(model, .down(seed: seed, replication: 1, device: device))
  }

  private func chain(good: Double, bad: Double, loss: (Double, Double) = (0, 1), device: UInt32 = 1) -> TimedChain {
    TimedChain(
      means: (good, bad), loss: loss, from: .zero, .down(seed: 1, replication: 1, device: device))
  }

  /// The stays of a chain by the ends of the stretches that pass for sure, the first one, which was cut, left out.
  private func stays(_ chain: TimedChain, count: Int) -> [(isBad: Bool, length: Double)] {
    var chain = chain
    var time = chain.outlook(at: .zero).until
    return (0..<count).map { _ in
      let outlook = chain.outlook(at: time)
      defer { time = outlook.until }
      return (outlook.areLost, (outlook.until - time).seconds)
    }
  }

  /// Kolmogorov and Smirnov: by its own distribution function a sample is uniform.
  @Test(arguments: [(2.0, 0.05), (0.0092, 0.001)])
  func staysAreExponential(good: Double, bad: Double) {
    let stays = stays(chain(good: good, bad: bad), count: 8000)
    for (isBad, mean) in [(false, good), (true, bad)] {
      let lengths = stays.filter { $0.isBad == isBad }.map(\.length)
      expect(lengths.count, equals: 4000, "they take turns")
      #expect(GoodnessOfFit.isUniform(lengths.map { gsl_cdf_exponential_P($0, mean) }))
    }
  }

  /// It starts stationary, and remains so: at each instant a path is bad with bad / (good + bad).
  @Test(arguments: [Nanoseconds.zero, .milliseconds(3), .seconds(2)])
  func itIsStationaryFromTheStartOn(at time: Nanoseconds) {
    let bad = (UInt32(1)...4000).count { device in
      var chain = chain(good: 0.03, bad: 0.01, device: device)
      return chain.loses(at: time)
    }
    #expect(GoodnessOfFit.binomial(bad, of: 4000, p: 0.25) > GoodnessOfFit.significance)
  }

  /// In each state packets are lost independently: distances are geometric, whatever the distances in time.
  @Test func fatesInAStateAreIndependent() {
    var chain = chain(good: 1000, bad: 1e-5, loss: (0.1, 1))
    let fates = (0..<40_000).map { chain.loses(at: Nanoseconds($0 * 1000)) }
    let losses = fates.indices.filter { fates[$0] }
    let distances = zip(losses, losses.dropFirst()).map { $1 - $0 }
    #expect(
      GoodnessOfFit.chiSquared(distances, from: 1) { gsl_ran_geometric_pdf($0, 0.1) } > GoodnessOfFit.significance)
  }

  /// `loss` is the share of time, and `burst` its mean length: of 2000 bursts either has a standard error of about a fortieth.
  @Test(arguments: [0.01, 0.2])
  func burstsTakeTheirShareOfTime(share: Double) {
    var process = process(.bursts(loss: .constant(share), length: .time(.constant(.milliseconds(50)))))
    var (time, bad, bursts) = (Nanoseconds.zero, 0.0, 0)
    while bursts < 2000 {
      let sure = process.sureToPass(at: time)
      if sure.frames == 0 {
        bursts += 1
        bad += (sure.until - time).seconds
      } else {
        expect(sure.frames, equals: .max)
      }
      time = sure.until
    }
    #expect(abs(bad / 2000 / 0.05 - 1) < 0.09)
    #expect(abs(bad / time.seconds / share - 1) < 0.12)
  }

  /// A path on which nothing comes for a year has not drawn a million million stays, and is stationary after it. The
  /// questions come some ten thousand stays after an epoch began.
  @Test func aLongSilenceCostsLittle() {
    let epoch = Nanoseconds.microseconds(10) * (1 << 20)
    let bad = (UInt32(1)...300).count { device in
      var chain = chain(good: 1e-5, bad: 1e-5, device: device)
      return chain.loses(at: epoch * (Int(device) * 10_000) + .milliseconds(100 + Int64(device)))
    }
    #expect(GoodnessOfFit.binomial(bad, of: 300, p: 0.5) > GoodnessOfFit.significance)
  }

  /// It does not matter how many questions lead to an instant.
  @Test func whatAnEpochBeginsWithDoesNotDependOnTheQuestions() {
    let epoch = 1e-5 * Double(1 << 20)
    var (asked, silent) = (chain(good: 1e-5, bad: 1e-5), chain(good: 1e-5, bad: 1e-5))
    for step in 1...40 {
      let time = Nanoseconds(Int64(Double(step) * epoch * 0.25 * 1e9))
      let answer = asked.outlook(at: time)
      if step % 9 == 0 { expect(silent.outlook(at: time), equals: answer) }
    }
  }

  @Test func burstsByPacketsAreTheChainByPackets() {
    let bursts = LossModel.bursts(loss: .constant(0.1), length: .packets(4))
    let chain = LossModel.gilbertElliott(
      p: .constant(0.25 * 0.1 / 0.9), r: .constant(0.25), k: .constant(1), h: .constant(0))
    var (one, other) = (process(bursts), process(chain))
    let fates = (0..<3000).map { _ in (one.loses(at: .zero), other.loses(at: .zero)) }
    #expect(fates.allSatisfy { $0.0 == $0.1 } && fates.contains { $0.0 })
  }

  @Test(arguments: [0.0, 1])
  func aShareOfNothingOrAllNeedsNoBursts(share: Double) {
    var process = process(.bursts(loss: .constant(share), length: .time(.constant(.milliseconds(50)))))
    #expect(!process.hasClock)
    #expect((0..<100).allSatisfy { process.loses(at: .seconds($0)) == (share == 1) })
  }

  static let clocked: [LossModel] = [
    .gilbertElliottInTime(
      good: .constant(.milliseconds(3)), bad: .constant(.milliseconds(1)), lossInGood: .constant(0.02),
      lossInBad: .constant(0.7)),
    .gilbertElliottInTime(
      good: .drawn(.exponential(mean: 0.003)), bad: .constant(.milliseconds(1)), lossInGood: .constant(0),
      lossInBad: .drawn(.beta(a: 5, b: 1))),
    .bursts(loss: .constant(0.2), length: .time(.constant(.milliseconds(1)))),
    .outages(.recurring(every: .constant(.milliseconds(4)), lasting: .constant(.milliseconds(1)), first: nil)),
    .anyOf([
      .bernoulli(p: .constant(0.02)), .bursts(loss: .constant(0.1), length: .time(.constant(.milliseconds(1)))),
      .runs(good: .constant(30), lost: .constant(2)),
      .outages(.recurring(every: .constant(.milliseconds(9)), lasting: .constant(.milliseconds(1)), first: nil)),
    ]),
  ]

  /// Packets at random instants, one by one, and as many at once as pass for sure: to look ahead changes no fate.
  @Test(arguments: clocked, UInt64(1)...5)
  func whatIsAskedBeforeDoesNotMatter(model: LossModel, seed: UInt64) {
    var instants = RandomStream(StreamKey(seed: seed, replication: 2, device: 0, purpose: .join))
    var time = Nanoseconds.zero
    let times = (0..<4000).map { _ in
      time = time + Nanoseconds(Int64(instants.uniform(upTo: 300_000)))
      return time
    }
    var process = process(model, seed: seed)
    #expect(process.hasClock)
    let expected = times.map { process.loses(at: $0) }
    #expect(expected.contains(true) && expected.contains(false))
    process = self.process(model, seed: seed)
    var found: [Bool] = []
    while found.count < times.count {
      let now = times[found.count]
      let outlook = process.outlook(at: now)
      let alike = times[found.count...].prefix { $0 < outlook.until }.prefix(Int(min(outlook.frames, 5000))).count
      if alike > 0 {
        let some = Int(instants.uniform(upTo: UInt64(alike - 1))) + 1
        process.skip(UInt64(some))
        found += Array(repeating: outlook.areLost, count: some)
      } else {
        found.append(process.loses(at: now))
      }
    }
    expect(found, equals: expected)
  }

  /// A packet of a list is lost if one of the models takes it, each of which draws what it would alone, or at its place.
  @Test(arguments: UInt64(1)...5)
  func aListIsTheUnionOfIndependentModels(seed: UInt64) {
    let models: [LossModel] = [
      .bernoulli(p: .constant(0.1)), .bernoulli(p: .constant(0.1)),
      .gilbertElliottInTime(
        good: .constant(.milliseconds(9)), bad: .constant(.milliseconds(1)), lossInGood: .constant(0),
        lossInBad: .constant(1)),
    ]
    let streams = LossStreams.down(seed: seed, replication: 1, device: 1)
    var alone = models.enumerated().map { LossProcess($1, streams.ofMember($0)) }
    var first = process(models[0], seed: seed)
    var list = process(.anyOf(models), seed: seed)
    var counts = [0, 0, 0]
    var losses = 0
    let packets = 20_000
    for index in 0..<packets {
      let time = Nanoseconds.milliseconds(Int64(index) * 50)
      let fates = alone.indices.map { alone[$0].loses(at: time) }
      for index in fates.indices where fates[index] { counts[index] += 1 }
      let isLost = list.loses(at: time)
      losses += isLost ? 1 : 0
      expect(isLost, equals: fates.contains(true))
      expect(first.loses(at: time), equals: fates[0])
    }
    for count in counts { #expect(GoodnessOfFit.binomial(count, of: packets, p: 0.1) > GoodnessOfFit.significance) }
    // The states of the chain are 50 mean bursts apart.
    #expect(GoodnessOfFit.binomial(losses, of: packets, p: 1 - 0.9 * 0.9 * 0.9) > GoodnessOfFit.significance)
  }
}
