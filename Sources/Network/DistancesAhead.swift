import RandomStreams

/// The distances from one loss to the next of a Bernoulli process, some of them drawn ahead. Many at once take a third
/// of the time, and a caller that knows them knows for how long the losses have no effect.
///
/// The numbers are those that single draws would give. So it does not matter how many are drawn at a time.
@usableFromInline
struct DistancesAhead: Sendable, BitwiseCopyable {
  private static let room = 64
  /// How many are drawn at a time: the number that takes the least time for each.
  private static let drawnAtOnce = 16

  @usableFromInline var distances = InlineArray<64, UInt32>(repeating: 0)
  @usableFromInline var first: UInt8 = 0
  @usableFromInline var end: UInt8 = 0

  /// The next distance, at least 1; nil if none is left.
  @inlinable @inline(__always)
  mutating func popFirst() -> UInt32? {
    guard first < end else { return nil }
    defer { first &+= 1 }
    return distances[unchecked: Int(first)]
  }

  /// Takes distances as long as they do not lead past the `end`-th packet, and notes the lost packets after the `count`
  /// earlier ones. The `packet`-th packet comes after the last of them.
  @inlinable @inline(__always)
  mutating func lose(
    from packet: inout Int, until end: Int, lost: UnsafeMutableBufferPointer<Int>, _ count: inout Int
  ) {
    distances.span.withUnsafeBufferPointer { distances in
      var (next, place, index) = (packet, count, Int(first))
      let last = min(Int(self.end), index &+ lost.count &- place)
      while index < last, next &+ Int(distances[index]) <= end {
        next &+= Int(distances[index])
        lost.initializeElement(at: place, to: next &- 1)
        place &+= 1
        index &+= 1
      }
      (packet, count, first) = (next, place, UInt8(truncatingIfNeeded: index))
    }
  }

  /// Draws some distances if none is left.
  @usableFromInline
  mutating func draw(by law: GeometricLaw, from stream: inout RandomStream) {
    end = 0
    drawMore(by: law, from: &stream)
    first = 0
  }

  /// Draws more while there is room, until the kept distances lead past this many packets. Returns how many packets
  /// they lead past.
  @inline(__always)
  private mutating func fill(by law: GeometricLaw, from stream: inout RandomStream, for packets: UInt64) -> UInt64 {
    var ahead = withKept { $0.reduce(0) { $0 &+ UInt64($1) } }
    guard ahead < packets else { return ahead }
    let kept = Int(end - first)
    for index in 0..<kept { distances[index] = distances[Int(first) + index] }
    (first, end) = (0, UInt8(kept))
    while ahead < packets, Int(end) + Self.drawnAtOnce <= Self.room {
      ahead &+= drawMore(by: law, from: &stream)
    }
    return ahead
  }

  /// Draws as many as there is room for, until they lead past this many `packets`.
  ///
  /// - Returns: for how many packets at most `longest` are lost in a row: up to the last known loss, or up to the first
  ///   loss that is one too many. `lost` packets were lost just before.
  @inline(__always)
  mutating func foresee(
    _ packets: UInt64, runsUpTo longest: Int, after lost: Int, by law: GeometricLaw, from stream: inout RandomStream
  ) -> UInt64 {
    let ahead = fill(by: law, from: &stream, for: packets)
    // Mostly fewer losses follow directly after another one than so many in a row would take. They are counted without
    // a branch: 1 − 2 is below zero. So are distances that are so large that counting them does no harm.
    let inARow = withKept { $0.reduce(UInt32(0)) { $0 &+ ($1 &- 2) &>> 31 } }
    if max(1, lost) &+ Int(inARow) <= longest { return ahead }
    return withKept { distances in
      var (passed, run): (UInt64, Int) = (0, lost)
      for distance in distances {
        run = distance == 1 ? run &+ 1 : 1
        if run > longest { break }
        passed &+= UInt64(distance)
      }
      return passed
    }
  }

  @inline(__always)
  private mutating func withKept<Result>(_ body: (UnsafeMutableBufferPointer<UInt32>) -> Result) -> Result {
    let places = Int(first)..<Int(end)
    var span = distances.mutableSpan
    return span.withUnsafeMutableBufferPointer { body(UnsafeMutableBufferPointer(rebasing: $0[places])) }
  }

  /// Draws some more after the kept ones. Returns how many packets they lead past.
  @discardableResult
  private mutating func drawMore(by law: GeometricLaw, from stream: inout RandomStream) -> UInt64 {
    let places = Int(end)..<Int(end) + Self.drawnAtOnce
    end = UInt8(places.upperBound)
    var span = distances.mutableSpan
    return span.withUnsafeMutableBufferPointer { distances in
      let drawn = UnsafeMutableBufferPointer(rebasing: distances[places])
      stream.geometrics(law, into: drawn)
      return drawn.reduce(0) { $0 &+ UInt64($1) }
    }
  }
}
