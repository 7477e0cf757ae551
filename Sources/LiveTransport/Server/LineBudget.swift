import Timebase

/// How many lines a log gets: a flood of forged packets must not become a flood of lines, which the server would wait for.
struct LineBudget: Sendable {
  /// What to do with a line.
  enum Verdict: Hashable, Sendable {
    case write
    /// Write it, and say before that so many were left out.
    case writeAfter(leftOut: Int)
    case leaveOut
  }

  /// The most lines of a second.
  let perSecond: Int
  private var second: Int64 = 0
  private var written = 0
  private var leftOut = 0

  init(perSecond: Int) { self.perSecond = perSecond }

  /// Judges one more line.
  mutating func judge(at now: Nanoseconds) -> Verdict {
    let current = now.count / 1_000_000_000
    if current != second {
      (second, written) = (current, 0)
    }
    guard written < perSecond else {
      leftOut += 1
      return .leaveOut
    }
    written += 1
    guard leftOut > 0 else { return .write }
    defer { leftOut = 0 }
    return .writeAfter(leftOut: leftOut)
  }
}
