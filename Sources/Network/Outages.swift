import RandomStreams
import Timebase

/// When nothing passes a path (N13).
public enum OutageModel: Hashable, Sendable {
  /// An outage begins `every` so often, from one beginning to the next, and lasts `lasting`; each of both may be drawn anew. The
  /// first one begins at `first`, or `every` after 0.
  case recurring(every: TimeModel, lasting: TimeModel, first: TimeModel?)
  /// Outages by their times.
  case list([Outage])
}

/// One outage.
public struct Outage: Hashable, Sendable, BitwiseCopyable {
  /// When it begins.
  public var at: Nanoseconds
  /// How long it lasts: a packet that arrives at its end passes.
  public var lasting: Nanoseconds

  /// An outage.
  public init(at: Nanoseconds, lasting: Nanoseconds) {
    self.at = at
    self.lasting = lasting
  }
}

/// The outages of one path as time goes on. Times that are asked for never go back.
struct OutageProcess: ClockedLaw {
  private let model: OutageModel
  private var stream: RandomStream
  /// Outages of a list, in order, and the next one of them.
  private var listed: [Outage] = []
  private var next = 0
  /// The outage under way or to come: from its beginning to its end, which may be never.
  private var begin = Nanoseconds.never
  private var end = Nanoseconds.never

  init(_ model: OutageModel, stream: RandomStream) {
    self.model = model
    self.stream = stream
    switch model {
    case .recurring(let every, let lasting, let first):
      begin = (first ?? every).value(from: &self.stream)
      end = begin + lasting.value(from: &self.stream)
    case .list(let outages):
      listed = outages.sorted { ($0.at, $0.lasting) < ($1.at, $1.lasting) }
      takeListed()
    }
  }

  mutating func loses(at time: Nanoseconds) -> Bool {
    while end <= time { goOn() }
    return begin <= time
  }

  mutating func outlook(at time: Nanoseconds) -> LossOutlook {
    let areLost = loses(at: time)
    return LossOutlook(frames: .max, until: areLost ? end : begin, areLost: areLost)
  }

  mutating func skip(_ frames: UInt64) {}

  /// Goes on to the next outage.
  private mutating func goOn() {
    guard case .recurring(let every, let lasting, _) = model else { return takeListed() }
    // At least a nanosecond, so that it comes to an end.
    begin = begin + max(Nanoseconds(1), every.value(from: &stream))
    end = max(end, begin + lasting.value(from: &stream))
    if begin > Distribution.longestTime { (begin, end) = (.never, .never) }
  }

  private mutating func takeListed() {
    guard next < listed.count else { return (begin, end) = (.never, .never) }
    (begin, end) = (listed[next].at, max(listed[next].at + listed[next].lasting, next > 0 ? end : .zero))
    next += 1
  }
}
