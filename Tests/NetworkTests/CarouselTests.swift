import BlockTransfer
import Network
import Testing
import Timebase

/// A protocol that has nothing to do with promotion, on the same network.
@Suite struct CarouselTests {
  private func run(
    devices: Int, blocks: UInt64, loss: Double, seed: UInt64, delivery: Delivery = .byRuns
  ) throws -> (run: Run<Carousel, Both<CarouselObserver, CarouselObserver>>, ended: RunEnd) {
    var network = NetworkConfiguration(cohorts: [Cohort(name: "desks", count: devices)])
    network.cohorts[0].downLoss = .bernoulli(p: .constant(loss))
    let file = try #require(FileLayout(size: blocks * 930 - 1, blockSize: 930))
    var run = Run(
      Carousel(file: file, pace: .milliseconds(1)), on: network,
      observedBy: Both(CarouselObserver(), CarouselObserver()), seed: seed, replication: 1, delivery: delivery)
    let ended = run.advance { _ in false } ?? .complete
    _ = run.finish(ended)
    return (run, ended)
  }

  /// The join arrives at 100 000 ns; block b leaves b − 1 ms later, after 8000 ns (the last one, a byte short, 7992), and
  /// takes 100 000 ns.
  @Test func withoutLossADeviceIsCompleteAfterOneRound() throws {
    let (run, ended) = try run(devices: 3, blocks: 5, loss: 0, seed: 1)
    #expect(ended == .complete)
    let expected = Nanoseconds(100_000 + 4_000_000 + 7_992 + 100_000)
    #expect(run.observer.first.completed == [1: expected, 2: expected, 3: expected])
    #expect(run.observer.first.sent == 5 && run.observer.first.arrived == 15 && run.observer.first.lost == 0)
    #expect(run.server.rounds == 1)
  }

  @Test(arguments: UInt64(1)...20) func bothDeliveriesAndBothObserversAgree(seed: UInt64) throws {
    let byRuns = try run(devices: 7, blocks: 12, loss: 0.2, seed: seed).run
    let packets = try run(devices: 7, blocks: 12, loss: 0.2, seed: seed, delivery: .packetByPacket).run
    #expect(byRuns.observer.first.completed == packets.observer.first.completed)
    #expect(byRuns.observer.first.completed == byRuns.observer.second.completed)
    #expect(byRuns.events == packets.events && byRuns.observer.first.lost == packets.observer.first.lost)
    #expect(byRuns.observer.first.completed.count == 7)
  }

  /// The slowest of R devices has n blocks after m rounds with probability (1 − p^m)^{R n}: the mean number of rounds is the
  /// sum of what is left over all m. Of 400 runs the standard error is below 0.05.
  @Test func theRoundsOfTheSlowestAreAsExpected() throws {
    let (devices, blocks, p) = (6, 10, 0.3)
    var expected = 0.0
    var power = 1.0
    for _ in 0..<200 {
      var nobodyMisses = 1.0
      for _ in 0..<devices * blocks { nobodyMisses *= 1 - power }
      expected += 1 - nobodyMisses
      power *= p
    }
    let rounds = try (1...400).map { seed in
      try run(devices: devices, blocks: UInt64(blocks), loss: p, seed: UInt64(seed)).run.server.rounds
    }
    #expect(abs(Double(rounds.reduce(0, +)) / 400 - expected) < 0.2)
  }
}
