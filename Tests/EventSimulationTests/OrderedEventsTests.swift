import EventSimulation
import TestSupport
import Testing
import Timebase

/// Events of one source against an array of them.
@Suite struct OrderedEventsTests {
  /// Adds and removes events at random, so that the ring grows while its first event is at any place.
  @Test(arguments: UInt64(1)...30)
  func theFirstThatCameIsTheFirstThatGoes(seed: UInt64) {
    var random = EventQueueTests.SplitMix64(state: seed)
    var events = OrderedEvents<Int>()
    var reference: [(key: EventKey, event: Int)] = []
    var last = EventKey.before(.zero)
    for event in 0..<2000 {
      if Int.random(in: 0..<100, using: &random) < 53 {
        let isLater = Bool.random(using: &random)
        last = EventKey(time: last.time + Nanoseconds(isLater ? 7 : 0), sequence: last.sequence + 1)
        #expect(events.takes(last))
        events.append(event, as: last)
        reference.append((last, event))
      } else if !reference.isEmpty {
        expect(events.removeFirst(), equals: reference.removeFirst().event)
      }
      expect(events.isEmpty, equals: reference.isEmpty)
      expect(events.first, equals: reference.first?.key ?? .afterAll)
      expect(events.firstEvent, equals: reference.first?.event)
    }
    #expect(reference.count > 16, "the ring grew")
  }

  @Test func whatWouldNotStandBehindAllOthersIsNotTaken() {
    var events = OrderedEvents<Int>()
    let keys = [EventKey(time: .seconds(2), sequence: 5), EventKey(time: .seconds(2), sequence: 6)]
    for key in keys { events.append(0, as: key) }
    #expect(!events.takes(EventKey(time: .seconds(1), sequence: 7)))
    #expect(!events.takes(keys[1]))
    #expect(events.takes(EventKey(time: .seconds(2), sequence: 7)))
    _ = (events.removeFirst(), events.removeFirst())
    #expect(events.takes(EventKey(time: .seconds(1), sequence: 7)), "nobody is left to stand behind")
  }

  @Test func aCopyIsAnother() {
    var events = OrderedEvents<Int>()
    for number in UInt64(1)...3 { events.append(Int(number), as: EventKey(time: .zero, sequence: number)) }
    var copy = events
    expect(copy.removeFirst(), equals: 1)
    copy.append(4, as: EventKey(time: .zero, sequence: 4))
    expect((1...3).map { _ in copy.removeFirst() }, equals: [2, 3, 4])
    expect((1...3).map { _ in events.removeFirst() }, equals: [1, 2, 3])
  }
}
