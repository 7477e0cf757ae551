import CGSL
import RandomStreams
import TestSupport
import Testing
import Timebase

@testable import Network

@Suite struct LossProcessTests {
  private func process(_ model: LossModel, seed: UInt64 = 1, device: UInt32 = 1, index: Int = 0) -> LossProcess {
    LossProcess(model, index: index, .down(seed: seed, replication: 1, device: device))
  }

  /// The fates of packets 1, 2, …: true for a lost one.
  private func fates(_ process: LossProcess, count: Int) -> [Bool] {
    var process = process
    return (0..<count).map { _ in process.loses(at: .zero) }
  }

  /// The lengths of the runs of one fate, without the last, which may go on.
  private func runs(of fate: Bool, in fates: [Bool]) -> [Int] {
    Array(fates.split(separator: !fate).map(\.count).dropLast())
  }

  static let models: [LossModel] = [
    .none, .bernoulli(p: .constant(0)), .bernoulli(p: .constant(1)), .bernoulli(p: .constant(0.2)),
    .bernoulli(p: .drawn(.beta(a: 2, b: 8))),
    .gilbertElliott(p: .constant(0.1), r: .constant(0.3), k: .constant(0.98), h: .constant(0.4)),
    .gilbertElliott(p: .constant(1), r: .constant(1), k: .constant(1), h: .constant(0)),
    .gilbertElliott(p: .constant(0), r: .constant(0), k: .constant(0.5), h: .constant(0)),
    .runs(good: .drawn(.poisson(mean: 3)), lost: .drawn(.geometric(p: 0.5))), .trace([[1, 2, 5, 40]]), .trace([[]]),
    .bursts(loss: .constant(0.1), length: .packets(4)), .bursts(loss: .constant(0), length: .packets(4)),
    .bursts(loss: .constant(1), length: .packets(4)),
    .anyOf([.bernoulli(p: .constant(0.05)), .trace([[1, 2, 5, 40]])]),
    .anyOf([
      .runs(good: .constant(9), lost: .constant(2)), .none,
      .gilbertElliott(
        p: .constant(0.1), r: .constant(0.3), k: .constant(0.98), h: .constant(0.4)),
    ]),
    .anyOf([.trace([[]]), .none]),
  ]

  /// What passes in portions passes packet by packet: `pass` says how many before the first that is lost.
  @Test(arguments: models, UInt64(1)...5)
  func theFatesDoNotDependOnThePortions(model: LossModel, seed: UInt64) {
    let expected = fates(process(model, seed: seed), count: 3000)
    var portions = RandomStream(StreamKey(seed: seed, replication: 2, device: 0, purpose: .join))
    var process = process(model, seed: seed)
    var found: [Bool] = []
    while found.count < 3000 {
      let offered = portions.uniform(upTo: 20) + 1
      let passed = process.pass(offered)
      found += Array(repeating: false, count: Int(passed))
      if passed < offered { found.append(true) }
    }
    expect(Array(found.prefix(3000)), equals: expected)
  }

  /// Packets of a sequence that are offered in portions, with room for few losses, and others one by one between them.
  @Test(arguments: models, UInt64(1)...5)
  func whatIsLostOfASequenceDoesNotDependOnThePortions(model: LossModel, seed: UInt64) {
    let expected = fates(process(model, seed: seed), count: 3000)
    var portions = RandomStream(StreamKey(seed: seed, replication: 3, device: 0, purpose: .join))
    var process = process(model, seed: seed)
    var found: [Bool] = []
    while found.count < 3000 {
      let end = found.count + Int(portions.uniform(upTo: 60))
      let room = Int(portions.uniform(upTo: 6)) + 1
      withUnsafeTemporaryAllocation(of: Int.self, capacity: room) { lost in
        var packet = found.count
        let start = packet
        let count = process.offer(
          from: &packet, until: end, lost: UnsafeMutableBufferPointer(rebasing: lost[..<room]))
        #expect(packet == end || (count == room && lost[count - 1] == packet - 1))
        found += (start..<packet).map { lost[..<count].contains($0) }
      }
      if portions.uniform(upTo: 3) == 0 { _ = process.foresee(1000, runsUpTo: 3) }
      if portions.uniform(upTo: 3) == 0 { found.append(process.loses(at: .zero)) }
    }
    expect(Array(found.prefix(3000)), equals: expected)
  }

  /// What is foreseen comes: in so many packets no run of losses is longer, whatever was offered before.
  @Test(arguments: models, UInt64(1)...5)
  func foreseenRunsOfLossesAreNoLonger(model: LossModel, seed: UInt64) {
    var process = process(model, seed: seed)
    for (longest, asked) in [(1, 10), (2, 1000), (3, 1), (1, .max), (3, 0), (2, 3000)] as [(Int, UInt64)] {
      let packets = min(process.foresee(asked, runsUpTo: longest), 3000)
      let runs = fates(process, count: Int(packets)).split(separator: false).map(\.count)
      #expect((runs.max() ?? 0) <= longest)
      for _ in 0..<50 { _ = process.loses(at: .zero) }
    }
  }

