import Experiments
import RunMetrics
import Results

/// The pictures of a sweep.
enum SweepPictures {
  static func all(of folder: ResultsFolder) throws -> Gallery {
    let data = try SweepData(folder)
    let design = SweepLines(data)
    // Where curves over a threshold bend is what a reader looks for.
    let choices = try data.choices(folder).choices
    let bends = design.axis.key.hasSuffix("threshold") ? choices : []
    var gallery = Gallery()
    if design.lines.count == 1 {
      add(&gallery, design, "times", "Makespan and completion", .seconds, times, bends)
      add(&gallery, design, "devices", "Promoted, waiting and active devices", .devices, devices, bends)
      gallery.add(
        BytesPicture.picture(of: design, folder), or: "Server bytes by kind", BytesPicture.reason(folder))
    } else {
      for figure in figures {
        gallery.add(
          LinesPicture(
            name: figure.name, title: "\(figure.title) over \(design.axis.key)", axis: design.axis,
            measure: Measure(figure.metric),
            lines: design.lines.map {
              LinesPicture.Line(
                name: $0.name, points: $0.estimates(of: figure.metric), knee: $0.knee(of: figure.metric, bends))
            },
            note: design.note, subtitle: design.subtitle
          ).picture, or: figure.title, "no point has a value")
      }
    }
    if data.keys.count == 2, design.isGrid {
      for figure in figures {
        gallery.add(
          HeatMapPicture.picture(of: data, metric: figure.metric, title: figure.title, choices: choices),
          or: "Map of \(figure.title)", "no point has a value")
      }
    } else if data.keys.count > 1 {
      let reason = design.isGrid ? "the design has more than two keys" : "the keys do not vary independently"
      gallery.add(nil, or: "Heat map", reason)
    }
    gallery.add(
      SweepParetoPicture.picture(of: data), or: ParetoPicture.title, "fewer than two points have both figures")
    return gallery
  }

  private static let times: [(metric: Metric, name: String)] = [
    (.makespan, "makespan: the last completion"), (.completionP95, "completion, 95th percentile"),
    (.completionMean, "completion, mean"),
  ]
  private static let devices: [(metric: Metric, name: String)] = [
    (.promoted, Metric.promoted.short), (.waiting, "waiting: missed blocks, never promoted"),
    (.active, Metric.active.short),
  ]
  /// The metrics that are drawn with a line for each value of the other keys, and as a map.
  private static let figures: [(metric: Metric, name: String, title: String)] = [
    (.makespan, "makespan", "Makespan"), (.completionMean, "completion-mean", "Mean completion"),
    (.completionP95, "completion-p95", "95th percentile of completion"),
    (.promoted, "promoted", Metric.promoted.title), (.waiting, "waiting", Metric.waiting.title),
    (.active, "active", Metric.active.title), (.serverBytes, "server-bytes", "Bytes sent by the server"),
  ]

  private static func add(
    _ gallery: inout Gallery, _ design: SweepLines, _ name: String, _ title: String, _ measure: Measure,
    _ curves: [(metric: Metric, name: String)], _ bends: [SweepChoice]
  ) {
    let line = design.lines[0]
    gallery.add(
      LinesPicture(
        name: name, title: "\(title) over \(design.axis.key)", axis: design.axis, measure: measure,
        lines: curves.map {
          LinesPicture.Line(
            name: $0.name, points: line.estimates(of: $0.metric), knee: line.knee(of: $0.metric, bends))
        },
        note: design.note, subtitle: design.subtitle
      ).picture, or: title, "no point has a value")
  }
}

/// The quantity on the vertical axis of a sweep.
enum Measure: Sendable {
  case seconds, devices, bytes, plain

  /// What a metric measures.
  init(_ metric: Metric) {
    switch metric.unit {
    case .seconds: self = .seconds
    case .devices: self = .devices
    case .bytes: self = .bytes
    default: self = .plain
    }
  }

  /// The unit for values up to the largest.
  func unit(upTo largest: Double) -> DisplayUnit {
    switch self {
    case .seconds: .seconds(upTo: largest)
    case .devices: DisplayUnit(name: "devices", size: 1)
    case .bytes: .bytes(upTo: largest)
    case .plain: DisplayUnit(name: "", size: 1)
    }
  }
}
