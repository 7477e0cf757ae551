import CGSL
import CRandomStreams
import RandomStreams
import TestSupport
import Testing

/// A published answer of philox4x32-10 (Random123, `kat_vectors`).
struct KnownAnswer: Sendable, CustomTestStringConvertible {
  let counter: [UInt32]
  let key: [UInt32]
  let output: [UInt32]
  var testDescription: String { counter.map { String($0, radix: 16) }.joined(separator: " ") }

  static let all = [
    KnownAnswer(
      counter: [0, 0, 0, 0], key: [0, 0],
      output: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    KnownAnswer(
      counter: [.max, .max, .max, .max], key: [.max, .max],
      output: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    KnownAnswer(
      counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0],
      output: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]
}

func philoxBlock(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
  var output = [UInt32](repeating: 0, count: 4)
  gapsim_philox_block(counter, key, &output)
  return output
}

/// Calls `body` with a generator over a state made of a counter and a key; returns the state after it.
@discardableResult
func withPhilox(
  _ counter: [UInt32], _ key: [UInt32], _ body: (UnsafePointer<gsl_rng>) -> Void
) -> gapsim_philox_state {
  var state = gapsim_philox_state()
  state.key = (key[0], key[1])
  state.counter = (counter[0], counter[1], counter[2], counter[3])
  state.used = 4
  withUnsafeMutablePointer(to: &state) { state in
    var generator = gsl_rng(type: gapsim_philox_type(), state: state)
    withUnsafePointer(to: &generator, body)
  }
  return state
}

@Suite struct PhiloxTests {
  @Test(arguments: KnownAnswer.all) func aBlockIsThePublishedOne(answer: KnownAnswer) {
    expect(philoxBlock(answer.counter, answer.key), equals: answer.output)
  }

  @Test(arguments: KnownAnswer.all) func theGeneratorGivesTheWordsOfTheBlockInOrder(answer: KnownAnswer) {
    withPhilox(answer.counter, answer.key) { generator in
      expect((0..<4).map { _ in UInt32(gsl_rng_get(generator)) }, equals: answer.output)
    }
  }

  @Test func gslSeesThirtyTwoBits() throws {
    let generator = try #require(gsl_rng_alloc(gapsim_philox_type()))
    defer { gsl_rng_free(generator) }
    expect(gsl_rng_min(generator), equals: 0)
    expect(gsl_rng_max(generator), equals: 0xffff_ffff)
    expect(String(cString: gsl_rng_name(generator)), equals: "philox4x32-10")
    gsl_rng_set(generator, 0x299f_31d0_a409_3822)
    expect(UInt32(gsl_rng_get(generator)), equals: philoxBlock([0, 0, 0, 0], [0xa409_3822, 0x299f_31d0])[0])
  }

  @Test func aDoubleIsMadeOfThe53UpperBitsOfTwoWords() {
    withPhilox([0, 0, 0, 0], [0, 0]) { generator in
      expect(gsl_rng_uniform(generator), equals: Double((0x6627_e8d5_e169_c58d as UInt64) >> 11) / 0x1p53)
      expect(gsl_rng_uniform_pos(generator), equals: Double((0xbc57_ac4c_9b00_dbd8 as UInt64) >> 11) / 0x1p53)
    }
  }

  @Test func aDoubleCanStraddleTwoBlocks() {
    let (first, second) = (philoxBlock([0, 0, 0, 0], [0, 0]), philoxBlock([1, 0, 0, 0], [0, 0]))
    withPhilox([0, 0, 0, 0], [0, 0]) { generator in
      for _ in 0..<3 { _ = gsl_rng_get(generator) }
      expect(gsl_rng_uniform(generator), equals: Double((UInt64(first[3]) << 32 | UInt64(second[0])) >> 11) / 0x1p53)
    }
  }

  @Test func thePositionCarriesIntoTheSecondWordAndNoFurther() {
    var words: [UInt32] = []
    let end = withPhilox([.max, 7, 8, 9], [1, 2]) { generator in
      words = (0..<8).map { _ in UInt32(gsl_rng_get(generator)) }
    }
    expect(words, equals: philoxBlock([.max, 7, 8, 9], [1, 2]) + philoxBlock([0, 8, 8, 9], [1, 2]))
    #expect(end.counter == (1, 8, 8, 9))
  }

  @Test func aStreamIsTheBlocksThatItsKeyNames() {
    let key = StreamKey(
      seed: 0x0123_4567_89ab_cdef, replication: 0xaabb_ccdd, device: 0x1122_3344, purpose: .upJitter)
    var stream = RandomStream(key)
    for position in UInt32(0)..<3 {
      let block = philoxBlock(
        [position, UInt32(Purpose.upJitter.rawValue) << 24, 0x1122_3344, 0xaabb_ccdd], [0x89ab_cdef, 0x0123_4567])
      for pair in [block[0..<2], block[2..<4]] {
        let expected = pair.reduce(0) { $0 << 32 | UInt64($1) }
        expect(stream.uniform(upTo: .max), equals: expected)
      }
    }
  }
}