  /// Of a process that is drawn ahead much is foreseen, and no more than is true: the packet after it is lost, too many in a row, or
  /// not known.
  @Test func independentLossIsForeseenFar() {
    var process = process(.bernoulli(p: .constant(0.01)))
    let packets = process.foresee(.max, runsUpTo: 3)
    #expect(packets > 3000)
    #expect(fates(process, count: Int(packets)).last == true)
    var dense = self.process(.bernoulli(p: .constant(0.9)))
    let few = Int(dense.foresee(.max, runsUpTo: 3))
    expect(fates(dense, count: few + 1).suffix(4), equals: [true, true, true, true])
  }

  /// Who makes room for so many gaps seldom needs more, and never much less.
  @Test(arguments: [0.001, 0.01, 0.3])
  func runsOfLossesAreHardlyMoreThanLikely(p: Double) {
    let counts = (UInt32(1)...200).map { device in
      let fates = fates(process(.bernoulli(p: .constant(p)), device: device), count: 10_000)
      return fates.split(separator: false).count
    }
    let likely = process(.bernoulli(p: .constant(p))).likelyRuns(among: 10_000)
    #expect(counts.count { $0 > likely } < 16, "so many of 200 beyond two standard deviations")
    #expect(Double(likely) < 1.1 * Double(counts.max() ?? 0))
  }

  @Test func ofOtherLawsNoLossesAreLikely() {
    expect(Self.models.filter { process($0).likelyRuns(among: 1000) > 0 }.count, equals: 2)
  }

  @Test func aTraceLosesTheListedPacketsOfEachDevice() {
    let model = LossModel.trace([[1, 2, 5], [3]])
    expect(fates(process(model, index: 0), count: 7), equals: [true, true, false, false, true, false, false])
    expect(fates(process(model, index: 1), count: 4), equals: [false, false, true, false])
    expect(fates(process(.trace([[2]]), index: 1), count: 3), equals: [false, true, false])
  }

  @Test func runsAlternateAndTheFirstIsAGoodOne() {
    let model = LossModel.runs(good: .constant(3), lost: .constant(2))
    expect(fates(process(model), count: 8), equals: [false, false, false, true, true, false, false, false])
  }

  @Test func runsHaveTheLengthsOfTheirDistributions() {
    let model = LossModel.runs(good: .drawn(.geometric(p: 0.1)), lost: .drawn(.geometric(p: 0.4)))
    let fates = fates(process(model), count: 60_000)
    for (fate, p) in [(false, 0.1), (true, 0.4)] {
      let fit = GoodnessOfFit.chiSquared(runs(of: fate, in: fates), from: 1) { gsl_ran_geometric_pdf($0, p) }
      #expect(fit > GoodnessOfFit.significance)
    }
  }

  @Test(arguments: [0.001, 0.1, 0.7])
  func independentLossHasGeometricDistances(p: Double) {
    let fates = fates(process(.bernoulli(p: .constant(p))), count: Int(3000 / p))
    let losses = fates.indices.filter { fates[$0] }
    let distances = zip(losses, losses.dropFirst()).map { $1 - $0 }
    #expect(GoodnessOfFit.chiSquared(distances, from: 1) { gsl_ran_geometric_pdf($0, p) } > GoodnessOfFit.significance)
  }

  /// With loss in the bad state alone and always there, bursts are the stays in it: geometric with mean 1/r.
  @Test func gilbertElliottBurstsAreGeometric() {
    let model = LossModel.gilbertElliott(p: .constant(0.05), r: .constant(0.25), k: .constant(1), h: .constant(0))
    let fates = fates(process(model), count: 100_000)
    for (fate, leaves) in [(true, 0.25), (false, 0.05)] {
      let fit = GoodnessOfFit.chiSquared(runs(of: fate, in: fates), from: 1) { gsl_ran_geometric_pdf($0, leaves) }
      #expect(fit > GoodnessOfFit.significance)
    }
  }

  /// The chain starts in its stationary state and steps after each packet's fate is drawn: each packet is lost with
  /// probability π·l, and it and the next one with π·L·P·l.
  @Test(arguments: [1, 2, 40])
  func gilbertElliottIsStationaryFromTheFirstPacketOn(packet: Int) {
    let (p, r, k, h) = (0.1, 0.3, 0.95, 0.4)
    let model = LossModel.gilbertElliott(p: .constant(p), r: .constant(r), k: .constant(k), h: .constant(h))
    let processes = 4000
    var single = 0
    var pairs = 0
    for device in 1...UInt32(processes) {
      let fates = fates(process(model, seed: 7, device: device), count: packet + 1)
      single += fates[packet - 1] ? 1 : 0
      pairs += fates[packet - 1] && fates[packet] ? 1 : 0
    }
    let (good, bad) = (r / (p + r), p / (p + r))
    let loss = good * (1 - k) + bad * (1 - h)
    let lossTwice =
      good * (1 - k) * ((1 - p) * (1 - k) + p * (1 - h)) + bad * (1 - h) * (r * (1 - k) + (1 - r) * (1 - h))
    #expect(GoodnessOfFit.binomial(single, of: processes, p: loss) > GoodnessOfFit.significance)
    #expect(GoodnessOfFit.binomial(pairs, of: processes, p: lossTwice) > GoodnessOfFit.significance)
  }

  @Test func aDrawnProbabilityIsDrawnOnceForEachDevice() {
    let model = LossModel.bernoulli(p: .drawn(.uniform(low: 0, high: 1)))
    let shares = (1...UInt32(8)).map { device in
      fates(process(model, device: device), count: 2000).filter { $0 }.count
    }
    #expect(Set(shares.map { $0 / 100 }).count > 4)
  }
}
