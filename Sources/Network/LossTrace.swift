/// The lost packets of some paths by their numbers, as they were recorded (N6, N14).
public struct LossTrace: Hashable, Sendable {
  /// What one path lost.
  public struct Recording: Hashable, Sendable {
    /// The lost packets.
    public var lost: PacketRuns
    /// How many packets were recorded, at least the last one that was lost; nil if it is not known.
    public var length: UInt64?

    /// A recording.
    public init(lost: PacketRuns, length: UInt64? = nil) {
      self.lost = lost
      self.length = length
    }
  }

  /// What comes after a recording.
  public enum Afterwards: String, Hashable, Sendable, CaseIterable {
    /// The recording once more. Its end must be known.
    case `repeat`
    /// Nothing is lost.
    case clean
  }

  /// One for each device of the cohort, or one for all.
  public var recordings: [Recording]
  /// What comes after them; nil for a repeat where the end is known, and no losses elsewhere.
  public var then: Afterwards?

  /// A trace.
  public init(_ recordings: [Recording], then: Afterwards? = nil) {
    self.recordings = recordings
    self.then = then
  }

  /// Lists of lost packets whose ends are not known.
  public init(_ lists: [PacketRuns]) { self.init(lists.map { Recording(lost: $0) }) }

  /// Whether one of the recordings has a known end.
  public var hasLength: Bool { recordings.contains { $0.length != nil } }
}

extension LossTrace: ExpressibleByArrayLiteral {
  /// Lists of lost packets whose ends are not known.
  public init(arrayLiteral lists: PacketRuns...) { self.init(lists) }
}

/// How far a path has come in its recording.
@usableFromInline
struct TraceLaw: Sendable {
  private let runs: [ClosedRange<UInt64>]
  /// The packets of the recording after the last lost one.
  private let tail: UInt64
  private let isRepeated: Bool
  private var next = 0
  /// Whether a packet was offered after the end of a recording that is not repeated.
  private(set) var isOutlived = false

  /// Nil if nothing is ever lost, and no end is known.
  init?(_ trace: LossTrace, index: Int) {
    guard !trace.recordings.isEmpty else { return nil }
    let recording = trace.recordings[trace.recordings.count == 1 ? 0 : index]
    runs = recording.lost.runs
    let last = runs.last?.upperBound ?? 0
    tail = max(recording.length ?? last, last) - last
    isRepeated = recording.length != nil && trace.then != .clean
    if runs.isEmpty, isRepeated || recording.length == nil { return nil }
  }

  /// How many packets pass now, and how many are lost after them. It is asked when a packet is offered.
  mutating func drawStretch() -> (passing: UInt64, losing: UInt64) {
    defer { next += 1 }
    guard next >= runs.count else {
      return (runs[next].lowerBound - (next > 0 ? runs[next - 1].upperBound : 0) - 1, UInt64(runs[next].count))
    }
    if isRepeated {
      next = 0
      return (tail + runs[0].lowerBound - 1, UInt64(runs[0].count))
    }
    if next == runs.count, tail > 0 { return (tail, 0) }
    isOutlived = true
    return (.max, 0)
  }
}
