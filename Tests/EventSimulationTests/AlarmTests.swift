import EventSimulation
import Testing
import Timebase

@Suite struct AlarmTests {
  /// What an alarm answers to deadlines in seconds (nil: never), one after the other.
  private func events(for deadlines: [Int64?], of alarm: inout Alarm) -> [Nanoseconds?] {
    deadlines.map { alarm.needsEvent(for: $0.map { .seconds($0) } ?? .never) }
  }

  /// At which of the instants in seconds, one after the other, an alarm rings.
  private func rings(at instants: [Int64], of alarm: inout Alarm) -> [Bool] {
    instants.map { alarm.rings(at: .seconds($0)) }
  }

  @Test func aFirstDeadlineNeedsAnEventAndNeverNeedsNone() {
    var alarm = Alarm()
    let needed = events(for: [nil, 5], of: &alarm)
    #expect(needed == [nil, .seconds(5)])
    #expect(alarm.isPending(at: .seconds(5)))
    #expect(!alarm.isPending(at: .seconds(4)))
  }

  @Test func aLaterDeadlineKeepsTheEventThatIsPending() {
    var alarm = Alarm()
    let needed = events(for: [5, 5, 9, nil], of: &alarm)
    #expect(needed == [.seconds(5), nil, nil, nil])
    #expect(alarm.isPending(at: .seconds(5)))
  }

  @Test func anEarlierDeadlineMakesTheLaterEventStale() {
    var alarm = Alarm()
    let needed = events(for: [5, 3], of: &alarm)
    #expect(needed == [.seconds(5), .seconds(3)])
    let rung = rings(at: [3, 5], of: &alarm)
    #expect(rung == [true, false])
  }

  @Test func anAlarmRingsOnceAndCanBeSetAgain() {
    var alarm = Alarm()
    _ = events(for: [5], of: &alarm)
    let rung = rings(at: [4, 5, 5], of: &alarm)
    #expect(rung == [false, true, false])
    let again = events(for: [9], of: &alarm)
    #expect(again == [.seconds(9)])
  }

  /// A deadline that moves away all the time costs one event each time that the pending one comes too early, and an actor
  /// that looks at its deadline when the alarm rings is never late.
  @Test func aDeadlineThatMovesAwayIsMetInTheEnd() {
    var queue = EventQueue<Int>()
    var alarm = Alarm()
    var deadline = Nanoseconds(10)
    for now in Int64(0)...95 {  // put off at each instant
      deadline = Nanoseconds(now + 10)
      if let time = alarm.needsEvent(for: deadline) { queue.schedule(0, at: time) }
      while let next = queue.first, next.time.count <= now {
        _ = queue.popFirst()
        if alarm.rings(at: next.time), let time = alarm.needsEvent(for: deadline) { queue.schedule(0, at: time) }
      }
      #expect(queue.count == 1)
    }
    var rung: [Nanoseconds] = []
    while let next = queue.popFirst() {
      guard alarm.rings(at: next.key.time) else { continue }
      rung.append(next.key.time)
      if next.key.time < deadline, let time = alarm.needsEvent(for: deadline) { queue.schedule(0, at: time) }
    }
    #expect(rung.last == deadline)
    #expect(rung.count <= 2)
  }
}
