import Experiment

/// The pictures of a sweep.
enum SweepPictures {
  static func all(of folder: ResultsFolder) throws -> Gallery {
    let data = try SweepData(folder)
    let design = SweepDesign(data)
    var gallery = Gallery()
    if design.lines.count == 1 {
      add(&gallery, design, "times", "Makespan and completion", .seconds, times)
      add(&gallery, design, "devices", "Promoted, waiting and active devices", .devices, devices)
      gallery.add(
        BytesPicture.picture(of: design, folder), or: "Server bytes by kind", BytesPicture.reason(folder))
    } else {
      for figure in figures {
        gallery.add(
          LinesPicture(
            name: figure.name, title: "\(figure.title) over \(design.axis.key)", axis: design.axis,
            measure: figure.measure,
            lines: design.lines.map { LinesPicture.Line(name: $0.name, points: $0.estimates(of: figure.metric)) },
            note: design.note
          ).picture, or: figure.title, "no point has a value")
      }
    }
    if data.keys.count == 2, design.isGrid {
      for figure in figures {
        gallery.add(
          HeatMapPicture.picture(of: data, metric: figure.metric, title: figure.title, measure: figure.measure),
          or: "Map of \(figure.title)", "no point has a value")
      }
    } else if data.keys.count > 1 {
      let reason = design.isGrid ? "the design has more than two keys" : "the keys do not vary independently"
      gallery.add(nil, or: "Heat map", reason)
    }
    return gallery
  }

  private typealias Metric = (column: String, name: String)

  private static let times: [Metric] = [
    ("makespan_s", "makespan: the last completion"), ("completion_p95_s", "completion, 95th percentile"),
    ("completion_mean_s", "completion, mean"),
  ]
  private static let devices: [Metric] = [
    ("promoted_devices", "promoted"), (SweepData.waiting, "waiting: missed blocks, never promoted"),
    ("active_devices", "active"),
  ]
  /// What is drawn with a line for each value of the other keys, and as a map.
  private static let figures: [(name: String, title: String, metric: String, measure: Measure)] = [
    ("makespan", "Makespan", "makespan_s", .seconds),
    ("completion-mean", "Mean completion", "completion_mean_s", .seconds),
    ("completion-p95", "95th percentile of completion", "completion_p95_s", .seconds),
    ("promoted", "Promoted devices", "promoted_devices", .devices),
    ("waiting", "Waiting devices", SweepData.waiting, .devices),
    ("active", "Active devices", "active_devices", .devices),
    ("server-bytes", "Bytes sent by the server", "server_bytes", .bytes),
  ]

  private static func add(
    _ gallery: inout Gallery, _ design: SweepDesign, _ name: String, _ title: String, _ measure: Measure,
    _ metrics: [Metric]
  ) {
    let line = design.lines[0]
    gallery.add(
      LinesPicture(
        name: name, title: "\(title) over \(design.axis.key)", axis: design.axis, measure: measure,
        lines: metrics.map { LinesPicture.Line(name: $0.name, points: line.estimates(of: $0.column)) },
        note: design.note
      ).picture, or: title, "no point has a value")
  }
}

/// What the vertical axis of a sweep measures.
enum Measure: Sendable {
  case seconds, devices, bytes, plain

  /// The unit for values up to a largest one.
  func unit(upTo largest: Double) -> DisplayUnit {
    switch self {
    case .seconds: .seconds(upTo: largest)
    case .devices: DisplayUnit(name: "devices", size: 1)
    case .bytes: .bytes(upTo: largest)
    case .plain: DisplayUnit(name: "", size: 1)
    }
  }
}
