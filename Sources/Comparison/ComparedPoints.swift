import Quantities
import Results

/// The values that a sweep's keys have at each point, from the manifest, which a baseline keeps too. Of results whose manifest
/// has no points, from `summary.csv`.
struct ComparedPoints: Hashable, Sendable {
  /// The columns of the keys, in the order in which they vary.
  private let keys: [String]
  /// Their values, by the printed number of the point.
  private var values: [String: [String]] = [:]

  /// Reads the points of two directories from the same source; nil if they have none in common.
  static func both(_ base: ResultsFolder, _ new: ResultsFolder) throws(CSVError) -> (base: Self, new: Self)? {
    if let base = base.manifest.sweep.flatMap(Self.init), let new = new.manifest.sweep.flatMap(Self.init) {
      return (base, new)
    }
    guard let base = try Self(tableOf: base), let new = try Self(tableOf: new) else { return nil }
    return (base, new)
  }

  /// Takes the points of a manifest; nil if it has none.
  private init?(_ sweep: Manifest.Sweep) {
    guard let first = sweep.points.first else { return nil }
    func place(_ column: String) -> Int { sweep.varied.firstIndex { column.hasPrefix($0) } ?? sweep.varied.count }
    let keys = first.values.keys.sorted { (place($0), $0) < (place($1), $1) }
    self.keys = keys
    for point in sweep.points { values[String(point.point)] = keys.map { point.values[$0]?.text ?? "" } }
  }

  /// Reads `summary.csv`; nil if it is not kept.
  private init?(tableOf results: ResultsFolder) throws(CSVError) {
    guard results.has(.summary) else { return nil }
    let table = try results.table(.summary)
    let (point, metric) = (try table.column("point"), try table.column("metric"))
    let columns = point + 1..<max(point + 1, metric)
    keys = Array(table.header[columns])
    for row in table.rows where values[row[point]] == nil { values[row[point]] = Array(row[columns]) }
  }

  /// Why points of the same number differ; nil if they do not.
  func mismatch(with new: ComparedPoints) -> String? {
    guard keys == new.keys else {
      func list(_ keys: [String]) -> String { keys.isEmpty ? "nothing" : keys.map(\.excerpt).joined(separator: ", ") }
      return "BASE varies \(list(keys)), and NEW \(list(new.keys))"
    }
    let points = values.keys.sorted { (Int($0) ?? 0, $0) < (Int($1) ?? 0, $1) }
    for point in points {
      guard let left = values[point], let right = new.values[point] else { continue }
      for (index, key) in keys.enumerated() where left[index] != right[index] {
        return "point \(point) has \(key.excerpt) = \(left[index].excerpt) in BASE and \(right[index].excerpt) in NEW"
      }
    }
    return nil
  }
}
