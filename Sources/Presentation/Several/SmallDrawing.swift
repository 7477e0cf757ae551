/// Drawings that stand within the lines of a table. They need no scripts and no gnuplot, and the text beside them says
/// the same in numbers.
enum SmallDrawing {
  private static let (width, height) = (132.0, 20.0)
  /// The room for marks at the ends.
  private static let edge = 5.0

  /// An interval with its middle, on a scale from −`most` to `most` with a line at 0. An arrow is at an end that goes
  /// further.
  static func interval(_ interval: ClosedRange<Double>, at value: Double, most: Double, paint: Paint) -> String {
    let (middle, half) = (width / 2, width / 2 - edge)
    func place(_ value: Double) -> Double { middle + min(max(value / most, -1), 1) * half }
    let (low, high, level) = (place(interval.lowerBound), place(interval.upperBound), height / 2)
    let color = "var(\(paint.property))"
    var shapes = line([(middle, 1), (middle, height - 1)], "var(\(Paint.grey.property))", width: 1)
    shapes += line([(low, level), (max(high, low + 1), level)], color, width: 3)
    if interval.lowerBound < -most { shapes += arrow(at: edge, -1, color) }
    if interval.upperBound > most { shapes += arrow(at: width - edge, 1, color) }
    if (-most...most).contains(value) {
      shapes += "<circle cx=\"\(text(place(value)))\" cy=\"\(text(level))\" r=\"3.5\" fill=\"\(color)\"/>"
    }
    return svg(shapes)
  }

  /// Values in their order as a line, from their least to their greatest.
  ///
  /// - Parameters:
  ///   - points: ascending in `x`.
  ///   - range: the ends of the vertical axis; those of the values if nil.
  ///   - isStepped: whether a value holds until the next.
  ///   - marked: the point with a mark on it.
  static func line(
    _ points: [(x: Double, y: Double)], range: ClosedRange<Double>? = nil, isStepped: Bool = false, marked: Int? = nil
  ) -> String {
    guard let first = points.first, let last = points.last else { return "" }
    let values = points.map(\.y)
    let (low, high) = (range?.lowerBound ?? values.min() ?? 0, range?.upperBound ?? values.max() ?? 1)
    func across(_ x: Double) -> Double {
      last.x > first.x ? edge + (x - first.x) / (last.x - first.x) * (width - 2 * edge) : width / 2
    }
    func up(_ y: Double) -> Double { high > low ? height - 3 - (y - low) / (high - low) * (height - 6) : height / 2 }
    let places = points.map { (across($0.x), up($0.y)) }
    var corners: [(Double, Double)] = []
    for place in places {
      if isStepped, let before = corners.last { corners.append((place.0, before.1)) }
      corners.append(place)
    }
    let color = "var(\(Paint.blue.property))"
    var shapes = line([(edge, height - 1), (width - edge, height - 1)], "var(\(Paint.grid.property))", width: 1)
    shapes += corners.count > 1 ? line(corners, color, width: 1.8) : ""
    for index in points.count == 1 ? [0] : [marked].compactMap(\.self) {
      shapes += "<circle cx=\"\(text(places[index].0))\" cy=\"\(text(places[index].1))\" r=\"3\" fill=\"\(color)\"/>"
    }
    return svg(shapes)
  }

  private static func svg(_ shapes: String) -> String {
    "<svg class=\"small\" viewBox=\"0 0 \(text(width)) \(text(height))\" aria-hidden=\"true\">\(shapes)</svg>"
  }

  private static func line(_ places: [(Double, Double)], _ color: String, width: Double) -> String {
    let list = places.map { "\(text($0.0)),\(text($0.1))" }.joined(separator: " ")
    return "<polyline points=\"\(list)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(text(width))\"/>"
  }

  private static func arrow(at x: Double, _ direction: Double, _ color: String) -> String {
    let (level, back) = (height / 2, x - direction * 4)
    return "<polygon points=\"\(text(x + direction * 4)),\(text(level)) \(text(back)),\(text(level - 5)) "
      + "\(text(back)),\(text(level + 5))\" fill=\"\(color)\"/>"
  }

  /// A coordinate with two decimals.
  private static func text(_ value: Double) -> String { GnuplotScript.number((value * 100).rounded() / 100) }
}
