import EventSimulation
import Testing
import Timebase

/// The queue against what it stands for: an array that is sorted by time, then sequence, then rank.
@Suite struct EventQueueTests {
  /// Steele's SplitMix64, for schedules by seed.
  struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  struct Reference {
    struct Entry {
      var time: Nanoseconds
      var sequence: UInt64
      var rank: UInt32
      var event: Int
    }

    var entries: [Entry] = []

    mutating func popFirst() -> Entry? {
      let first = entries.indices.min {
        let (left, right) = (entries[$0], entries[$1])
        return (left.time, left.sequence, left.rank) < (right.time, right.sequence, right.rank)
      }
      return first.map { entries.remove(at: $0) }
    }
  }

  @Test(arguments: UInt64(1)...30)
  func eventsComeByTimeThenSchedulingThenRank(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let instants = Int64.random(in: 1...40, using: &random)  // few instants: many ties
    var queue = EventQueue<Int>()
    var reference = Reference()
    for event in 0..<600 {
      if Int.random(in: 0..<5, using: &random) < 3 {
        let time = Nanoseconds(Int64.random(in: 0...instants, using: &random))
        if Bool.random(using: &random) {
          queue.schedule(event, at: time)
          reference.entries.append(.init(time: time, sequence: 0, rank: 0, event: event))
          reference.entries[reference.entries.count - 1].sequence = queue.takeSequence() - 1
        } else {
          let sequence = queue.takeSequence()
          for rank in (UInt32(0)...2).shuffled(using: &random) {
            queue.schedule(event * 10 + Int(rank), as: EventKey(time: time, sequence: sequence, rank: rank))
            reference.entries.append(.init(time: time, sequence: sequence, rank: rank, event: event * 10 + Int(rank)))
          }
        }
      } else {
        expectSame(queue.popFirst(), reference.popFirst())
      }
      #expect(queue.count == reference.entries.count)
    }
    while let next = reference.popFirst() { expectSame(queue.popFirst(), next) }
    let none = queue.popFirst()
    #expect(queue.first == nil && none == nil)
  }

  private func expectSame(_ popped: (key: EventKey, event: Int)?, _ expected: Reference.Entry?) {
    #expect(popped?.event == expected?.event)
    #expect(popped?.key == expected.map { EventKey(time: $0.time, sequence: $0.sequence, rank: $0.rank) })
  }

  @Test func theFirstKeyIsThatOfTheNextEvent() {
    var queue = EventQueue<Int>()
    queue.schedule(1, at: .seconds(2))
    queue.schedule(2, at: .seconds(1))
    #expect(queue.first?.time == .seconds(1))
    #expect(queue.count == 2)
    let next = queue.popFirst()
    #expect(next?.event == 2)
    #expect(queue.first?.time == .seconds(2))
  }

  @Test func anEventThatIsPutBackUnderItsKeyKeepsItsPlace() {
    var queue = EventQueue<Int>()
    for event in 1...3 { queue.schedule(event, at: .seconds(1)) }
    let first = queue.popFirst()
    queue.schedule(4, at: .seconds(1))
    if let first { queue.schedule(first.event, as: first.key) }
    let events = (0..<4).map { _ in queue.popFirst()?.event }
    #expect(events == [1, 2, 3, 4])
  }

  @Test func aCopyIsAnotherQueue() {
    var queue = EventQueue<Int>()
    for event in 0..<100 { queue.schedule(event, at: Nanoseconds(Int64(event % 7))) }
    var copy = queue
    copy.schedule(1000, at: .zero)
    while copy.popFirst() != nil {}
    var events: [Int] = []
    while let next = queue.popFirst() { events.append(next.event) }
    #expect(events == (0..<7).flatMap { Array(stride(from: $0, to: 100, by: 7)) })
  }

  @Test func theLatestKeyOfAnInstantIsAfterAllEventsOfIt() {
    let largest = EventKey(time: .seconds(1), sequence: (1 << 40) - 2, rank: EventKey.largestRank)
    #expect(largest < .after(.seconds(1)))
    #expect(EventKey.after(.seconds(1)) < EventKey(time: Nanoseconds(1_000_000_001), sequence: 0))
    #expect(EventKey(time: .zero, sequence: 1, rank: EventKey.largestRank) < EventKey(time: .zero, sequence: 2))
  }
}
