/// The packets of sequences with the times between them, for laws that go by time.
///
/// Times between packets often repeat, since stamps are rounded. Each is kept once, so that its exponential is computed once.
struct TimedSteps: Sendable {
  /// The times between packets, each once, in seconds.
  private(set) var intervals: [Double] = []
  /// For each packet, the time since the one before it as a position in ``intervals``; −1 for the first of a sequence.
  private(set) var positions: [Int32] = []
  /// For each packet, whether it was lost.
  private(set) var fates: [Bool] = []

  init(_ sequences: [LossSequence]) {
    var places: [Double: Int32] = [:]
    for sequence in sequences {
      var isFirst = true
      sequence.forEachPacket { isLost, passed in
        fates.append(isLost)
        defer { isFirst = false }
        guard !isFirst else { return positions.append(-1) }
        if let place = places[passed] { return positions.append(place) }
        let place = Int32(intervals.count)
        places[passed] = place
        intervals.append(passed)
        positions.append(place)
      }
    }
  }
}
