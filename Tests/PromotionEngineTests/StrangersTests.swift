import BlockTransfer
import TFTPWire
import Testing
import Timebase

@testable import PromotionEngine

/// What strangers' packets cost a server: each the same, however many came before, and memory by devices.
@Suite("What strangers cost a server")
struct StrangersTests {
  @Test("one device that registers and leaves again and again has one place in the order", arguments: [false, true])
  func registersAgainAndAgain(whileAnotherDrives: Bool) {
    var bench = ServerBench()
    if whileAnotherDrives { bench.hear(.request(.usual), from: 1, at: .zero) }
    for step in 1...2000 {
      let now = Nanoseconds(Int64(step) * 20_000)
      bench.hear(.request(.usual), from: 2, at: now)
      bench.hear(.acknowledgment(10), from: 2, at: now)
      bench.fire(at: now)
      #expect(bench.server.registry.count <= 2 * Server.leastRegistryLimit)
    }
    #expect(bench.server.waiting == 0 && bench.server.queued == 0)
  }

  @Test("one device that reports again and again has a bounded number of entries in the queue for places (R13)")
  func reportsAgainAndAgain() {
    var bench = ServerBench.afterSession(devices: 3) {
      $0.promotion.threshold = 1 << 20
      $0.promotion.maxSmart = 1
    }
    bench.hear(.report(gapReport(1)), from: 2, at: ms(101))
    for step in 1...1000 {
      bench.hear(.report(gapReport(step % 2 == 0 ? 1 : 2)), from: 3, at: ms(101) + Nanoseconds(Int64(step)))
      #expect(bench.server.smartQueue.count <= Server.leastRegistryLimit)
    }
    // It is still queued, and gets the place that comes free.
    bench.hear(.acknowledgment(10), from: 2, at: ms(200))
    #expect(bench.server.standing(of: 3) == .smart)
  }

  @Test("a number beyond the limit is not heard, and costs no memory")
  func numbersBeyondTheLimit() {
    var bench = ServerBench()
    #expect(bench.hear(.request(.usual), from: 20_000_000, at: .zero).isEmpty)
    #expect(bench.hear(.acknowledgment(0), from: .max, at: .zero).isEmpty)
    #expect(bench.server.peers.count < 10)
    #expect(!bench.hear(.request(.usual), from: 65_536, at: .zero).isEmpty)
    #expect(bench.hear(.request(.usual), from: 65_537, at: .zero).isEmpty)
  }

  private func gapReport(_ blocks: UInt32) -> GapReport {
    GapReport(
      missingPackets: blocks, totalGapBytes: UInt64(blocks) * 1428, gaps: 1, largestGap: blocks, chains: 0,
      longestChain: 0)
  }

  @Test("to drop old entries changes nothing that is sent", arguments: UInt64(0)..<8)
  func droppingChangesNothing(block: UInt64) {
    for seed in block * 25..<(block + 1) * 25 {
      var random = SplitMix64(seed: seed)
      var parameters = random.parameters()
      parameters.promotion.maxSmart = 1
      let settings = ServerSettings(parameters: parameters, file: tenBlocks)
      var (dropping, keeping) = (Server(settings), Server(settings))
      keeping.registryLimit = .max
      var now = Nanoseconds.zero
      for step in 0..<400 {
        now += random.pause()
        let device = DeviceID.random(in: 1...5, using: &random)
        let message: Message = [.request(.usual), .open, .acknowledgment(10), random.message()].randomElement(
          using: &random)!
        var effects: (dropping: [ServerEffect], keeping: [ServerEffect]) = ([], [])
        dropping.receive(message, from: device, at: now, into: &effects.dropping)
        dropping.fire(at: now, into: &effects.dropping)
        keeping.receive(message, from: device, at: now, into: &effects.keeping)
        keeping.fire(at: now, into: &effects.keeping)
        #expect("\(effects.dropping)" == "\(effects.keeping)", "seed \(seed), step \(step)")
      }
    }
  }
}
