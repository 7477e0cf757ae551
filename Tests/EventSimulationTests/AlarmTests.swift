import EventSimulation
import Testing
import Timebase

@Suite struct AlarmTests {
  /// What an alarm answers to deadlines in seconds (nil: never), one after the other.
  private func events(for deadlines: [Int64?], of alarm: inout Alarm) -> [EventKey?] {
    deadlines.map { alarm.needsEvent(for: $0.map { .seconds($0) } ?? .never) }
  }

  private func key(_ seconds: Int64, _ place: UInt64 = 0) -> EventKey {
    EventKey(time: .seconds(seconds), place: place)
  }

  /// At which of the instants in seconds, one after the other, an alarm rings.
  private func rings(at instants: [Int64], of alarm: inout Alarm) -> [Bool] {
    instants.map { alarm.rings(at: key($0)) }
  }

  @Test func aFirstDeadlineNeedsAnEventAndNeverNeedsNone() {
    var alarm = Alarm()
    let needed = events(for: [nil, 5], of: &alarm)
    #expect(needed == [nil, key(5)])
    #expect(alarm.isPending(at: key(5)))
    #expect(!alarm.isPending(at: key(4)))
  }

  @Test func aLaterDeadlineKeepsTheEventThatIsPending() {
    var alarm = Alarm()
    let needed = events(for: [5, 5, 9, nil], of: &alarm)
    #expect(needed == [key(5), nil, nil, nil])
    #expect(alarm.isPending(at: key(5)))
  }

  @Test func anEarlierDeadlineMakesTheLaterEventStale() {
    var alarm = Alarm()
    let needed = events(for: [5, 3], of: &alarm)
    #expect(needed == [key(5), key(3)])
    let rung = rings(at: [3, 5], of: &alarm)
    #expect(rung == [true, false])
  }

  @Test func anAlarmRingsOnceAndCanBeSetAgain() {
    var alarm = Alarm()
    _ = events(for: [5], of: &alarm)
    let rung = rings(at: [4, 5, 5], of: &alarm)
    #expect(rung == [false, true, false])
    let again = events(for: [9], of: &alarm)
    #expect(again == [key(9)])
  }

  @Test func itHasThePlaceOfTheLastThatItsActorSaw() {
    var alarm = Alarm()
    for place in [UInt64(7), 3] { alarm.see(place) }
    let needed = events(for: [5], of: &alarm)
    #expect(needed == [key(5, 7)])
    alarm.see(8)
    #expect(alarm.key(of: .seconds(5)) == key(5, 8), "the event comes too early by a place, and is put off")
    let rung = alarm.rings(at: key(5, 7))
    let again = events(for: [5], of: &alarm)
    #expect(rung && again == [key(5, 8)])
  }

  /// A deadline that moves away all the time costs one event each time that the pending one comes too early, and an actor
  /// that looks at its deadline when the alarm rings is never late.
  @Test func aDeadlineThatMovesAwayIsMetInTheEnd() {
    var queue = EventQueue<Int>()
    var alarm = Alarm()
    var deadline = Nanoseconds(10)
    for now in Int64(0)...95 {  // put off at each instant
      deadline = Nanoseconds(now + 10)
      alarm.see(UInt64(now))
      if let key = alarm.needsEvent(for: deadline) { queue.schedule(0, as: key) }
      while let next = queue.first, next.time.count <= now {
        _ = queue.popFirst()
        if alarm.rings(at: next), let key = alarm.needsEvent(for: deadline) { queue.schedule(0, as: key) }
      }
      #expect(queue.count == 1)
    }
    var rung: [EventKey] = []
    while let next = queue.popFirst() {
      guard alarm.rings(at: next.key) else { continue }
      rung.append(next.key)
      if next.key < alarm.key(of: deadline), let key = alarm.needsEvent(for: deadline) {
        queue.schedule(0, as: key)
      }
    }
    #expect(rung.last == EventKey(time: deadline, place: 95))
    #expect(rung.count <= 2)
  }
}
