import Glibc
import Quantities

/// Which thresholds are candidates.
package enum CandidateChoice: Hashable, Sendable {
  /// The total gaps that really occur, at most this many of them, and also 0 and a threshold that promotes every
  /// device.
  case occurring(atMost: Int)
  /// The same, and fewer where the first replications of so many would cost more than this, in seconds: ``RunCost``.
  case affordable(atMost: Int, seconds: Double)
  /// These, ascending, in bytes.
  case listed([UInt64])

  /// The candidates if nobody says which.
  package static let usual = CandidateChoice.affordable(atMost: 64, seconds: 8.5)
  /// The fewest that remain where runs are long.
  static let fewest = 12
  /// The most candidates.
  package static let most = 1000

  /// One text for each choice.
  package var text: String {
    switch self {
    case .occurring(let count): "at most \(count) that occur"
    case .affordable(let count, let seconds):
      "at most \(count) that occur, first replications of \(seconds.shortest) seconds"
    case .listed(let thresholds): thresholds.map { "\($0) B" }.joined(separator: ", ")
    }
  }

  /// Reads a number (how many occurring gaps at most), or sizes and ranges of sizes with commas between them.
  ///
  /// - `16 KiB..4 MiB:8`: eight thresholds at equal distances, both ends among them
  /// - `16 KiB..4 MiB:log2`: 16 KiB, and each time twice as much, up to 4 MiB (any whole number from 2 on stands for the 2)
  /// - `16 KiB..4 MiB:8:log`: eight thresholds, each the same multiple of the one before
  package init(_ text: String) throws(CandidateError) {
    if case .success(let count) = PlainNumber.integer(text), count > 0 {
      guard count <= Self.most else { throw CandidateError("\(text.excerpt): at most \(Self.most) candidates") }
      self = .occurring(atMost: Int(count))
      return
    }
    var thresholds: Set<UInt64> = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      thresholds.formUnion(try Self.thresholds(String(item).trimmed))
      guard thresholds.count <= Self.most else { throw CandidateError("more than \(Self.most) candidates") }
    }
    guard thresholds.count >= 2 else {
      throw CandidateError("'\(text.excerpt)' is one threshold; at least two are compared")
    }
    self = .listed(thresholds.sorted())
  }

  private static func thresholds(_ item: String) throws(CandidateError) -> [UInt64] {
    guard let dots = item.firstRange(of: "..") else { return [try size(item)] }
    let rest = item[dots.upperBound...]
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false).map { String($0).trimmed }
    let (low, high) = (try size(String(item[..<dots.lowerBound]).trimmed), try size(parts[0]))
    guard low < high else { throw CandidateError("the range '\(item.excerpt)' does not begin below its end") }
    let spacing = Array(parts.dropFirst())
    if spacing.count == 1, spacing[0].hasPrefix("log"), let base = UInt64(spacing[0].dropFirst(3)), base >= 2 {
      guard low > 0 else { throw startsAtZero(item) }
      return powers(from: low, to: high, base: base)
    }
    guard let count = spacing.first.flatMap({ Int($0) }), (2...most).contains(count),
      spacing.count == 1 || spacing.count == 2 && spacing[1] == "log"
    else {
      throw CandidateError(
        "the range '\(item.excerpt)' does not say how it is divided; write \(parts[0]) and behind it :8 (eight thresholds), "
          + ":log2 (doubling) or :8:log (eight of equal ratios)")
    }
    if spacing.count == 2 {
      guard low > 0 else { throw startsAtZero(item) }
      return ratios(from: low, to: high, count: count)
    }
    return (0..<count).map { low + scale(high - low, by: UInt64($0), of: UInt64(count - 1)) }
  }

  private static func startsAtZero(_ item: String) -> CandidateError {
    CandidateError("the range '\(item.excerpt)' begins at 0, and no multiple of that leads on; name 0 by itself")
  }

  /// A size. A 0 needs no unit.
  private static func size(_ text: String) throws(CandidateError) -> UInt64 {
    if text == "0" { return 0 }
    switch Quantity.size.parse(text) {
    case .success(let bytes): return bytes
    case .failure(let error):
      throw CandidateError(error.message + (error.suggestion.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }

  private static func powers(from low: UInt64, to high: UInt64, base: UInt64) -> [UInt64] {
    var values = [low]
    while let last = values.last {
      let (next, overflow) = last.multipliedReportingOverflow(by: base)
      guard !overflow, next <= high else { break }
      values.append(next)
    }
    return values
  }

  private static func ratios(from low: UInt64, to high: UInt64, count: Int) -> [UInt64] {
    let step = log(Double(high) / Double(low)) / Double(count - 1)
    let inner = (1..<count - 1).map { min(high, max(low, UInt64((Double(low) * exp(step * Double($0))).rounded()))) }
    return [low] + inner + [high]
  }

  /// `value × numerator ÷ denominator`, rounded down.
  private static func scale(_ value: UInt64, by numerator: UInt64, of denominator: UInt64) -> UInt64 {
    denominator.dividingFullWidth(value.multipliedFullWidth(by: numerator)).quotient
  }

  /// The candidates from the total gaps that occurred, ascending.
  ///
  /// A threshold of a gap's size promotes a device that misses less than that, and so do all thresholds down to the
  /// next smaller gap. So one threshold for each such step is enough. If there are more gaps than wanted, those at even
  /// distances in their order stay. Three of four come from the gaps of devices that are promoted at once. There a
  /// threshold separates devices from each other. A smaller one only says after how many more sessions a device is
  /// promoted.
  ///
  /// - Parameters:
  ///   - first: Gaps in the decisions of runs that promote every device.
  ///   - others: Gaps in the decisions of runs that promote no device.
  package static func reduce(_ first: Set<UInt64>, _ others: Set<UInt64>, atMost count: Int, file size: UInt64)
    -> [UInt64]
  {
    let ends: Set<UInt64> = [0, size + 1]
    let first = first.subtracting(ends).sorted()
    let others = others.subtracting(ends).subtracting(first).sorted()
    let share = max(count - others.count, count - count / 4)
    let kept = spread(first, over: min(share, count))
    return ([0, size + 1] + kept + spread(others, over: count - kept.count)).sorted()
  }

  /// At most this many of them, at even distances in their order.
  private static func spread(_ sorted: [UInt64], over count: Int) -> [UInt64] {
    guard sorted.count > count else { return sorted }
    return (0..<count).map { sorted[count == 1 ? sorted.count / 2 : $0 * (sorted.count - 1) / (count - 1)] }
  }
}

/// Why candidates cannot be read.
package struct CandidateError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ message: String) { description = message }
}
