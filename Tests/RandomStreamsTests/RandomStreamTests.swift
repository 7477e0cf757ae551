import RandomStreams
import TestSupport
import Testing

extension RandomStream {
  fileprivate mutating func words(_ count: Int) -> [UInt64] { (0..<count).map { _ in uniform(upTo: .max) } }
}

@Suite struct RandomStreamTests {
  static let key = StreamKey(seed: 7, replication: 3, device: 11, purpose: .downLoss)

  /// Keys that differ from ``key`` in one field, next to it or far from it.
  static let others: [StreamKey] = {
    var keys: [StreamKey] = []
    for bit in 0..<64 { keys.append(changed { $0.seed ^= 1 << bit }) }
    for bit in 0..<32 { keys.append(changed { $0.replication ^= 1 << bit }) }
    for bit in 0..<32 { keys.append(changed { $0.device ^= 1 << bit }) }
    for purpose in Purpose.allCases where purpose != .downLoss { keys.append(changed { $0.purpose = purpose }) }
    return keys
  }()

  private static func changed(_ change: (inout StreamKey) -> Void) -> StreamKey {
    var key = key
    change(&key)
    return key
  }

  @Test func theSameKeyGivesTheSameNumbersAndPosition() {
    var (first, second) = (RandomStream(Self.key), RandomStream(Self.key))
    expect(first, equals: second)
    expect(first.words(1000), equals: second.words(1000))
    expect(first, equals: second)
  }

  @Test func drawingMovesAStreamOn() {
    let start = RandomStream(Self.key)
    var stream = start
    var seen = [start]
    for _ in 0..<9 {
      _ = stream.uniform(upTo: 5)
      #expect(!seen.contains(stream))
      seen.append(stream)
    }
  }

  @Test func noFieldOfAKeyCanChangeWithoutChangingEveryNumber() {
    var stream = RandomStream(Self.key)
    let words = stream.words(100)
    for key in Self.others {
      var other = RandomStream(key)
      #expect(zip(words, other.words(100)).allSatisfy { $0 != $1 }, "\(key)")
    }
  }

  @Test func streamsOfKeysThatDifferInOneBitAgreeInHalfTheirBits() {
    var stream = RandomStream(Self.key)
    let words = stream.words(1000)
    for key in Self.others {
      var other = RandomStream(key)
      let equalBits = zip(words, other.words(1000)).reduce(0) { $0 + (~($1.0 ^ $1.1)).nonzeroBitCount }
      // 64 000 fair coins: five standard deviations are 633.
      #expect(abs(equalBits - 32_000) < 633, "\(key)")
    }
  }

  @Test(arguments: Purpose.allCases) func theFirstNumbersOfAllDevicesAreEvenlySpread(purpose: Purpose) {
    var counts = [Int](repeating: 0, count: 50)
    for device in UInt32(1)...20_000 {
      var stream = RandomStream(StreamKey(seed: 1, replication: 1, device: device, purpose: purpose))
      counts[Int(stream.uniform(upTo: 49))] += 1
    }
    #expect(GoodnessOfFit.isEven(counts))
  }

  @Test func drawingFromOneStreamNeverShiftsAnother() {
    var alone = RandomStream(Self.key)
    let expected = alone.words(50)
    var (stream, neighbour) = (
      RandomStream(Self.key), RandomStream(StreamKey(seed: 7, replication: 3, device: 12, purpose: .downLoss))
    )
    var words: [UInt64] = []
    for index in 0..<50 {
      for _ in 0..<index { _ = Distribution.gaussian(mean: 0, sigma: 1).draw(from: &neighbour) }
      words.append(stream.uniform(upTo: .max))
    }
    expect(words, equals: expected)
    expect(stream, equals: alone)
  }

  @Test(arguments: [1, 2, 3, 7, 12]) func aStreamGoesOnFromACopyAsIfItHadNeverStopped(chunk: Int) {
    var whole = RandomStream(Self.key)
    let expected = (0..<84).map { _ in whole.geometric(p: 0.01) }
    var saved = RandomStream(Self.key)
    var drawn: [UInt64] = []
    for _ in 0..<84 / chunk {
      var copy = saved
      for _ in 0..<chunk { drawn.append(copy.geometric(p: 0.01)) }
      saved = copy
    }
    expect(drawn, equals: expected)
    expect(saved, equals: whole)
  }

  @Test func aStreamIsAFewBytes() {
    expect(MemoryLayout<RandomStream>.size, equals: 44)
  }
}
