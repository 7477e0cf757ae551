import PromotionEngine
import RandomStreams
import TFTPWire
import Testing

@testable import NetworkModel

@Suite struct LedgerTests {
  /// Whatever a gap list looks like, its gaps are counted as if one after the other were: of one block, of two, of more.
  @Test(arguments: UInt64(1)...40)
  func gapSizesAreThoseOfTheGaps(seed: UInt64) throws {
    var stream = RandomStream(StreamKey(seed: seed, replication: 1, device: 0, purpose: .join))
    let file = try #require(FileLayout(size: 4000 * 512, blockSize: 512))
    var (ledger, expected) = (Ledger(), [UInt32: UInt64]())
    for _ in 0..<3 {
      var gaps = GapMap(blocks: file.blocks)
      let longest = [1, 2, 3, 600][Int(seed % 4)]
      var block = BlockNumber(stream.uniform(upTo: 3))
      while block < file.blocks {
        let filled = block + 1 + BlockNumber(stream.uniform(upTo: 60))
        _ = gaps.fill(block + 1, through: filled)
        block = filled + 1 + BlockNumber(stream.uniform(upTo: UInt64(longest - 1)))
      }
      for gap in gaps.gaps { expected[gap.count, default: 0] += 1 }
      ledger.countGaps(gaps, with: gaps.statistics(of: file, continuity: 1))
    }
    let counts = expected.sorted { $0.key < $1.key }.map { GapSizeCount(session: 0, blocks: $0.key, count: $0.value) }
    #expect(ledger.gapSizes == counts)
  }

  /// A first set is a set: whoever becomes passive in a session, or is passive when its first DATA comes, in whatever order, however
  /// often and however late, is counted once.
  @Test(arguments: UInt64(1)...40)
  func firstSetsAreSets(seed: UInt64) {
    var stream = RandomStream(StreamKey(seed: seed, replication: 3, device: 0, purpose: .join))
    var (ledger, expected) = (Ledger(), [UInt32: Set<DeviceID>]())
    var tallies = [Tally](repeating: Tally(), count: 4)
    var heard = [UInt32](repeating: 0, count: 4)
    func include(_ device: DeviceID, _ session: UInt32) {
      guard ledger.passes[Int(session) - 1].record.activeDevice != Int(device) else { return }
      expected[session, default: []].insert(device)
    }
    for _ in 0..<400 {
      let index = Int(stream.uniform(upTo: 3))
      let device = DeviceID(index + 1)
      switch stream.uniform(upTo: 5) {
      case 0 where ledger.isSessionOpen:
        ledger.end(at: .zero, abandoned: false, secondSet: 0)
      case 0:
        ledger.open(active: device)
        ledger.begin(at: .zero)
      case 1, 2:
        if ledger.isSessionUnderWay { include(device, ledger.session) }
        ledger.countPassive(device, &tallies[index])
      default:
        guard heard[index] < ledger.session else { continue }
        heard[index] += 1 + UInt32(stream.uniform(upTo: UInt64(ledger.session - heard[index] - 1)))
        include(device, heard[index])
        ledger.countFirstHearing(device, &tallies[index], session: heard[index])
      }
    }
    #expect(ledger.passes.map(\.record.firstSet) == (1...ledger.session).map { expected[$0]?.count ?? 0 })
  }

  @Test func aDeviceThatMissesNothingHasNoGaps() {
    var gaps = GapMap(blocks: 3)
    _ = gaps.fill(1, through: 3)
    var ledger = Ledger()
    ledger.countGaps(gaps, with: .nothingMissing)
    #expect(ledger.gapSizes == [])
  }
}
