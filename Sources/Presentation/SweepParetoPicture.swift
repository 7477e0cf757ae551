import Experiments
import RunMetrics
import Scenarios

/// The makespan of each point of a sweep against what the server sends, with a line along the points that no other one of
/// the same surroundings beats in both.
enum SweepParetoPicture {
  /// The most colours.
  private static let most = 6
  /// Of more points only those along the lines are named.
  private static let mostNamed = 30

  /// Points in the same surroundings: those with the same values of the keys that nobody can choose.
  private struct Group {
    var name: String
    var points: [(point: SweepData.Point, bytes: Double, time: Double)] = []

    /// The points that no other one beats in both, from left to right.
    var front: [(point: SweepData.Point, bytes: Double, time: Double)] {
      let front = ParetoPicture.front(of: points.map { [$0.bytes, $0.time] })
      return front.compactMap { best in points.first { $0.bytes == best[0] && $0.time == best[1] } }
    }
  }

  static func picture(of data: SweepData) -> Picture? {
    let groups = groups(of: data)
    let all = groups.flatMap(\.points)
    guard all.count > 1, let most = all.map(\.bytes).max(), let longest = all.map(\.time).max() else { return nil }
    let (unit, clock) = (DisplayUnit.bytes(upTo: most), DisplayUnit.seconds(upTo: longest))
    let x = Axis(label: "server sent [\(unit.name)]", range: Axis.range(of: all.map { $0.bytes / unit.size }))
    let y = Axis(label: "makespan [\(clock.name)]", range: Axis.range(of: all.map { $0.time / clock.size }))
    var script = GnuplotScript()
    script.add(x.commands("x"))
    script.add(y.commands("y"))
    script.insertLabels(labels(groups, data, (x, unit), (y, clock)))
    var parts: [String] = []
    var series: [Chart.Series] = []
    var rows: [[String]] = []
    for (index, group) in groups.enumerated() {
      let paint = Paint.series[index % Paint.series.count]
      let (points, front) = (group.points, group.front)
      func placed(_ points: [(point: SweepData.Point, bytes: Double, time: Double)]) -> [[Double]] {
        points.map { [$0.bytes / unit.size, $0.time / clock.size] }
      }
      script.data("points\(index)", placed(points))
      // As on a page it goes on to the right edge, so that it is seen where all of it is one place.
      script.data("front\(index)", placed(front) + [[x.range.upperBound, placed(front).last?[1] ?? .nan]])
      let look = "lc \(GnuplotScript.color(paint))"
      let name = group.name.isEmpty ? "points" : group.name
      parts.append(
        "$points\(index) using 1:2 with points pt \(5 + index) ps 0.8 \(look) title \(GnuplotScript.quoted(name))")
      parts.append(
        "$front\(index) using 1:2 with steps lw 1.5 \(look) title \(index == 0 ? "'none is better in both'" : "''")")
      series += [
        Chart.Series(
          name, .points, paint, x: points.map { $0.bytes / unit.size }, y: points.map { $0.time / clock.size },
          notes: points.map { Self.name(of: $0.point, data) },
          labels: points.map { point in
            let isNamed = all.count <= mostNamed || front.contains { $0.point.number == point.point.number }
            return isNamed ? Self.label(of: point.point, data) : ""
          }),
        Chart.Series(
          name + ", none is better in both", .steps, paint, x: front.map { $0.bytes / unit.size },
          y: front.map { $0.time / clock.size }),
      ]
      rows += points.map { point in
        [point.point.number] + point.point.values
          + [point.bytes / unit.size, point.time / clock.size].map(GnuplotScript.number)
          + [front.contains { $0.point.number == point.point.number } ? "1" : "0"]
      }
    }
    script.plot(parts)
    let best = groups.flatMap(\.front).map { Self.name(of: $0.point, data) }
    let named = best.prefix(4).joined(separator: "; ") + (best.count > 4 ? "; and \(best.count - 4) more" : "")
    return Picture(
      name: "time-bytes", title: ParetoPicture.title, subtitle: data.subtitle("a mark for each point, at its means"),
      caption:
        "Each mark is a point: its mean makespan and what the server sent on average. Along the line one is had only "
        + "for the other; what is to the right of it and above it is beaten in both."
        + (groups.count > 1 ? " Each colour has its own line: nobody chooses the surroundings." : ""),
      alternative: "No other point takes less time and fewer bytes than \(named).",
      commands: script.text,
      data: DataTable(
        header: ["point"] + data.keys + ["server_sent_\(unit.name)", "makespan_\(clock.name)", "is_on_front"],
        rows: rows),
      chart: Chart(x: Chart.Axis(x.label, range: x.range), y: Chart.Axis(y.label, range: y.range), series: series))
  }

