/// What became of packets one after the other on one path: runs of received and of lost ones in turn.
package struct LossSequence: Hashable, Sendable {
  /// Whether the first run is lost.
  package private(set) var beginsLost = false
  /// The lengths of the runs, none of them empty.
  package private(set) var runs: [Int] = []
  /// The number of packets.
  package private(set) var packets = 0
  /// The number of lost packets.
  package private(set) var lost = 0
  /// The instants of the packets in seconds, in order; empty if they are not known.
  package var times: [Double] = []

  /// No packet yet.
  package init() {}

  /// One packet after the other; true for a lost one.
  package init(_ fates: some Sequence<Bool>, times: [Double] = []) {
    for isLost in fates { append(isLost: isLost, count: 1) }
    self.times = times
  }

  /// Appends packets with one fate.
  package mutating func append(isLost: Bool, count: Int) {
    guard count > 0 else { return }
    packets += count
    if isLost { lost += count }
    if runs.isEmpty {
      beginsLost = isLost
      runs.append(count)
    } else if endsLost == isLost {
      runs[runs.count - 1] += count
    } else {
      runs.append(count)
    }
  }

  /// Whether the last run is lost.
  package var endsLost: Bool { isLost(run: runs.count - 1) }

  /// Whether a run is lost.
  package func isLost(run index: Int) -> Bool { beginsLost != (index & 1 == 1) }

  /// Calls `body` with the fate of each packet, and the time that passed since the packet before it. It is 0 for the
  /// first one, and where times are not known.
  @inline(__always)
  func forEachPacket(_ body: (_ isLost: Bool, _ passed: Double) -> Void) {
    var index = 0
    for (run, length) in runs.enumerated() {
      let isLost = isLost(run: run)
      for _ in 0..<length {
        body(isLost, times.isEmpty || index == 0 ? 0 : times[index] - times[index - 1])
        index += 1
      }
    }
  }
}
