import Experiments
import Results
import RunMetrics

/// The pictures of several results: a line for each.
enum OverlayPictures {
  /// The most lines of a picture.
  private static let mostLines = 6

  static func all(of results: [LabelledResults], _ figures: [ResultFigures], rerun cost: Rerun.Cost = .little) throws
    -> Gallery
  {
    results[0].folder.kind == .run ? try runs(results, figures, cost) : try sweeps(results)
  }

  private static func runs(
    _ results: [LabelledResults], _ figures: [ResultFigures], _ cost: Rerun.Cost
  ) throws -> Gallery {
    var gallery = Gallery()
    let lacking = results.filter { !$0.folder.has(.devices) }.map(\.label)
    gallery.add(
      try completion(of: results.filter { $0.folder.has(.devices) }), or: "Completion over time",
      lacking.isEmpty ? "no device is complete" : "no devices.csv in \(lacking.joined(separator: ", "))")
    let axis = VariedAxis(key: "result", ordered: results.map { VariedValue($0.label) })
    func lines(_ name: String, _ title: String, _ measure: Measure, _ metrics: [(Metric, String)]) {
      gallery.add(
        LinesPicture(
          name: name, title: title, axis: axis, measure: measure,
          lines: metrics.map { metric, name in
            LinesPicture.Line(
              name: name,
              points: figures.enumerated().compactMap { index, figures in
                figures.points[0][metric].map { (index, $0) }
              })
          }, note: "", subtitle: "\(results.count) results · bars: 95 % confidence intervals of the means"
        ).picture, or: title, "no result has a value")
    }
    lines(
      "times", "Makespan and completion of each result", .seconds,
      [
        (.makespan, "makespan: the last completion"), (.completionP95, "completion, 95th percentile"),
        (.completionMean, "completion, mean"),
      ])
    lines("server-bytes", "Bytes sent by the server", .bytes, [(.serverBytes, "all packets")])
    try addRoles(of: results.prefix(mostLines), cost, to: &gallery)
    return gallery
  }

  /// The roles of each result, all over the same time.
  private static func addRoles(
    of results: ArraySlice<LabelledResults>, _ cost: Rerun.Cost, to gallery: inout Gallery
  ) throws {
    let data = try results.map { try RunData($0.folder, rerun: cost) }
    let end = try data.compactMap(RolesPicture.end).max() ?? 0
    for (index, (result, data)) in zip(results, data).enumerated() {
      gallery.add(
        try RolesPicture.picture(of: data, as: (result.label, index + 1), until: end),
        or: "Roles over time: \(result.label)", data.withoutTime)
    }
  }

  private static func completion(of results: [LabelledResults]) throws -> Picture? {
    let lines = try results.enumerated().map { index, result in
      var times = try PointTimes(result.folder).byPoint[0] ?? CompletionTimes()
      times.sort()
      // Results that share a colour have marks.
      return CompletionPicture.Line(
        name: result.label, times: times, label: result.label, paint: Paint.series[index % Paint.series.count],
        mark: index < Paint.series.count ? nil : 6 + index % 8)
    }
    return CompletionPicture.picture(
      of: lines, each: "result", title: "Completion: share of devices over time since their join",
      caption: "Each step up is a device that got its last missing block. A line that ends below 100 % has devices "
        + "that never were complete. Farther left is sooner.",
      subtitle: { Subtitle.text("\(results.count) results", [$0]) })
  }

  private static let metrics: [(metric: Metric, name: String, title: String)] = [
    (.makespan, "makespan", "Makespan"), (.completionP95, "completion-p95", "95th percentile of completion"),
    (.serverBytes, "server-bytes", "Bytes sent by the server"), (.promoted, "promoted", Metric.promoted.title),
  ]

  private static func sweeps(_ results: [LabelledResults]) throws -> Gallery {
    let designs = try results.map { (label: $0.label, design: SweepLines(try SweepData($0.folder))) }
    let key = designs[0].design.axis.key
    var values: [String] = []
    for value in designs.flatMap({ $0.design.axis.values.map(\.text) }) where !values.contains(value) {
      values.append(value)
    }
    let axis = VariedAxis(key: key, values: values)
    let most = max(1, mostLines / results.count)
    let isCut = designs.contains { $0.design.lines.count > most }
    var gallery = Gallery()
    for (metric, name, title) in metrics {
      let lines = designs.flatMap { label, design in
        design.lines.prefix(most).map { line in
          LinesPicture.Line(
            name: line.name.isEmpty ? label : "\(label): \(line.name)",
            points: line.estimates(of: metric).compactMap { index, estimate in
              axis.index(of: design.axis.values[index].text).map { ($0, estimate) }
            })
        }
      }
      gallery.add(
        LinesPicture(
          name: name, title: "\(title) over \(key)", axis: axis, measure: Measure(metric), lines: lines,
          note: isCut ? "The first \(most) lines of each result are drawn; the table has all points." : "",
          subtitle: "\(results.count) results · bands: 95 % confidence intervals of the means"
        ).picture, or: title, "no point has a value")
    }
    return gallery
  }
}
