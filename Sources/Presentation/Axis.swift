import Glibc
import Quantities

/// An axis of a picture with its range, its tics and the unit of its label.
struct Axis: Sendable {
  /// The label: what is measured, and in which unit.
  var label: String
  /// The ends.
  var range: ClosedRange<Double>
  /// Whether the axis is logarithmic.
  var isLogarithmic = false
  /// Whether it numbers or counts what has no parts, as blocks and devices: only whole numbers have tics.
  var isWhole = false

  /// The commands that set the axis `x`, `y` or `y2`.
  func commands(_ axis: String) -> String {
    var commands = "set \(axis)label \(GnuplotScript.quoted(label)) textcolor \(GnuplotScript.color(.ink))\n"
    if isLogarithmic {
      let tics = logarithmicTics(room: axis == "x" ? 90 : Self.mostTics * 7).map { value, isShown in
        "'\(isShown ? Self.grouped(value) : "")' \(GnuplotScript.number(value))\(isShown ? "" : " 1")"
      }
      commands += "set logscale \(axis)\nset \(axis)tics (\(tics.joined(separator: ", ")))\n"
    } else if isWhole || Self.manyDigits.contains(range.upperBound) {
      let tics = linearTics(most: axis == "x" ? 8 : Self.mostTics).map {
        "'\(Self.grouped($0))' \(GnuplotScript.number($0))"
      }
      commands += "set \(axis)tics (\(tics.joined(separator: ", ")))\n"
    }
    let (low, high) = (GnuplotScript.number(range.lowerBound), GnuplotScript.number(range.upperBound))
    return commands + "set \(axis)range [\(low):\(high)]"
  }

  /// More would stand too close above each other.
  private static let mostTics = 13
  /// gnuplot does not group the digits of such numbers, or writes them with an exponent.
  private static let manyDigits = 10_000.0..<1e15

  /// Multiples of a power of ten, of twice or of five times that.
  private func linearTics(most: Int) -> [Double] {
    let span = range.upperBound - range.lowerBound
    let power = pow(10, Double(Self.power(of: span / Double(most), .down)))
    let step = [1, 2, 5, 10].map { $0 * power }.first { span / $0 <= Double(most) } ?? span
    let whole = isWhole ? max(1, step) : step
    let (first, last) = ((range.lowerBound / whole).rounded(.up), (range.upperBound / whole).rounded(.down))
    guard first <= last, last - first <= Double(2 * most) else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * whole }
  }

  /// Powers of ten and their multiples by two and five; with words as far as there is room, in letters.
  private func logarithmicTics(room: Int) -> [(value: Double, isShown: Bool)] {
    let (first, last) = (Self.power(of: range.lowerBound, .down), Self.power(of: range.upperBound, .up))
    let powers = (first...max(first, last)).map { (power: Int) -> Double in
      power < 0 ? 1 / pow(10, Double(-power)) : pow(10, Double(power))
    }
    func isIn(_ value: Double) -> Bool { range.contains(value) && (!isWhole || value >= 1) }
    let fine = powers.flatMap { power in [power, 2 * power, 5 * power] }.filter(isIn)
    let coarse = powers.filter(isIn)
    func fits(_ values: [Double]) -> Bool {
      values.count <= Self.mostTics && values.reduce(0) { $0 + max(5, Self.grouped($1).count) + 2 } <= room
    }
    if fits(fine) || coarse.count < 2 { return fine.map { ($0, true) } }
    func every(_ step: Int) -> [Double] { stride(from: 0, to: coarse.count, by: step).map { coarse[$0] } }
    let step = (1...coarse.count).first { fits(every($0)) } ?? coarse.count
    let shown = Set(every(step))
    return (step == 1 ? fine : coarse).map { ($0, shown.contains($0)) }
  }

  /// The power of ten of a number. For any positive number it is between −330 and 330.
  private static func power(of value: Double, _ rule: FloatingPointRoundingRule) -> Int {
    value > 0 ? Int(min(max(log10(value), -330), 330).rounded(rule)) : -330
  }

  /// A whole number with its digits in groups of three; any other number with the digits that it needs.
  private static func grouped(_ value: Double) -> String {
    value == value.rounded() ? HumanUnits.grouped(value, decimals: 0) : GnuplotScript.number(value)
  }

  /// A range with room around the values. It starts at 0 unless all values are far from 0; with `fromZero` it always
  /// does.
  static func range(of values: [Double], fromZero: Bool = false) -> ClosedRange<Double> {
    let values = values.filter { !$0.isNaN }
    guard let low = values.min(), let high = values.max() else { return 0...1 }
    if low >= 0, fromZero || low < high / 2 || high == 0 { return range(0, high > 0 ? high * 1.05 : 1) }
    let room = high > low ? (high - low) * 0.08 : abs(high) * 0.05
    return range(low - room, high + room)
  }

  /// A range between any two numbers: finite, in order, and not empty.
  static func range(_ low: Double, _ high: Double) -> ClosedRange<Double> {
    func finite(_ value: Double) -> Double { value.isNaN ? 0 : min(max(value, -largest), largest) }
    let (from, to) = (min(finite(low), finite(high)), max(finite(low), finite(high)))
    return from < to ? from...to : from...max(from.nextUp, from + abs(from) * 1e-6, from + 1e-9)
  }

  /// The largest numbers that gnuplot draws.
  private static let largest = 1e300

  /// A range for positive values on a logarithmic axis.
  static func logarithmicRange(of values: [Double]) -> ClosedRange<Double> {
    let positive = values.filter { $0 > 0 }.map { min(max($0, 1 / largest), largest / 2) }
    guard let low = positive.min(), let high = positive.max() else { return 0.1...1 }
    return high / low > 1.2 ? range(low / 1.15, high * 1.15) : range(low / 2, high * 2)
  }
}

