import BlockTransfer
import PromotionEngine
import RandomStreams
import TFTPWire
import TestSupport
import Testing

@testable import PromotionRun
@testable import Runs

@Suite struct SessionCountersTests {
  /// Whatever a gap list looks like, its gaps are counted as if one after the other were: of one block, of two, of more.
  @Test(arguments: UInt64(1)...40)
  func gapSizesAreThoseOfTheGaps(seed: UInt64) throws {
    var stream = RandomStream(StreamKey(seed: seed, replication: 1, device: 0, purpose: .join))
    let file = try #require(FileLayout(size: 4000 * 512, blockSize: 512))
    var (sessions, expected) = (SessionCounters(), [UInt32: UInt64]())
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
      sessions.countGaps(gaps, with: gaps.statistics(of: file, continuity: 1))
    }
    let counts = expected.sorted { $0.key < $1.key }.map { GapSizeCount(session: 0, blocks: $0.key, count: $0.value) }
    expect(sessions.gapSizes, equals: counts)
  }

  /// A first set is a set: whoever becomes passive in a session, or is passive when its first DATA comes, in whatever order, however
  /// often and however late, is counted once.
  @Test(arguments: UInt64(1)...40)
  func firstSetsAreSets(seed: UInt64) {
    var stream = RandomStream(StreamKey(seed: seed, replication: 3, device: 0, purpose: .join))
    var (sessions, expected) = (SessionCounters(), [UInt32: Set<DeviceID>]())
    var devices = [DeviceCounters](repeating: DeviceCounters(cohort: 0, join: .zero), count: 4)
    var heard = [UInt32](repeating: 0, count: 4)
    func include(_ device: DeviceID, _ session: UInt32) {
      guard sessions.passes[Int(session) - 1].record.activeDevice != Int(device) else { return }
      expected[session, default: []].insert(device)
    }
    for _ in 0..<400 {
      let index = Int(stream.uniform(upTo: 3))
      let device = DeviceID(index + 1)
      switch stream.uniform(upTo: 5) {
      case 0 where sessions.isSessionOpen:
        sessions.end(at: .zero, .complete, secondSet: 0)
      case 0:
        sessions.open(active: device)
        sessions.begin(at: .zero)
      case 1, 2:
        if sessions.isSessionUnderWay { include(device, sessions.session) }
        sessions.countPassive(device, &devices[index])
      default:
        guard heard[index] < sessions.session else { continue }
        heard[index] += 1 + UInt32(stream.uniform(upTo: UInt64(sessions.session - heard[index] - 1)))
        include(device, heard[index])
        sessions.countFirstHearing(device, &devices[index], session: heard[index])
      }
    }
    expect(sessions.passes.map(\.record.firstSet), equals: (1...sessions.session).map { expected[$0]?.count ?? 0 })
  }

  @Test func aDeviceThatMissesNothingHasNoGaps() {
    var gaps = GapMap(blocks: 3)
    _ = gaps.fill(1, through: 3)
    var sessions = SessionCounters()
    sessions.countGaps(gaps, with: .nothingMissing)
    expect(sessions.gapSizes, equals: [])
  }
}
