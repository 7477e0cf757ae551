import FoundationEssentials

/// What a picture shows, for a chart that answers to the reader: values under the pointer, zoom, lines on and off.
///
/// The page's script draws it in the place of the picture. It has the figures of the picture, in the same units.
package struct Chart: Encodable, Hashable, Sendable {
  /// An axis.
  package struct Axis: Encodable, Hashable, Sendable {
    /// What is measured, with its unit.
    package var label: String
    package var isLogarithmic = false
    /// Whether it counts what has no halves.
    package var isCount = false
    /// The ends; those of the data if nil.
    package var range: [Double]?
    /// The places that have words instead of numbers, as thresholds or strategies have.
    package var ticks: [Tick] = []

    package init(_ label: String, isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil, ticks: [Tick] = []) {
      (self.label, self.isLogarithmic, self.ticks) = (label, isLogarithmic, ticks)
      self.range = range.map { [$0.lowerBound, $0.upperBound] }
    }
  }

  /// A place on an axis, and its words.
  package struct Tick: Encodable, Hashable, Sendable {
    package var at: Double
    package var text: String
  }

  /// How a series is drawn.
  package enum Kind: String, Encodable, Sendable {
    /// Straight from value to value.
    case line
    /// A value holds from its place to the next one. Stacked steps are filled.
    case steps
    case points
    /// Each value is a bar from its place to its end.
    case bars
  }

  /// A line, or points of one kind.
  package struct Series: Encodable, Hashable, Sendable {
    package var name: String
    package var kind: Kind
    package var paint: Paint
    /// Drawn wider than the others: a median among replications, a choice. Beside it the others are pale.
    package var isBold = false
    /// Whether its values belong to the axis at the right.
    package var isRight = false
    /// Ascending, but for points, which may lie as they like. Of bars, where they begin.
    package var x: [Double]
    /// Where bars end; empty of all else.
    package var ends: [Double] = []
    package var y: [Double]
    /// The ends of the interval of each value, of bars that are stacked of the whole stack; empty if there are none.
    package var low: [Double] = []
    package var high: [Double] = []
    /// The ends of the interval of each place of points; empty if there are none.
    package var lowX: [Double] = []
    package var highX: [Double] = []
    /// What the reader is told of each point besides its numbers; empty if nothing.
    package var notes: [String] = []
    /// What stands beside each point; empty if nothing.
    package var labels: [String] = []
  }

  /// A line across the chart: a threshold, a limit.
  package struct Mark: Encodable, Hashable, Sendable {
    package enum Across: String, Encodable, Sendable { case x, y }

    /// The axis that it crosses.
    package var across: Across
    package var at: Double
    package var text: String
  }

  package var x: Axis
  package var y: Axis
  /// A second vertical axis, at the right.
  package var right: Axis?
  package var series: [Series]
  /// Whether the series stand on each other, the first at the bottom. Each has its own values, not the sums.
  package var isStacked = false
  package var marks: [Mark] = []
  /// Charts of the same page with the same cursor share it, and their zoom: charts over the same time.
  package var cursor: String?
}

extension Paint: Encodable {}
