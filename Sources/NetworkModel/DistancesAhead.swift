import RandomStreams

/// The distances from one loss to the next of a Bernoulli process, some of them drawn ahead: many at once take a third of the
/// time, and who knows them knows how long nothing can come of the losses.
///
/// The numbers are those that would be drawn one by one, so that it does not matter how many are drawn at a time.
struct DistancesAhead: Sendable, BitwiseCopyable {
  private static let room = 64
  /// So many are drawn at a time: what takes the least time for each.
  private static let drawnAtOnce = 16

  private var distances = InlineArray<64, UInt32>(repeating: 0)
  private var first: UInt8 = 0
  private var end: UInt8 = 0

  /// The next distance, at least 1; nil when none is left.
  @inline(__always)
  mutating func popFirst() -> UInt32? {
    guard first < end else { return nil }
    defer { first &+= 1 }
    return distances[unchecked: Int(first)]
  }

  /// Takes distances as long as there are some that do not lead past the `end`-th packet, and writes down the packets that are
  /// lost, behind the `count` ones before; the `packet`-th comes after the last of them.
  @inline(__always)
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

  /// Draws some when none is left.
  mutating func draw(by law: GeometricLaw, from stream: inout RandomStream) {
    end = 0
    drawMore(by: law, from: &stream)
    first = 0
  }

  /// Draws more while there is room, until those that are kept lead past so many packets.
  mutating func fill(by law: GeometricLaw, from stream: inout RandomStream, for packets: UInt64) {
    var ahead: UInt64 = 0
    for index in first..<end { ahead &+= UInt64(distances[unchecked: Int(index)]) }
    guard ahead < packets else { return }
    let kept = Int(end - first)
    for index in 0..<kept { distances[index] = distances[Int(first) + index] }
    (first, end) = (0, UInt8(kept))
    while ahead < packets, Int(end) + Self.drawnAtOnce <= Self.room {
      ahead &+= drawMore(by: law, from: &stream)
    }
  }

  /// How many packets no more than `longest` of which are lost in a row come to the last loss that is known, or to the one that is
  /// too many: of the first, so many pass and so many are lost.
  func foresee(runsUpTo longest: Int, after stretch: (passing: UInt64, losing: UInt64)) -> UInt64 {
    var packets = stretch.passing + stretch.losing
    var run = Int(stretch.losing)
    distances.span.withUnsafeBufferPointer { distances in
      for distance in distances[Int(first)..<Int(end)] {
        run = distance == 1 ? run &+ 1 : 1
        if run > longest { break }
        packets &+= UInt64(distance)
      }
    }
    return packets
  }

  /// Draws some more behind those that are kept; gives how many packets they lead past.
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
