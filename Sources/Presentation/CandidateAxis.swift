/// The horizontal axis of a tuning: thresholds, or the points of a design side by side.
enum CandidateAxis: Sendable {
  case thresholds(ThresholdAxis)
  case points([String])

  /// Only as many labels as there is room for.
  private static let mostLabels = 12

  init(_ data: TuneData) {
    self =
      data.isOfPoints
      ? .points(data.candidates.map(\.point)) : .thresholds(ThresholdAxis(data.candidates.map(\.threshold)))
  }

  /// Whether the candidates are on a scale, so that a line between them has a meaning.
  var isScale: Bool {
    if case .thresholds = self { true } else { false }
  }

  /// Whether the first candidate, a threshold of 0, stands apart.
  var hasZeroApart: Bool {
    if case .thresholds(let axis) = self { axis.hasZeroApart } else { false }
  }

  func position(of index: Int, _ candidate: TuneData.Candidate) -> Double {
    switch self {
    case .thresholds(let axis): axis.position(of: candidate.threshold)
    case .points: Double(index + 1)
    }
  }

  /// The axis of a chart.
  var chart: Chart.Axis {
    switch self {
    case .thresholds(let axis): axis.chart
    case .points(let names):
      Chart.Axis(
        "points", range: Axis.range(0.5, Double(names.count) + 0.5),
        ticks: names.enumerated().map { Chart.Tick(at: Double($0.offset + 1), text: $0.element) })
    }
  }

  var commands: String {
    switch self {
    case .thresholds(let axis): return axis.commands
    case .points(let names):
      let step = (names.count + Self.mostLabels - 1) / Self.mostLabels
      let tics = names.enumerated().filter { $0.offset.isMultiple(of: step) }
        .map { "\(GnuplotScript.ticLabel($0.element)) \($0.offset + 1)" }
      return "set xrange [0.5:\(GnuplotScript.number(Double(names.count) + 0.5))]\n"
        + "set xtics rotate by -30 (\(tics.joined(separator: ", ")))"
    }
  }
}
