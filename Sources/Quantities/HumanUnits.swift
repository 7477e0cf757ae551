/// Numbers for people: few digits and a unit that fits. Nothing reads them back.
package enum HumanUnits {
  /// A unit with its size.
  package struct Scale: Hashable, Sendable {
    package let name: String
    package let size: Double
    package let decimals: Int

    /// A unit of that size, with this many decimals.
    package init(name: String, size: Double, decimals: Int) {
      self.name = name
      self.size = size
      self.decimals = decimals
    }
  }

  private static let bytes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
  private static let thousands = ["", " k", " M", " G", " T"]

  /// The binary unit in which `value` has one to four digits before the point.
  package static func byteScale(of value: Double) -> Scale {
    var scale = Scale(name: bytes[0], size: 1, decimals: 0)
    for (power, name) in bytes.enumerated().dropFirst() where value.magnitude >= scale.size * 1024 {
      scale = Scale(name: name, size: Double(UInt64(1) << (10 * power)), decimals: 2)
    }
    return scale
  }

  /// Seconds, or milliseconds for less than a tenth of one.
  package static func timeScale(of seconds: Double) -> Scale {
    seconds.magnitude < 0.1 ? Scale(name: "ms", size: 0.001, decimals: 3) : Scale(name: "s", size: 1, decimals: 3)
  }

  /// The number with this many decimals.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    FixedPoint(rounding: value, decimals: decimals)?.description ?? "–"
  }

  /// The number with groups of three digits, separated by a narrow space, and with this many decimals. Its sign is a minus.
  package static func grouped(_ value: Double, decimals: Int) -> String {
    let text = fixed(value, decimals: decimals).replacing("-", with: "−")
    let parts = text.split(separator: ".", maxSplits: 1)
    guard let whole = parts.first, whole.count > 4 else { return text }
    var groups = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: 3), groups != "−" { groups += "\u{202F}" }
      groups.append(digit)
    }
    return ([groups] + parts.dropFirst().map(String.init)).joined(separator: ".")
  }

  /// A whole number, as ``plural(_:_:)`` writes it.
  package static func count(_ count: some BinaryInteger) -> String { grouped(Double(count), decimals: 0) }

  /// A value with its unit.
  package static func text(_ value: Double, in scale: Scale) -> String {
    fixed(value / scale.size, decimals: scale.decimals) + " " + scale.name
  }

  /// A rate with three digits and a thousands' prefix: `12.3 M`.
  package static func scaled(_ value: Double) -> String {
    var rest = value
    var prefix = 0
    while rest >= 999.5, prefix + 1 < thousands.count {
      rest /= 1000
      prefix += 1
    }
    return fixed(rest, decimals: rest >= 99.95 ? 0 : rest >= 9.995 ? 1 : 2) + thousands[prefix]
  }

  /// A length of time as on a clock: `0:07`, `12:05`, `1:02:03`.
  package static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
    let minutes = whole / 60
    let tail = ":" + two(whole % 60)
    return minutes < 60 ? "\(minutes)\(tail)" : "\(minutes / 60):\(two(minutes % 60))\(tail)"
  }

  /// A number with its noun: `1 device`, `2 devices`.
  package static func plural(_ count: Int, _ noun: String) -> String {
    grouped(Double(count), decimals: 0) + " " + noun + (count == 1 ? "" : "s")
  }

  /// A share in percent, to two digits.
  package static func percent(_ share: Double) -> String {
    fixed(100 * share, decimals: share < 0.1 ? 2 : share < 1 ? 1 : 0) + " %"
  }

  /// A share in percent as somebody wrote it, with all of its digits: `95 %`, `99.95 %`.
  package static func exactPercent(_ share: Double) -> String {
    // To ten decimals, for times 100 adds to the last ones.
    let percent = (share * 1e12).rounded() / 1e10
    return (percent == percent.rounded() ? fixed(percent, decimals: 0) : "\(percent)") + " %"
  }

  /// A share in percent, to two or three digits that count: `38 %`, `1.25 %`.
  package static func roundedPercent(_ share: Double) -> String {
    let percent = 100 * share
    let text = grouped(percent, decimals: percent < 0.1 ? 4 : percent < 10 ? 2 : percent < 100 ? 1 : 0)
    let parts = text.split(separator: ".")
    return (parts.last?.allSatisfy { $0 == "0" } ?? false ? String(parts[0]) : text) + " %"
  }
}
