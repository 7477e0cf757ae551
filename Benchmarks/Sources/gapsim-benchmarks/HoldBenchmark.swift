import CFloor
import EventSimulation
import Glibc
import Timebase

/// The hold model: the first of so many pending events is taken, and one is scheduled an exponential time later.
struct HoldBenchmark {
  /// Events small and large; each hold changes them, so that they must be read and written.
  protocol Payload: Sendable, BitwiseCopyable { var first: UInt64 { get set } }
  struct Small: Payload { var (first, second, third): (UInt64, UInt64, UInt64) = (0, 0, 0) }
  struct Large: Payload {
    var (small, others) = (Small(), (Small(), Small()))
    var first: UInt64 {
      get { small.first }
      set { small.first = newValue }
    }
  }

  /// Increments, drawn beforehand: a power of two of them, taken in a circle.
  let increments: [Int64]

  init() {
    var state: UInt64 = 1
    increments = (0..<1 << 16).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64(-log((Double(state >> 11) + 1) * 0x1p-53) * 1e6) + 1
    }
  }

  /// Row 3.
  func measure(pending: Int, rounds: Int, into report: inout Report) throws {
    try add(pending: pending, event: Small(), rounds: rounds, into: &report)
    try add(pending: pending, event: Large(), rounds: rounds, into: &report)
  }

  /// Gives the seconds that one hold takes with events of 72 bytes, whenever it is asked.
  func hold(pending: Int) -> () -> Double {
    var (queue, drawn) = filled(pending, with: Large())
    let holds = 200_000
    return { seconds { hold(&queue, holds: holds, drawn: &drawn) } / Double(holds) }
  }

  private func filled<Event: Payload>(_ pending: Int, with event: Event) -> (EventQueue<Event>, drawn: Int) {
    var queue = EventQueue<Event>()
    for index in 0..<pending { queue.schedule(event, at: Nanoseconds(increments[index & (increments.count - 1)])) }
    return (queue, pending)
  }

  private func add<Event: Payload>(
    pending: Int,
    event: Event,
    rounds: Int,
    into report: inout Report
  ) throws {
    let holds = 1_000_000
    let bytes = MemoryLayout<Event>.size
    let mask = increments.count - 1
    var (queue, drawn) = filled(pending, with: event)
    let heap = cfloor_heap_make(pending, bytes, increments, mask)
    defer { cfloor_heap_free(heap) }
    let samples = try Samples(
      rounds: rounds,
      [
        {
          seconds { hold(&queue, holds: holds, drawn: &drawn) }
        },
        { seconds { _ = cfloor_heap_hold(heap, holds, increments, mask) } },
      ]
    )
    report.add(
      "event queue: a hold at \(pending) pending, \(bytes)-byte events, rival C 4-ary heap",
      ours: nanoseconds(samples.seconds(0), per: Double(holds)),
      rival: nanoseconds(samples.seconds(1), per: Double(holds)),
      ratio: samples.ratio(0, to: 1)
    )
  }

  private func hold<Event: Payload>(_ queue: inout EventQueue<Event>, holds: Int, drawn: inout Int) {
    let mask = increments.count - 1
    for _ in 0..<holds {
      guard let (key, taken) = queue.popFirst() else { return }
      var event = taken
      event.first &+= 1
      queue.schedule(event, at: key.time + Nanoseconds(increments[drawn & mask]))
      drawn &+= 1
    }
  }
}
