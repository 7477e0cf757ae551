/// Packets of one path by number, counted from 1, as runs of consecutive packets: ascending and not adjacent.
///
/// A run takes the same memory whatever its length, so a trace takes no more memory than its text.
public struct PacketRuns: Hashable, Sendable {
  /// The runs.
  public let runs: [ClosedRange<UInt64>]

  /// Sorts runs, and joins those that touch.
  public init(_ runs: some Sequence<ClosedRange<UInt64>>) {
    var kept = [ClosedRange<UInt64>]()
    for run in runs.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = kept.last, run.lowerBound <= last.upperBound &+ 1 {
        kept[kept.count - 1] = last.lowerBound...max(last.upperBound, run.upperBound)
      } else {
        kept.append(run)
      }
    }
    self.runs = kept
  }

  /// Joins single packets into runs.
  public init(numbers: some Sequence<UInt64>) { self.init(numbers.lazy.map { $0...$0 }) }

  /// Whether there are none.
  public var isEmpty: Bool { runs.isEmpty }
}

extension PacketRuns: ExpressibleByArrayLiteral {
  /// Single packets, joined into runs.
  public init(arrayLiteral numbers: UInt64...) { self.init(numbers: numbers) }
}
