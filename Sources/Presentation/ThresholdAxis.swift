import Glibc

/// A horizontal axis for thresholds in bytes. It is logarithmic if they span a large ratio; then 0 stands apart at its
/// left end.
struct ThresholdAxis: Sendable {
  private static let wide = 16.0
  /// Room for so many labels such as "512 KiB".
  private static let mostLabels = 10

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

  /// The axis of a chart.
  var chart: Chart.Axis {
    isLogarithmic ? Chart.Axis(label, range: range, ticks: tics.filter { !$0.text.isEmpty }) : Chart.Axis(linear)
  }

  private var label: String { "threshold, logarithmic\(hasZeroApart ? "; 0 stands apart" : "")" }

  private var linear: Axis {
    Axis(
      label: "threshold [\(unit.name)]",
      range: Axis.range(of: [low / unit.size, high / unit.size], fromZero: low < high / 2))
  }

  /// The ends of a logarithmic axis, with room for marks.
  private var range: ClosedRange<Double> {
    let left = hasZeroApart ? position(of: 0) : log2(low)
    let room = (log2(high) - left) * 0.04
    return Axis.range(left - room, log2(high) + room)
  }

  /// Powers of two, as many of them with words as there is room for.
  private var tics: [Chart.Tick] {
    let powers = Int(log2(low).rounded(.up))...max(Int(log2(low).rounded(.up)), Int(log2(high).rounded(.down)))
    let step = max(1, (powers.count + Self.mostLabels - 1) / Self.mostLabels)
    let tics = powers.map { power in
      let bytes = pow(2, Double(power))
      let isShown = (power - powers.upperBound).isMultiple(of: step)
      return Chart.Tick(at: Double(power), text: isShown ? DisplayUnit.bytes(upTo: bytes).text(bytes) : "")
    }
    return hasZeroApart ? [Chart.Tick(at: position(of: 0), text: "0")] + tics : tics
  }

  /// The commands that set the axis.
  var commands: String {
    guard isLogarithmic else { return linear.commands("x") }
    let tics = tics.map { tic in
      "\(GnuplotScript.quoted(tic.text)) \(GnuplotScript.number(tic.at))\(tic.text.isEmpty ? " 1" : "")"
    }
    var commands = "set xlabel '\(label)' textcolor \(GnuplotScript.color(.ink))\n"
    commands +=
      "set xrange [\(GnuplotScript.number(range.lowerBound)):\(GnuplotScript.number(range.upperBound))]\n"
    commands += "set xtics (\(tics.joined(separator: ", ")))"
    if hasZeroApart {
      commands +=
        "\nset label 9 '//' at first \(GnuplotScript.number(position(of: 0) + apart / 2)), graph 0 center front "
        + "font ',16' textcolor \(GnuplotScript.color(.ink))"
    }
    return commands
  }
}