  /// Which point it is, at each mark where there is room; first along the lines. Nobody chooses the surroundings, which the
  /// colour tells.
  private static func labels(
    _ groups: [Group], _ data: SweepData, _ x: (axis: Axis, unit: DisplayUnit), _ y: (axis: Axis, unit: DisplayUnit)
  ) -> [GnuplotScript.Label] {
    func share(_ value: Double, _ axis: (axis: Axis, unit: DisplayUnit)) -> Double {
      let range = axis.axis.range
      return (value / axis.unit.size - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
    var taken: [(x: Double, y: Double, half: Double)] = []
    let all = groups.flatMap(\.points)
    return (groups.flatMap(\.front) + (all.count <= mostNamed ? all : [])).compactMap { point in
      let text = label(of: point.point, data)
      // Half of the width, and the middle, as shares of the axes. The line comes to a mark from above, so the text stands
      // beside it.
      let (mark, half) = (share(point.bytes, x), 0.0055 * Double(text.count) + 0.01)
      let isRight = mark + 2 * half < 1.02
      let place = (x: isRight ? mark + half : mark - half, y: share(point.time, y), half: half)
      let isFree = !taken.contains { abs($0.x - place.x) < $0.half + place.half && abs($0.y - place.y) < 0.06 }
      guard isFree, place.x - half > 0 else { return nil }
      taken.append(place)
      return GnuplotScript.Label(
        x: point.bytes / x.unit.size, y: point.time / y.unit.size, text: isRight ? " " + text : text + " ",
        color: Paint.ink.light, up: 0.9, alignment: isRight ? "left" : "right")
    }
  }

  /// The values that can be chosen, in few letters.
  private static func label(of point: SweepData.Point, _ data: SweepData) -> String {
    SweepChoice.text(
      data.keys.indices.filter { !ScenarioKeys.isEnvironment(data.keys[$0]) }.map { point.values[$0] })
  }

  private static func groups(of data: SweepData) -> [Group] {
    let surroundings = data.keys.indices.filter { ScenarioKeys.isEnvironment(data.keys[$0]) }
    var groups: [Group] = []
    for point in data.points {
      guard let bytes = point[.serverBytes]?.mean, let time = point[.makespan]?.mean else { continue }
      let name = surroundings.map { "\(short(data.keys[$0])) \(point.values[$0])" }.joined(separator: ", ")
      if !groups.contains(where: { $0.name == name }) { groups.append(Group(name: name)) }
      guard let index = groups.firstIndex(where: { $0.name == name }) else { continue }
      groups[index].points.append((point, bytes, time))
    }
    guard groups.count > most else { return groups }
    return (0..<most).map { groups[$0 * (groups.count - 1) / (most - 1)] }
  }

  private static func name(of point: SweepData.Point, _ data: SweepData) -> String {
    zip(data.keys, point.values).map { "\(short($0)) \($1)" }.joined(separator: ", ")
  }

  private static func short(_ key: String) -> String { key.split(separator: ".").suffix(2).joined(separator: ".") }
}
