/// A point in time, or a length of time, as a whole number of nanoseconds.
///
/// Points count from the start of a run, or from any fixed instant on a real socket. Nothing here reads a clock.
/// Sixty-four bits reach 292 years; ``never`` stands for "not due at all" and compares later than every other value.
public struct Nanoseconds: Hashable, Sendable, BitwiseCopyable {
  /// The number of nanoseconds.
  public var count: Int64

  /// Makes a time of `count` nanoseconds.
  @inlinable
  public init(_ count: Int64) { self.count = count }

  /// The start of a run, or no time at all.
  @inlinable public static var zero: Nanoseconds { Nanoseconds(0) }
  /// Later than every time that can be reached. It stands for a deadline that is not set.
  @inlinable public static var never: Nanoseconds { Nanoseconds(.max) }

  /// `count` whole microseconds.
  public static func microseconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000) }
  /// `count` whole milliseconds.
  public static func milliseconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000_000) }
  /// `count` whole seconds.
  public static func seconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count * 1_000_000_000) }

  /// The instant that comes this long after it; ``never`` if it cannot be counted. So a time that a driver gives, or a
  /// configuration, stops no engine.
  @inlinable
  public func later(by length: Nanoseconds) -> Nanoseconds {
    let (sum, overflows) = count.addingReportingOverflow(length.count)
    return overflows ? .never : Nanoseconds(sum)
  }

  /// The same time in seconds, for statistics. The integer remains the exact value.
  public var seconds: Double { Double(count) / 1e9 }
}

extension Nanoseconds: Comparable, AdditiveArithmetic {
  /// Earlier, or shorter.
  @inlinable
  public static func < (left: Nanoseconds, right: Nanoseconds) -> Bool { left.count < right.count }
  /// Traps on overflow. Configuration limits times long before that.
  @inlinable
  public static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds { Nanoseconds(left.count + right.count) }
  /// The time from `right` to `left`.
  @inlinable
  public static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds { Nanoseconds(left.count - right.count) }
  /// `factor` times as long; ``never`` if it cannot be counted, as in ``later(by:)``.
  @inlinable
  public static func * (left: Nanoseconds, factor: Int) -> Nanoseconds {
    let (product, overflows) = left.count.multipliedReportingOverflow(by: Int64(factor))
    return overflows ? .never : Nanoseconds(product)
  }
}

extension Nanoseconds: CustomStringConvertible {
  /// Seconds with all nine decimals, as in every output: `0.000120000`.
  public var description: String {
    if self == .never { return "never" }
    let magnitude = count.magnitude
    let fraction = String(magnitude % 1_000_000_000)
    return (count < 0 ? "-" : "") + String(magnitude / 1_000_000_000) + "."
      + String(repeating: "0", count: 9 - fraction.count) + fraction
  }
}
