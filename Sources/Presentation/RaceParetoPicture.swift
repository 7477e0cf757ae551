import Comparison
import RunMetrics
import Statistics

/// The makespan of each strategy against what the server sends, with intervals, and a line along the strategies that no
/// other one beats in both.
enum RaceParetoPicture {
  /// From this ratio of the largest to the smallest mean on, an axis is logarithmic.
  private static let wide = 10.0

  private struct Mark {
    let entrant: Race.Entrant
    let bytes: Estimate
    let time: Estimate
  }

  static func picture(of race: Race, subtitle: (String) -> String) -> Picture? {
    let marks = race.entrants.compactMap { entrant -> Mark? in
      guard let bytes = Estimate(entrant.statistics(of: .serverBytes), of: .serverBytes),
        let time = Estimate(entrant.statistics(of: .makespan), of: .makespan)
      else { return nil }
      return Mark(entrant: entrant, bytes: bytes, time: time)
    }
    guard let most = marks.map(\.bytes.mean).max(), let longest = marks.map(\.time.mean).max() else { return nil }
    let (unit, clock) = (DisplayUnit.bytes(upTo: most), DisplayUnit.seconds(upTo: longest))
    let horizontal = axis("server sent [\(unit.name)]", marks.map(\.bytes), unit)
    let vertical = axis("makespan [\(clock.name)]", marks.map(\.time), clock)
    let front = race.front
    let onFront = marks.filter { mark in front.contains { $0.name == mark.entrant.name } }
    var script = GnuplotScript()
    script.add(horizontal.commands("x"))
    script.add(vertical.commands("y"))
    let line = ParetoPicture.front(of: onFront.map { [$0.bytes.mean / unit.size, $0.time.mean / clock.size] })
    script.data("front", line)
    var parts: [String] = []
    if onFront.count > 1 {
      let green = GnuplotScript.color(.green)
      parts.append("$front using 1:2 with steps lw 1.5 lc \(green) title '\(lineName)'")
    }
    for (index, mark) in marks.enumerated() {
      let bytes = mark.bytes.within(horizontal, unit), time = mark.time.within(vertical, clock)
      script.data("mark\(index)", [[bytes.mean, time.mean, bytes.low, bytes.high, time.low, time.high]])
      let look = RacePictures.look(of: mark.entrant.name)
      let name = mark.entrant.name + (mark.entrant.standing == .unfit ? ": leaves devices behind" : "")
      parts.append(
        "$mark\(index) using 1:2:3:4:5:6 with xyerrorbars pt \(look.mark) ps 1.4 lw 1.5 "
          + "lc \(GnuplotScript.color(look.paint)) title \(GnuplotScript.quoted(name))")
    }
    script.plot(parts)
    return Picture(
      name: "time-bytes", title: ParetoPicture.title,
      subtitle: subtitle("bars: 95 % confidence intervals of the means"),
      caption:
        "Each mark is a strategy: its mean makespan and what the server sent, with 95 % confidence intervals of each mean by "
        + "itself. Along the line one is had only for the other; what is to the right of it and above it is beaten in both.",
      alternative:
        "No other strategy takes less time and fewer bytes than \(front.map(\.name).joined(separator: ", ")).",
      commands: script.text,
      data: DataTable(
        header: [
          "strategy", "server_sent_\(unit.name)", "server_sent_low", "server_sent_high", "makespan_\(clock.name)",
          "makespan_low", "makespan_high", "is_on_front", "standing",
        ],
        rows: marks.map { mark in
          [mark.entrant.name]
            + ([mark.bytes.mean, mark.bytes.low, mark.bytes.high].map { $0 / unit.size }
            + [mark.time.mean, mark.time.low, mark.time.high].map { $0 / clock.size }).map(GnuplotScript.number)
            + [front.contains { $0.name == mark.entrant.name } ? "1" : "0", mark.entrant.standing.rawValue]
        }),
      chart: Chart(
        x: Chart.Axis(horizontal), y: Chart.Axis(vertical),
        series: (line.count > 1
          ? [Chart.Series(lineName, .steps, .green, x: line.map { $0[0] }, y: line.map { $0[1] })] : [])
          + marks.map { series(of: $0, unit, clock) }))
  }

  private static let lineName = "none is better in both"

  private static func series(of mark: Mark, _ unit: DisplayUnit, _ clock: DisplayUnit) -> Chart.Series {
    let (name, bytes, time) = (mark.entrant.name, mark.bytes, mark.time)
    return Chart.Series(
      name, .points, RacePictures.look(of: name).paint, x: [bytes.mean / unit.size], y: [time.mean / clock.size],
      low: [time.low / clock.size], high: [time.high / clock.size], lowX: [bytes.low / unit.size],
      highX: [bytes.high / unit.size],
      notes: [
        "\(name): sent \(bytes.text(in: unit)) \(unit.name), makespan \(time.text(in: clock)) \(clock.name)"
      ], labels: [name])
  }

  private static func axis(_ label: String, _ values: [Estimate], _ unit: DisplayUnit) -> Axis {
    let means = values.map { $0.mean / unit.size }
    if let least = means.min(), let most = means.max(), least > 0, most / least >= wide {
      let ends = values.flatMap { [max($0.low / unit.size, least / 2), $0.high / unit.size] }
      return Axis(label: label + ", logarithmic", range: Axis.logarithmicRange(of: ends), isLogarithmic: true)
    }
    return Axis(
      label: label,
      range: Axis.range(of: values.flatMap { [$0.low / unit.size, $0.high / unit.size] }, fromZero: true))
  }
}

extension Estimate {
  /// The same in a unit, with ends that an axis has.
  fileprivate func within(_ axis: Axis, _ unit: DisplayUnit) -> Estimate {
    func inside(_ value: Double) -> Double { min(max(value / unit.size, axis.range.lowerBound), axis.range.upperBound) }
    return Estimate(mean: mean / unit.size, low: inside(low), high: inside(high))
  }
}
