/// What became of packets one after the other, and when they arrived or would have.
package struct PacketFates: Sendable {
  /// A stretch of packets with one fate.
  package struct Stretch: Hashable, Sendable {
    package let isLost: Bool
    package let count: Int
  }

  /// The stretches, each with another fate than the one before.
  package private(set) var stretches: [Stretch] = []
  /// The number of packets.
  package private(set) var packets = 0
  private var seconds: [Double] = []
  private var first: Int64?

  /// No packet yet.
  init() {}

  /// The instants of the packets in seconds from the first one on; empty if the capture does not say all of them.
  ///
  /// A clock that was set back stands still meanwhile.
  package var times: [Double] { seconds.count == packets ? seconds : [] }

  /// Appends lost packets, and one that was received after them.
  ///
  /// - Parameter shares: where the lost ones stand between it and the one before them, ascending between 0 and 1; nil for
  ///   evenly.
  mutating func append(lost: Int, shares: [Double]? = nil, thenReceivedAt time: Int64?) {
    let moment = moment(time)
    if lost > 0 {
      packets += lost
      stretches.append(Stretch(isLost: true, count: lost))
      if let moment, let last = seconds.last {
        for number in 0..<lost {
          seconds.append(last + (moment - last) * (shares?[number] ?? Double(number + 1) / Double(lost + 1)))
        }
      }
    }
    packets += 1
    if let last = stretches.last, !last.isLost {
      stretches[stretches.count - 1] = Stretch(isLost: false, count: last.count + 1)
    } else {
      stretches.append(Stretch(isLost: false, count: 1))
    }
    if let moment { seconds.append(moment) }
  }

  private mutating func moment(_ time: Int64?) -> Double? {
    guard let time else { return nil }
    guard let first else {
      first = time
      return 0
    }
    let (passed, overflow) = time.subtractingReportingOverflow(first)
    return overflow ? nil : max(seconds.last ?? 0, Double(passed) / 1e9)
  }
}
