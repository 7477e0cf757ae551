import Experiments
import RunMetrics
import Results

/// How the points of a sweep are drawn as lines: over which key, and on which line each point is.
struct SweepLines: Sendable {
  /// A point on a line.
  struct Point: Sendable {
    /// The position of its value on the axis.
    var index: Int
    var point: SweepData.Point
  }

  /// Points that differ only in the key of the axis.
  struct Line: Sendable {
    /// The values of the other keys.
    var name: String
    /// In the order of the axis.
    var points: [Point]

    /// The values of a metric with their positions.
    func estimates(of metric: Metric) -> [(index: Int, estimate: Estimate)] {
      points.compactMap { point in point.point[metric].map { (point.index, $0) } }
    }

    /// Where it bends: at the smallest value that cannot be told apart from its least, if others can.
    func knee(of metric: Metric, _ choices: [SweepChoice]) -> Int? {
      let choice = choices.first { choice in
        choice.metric == metric && points.contains { $0.point.number == "\(choice.first.number)" }
      }
      guard let choice, choice.isOrdered, choice.replications > 1, choice.named.count < choice.candidates else {
        return nil
      }
      return points.first { $0.point.number == "\(choice.first.number)" }?.index
    }
  }

  /// The most lines of a picture.
  private static let limit = 6

  let axis: VariedAxis
  /// The lines that are drawn.
  private(set) var lines: [Line]
  /// Notes on lines that are not drawn, and on keys that vary together with the axis.
  private(set) var note = ""
  /// Whether every combination of the values of all keys is a point.
  let isGrid: Bool
  /// What its pictures were made of.
  let subtitle: String

  init(_ data: SweepData) {
    let values = data.keys.indices.map { data.values(of: $0) }
    subtitle = data.subtitle(data.isReplicated ? "bands and bars: 95 % confidence intervals of the means" : "")
    isGrid = values.reduce(1) { $0 * $1.count } == data.points.count
    let main = Self.mainKey(data.keys, values)
    axis = VariedAxis(key: data.keys[main], values: values[main])
    let others = data.keys.indices.filter { $0 != main }
    // With --zip each value of the key has one point. The other keys vary with it, and make no lines of their own.
    if values[main].count == data.points.count {
      lines = [Line(name: "", points: [])]
      if !others.isEmpty { note = "\(others.map { data.keys[$0] }.joined(separator: ", ")) varies along with it." }
    } else {
      lines = []
    }
    for point in data.points {
      let name = others.map { Self.short(data.keys[$0]) + " " + point.values[$0] }.joined(separator: ", ")
      guard let index = axis.index(of: point.values[main]) else { continue }
      let line = values[main].count == data.points.count ? 0 : lines.firstIndex { $0.name == name } ?? lines.count
      if line == lines.count { lines.append(Line(name: name, points: [])) }
      lines[line].points.append(Point(index: index, point: point))
    }
    for index in lines.indices { lines[index].points.sort { $0.index < $1.index } }
    let all = lines.count
    if all > Self.limit {
      lines = (0..<Self.limit).map { lines[$0 * (all - 1) / (Self.limit - 1)] }
      note = "\(Self.limit) of \(all) lines are drawn; summary.csv has all."
    }
  }

  /// The key of the axis: the threshold if it varies, or else the key with the most values that are numbers.
  private static func mainKey(_ keys: [String], _ values: [[String]]) -> Int {
    if let threshold = keys.firstIndex(where: { $0.hasSuffix("threshold") }) { return threshold }
    let numeric = keys.indices.filter { values[$0].allSatisfy { VariedValue($0).number != nil } }
    return (numeric.isEmpty ? Array(keys.indices) : numeric).max { values[$0].count < values[$1].count } ?? 0
  }

  /// The last parts of a key's path, enough to identify it.
  private static func short(_ key: String) -> String {
    key.split(separator: ".").suffix(2).joined(separator: ".")
  }
}
