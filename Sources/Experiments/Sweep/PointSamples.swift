import Network
import Results
import RunMetrics

/// Some metrics of a point, replication by replication.
struct PointSamples {
  let point: Int
  private(set) var replications: [Int] = []
  /// The replications that a limit ended.
  private(set) var limited: Set<Int> = []
  private var values: [Metric: [Double?]] = [:]

  /// Reads the metrics that the file has, row by row.
  static func read(_ reader: consuming CSVReader, metrics: [Metric]) throws(CSVError) -> [Int: PointSamples] {
    var reader = reader
    let (path, header) = (reader.path, reader.header)
    let point = try CSVTable.column("point", in: header, of: path)
    let replication = try CSVTable.column("replication", in: header, of: path)
    let columns = metrics.compactMap { metric in header.firstIndex(of: metric.name).map { (metric: metric, index: $0) }
    }
    let ended = header.firstIndex(of: "ended")
    func wrong(_ line: Int, _ column: Int, _ field: String, _ expected: String) -> CSVError {
      CSVError(path: path, line: line, column: header[column], "'\(field.excerpt)' is not \(expected)")
    }
    func integer(_ line: Int, _ column: Int, _ field: String) throws(CSVError) -> Int {
      guard let number = Int(field), number >= 0 else { throw wrong(line, column, field, "a whole number") }
      return number
    }
    var samples: [Int: PointSamples] = [:]
    while let (line, fields) = try reader.next() {
      let number = try integer(line, point, fields[point])
      var sample = samples.removeValue(forKey: number) ?? PointSamples(point: number)
      let run = try integer(line, replication, fields[replication])
      sample.replications.append(run)
      if let ended, fields[ended] != RunEnd.complete.rawValue { sample.limited.insert(run) }
      for (metric, index) in columns {
        let value = CSVTable.number(fields[index])
        guard fields[index].isEmpty || value != nil else { throw wrong(line, index, fields[index], "a number") }
        sample.values[metric, default: []].append(value)
      }
      samples[number] = sample
    }
    return samples
  }

  /// A metric's values in some replications, in their order; nil if it has none in any of them.
  func values(of metric: Metric, in wanted: Set<Int>) -> [Double]? {
    guard let all = values[metric] else { return nil }
    let found = replications.indices.filter { wanted.contains(replications[$0]) }
      .sorted { replications[$0] < replications[$1] }.map { all[$0] }
    let known = found.compactMap(\.self)
    return known.count == found.count ? known : nil
  }
}
