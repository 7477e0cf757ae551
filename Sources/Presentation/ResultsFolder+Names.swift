import Results

extension ResultsFolder {
  /// The last part of the path.
  var name: String { ResolvedPath.name(of: path) }

  /// The keys that vary, from the header of `summary.csv`: the columns between the point and the metric.
  static func varied(in header: [String]) -> [String] {
    guard let metric = header.firstIndex(of: "metric") else { return [] }
    return header[..<metric].filter { $0 != "scenario" && $0 != "point" }
  }
}
