import CGSL
import CRandomStreams
import Testing

@testable import RandomStreams

@Suite struct PhiloxTests {
  private func block(counter: [UInt32], key: [UInt32]) -> [UInt32] {
    var output = [UInt32](repeating: 0, count: 4)
    gapsim_philox_block(counter, key, &output)
    return output
  }

  /// The known answers of Random123 for Philox4x32-10.
  @Test(
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])]
  )
  func aBlockIsTheKnownAnswer(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    #expect(block(counter: counter, key: key) == expected)
  }

  private func words(_ key: StreamKey, count: Int) -> [UInt32] {
    var stream = RandomStream(key)
    return (0..<count).map { _ in stream.withGenerator { UInt32(gsl_rng_get($0)) } }
  }

  /// The layout that is documented: the key is the seed; the counter is position, purpose, device and replication.
  @Test func aStreamIsTheBlocksOfItsKeyInOrder() {
    let key = StreamKey(seed: 0x0123_4567_89ab_cdef, replication: 3, device: 7, purpose: .latency)
    let purpose = UInt32(Purpose.latency.rawValue) << 24
    let expected = (UInt32(0)..<3).flatMap { block(counter: [$0, purpose, 7, 3], key: [0x89ab_cdef, 0x0123_4567]) }
    #expect(words(key, count: 12) == expected)
  }

  @Test func theCounterCarriesIntoItsSecondWord() {
    var state = gapsim_philox_state()
    state.counter = (0xffff_ffff, 5, 0, 0)
    state.used = 4
    var generator = gsl_rng(type: gapsim_philox_type(), state: nil)
    let words = withUnsafeMutablePointer(to: &state) { state in
      generator.state = UnsafeMutableRawPointer(state)
      return (0..<8).map { _ in UInt32(gsl_rng_get(&generator)) }
    }
    #expect(
      words == block(counter: [0xffff_ffff, 5, 0, 0], key: [0, 0]) + block(counter: [0, 6, 0, 0], key: [0, 0])
    )
  }

  @Test func streamsOfDifferentKeysShareNoBlock() {
    var keys: [StreamKey] = []
    for seed in [UInt64(1), 2, 1 << 32] {
      for replication in UInt32(1)...3 {
        for device in UInt32(0)...3 {
          for purpose in Purpose.allCases {
            keys.append(StreamKey(seed: seed, replication: replication, device: device, purpose: purpose))
          }
        }
      }
    }
    #expect(Set(keys.map { words($0, count: 4) }).count == keys.count)
  }

  @Test func aCopyOfAStreamGoesItsOwnWay() {
    var stream = RandomStream(StreamKey(seed: 1, replication: 1, device: 1, purpose: .join))
    for _ in 0..<5 { _ = stream.uniform(upTo: 9) }
    var copy = stream
    #expect(copy == stream)
    let drawn = (0..<20).map { _ in stream.uniform(upTo: 1 << 40) }
    #expect(copy != stream)
    let copied = (0..<20).map { _ in copy.uniform(upTo: 1 << 40) }
    #expect(copied == drawn)
    #expect(copy == stream)
  }
}
