import Quantities

/// How busy a port was in one run, as its line in `segments.csv` says it.
package struct SegmentSummary: Hashable, Sendable {
  /// The share of the time in which it was sending.
  package let busyShare: Double
  /// The most frames that waited at a time.
  package let mostWaiting: Double

  init(busyShare: Double, mostWaiting: Double) {
    (self.busyShare, self.mostWaiting) = (busyShare, mostWaiting)
  }

  init(_ figures: SegmentFigures) {
    let share = figures.busyShare.flatMap { FixedPoint(real: $0) }
    self.init(busyShare: share?.value ?? 0, mostWaiting: Double(figures.counts.mostWaiting))
  }
}

/// How busy a port was in several replications.
package struct SegmentCounters: Hashable, Sendable {
  private var replications = 0
  private var shares = 0.0
  /// The most frames that waited at a time in any of them.
  package private(set) var mostWaiting = 0.0

  /// The mean share of the time in which it was sending.
  package var busyShare: Double { replications > 0 ? shares / Double(replications) : 0 }

  mutating func add(_ run: SegmentSummary) {
    replications += 1
    shares += run.busyShare
    mostWaiting = max(mostWaiting, run.mostWaiting)
  }
}