/// A unit large enough that values are short numbers.
struct DisplayUnit: Hashable, Sendable {
  let name: String
  /// How many base units it has.
  let size: Double

  /// A binary unit for bytes up to `largest`.
  static func bytes(upTo largest: Double) -> DisplayUnit {
    let scale = HumanUnits.byteScale(of: largest)
    return DisplayUnit(name: scale.name, size: scale.size)
  }

  /// A size that was chosen, as a scenario would say it unless that takes many digits: `4 MB`, not `3.81 MiB`.
  static func size(_ bytes: Double) -> String {
    let exact = UInt64(exactly: bytes).map { Quantity.size.format($0) } ?? ""
    return (1...4).contains(exact.prefix { $0 != " " }.count) ? exact : Self.bytes(upTo: bytes).text(bytes)
  }

  /// A unit for seconds up to `largest`.
  static func seconds(upTo largest: Double) -> DisplayUnit {
    switch largest {
    case ..<0.002: DisplayUnit(name: "µs", size: 1e-6)
    case ..<2: DisplayUnit(name: "ms", size: 1e-3)
    case ..<2000: DisplayUnit(name: "s", size: 1)
    case ..<20_000: DisplayUnit(name: "min", size: 60)
    default: DisplayUnit(name: "h", size: 3600)
    }
  }

  /// A value for people, with three or four digits. The unit is a plural: `2 devices`, but `1 device`.
  func text(_ value: Double) -> String {
    let text = Self.short(value / size)
    return text + " " + (text == "1" && name.count > 3 && name.hasSuffix("s") ? String(name.dropLast()) : name)
  }

  /// A short number for people, with about three digits.
  static func figure(_ value: Double) -> String {
    short(value.magnitude >= 100 ? value.rounded() : value.magnitude >= 10 ? (value * 10).rounded() / 10 : value)
  }

  /// A number for people, with three or four digits.
  static func short(_ value: Double) -> String {
    let magnitude = value.magnitude
    let text = HumanUnits.grouped(
      value, decimals: magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 1 ? 2 : 4)
    guard text.contains(".") else { return text }
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }
}
