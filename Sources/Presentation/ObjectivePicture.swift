import Experiments
import Quantities
import RunMetrics

/// The objective over the candidates, the choice, and the promotion rate.
///
/// An objective is a step function of the threshold: all thresholds above one gap that occurs and up to the next one
/// take the same decisions (R11). So the value of a candidate holds down to the candidate before it.
enum ObjectivePicture {
  /// In per cent, with room for the marks at both ends.
  private static let rates = -4.0...105

  static func picture(of data: TuneData) -> Picture? {
    let candidates = data.candidates
    guard !candidates.isEmpty else { return nil }
    let axis = CandidateAxis(data)
    let estimates = candidates.map { data.compared($0) }
    var script = GnuplotScript()
    script.add(axis.commands)
    let range = range(of: estimates, hasLabelBelow: TunePictures.knee(data) != nil)
    // An expression that is longer than the axis stands only in the title.
    let isShort = data.label.count <= 24
    script.add(Axis(label: (isShort ? data.label : "objective") + ", less is better", range: range).commands("y"))
    script.add(Axis(label: "promotion rate [%]", range: rates).commands("y2"))
    script.add("set border 11\nset y2tics 0, 20, 100\nset rmargin 10")
    let rows = zip(candidates, estimates).enumerated().map { index, pair in
      [axis.position(of: index, pair.0), pair.1.mean, pair.1.low, pair.1.high]
    }
    if let choice = zip(candidates, rows).first(where: { $0.0.status == "chosen" })?.1 {
      TunePictures.label(data, at: (choice[0], choice[1]), isBelow: TunePictures.knee(data) != nil, &script)
    }
    TunePictures.labelKnee(data, at: rows, &script)
    let parts =
      objective(candidates, rows, axis, &script) + promotionRate(candidates, axis, &script)
      + marks(data, rows, &script)
    script.plot(parts)
    let scale = data.isOfPoints ? "the points" : "the threshold"
    return Picture(
      name: "objective",
      title: isShort ? "Objective over \(scale)" : "\(data.label.prefix(70)) over \(scale)",
      subtitle: data.subtitle("band: 95 % confidence interval of the difference to the choice"),
      caption: "Each mark is a candidate, placed by its mean difference to the choice over the replications that both "
        + "have; the band is the 95 % confidence interval of that difference, the bar at the choice that of its own mean. "
        + "The labels are the choice, and the smallest candidate that cannot be told apart from it. "
        + "The promotion rate is the share of the devices with gaps that were promoted.",
      alternative: describe(data), commands: script.text,
      data: DataTable(
        header: ["candidate", "threshold_bytes", "objective", "ci95_low", "ci95_high", "promotion_rate", "status"],
        rows: zip(candidates, estimates).map { candidate, estimate in
          [TunePictures.name(of: candidate)]
            + [candidate.threshold, estimate.mean, estimate.low, estimate.high].map(GnuplotScript.number)
            + [candidate.promotionRate.map(GnuplotScript.number) ?? "", candidate.status]
        }),
      chart: chart(data, axis, rows, label: isShort ? data.label : "objective", range))
  }

  /// From the lowest to the highest end, with room for a line of text below a mark.
  private static func range(of estimates: [Estimate], hasLabelBelow: Bool) -> ClosedRange<Double> {
    let ends = estimates.flatMap { [$0.low, $0.high] }
    guard hasLabelBelow, let low = ends.min(), let high = ends.max() else { return Axis.range(of: ends) }
    return Axis.range(of: [low - (high - low) / 15, high])
  }

  private static func chart(
    _ data: TuneData, _ axis: CandidateAxis, _ rows: [[Double]], label: String, _ range: ClosedRange<Double>
  ) -> Chart {
    let names = data.candidates.map(TunePictures.name)
    let apart = axis.hasZeroApart || rows.count == 1 ? 1 : 0
    let labelled = TunePictures.knee(data)
    var series: [Chart.Series] = []
    if axis.isScale, rows.count > apart + 1 {
      let shown = Array(rows.dropFirst(apart))
      // A value holds from the candidate before it up to its own.
      let begins = [shown[0][0]] + shown.map { $0[0] }
      let held = shown + shown.suffix(1)
      series.append(
        Chart.Series(
          label, .steps, .blue, x: begins, y: held.map { $0[1] }, low: held.map { $0[2] }, high: held.map { $0[3] }))
    }
    for mark in TunePictures.marks(of: data) {
      let shown = rows.indices.filter { data.candidates[$0].status == mark.status }
      guard !shown.isEmpty else { continue }
      series.append(
        Chart.Series(
          mark.title, .points, mark.paint, x: shown.map { rows[$0][0] }, y: shown.map { rows[$0][1] },
          low: shown.map { rows[$0][2] }, high: shown.map { rows[$0][3] }, notes: shown.map { names[$0] },
          labels: shown.map { $0 == labelled || mark.status == "chosen" ? names[$0] : "" },
          isBold: mark.status == "chosen"))
    }
    let rated = rows.indices.filter { data.candidates[$0].promotionRate != nil }
    if !rated.isEmpty {
      series.append(
        Chart.Series(
          "promotion rate", .points, .vermillion, x: rated.map { rows[$0][0] },
          y: rated.map { (data.candidates[$0].promotionRate ?? 0) * 100 }, notes: rated.map { names[$0] },
          isRight: true))
    }
    return Chart(
      x: axis.chart, y: Chart.Axis(label, range: range), right: Chart.Axis("promotion rate [%]", range: rates),
      series: series)
  }

