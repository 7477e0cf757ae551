import EventSimulation
import TestSupport
import Testing
import Timebase

@Suite struct EventTimerTests {
  /// What a timer answers to deadlines in seconds (nil: never), one after the other.
  private func events(for deadlines: [Int64?], of timer: inout EventTimer) -> [EventKey?] {
    deadlines.map { timer.needsEvent(for: $0.map { .seconds($0) } ?? .never) }
  }

  private func key(_ seconds: Int64, _ sequence: UInt64 = 0) -> EventKey {
    EventKey(time: .seconds(seconds), sequence: sequence)
  }

  /// At which of the instants in seconds, one after the other, a timer fires.
  private func fires(at instants: [Int64], of timer: inout EventTimer) -> [Bool] {
    instants.map { timer.fires(at: key($0)) }
  }

  @Test func aFirstDeadlineNeedsAnEventAndNeverNeedsNone() {
    var timer = EventTimer()
    let needed = events(for: [nil, 5], of: &timer)
    expect(needed, equals: [nil, key(5)])
    #expect(timer.isPending(at: key(5)))
    #expect(!timer.isPending(at: key(4)))
  }

  @Test func aLaterDeadlineKeepsTheEventThatIsPending() {
    var timer = EventTimer()
    let needed = events(for: [5, 5, 9, nil], of: &timer)
    expect(needed, equals: [key(5), nil, nil, nil])
    #expect(timer.isPending(at: key(5)))
  }

  @Test func anEarlierDeadlineMakesTheLaterEventStale() {
    var timer = EventTimer()
    let needed = events(for: [5, 3], of: &timer)
    expect(needed, equals: [key(5), key(3)])
    let fired = fires(at: [3, 5], of: &timer)
    expect(fired, equals: [true, false])
  }

  @Test func anAlarmRingsOnceAndCanBeSetAgain() {
    var timer = EventTimer()
    _ = events(for: [5], of: &timer)
    let fired = fires(at: [4, 5, 5], of: &timer)
    expect(fired, equals: [false, true, false])
    let again = events(for: [9], of: &timer)
    expect(again, equals: [key(9)])
  }

  @Test func itHasThePlaceOfTheLastThatItsActorSaw() {
    var timer = EventTimer()
    for sequence in [UInt64(7), 3] { timer.see(sequence) }
    let needed = events(for: [5], of: &timer)
    expect(needed, equals: [key(5, 7)])
    timer.see(8)
    expect(
      timer.key(of: .seconds(5)), equals: key(5, 8), "the event comes too early by a sequence number, and is put off")
    let fired = timer.fires(at: key(5, 7))
    let again = events(for: [5], of: &timer)
    #expect(fired && again == [key(5, 8)])
  }

  /// A deadline that moves away all the time costs one event each time that the pending one comes too early, and an actor
  /// that looks at its deadline when the timer fires is never late.
  @Test func aDeadlineThatMovesAwayIsMetInTheEnd() {
    var queue = EventQueue<Int>()
    var timer = EventTimer()
    var deadline = Nanoseconds(10)
    for now in Int64(0)...95 {  // put off at each instant
      deadline = Nanoseconds(now + 10)
      timer.see(UInt64(now))
      if let key = timer.needsEvent(for: deadline) { queue.schedule(0, as: key) }
      while let next = queue.first, next.time.count <= now {
        _ = queue.popFirst()
        if timer.fires(at: next), let key = timer.needsEvent(for: deadline) { queue.schedule(0, as: key) }
      }
      expect(queue.count, equals: 1)
    }
    var fired: [EventKey] = []
    while let next = queue.popFirst() {
      guard timer.fires(at: next.key) else { continue }
      fired.append(next.key)
      if next.key < timer.key(of: deadline), let key = timer.needsEvent(for: deadline) {
        queue.schedule(0, as: key)
      }
    }
    expect(fired.last, equals: EventKey(time: deadline, sequence: 95))
    #expect(fired.count <= 2)
  }
}
