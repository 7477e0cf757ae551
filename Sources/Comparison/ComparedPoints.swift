import Quantities
import Results

/// The keys that a sweep varied, and their values at each point, from `summary.csv`.
struct ComparedPoints: Hashable, Sendable {
  /// The keys' paths, in the order in which they vary.
  private let keys: [String]
  /// Their values, by the printed number of the point.
  private var values: [String: [String]] = [:]

  /// Reads `summary.csv`; nil if it is not kept.
  init?(_ results: ResultsFolder) throws(CSVError) {
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
