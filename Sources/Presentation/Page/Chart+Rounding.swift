extension Chart.Series {
  /// A series of the figures that the picture's table prints, to the last digit.
  init(
    _ name: String, _ kind: Chart.Kind, _ paint: Paint, x: [Double], ends: [Double] = [], y: [Double],
    low: [Double] = [], high: [Double] = [], lowX: [Double] = [], highX: [Double] = [], notes: [String] = [],
    labels: [String] = [], isBold: Bool = false, isRight: Bool = false
  ) {
    // What is no number is not drawn either.
    let kept = y.indices.filter { x[$0].isFinite && y[$0].isFinite && (ends.isEmpty || ends[$0].isFinite) }
    func pick(_ values: [Double], or place: [Double]) -> [Double] {
      values.isEmpty ? [] : kept.map { Self.printed(values[$0].isFinite ? values[$0] : place[$0]) }
    }
    self.init(
      name: name, kind: kind, paint: paint, isBold: isBold, isRight: isRight, x: pick(x, or: x),
      ends: pick(ends, or: x),
      y: pick(y, or: y), low: pick(low, or: y), high: pick(high, or: y), lowX: pick(lowX, or: x),
      highX: pick(highX, or: x), notes: notes.isEmpty ? [] : kept.map { notes[$0] },
      labels: labels.isEmpty ? [] : kept.map { labels[$0] })
  }

  /// A value as the picture's table prints it.
  static func printed(_ value: Double) -> Double { Double(GnuplotScript.number(value)) ?? value }
}

extension Chart.Axis {
  /// The axis of a picture.
  init(_ axis: Axis, ticks: [Chart.Tick] = [], isCount: Bool = false) {
    self.init(axis.label, isLogarithmic: axis.isLogarithmic, range: axis.range, ticks: ticks)
    self.isCount = isCount
  }

  /// The values of a varied key.
  init(_ axis: VariedAxis) {
    self.init(
      axis.label, range: axis.range,
      ticks: zip(axis.values, axis.positions).map { Chart.Tick(at: $1, text: $0.text) })
  }
}
