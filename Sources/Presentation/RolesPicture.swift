import Results
import Timebase
import Runs

/// How many devices are in each role, over time, as a stack.
enum RolesPicture {
  /// A role from the bottom of the stack to its top.
  private static let roles: [(column: String, name: String, paint: Paint, count: @Sendable (TimelineSample) -> Int)] = [
    ("complete_devices", "complete", .blue, \.complete),
    ("smart_devices", "smart", .purple, \.smart),
    ("active_devices", "active", .vermillion, \.active),
    ("passive_devices", "passive", .green, \.passive),
    ("joining_devices", "joining", .grey, \.joining),
    ("failed_devices", "failed", .ink, \.failed),
  ]

  private struct Step {
    var seconds: Double
    var counts: [Double]
  }

  /// - Parameters:
  ///   - result: which one it is among several.
  ///   - end: how long the axis is at least, in seconds, so that pictures beside each other have the same.
  static func picture(of data: RunData, as result: (label: String, number: Int)? = nil, until end: Double = 0)
    throws -> Picture?
  {
    guard let steps = try steps(of: data), let last = steps.last.map({ max($0.seconds, end) }), last > 0 else {
      return nil
    }
    let devices = steps[0].counts.reduce(0, +)
    let unit = DisplayUnit.seconds(upTo: last)
    var script = GnuplotScript()
    script.add(Axis(label: "time [\(unit.name)]", range: Axis.range(0, last / unit.size)).commands("x"))
    let vertical = Axis(label: "devices", range: Axis.range(0, max(1, devices)))
    script.add(vertical.commands("y"))
    script.add("set grid front")
    let kept = changes(steps)
    script.data("roles", corners(kept).map { [$0.seconds / unit.size] + sums($0.counts) })
    let shown = roles.indices.filter { role in steps.contains { $0.counts[role] > 0 } }
    script.plot(
      shown.map { role in
        let base = role == 0 ? "(0)" : "\(role + 1)"
        return "$roles using 1:\(base):\(role + 2) with filledcurves fc \(GnuplotScript.color(roles[role].paint)) "
          + "title '\(roles[role].name)'"
      })
    let label = "time [\(unit.name)]"
    return Picture(
      name: result.map { "roles-\($0.number)" } ?? "roles",
      title: result.map { "Roles over time: \($0.label)" }
        ?? "Roles over time, \(data.firstName)",
      subtitle: data.subtitleOfFirst("\(DisplayUnit.short(devices)) devices by role, stacked"),
      caption: "The devices by role, stacked; together they are all \(DisplayUnit.short(devices))."
        + (devices < 100 ? "" : " An active device is one line, too thin to see among hundreds.")
        + (data.network.cohorts.allSatisfy { $0.leave == .never }
          ? "" : " Those that are switched off count as failed here."),
      alternative: describe(steps, unit), commands: script.text,
      data: DataTable(
        header: ["time_\(unit.name)"] + roles.map(\.column),
        rows: steps.map { [GnuplotScript.number($0.seconds / unit.size)] + $0.counts.map(GnuplotScript.number) }),
      chart: Chart(
        x: Chart.Axis(label, range: Axis.range(0, last / unit.size)),
        y: Chart.Axis(vertical, isCount: true),
        series: shown.map { role in
          Chart.Series(
            roles[role].name, .steps, roles[role].paint, x: kept.map { $0.seconds / unit.size },
            y: kept.map { $0.counts[role] })
        }, isStacked: true, cursor: label))
  }

  /// When the last step is, in seconds; nil if the roles are not known.
  static func end(of data: RunData) throws -> Double? { try steps(of: data)?.last?.seconds }

  private static func steps(of data: RunData) throws -> [Step]? { try stored(data) ?? rerun(data) }

  /// The steps at which anything changes, and the last one.
  private static func changes(_ steps: [Step]) -> [Step] {
    steps.indices.filter { $0 == 0 || $0 == steps.count - 1 || steps[$0].counts != steps[$0 - 1].counts }
      .map { steps[$0] }
  }

  /// The corners of the steps: the counts hold until they change.
  private static func corners(_ steps: [Step]) -> [Step] {
    steps.indices.flatMap { index in
      index == 0
        ? [steps[0]] : [Step(seconds: steps[index].seconds, counts: steps[index - 1].counts), steps[index]]
    }
  }

  /// The roles from `timeline.csv`; nil if there is none, or if its step is longer than the run.
  private static func stored(_ data: RunData) throws -> [Step]? {
    guard data.folder.has(.timeline) else { return nil }
    let reader = try data.folder.reader(.timeline)
    let replication = try CSVTable.column("replication", in: reader.header, of: reader.path)
    let table = try CSVTable(reader) { $0[replication] == "1" }
    let columns = try (["time_s"] + roles.map(\.column)).map { try table.column($0) }
    guard table.rows.count > 1 else { return nil }
    return try table.rows.indices.map { row in
      let values = try columns.map { column -> Double in
        guard let value = try table.number(row, column) else {
          throw CSVError(
            path: table.path, line: table.line(ofRow: row), column: table.header[column], "a number is expected")
        }
        return value
      }
      return Step(seconds: values[0], counts: Array(values.dropFirst()))
    }
  }

  private static func rerun(_ data: RunData) -> [Step]? {
    guard case .success(let rerun) = data.rerun else { return nil }
    return rerun.record.timeline.map { sample in
      Step(seconds: sample.time.seconds, counts: roles.map { Double($0.count(sample)) })
    }
  }

  private static func sums(_ counts: [Double]) -> [Double] {
    var sum = 0.0
    return counts.map {
      sum += $0
      return sum
    }
  }

  private static func describe(_ steps: [Step], _ unit: DisplayUnit) -> String {
    let parts = roles.indices.compactMap { role -> String? in
      guard let most = steps.map({ $0.counts[role] }).max(), most > 0,
        let when = steps.first(where: { $0.counts[role] == most })
      else { return nil }
      return "at most \(DisplayUnit.short(most)) \(roles[role].name), first at \(unit.text(when.seconds))"
    }
    // What comes and goes between two looks is not seen.
    let length = steps.count > 1 ? steps[1].seconds - steps[0].seconds : 0
    let step = length > 0 ? ", looked at every \(DisplayUnit.seconds(upTo: length).text(length))" : ""
    return "From 0 to \(unit.text(steps[steps.count - 1].seconds))\(step): " + parts.joined(separator: "; ") + "."
  }
}

extension Nanoseconds {
  /// In seconds.
  var seconds: Double { Double(count) / 1e9 }
}
