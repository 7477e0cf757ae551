import Measurements
import Quantities
import Statistics

/// Quantiles of the lengths of runs, measured against those of the best model (a Q–Q plot).
enum QuantilePicture {
  private static let mostPoints = 100

  static func picture(of pictures: FitPictures) -> Picture? {
    guard let best = pictures.models.first else { return nil }
    var script = GnuplotScript()
    var parts: [String] = []
    var rows: [[String]] = []
    var all: [[Double]] = []
    var series: [Chart.Series] = []
    for (fate, lost, mark, paint) in [("lost", true, 6, Paint.vermillion), ("received", false, 4, Paint.blue)] {
      let points = points(pictures.data.sample(lost: lost), best.runs.sample(lost: lost))
      guard !points.isEmpty else { continue }
      all += points
      script.data(fate, points)
      series.append(
        Chart.Series(
          "runs of \(fate) packets", .points, paint, x: points.map { $0[0] }, y: points.map { $0[1] }))
      rows += points.map { [fate] + $0.map(GnuplotScript.number) }
      parts.append(
        "$\(fate) using 1:2 with points pt \(mark) ps 0.9 lw 1.5 lc \(GnuplotScript.color(paint)) "
          + "title 'runs of \(fate) packets'")
    }
    guard let longest = all.flatMap({ $0 }).max() else { return nil }
    let range = Axis.range(0.9, max(longest, 3) * 1.3)
    script.data("same", [[range.lowerBound, range.lowerBound], [range.upperBound, range.upperBound]])
    parts.append("$same using 1:2 with lines lw 1 lc \(GnuplotScript.color(.ink)) title 'as the model says'")
    let x = Axis(label: "length by the model [packets], logarithmic", range: range, isLogarithmic: true)
    let y = Axis(label: "length measured [packets], logarithmic", range: range, isLogarithmic: true)
    series.append(
      Chart.Series(
        "as the model says", .line, .ink, x: [range.lowerBound, range.upperBound],
        y: [range.lowerBound, range.upperBound]))
    var axes = GnuplotScript()
    axes.add(x.commands("x"))
    axes.add(y.commands("y"))
    script.plot(parts)
    return Picture(
      name: "quantiles", title: "Quantiles of the lengths of runs against the best model, \(best.fit.kind.title)",
      subtitle: pictures.subtitle("a mark for each of at most \(mostPoints) quantiles"),
      caption:
        "Each mark is a share of the runs: its length by the best model, and as measured. On the line both are "
        + "the same; above it the measured runs are longer. The last marks are single runs, and scatter.",
      alternative: "\(HumanUnits.plural(rows.count, "quantile")) of the lengths of runs, measured and by the model.",
      commands: axes.text + script.text,
      data: DataTable(header: ["fate", "model_packets", "measured_packets"], rows: rows),
      chart: Chart(x: Chart.Axis(x), y: Chart.Axis(y), series: series))
  }

  /// Quantiles in the middle of each step of the smaller sample, as many as can be seen.
  private static func points(_ measured: RunLengthSample, _ model: RunLengthSample) -> [[Double]] {
    let count = min(mostPoints, measured.runs)
    return (0..<count).compactMap { index in
      let share = (Double(index) + 0.5) / Double(count)
      guard let x = model.quantile(share), let y = measured.quantile(share) else { return nil }
      return [Double(x), Double(y)]
    }
  }
}
