import Measurements
import Quantities
import Statistics

/// How many runs are at least as long as a length: measured, and by each model.
enum RunLengthPicture {
  static func picture(of pictures: FitPictures, lost: Bool) -> Picture? {
    let measured = pictures.data.sample(lost: lost)
    guard let longest = measured.counts.last?.length else { return nil }
    let fate = lost ? "lost" : "received"
    // Below half a run of those that were measured nothing can be compared.
    let least = 50 / Double(measured.runs)
    var script = GnuplotScript()
    let x = Axis(
      label: "length of a \(fate) run [packets], logarithmic", range: Axis.range(0.9, Double(max(longest, 3)) * 2),
      isLogarithmic: true)
    script.add(x.commands("x"))
    let y = Axis(label: "runs at least as long [%], logarithmic", range: Axis.range(least, 130), isLogarithmic: true)
    script.add(y.commands("y"))
    var parts: [String] = []
    var rows: [[String]] = []
    var series: [Chart.Series] = []
    // What was measured has the colour of ink.
    let paints = Paint.series.filter { $0 != .ink }
    for (index, model) in pictures.models.enumerated() {
      let points = points(model.runs.sample(lost: lost))
      guard !points.isEmpty else { continue }
      script.data("model\(index)", points)
      rows += points.map { [model.fit.kind.rawValue] + $0.map(GnuplotScript.number) }
      let name = model.fit.kind.title + (index == 0 ? " (best)" : "")
      series.append(Self.series(name, .line, paints[index % paints.count], points))
      // Lines of one colour differ in their dashes, as on a page.
      let (paint, dash) = (GnuplotScript.color(paints[index % paints.count]), 1 + index / paints.count)
      let title = GnuplotScript.quoted(name)
      parts.append(
        "$model\(index) using 1:2 with lines lw \(index == 0 ? 3 : 1.5) dt \(dash) lc \(paint) "
          + "title \(title)")
    }
    let points = points(measured)
    script.data("measured", points)
    series.append(Self.series("measured", .points, .ink, points))
    rows = points.map { ["measured"] + $0.map(GnuplotScript.number) } + rows
    parts.append("$measured using 1:2 with points pt 6 ps 0.8 lw 1.5 lc \(GnuplotScript.color(.ink)) title 'measured'")
    script.plot(parts)
    let mean = Double(measured.counts.reduce(0) { $0 + $1.length * $1.count }) / Double(measured.runs)
    return Picture(
      name: "\(fate)-runs", title: "Runs of \(fate) packets, measured and by each model",
      subtitle: pictures.subtitle("\(HumanUnits.plural(measured.runs, "whole run")) of \(fate) packets"),
      caption:
        "A mark is a length that was measured; a line is what a model says. Where marks leave a line, that model has "
        + "too few long runs, or too many. The first and the last run of each measurement are cut off and not counted.",
      alternative: "\(HumanUnits.plural(measured.runs, "whole run")) of \(fate) packets were measured, "
        + "\(DisplayUnit.short(mean)) packets long on average and \(DisplayUnit.short(Double(longest))) at most.",
      commands: script.text, data: DataTable(header: ["series", "length_packets", "at_least_percent"], rows: rows),
      chart: Chart(x: Chart.Axis(x), y: Chart.Axis(y), series: series))
  }

  private static func series(_ name: String, _ kind: Chart.Kind, _ paint: Paint, _ points: [[Double]]) -> Chart.Series {
    Chart.Series(name, kind, paint, x: points.map { $0[0] }, y: points.map { $0[1] })
  }

  /// The most marks of a line.
  private static let resolution = 200

  /// Lengths with the share of runs at least as long in per cent, thinned out where they stand close.
  private static func points(_ sample: RunLengthSample) -> [[Double]] {
    var points: [[Double]] = []
    let all = sample.shares
    var next = 0.0
    for (index, point) in all.enumerated() {
      let length = Double(point.length)
      guard all.count <= resolution || length >= next || index == all.count - 1 else { continue }
      points.append([length, 100 * point.share])
      next = length * 1.03
    }
    return points
  }
}
