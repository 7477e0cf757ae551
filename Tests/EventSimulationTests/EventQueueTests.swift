import EventSimulation
import TestSupport
import Testing
import Timebase

/// The queue against what it stands for: an array that is sorted by time, then sequence number.
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
      var event: Int
    }

    var entries: [Entry] = []

    /// By a plain loop, for it is gone through at each step.
    var firstIndex: Int? {
      guard var first = entries.first else { return nil }
      var place = 0
      for index in 1..<entries.count {
        let entry = entries[index]
        if entry.time < first.time || entry.time == first.time && entry.sequence < first.sequence {
          (first, place) = (entry, index)
        }
      }
      return place
    }
    var first: Entry? { firstIndex.map { entries[$0] } }

    mutating func popFirst() -> Entry? { firstIndex.map { entries.remove(at: $0) } }
  }

  @Test(arguments: UInt64(1)...30)
  func eventsComeByTimeThenSequenceNumber(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let instants = Int64.random(in: 1...40, using: &random)  // few instants: many ties
    var queue = EventQueue<Int>()
    let lanes = (0..<5).map { _ in queue.addLane() }
    var reference = Reference()
    var now = Nanoseconds.zero
    for event in 0..<600 {
      if Int.random(in: 0..<5, using: &random) < 3 {
        let time = now + Nanoseconds(Int64.random(in: 0...instants, using: &random))
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
          // What is put in a lane mostly comes in order, and the order does not depend on it when it does not.
          let lane = lanes[Int.random(in: 0..<lanes.count, using: &random)]
          let late = Int.random(in: 0..<8, using: &random) == 0 ? time : now + Nanoseconds(Int64(event) / 4)
          reference.entries.append(.init(time: late, sequence: queue.nextSequence, event: event))
          if event.isMultiple(of: 2) {
            queue.schedule(event, at: late, in: lane)
          } else {
            queue.schedule(event, as: EventKey(time: late, sequence: queue.takeSequenceNumbers()), in: lane)
          }
        case 1:
          reference.entries.append(.init(time: time, sequence: queue.nextSequence, event: event))
          queue.schedule(event, at: time)
        default:
          let sequence = queue.takeSequenceNumbers(3)
          for offset in (UInt64(0)...2).shuffled(using: &random) {
            queue.schedule(event * 10 + Int(offset), as: EventKey(time: time, sequence: sequence + offset))
            reference.entries.append(.init(time: time, sequence: sequence + offset, event: event * 10 + Int(offset)))
          }
        }
      } else {
        let popped = queue.popFirst()
        expectSame(popped, reference.popFirst())
        now = popped?.key.time ?? now
      }
      expect(queue.count, equals: reference.entries.count)
      #expect(queue.first == queue.next?.key && queue.next?.event == reference.first?.event)
      expect(
        queue.contains { _, pending in pending == event }, equals: reference.entries.contains { $0.event == event })
    }
    while let next = reference.popFirst() { expectSame(queue.popFirst(), next) }
    let none = queue.popFirst()
    #expect(queue.first == nil && none == nil)
  }

  private func expectSame(_ popped: (key: EventKey, event: Int)?, _ expected: Reference.Entry?) {
    expect(popped?.event, equals: expected?.event)
    expect(popped?.key, equals: expected.map { EventKey(time: $0.time, sequence: $0.sequence) })
  }

  @Test func theFirstKeyIsThatOfTheNextEvent() {
    var queue = EventQueue<Int>()
    queue.schedule(1, at: .seconds(2))
    queue.schedule(2, at: .seconds(1))
    expect(queue.first?.time, equals: .seconds(1))
    expect(queue.count, equals: 2)
    let next = queue.popFirst()
    expect(next?.event, equals: 2)
    expect(queue.first?.time, equals: .seconds(2))
  }

  @Test func anEventThatIsPutBackUnderItsKeyKeepsItsPlace() {
    var queue = EventQueue<Int>()
    for event in 1...3 { queue.schedule(event, at: .seconds(1)) }
    let first = queue.popFirst()
    queue.schedule(4, at: .seconds(1))
    if let first { queue.schedule(first.event, as: first.key) }
    let events = (0..<4).map { _ in queue.popFirst()?.event }
    expect(events, equals: [1, 2, 3, 4])
  }

  @Test func aCopyIsAnotherQueue() {
    var queue = EventQueue<Int>()
    for event in 0..<100 { queue.schedule(event, at: Nanoseconds(Int64(event % 7))) }
    var copy = queue
    copy.schedule(1000, at: .zero)
    while copy.popFirst() != nil {}
    var events: [Int] = []
    while let next = queue.popFirst() { events.append(next.event) }
    expect(events, equals: (0..<7).flatMap { Array(stride(from: $0, to: 100, by: 7)) })
  }

  /// The queue keeps room for what follows an event that was removed; that is the copy's own.
  @Test func aCopyAfterARemovalIsAnotherQueue() {
    var queue = EventQueue<Int>()
    for event in 1...5 { queue.schedule(event, at: .seconds(Int64(event))) }
    _ = queue.popFirst()
    var copy = queue
    copy.schedule(10, at: .seconds(3))
    let lane = queue.addLane()
    queue.schedule(20, at: .seconds(4), in: lane)
    func drained(_ queue: EventQueue<Int>) -> [Int] {
      var queue = queue
      return (0..<queue.count).compactMap { _ in queue.popFirst()?.event }
    }
    expect(drained(copy), equals: [2, 3, 10, 4, 5])
    expect(drained(queue), equals: [2, 3, 4, 20, 5])
  }

  @Test("grows to any number of events, in lanes and out of them", arguments: [1, 2, 3, 4, 5, 63, 64, 65, 3000])
  func growth(events: Int) {
    var queue = EventQueue<Int>()
    let lanes = (0..<5).map { _ in queue.addLane() }
    for event in 0..<events {
      // Every other event comes in the order of time.
      if event % 2 == 0 {
        queue.schedule(event, at: Nanoseconds(Int64(event)), in: lanes[event / 2 % lanes.count])
      } else {
        queue.schedule(event, at: Nanoseconds(Int64(event * 7919 % events)))
      }
    }
    expect(queue.count, equals: events)
    var last = EventKey.before(.zero)
    var seen = Set<Int>()
    while let (key, event) = queue.popFirst() {
      #expect(last < key)
      last = key
      seen.insert(event)
    }
    #expect(seen.count == events && queue.count == 0)
  }

  @Test func thePastIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var queue = EventQueue<Int>()
      queue.schedule(1, at: .seconds(2))
      _ = queue.popFirst()
      queue.schedule(2, at: .seconds(1))
    }
    await #expect(processExitsWith: .failure) {
      var queue = EventQueue<Int>()
      let lane = queue.addLane()
      queue.schedule(1, at: .seconds(2))
      _ = queue.popFirst()
      queue.schedule(2, at: .seconds(1), in: lane)
    }
    await #expect(processExitsWith: .failure) {
      var queue = EventQueue<Int>()
      queue.pass(EventKey(time: .seconds(2), sequence: 1))
      queue.schedule(2, at: .seconds(1))
    }
  }

  @Test func aQueueHasFiveLanes() async {
    await #expect(processExitsWith: .failure) {
      var queue = EventQueue<Int>()
      for _ in 0..<6 { _ = queue.addLane() }
    }
  }

  @Test func theKeysAtTheEndsOfAnInstantEncloseAllItsEvents() {
    let last = EventKey(time: .seconds(1), sequence: (1 << 42) - 1)
    #expect(last < .after(.seconds(1)))
    #expect(EventKey.before(.seconds(1)) < EventKey(time: .seconds(1), sequence: 1))
    #expect(EventKey.after(.seconds(1)) < .before(Nanoseconds(1_000_000_001)))
  }

  @Test("a time beyond all runs is kept for as late as can be", arguments: [Int64(1) << 59, 1 << 60, .max])
  func beyond(time: Int64) {
    var queue = EventQueue<Int>()
    queue.schedule(1, at: Nanoseconds(time))
    queue.schedule(2, at: .seconds(1))
    let events = (0..<2).map { _ in queue.popFirst()?.event }
    expect(events, equals: [2, 1])
  }
}