  /// The steps with their band. A candidate without neighbours has a bar instead.
  private static func objective(
    _ candidates: [TuneData.Candidate], _ rows: [[Double]], _ axis: CandidateAxis, _ script: inout GnuplotScript
  ) -> [String] {
    let blue = GnuplotScript.color(.blue)
    guard axis.isScale else {
      script.data("objective", rows)
      return [
        "$objective using 1:2:3:4 with yerrorbars lw 2 pt 7 ps 0.3 lc \(blue) title 'objective (left), 95 % interval'"
      ]
    }
    var parts: [String] = []
    let isApart = axis.hasZeroApart || rows.count == 1
    if rows.count > 2 || !isApart {
      // The choice does not differ from itself, so the band closes there.
      let shown = zip(rows, candidates).dropFirst(isApart ? 1 : 0).map { row, candidate in
        candidate.status == "chosen" ? [row[0], row[1], row[1], row[1]] : row
      }
      script.data("objective", steps(shown))
      parts += [
        "$objective using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc \(blue) "
          + "title '95 % confidence interval'",
        "$objective using 1:2 with lines lw 2 lc \(blue) title 'objective (left)'",
      ]
    }
    if isApart {
      script.data("apart", [rows[0]])
      parts.append("$apart using 1:2:3:4 with yerrorbars lw 2 pt 7 ps 0.3 lc \(blue) notitle")
    }
    return parts
  }

  /// Each row twice: at the position of the row before it, and at its own.
  private static func steps(_ rows: [[Double]]) -> [[Double]] {
    rows.enumerated().flatMap { index, row in
      index == 0 ? [row] : [[rows[index - 1][0]] + row.dropFirst(), row]
    }
  }

  private static func promotionRate(
    _ candidates: [TuneData.Candidate], _ axis: CandidateAxis, _ script: inout GnuplotScript
  ) -> [String] {
    let known = candidates.enumerated().compactMap { index, candidate in
      candidate.promotionRate.map { [axis.position(of: index, candidate), $0 * 100] }
    }
    guard !known.isEmpty else { return [] }
    script.data("rates", known)
    let style = "lc \(GnuplotScript.color(.vermillion))"
    let points = "$rates using 1:2 axes x1y2 with points pt 1 ps 0.5 \(style)"
    guard axis.isScale else { return [points + " title 'promotion rate (right)'"] }
    let isApart = axis.hasZeroApart && candidates[0].promotionRate != nil
    script.data("rate", steps(Array(known.dropFirst(isApart ? 1 : 0))))
    return [
      points + " notitle",
      "$rate using 1:2 axes x1y2 with lines lw 1 \(style) title 'promotion rate (right)'",
    ]
  }

  private static func marks(
    _ data: TuneData, _ rows: [[Double]], _ script: inout GnuplotScript
  ) -> [String] {
    TunePictures.marks(of: data).compactMap { mark in
      let shown = zip(data.candidates, rows).filter { $0.0.status == mark.status }.map(\.1)
      guard !shown.isEmpty else { return nil }
      script.data(mark.status, shown)
      let drawn = mark.status == "chosen" ? "1:2:3:4 with yerrorbars lw 2" : "1:2 with points"
      return "$\(mark.status) using \(drawn) \(mark.style) title '\(mark.title)'"
    }
  }

  private static func describe(_ data: TuneData) -> String {
    let candidates = data.candidates
    let ends = [candidates[0], candidates[candidates.count - 1]].map(TunePictures.name)
    var parts = ["\(candidates.count) candidates from \(ends[0]) to \(ends[1])."]
    if let choice = data.choice {
      parts.append(
        "The choice is \(TunePictures.name(of: choice)), objective \(data.text(ofObjective: choice.objective.mean))"
          + (choice.promotionRate.map { ", promotion rate \(DisplayUnit.short($0 * 100)) %." } ?? "."))
    }
    let others = candidates.count { $0.status == "alive" }
    parts.append(
      others == 0
        ? "Every other one can be told apart from it."
        : "\(HumanUnits.plural(others, "other")) cannot be told apart from it.")
    return parts.joined(separator: " ")
  }
}
