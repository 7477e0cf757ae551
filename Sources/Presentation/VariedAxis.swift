import Glibc
import Results

/// A horizontal axis for the values of a key that a sweep varies: the position of each value, and its label.
struct VariedAxis: Sendable {
  /// How values are placed.
  enum Scale: Sendable {
    /// By their number.
    case linear
    /// By the logarithm of their number. 0 has no logarithm, and stands apart at the left end.
    case logarithmic
    /// One after the other, in the order of the sweep.
    case ordinal
  }

  /// The key's path.
  let key: String
  let scale: Scale
  /// The values in the order of the axis.
  let values: [VariedValue]
  /// The position of each value.
  let positions: [Double]

  /// From this ratio of the largest to the smallest positive value on, the axis is logarithmic.
  private static let wide = 16.0

  /// An axis for values in the order of the sweep, each once.
  init(key: String, values texts: [String]) {
    self.key = key
    let read = texts.map { VariedValue($0) }
    let numbers = read.compactMap(\.number)
    guard let kind = read.first?.kind, kind != .name, read.allSatisfy({ $0.kind == kind }),
      Set(numbers).count == read.count
    else {
      (scale, values, positions) = (.ordinal, read, read.indices.map(Double.init))
      return
    }
    values = read.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
    let sorted = numbers.sorted()
    let positive = sorted.filter { $0 > 0 }
    guard sorted.allSatisfy({ $0 >= 0 }), positive.count > 2, let low = positive.first, let high = positive.last,
      high / low >= Self.wide
    else {
      (scale, positions) = (.linear, sorted)
      return
    }
    scale = .logarithmic
    let apart = max(0.12 * log2(high / low), log2(positive[1] / low))
    positions = sorted.map { $0 > 0 ? log2($0) : log2(low) - apart }
  }

  /// Values one after the other, in the order in which they are given.
  init(key: String, ordered values: [VariedValue]) {
    (self.key, scale, self.values, positions) = (key, .ordinal, values, values.indices.map(Double.init))
  }

  /// Whether the value 0 stands apart from the others.
  var hasZeroApart: Bool { scale == .logarithmic && values.first?.number == 0 }

  /// The position of a value, by its text.
  func index(of text: String) -> Int? { values.firstIndex { $0.text == text } }

  /// The ends, with room for marks and labels.
  var range: ClosedRange<Double> {
    guard let first = positions.first, let last = positions.last, first < last else {
      return Axis.range((positions.first ?? 0) - 1, (positions.first ?? 0) + 1)
    }
    let room = scale == .ordinal ? 0.6 : (last - first) * 0.04
    return Axis.range(first - room, last + room)
  }

  /// The label below the axis.
  var label: String {
    switch scale {
    case .linear, .ordinal: key
    case .logarithmic: "\(key), logarithmic" + (hasZeroApart ? "; 0 stands apart" : "")
    }
  }

  /// The commands that set the axis. `width` is its length relative to the usual one. Labels that would touch are turned,
  /// and left out only if they would touch all the same; those of the values that come `first`, by their indices, the last.
  func commands(_ axis: String = "x", width: Double = 1, first: Set<Int> = []) -> String {
    let isTurned = axis == "x" && isTurned(width: width)
    let tics = zip(zip(values, positions), shown(axis, width, first, isTurned: isTurned)).map { tic, isShown in
      "\(GnuplotScript.ticLabel(isShown ? tic.0.text : "")) \(GnuplotScript.number(tic.1))\(isShown ? "" : " 1")"
    }
    var commands = "set \(axis)label \(GnuplotScript.quoted(label)) textcolor \(GnuplotScript.color(.ink))\n"
    commands +=
      "set \(axis)range [\(GnuplotScript.number(range.lowerBound)):\(GnuplotScript.number(range.upperBound))]\n"
    commands += "set \(axis)tics \(isTurned ? "rotate by -35 " : "")(\(tics.joined(separator: ", ")))"
    if hasZeroApart, axis == "x" {
      let middle = GnuplotScript.number((positions[0] + positions[1]) / 2)
      commands +=
        "\nset label 9 '//' at first \(middle), graph 0 center front font ',16' "
        + "textcolor \(GnuplotScript.color(.ink))"
    }
    return commands
  }

  /// Whether the labels of a horizontal axis are turned, for they would touch.
  func isTurned(width: Double = 1) -> Bool { shown("x", width, [], isTurned: false).contains(false) }

  /// Which labels there is room for. Turned ones need little of the axis, however long they are.
  private func shown(_ axis: String, _ width: Double, _ first: Set<Int>, isTurned: Bool) -> [Bool] {
    let span = range.upperBound - range.lowerBound
    var places: [Int: ClosedRange<Double>] = [:]
    for index in first.sorted() + values.indices.filter({ !first.contains($0) }) {
      // Half of the label's width, as a share of the axis: about 1.2 % for each letter.
      let letters = isTurned ? 1.5 : Double(values[index].text.count)
      let half = span * (axis == "x" ? (0.006 * letters + 0.006) / width : 0.02)
      let place = (positions[index] - half)...(positions[index] + half)
      let isFree = places.values.allSatisfy {
        place.lowerBound >= $0.upperBound || place.upperBound <= $0.lowerBound
      }
      if isFree { places[index] = place }
    }
    return values.indices.map { places[$0] != nil }
  }
}
