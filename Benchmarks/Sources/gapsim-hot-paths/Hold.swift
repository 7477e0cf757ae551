import EventSimulation
import Timebase

/// The hold model at 1000 pending events of 72 bytes: the first is taken, and one is scheduled some time later. Units: holds.
enum Hold {
  private struct Event: BitwiseCopyable, Sendable {
    var first: UInt64
    var rest: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
  }

  static func run(_ length: HotPath.Length) -> UInt64 {
    var state: UInt64 = 1
    func increment() -> Nanoseconds {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Nanoseconds(Int64(state >> 44) + 1)
    }
    var queue = EventQueue<Event>()
    for number in 0..<UInt64(1000) { queue.schedule(Event(first: number), at: increment()) }
    let holds: UInt64 = length == .short ? 10_000 : 210_000
    for _ in 0..<holds {
      guard let (key, taken) = queue.popFirst() else { fatalError("the queue is empty") }
      var event = taken
      event.first &+= 1
      queue.schedule(event, at: key.time + increment())
    }
    precondition(queue.count == 1000)
    return holds
  }
}
