import DequeModule
import EventSimulation
import RandomStreams
import Timebase

/// What is added to a path's latency, packet by packet (N3).
@usableFromInline
struct Jitter: Sendable {
  /// How many draws are made at once.
  private static let drawnAtOnce = 16

  private let model: TimeModel
  private var stream: RandomStream
  /// The mean of an exponential law whose draws are made several at once, in nanoseconds; 0 for any other law.
  private let meanOfMany: Double
  private var ahead: ContiguousArray<UInt64> = []
  private var nextAhead = 0
  /// When the packet arrives that was drawn last.
  private var lastArrival = Nanoseconds.zero
  /// When the packets under way as events would arrive without jitter, ascending, if loss by time goes by that (N13).
  private var underWay: Deque<Nanoseconds> = []
  private let isTimed: Bool
  /// When packets of the log arrive that were drawn and that the device has not caught up with, from its position on.
  private var drawn: Deque<Nanoseconds> = []

  /// - Parameter isTimed: whether the loss of the path goes by time.
  init(_ model: TimeModel, stream: RandomStream, isTimed: Bool) {
    self.model = model
    self.stream = stream
    self.isTimed = isTimed
    if case .drawn(.exponential(let mean)) = model, RandomStream.drawsMany(ofMean: mean) {
      meanOfMany = mean
    } else {
      meanOfMany = 0
    }
  }

  /// When a packet arrives that would arrive at `undisturbed`. It never arrives before the packet before it on the
  /// path.
  private mutating func draw(_ undisturbed: Nanoseconds) -> Nanoseconds {
    lastArrival = max(lastArrival, undisturbed + delay())
    return lastArrival
  }

  @inline(__always)
  private mutating func delay() -> Nanoseconds {
    guard meanOfMany > 0 else { return model.value(from: &stream) }
    if nextAhead == ahead.count { drawAhead() }
    defer { nextAhead += 1 }
    return Nanoseconds(Int64(ahead[nextAhead]))
  }

  private mutating func drawAhead() {
    if ahead.isEmpty { ahead = ContiguousArray(repeating: 0, count: Self.drawnAtOnce) }
    var stream = stream
    let mean = meanOfMany
    ahead.withUnsafeMutableBufferPointer { stream.exponentials(means: (mean, mean), into: $0) }
    (self.stream, nextAhead) = (stream, 0)
  }

  // MARK: Packets whose arrivals are events

  /// When a packet arrives that would arrive at `undisturbed`.
  @usableFromInline
  mutating func arrival(_ undisturbed: Nanoseconds) -> Nanoseconds {
    send(undisturbed)
    return draw(undisturbed)
  }

  /// The arrival of a packet becomes an event. It has its place among those of the others.
  private mutating func send(_ undisturbed: Nanoseconds) {
    guard isTimed else { return }
    var place = underWay.count
    while place > 0, underWay[place - 1] > undisturbed { place -= 1 }
    underWay.insert(undisturbed, at: place)
  }

  /// The next packet has arrived; gives when it would have without jitter, if anybody needs to know. They keep their
  /// order.
  @usableFromInline
  mutating func arrived() -> Nanoseconds? { isTimed ? underWay.removeFirst() : nil }

  // MARK: Packets of the log

  // These change nothing but what they must, and are mutating all the same: a station is changed in place, and to ask it
  // otherwise would copy it.

  /// Whether a packet arrives after `time`, of those that have drawn.
  @usableFromInline
  mutating func isAnythingUnderWay(after time: Nanoseconds) -> Bool { lastArrival > time }

  /// How many packets of the log have drawn and not been taken.
  @usableFromInline
  mutating func countWaiting() -> Int { drawn.count }

  /// The packet of the log behind those that have drawn draws too.
  @usableFromInline
  mutating func drawAhead(_ undisturbed: Nanoseconds) { drawn.append(draw(undisturbed)) }

  /// Takes packets of a run, from the one at `index` on and before the `end`-th, as long as they arrive before `key`.
  /// Returns how many.
  ///
  /// - Parameter note: is told when each of them arrives.
  @inline(__always)
  private mutating func take(
    _ run: MulticastRun, from index: Int, until end: Int, latency: Nanoseconds, device: UInt32, before key: EventKey,
    note: (_ packet: Int, _ arrival: Nanoseconds) -> Void
  ) -> Int {
    var undisturbed = run.arrivalKey(at: index, latency: latency, device: device)
    for packet in 0..<(end - index) {
      let waits = !drawn.isEmpty
      let arrival = waits ? drawn[0] : draw(undisturbed.time)
      guard EventKey(time: arrival, sequence: undisturbed.sequence) < key else {
        if !waits { drawn.append(arrival) }
        return packet
      }
      if waits { drawn.removeFirst() }
      note(packet, arrival)
      undisturbed = EventKey(time: undisturbed.time + run.period, sequence: undisturbed.sequence + run.sequenceStep)
    }
    return end - index
  }

  /// Takes packets of a run and notes when they arrive.
  @usableFromInline
  mutating func take(
    _ run: MulticastRun, from index: Int, until end: Int, latency: Nanoseconds, device: UInt32, before key: EventKey,
    into arrivals: UnsafeMutableBufferPointer<Nanoseconds>
  ) -> Int {
    take(run, from: index, until: end, latency: latency, device: device, before: key) {
      arrivals.initializeElement(at: $0, to: $1)
    }
  }

  /// Passes over packets of a run.
  @usableFromInline
  mutating func pass(
    _ run: MulticastRun, from index: Int, latency: Nanoseconds, device: UInt32, before key: EventKey
  ) -> Int {
    take(run, from: index, until: run.count, latency: latency, device: device, before: key) { _, _ in }
  }

  /// The next packet that has drawn gets an event, which comes then.
  @usableFromInline
  mutating func takeAsEvent(_ undisturbed: Nanoseconds) -> Nanoseconds {
    send(undisturbed)
    return drawn.removeFirst()
  }
}
