import Glibc

/// A horizontal axis for thresholds in bytes. It is logarithmic if they span a large ratio; then 0 stands apart at its
/// left end.
struct ThresholdAxis: Sendable {
  private static let wide = 16.0

  let hasZeroApart: Bool
  private let isLogarithmic: Bool
  private let unit: DisplayUnit
  private let low: Double
  private let high: Double
  private let apart: Double

  /// An axis for at least one threshold.
  init(_ thresholds: [Double]) {
    let positive = thresholds.filter { $0 > 0 }
    low = positive.min() ?? 0
    high = positive.max() ?? 0
    isLogarithmic = low > 0 && high / low >= Self.wide
    hasZeroApart = isLogarithmic && thresholds.contains(0)
    unit = .bytes(upTo: high)
    apart = isLogarithmic ? max(0.5, 0.12 * log2(high / low)) : 0
  }

  /// The position of a threshold.
  func position(of bytes: Double) -> Double {
    guard isLogarithmic else { return bytes / unit.size }
    return bytes > 0 ? log2(bytes) : log2(low) - apart
  }

  /// The commands that set the axis.
  var commands: String {
    guard isLogarithmic else {
      let range = Axis.range(of: [low / unit.size, high / unit.size], fromZero: low < high / 2)
      return Axis(label: "threshold [\(unit.name)]", range: range).commands("x")
    }
    let left = hasZeroApart ? position(of: 0) : log2(low)
    let room = (log2(high) - left) * 0.04
    let powers = Int(log2(low).rounded(.up))...max(Int(log2(low).rounded(.up)), Int(log2(high).rounded(.down)))
    let step = max(1, (powers.count + 6) / 7)
    var tics = powers.filter { $0.isMultiple(of: step) }.map { power in
      let bytes = pow(2, Double(power))
      return "\(GnuplotScript.quoted(DisplayUnit.bytes(upTo: bytes).text(bytes))) \(power)"
    }
    if hasZeroApart { tics.insert("'0' \(GnuplotScript.number(left))", at: 0) }
    var commands =
      "set xlabel 'threshold, logarithmic\(hasZeroApart ? "; 0 stands apart" : "")' "
      + "textcolor \(GnuplotScript.color(.ink))\n"
    commands += "set xrange [\(GnuplotScript.number(left - room)):\(GnuplotScript.number(log2(high) + room))]\n"
    commands += "set xtics (\(tics.joined(separator: ", ")))"
    if hasZeroApart {
      commands +=
        "\nset label 9 '//' at first \(GnuplotScript.number(left + apart / 2)), graph 0 center front font ',16' "
        + "textcolor \(GnuplotScript.color(.ink))"
    }
    return commands
  }
}
