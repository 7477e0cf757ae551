import Experiment

/// The picture of a tuning: the objective over the threshold, the choice, and the promotion rate.
enum TunePictures {
  static func all(of folder: ResultsFolder) throws -> Gallery {
    var gallery = Gallery()
    gallery.add(picture(of: try TuneData(folder)), or: "Objective over the threshold", "there is no candidate")
    return gallery
  }

  private static func picture(of data: TuneData) -> Picture? {
    let candidates = data.candidates
    guard !candidates.isEmpty else { return nil }
    let axis = ThresholdAxis(candidates.map(\.threshold))
    let estimates = candidates.map { data.compared($0) }
    var script = GnuplotScript()
    script.add(axis.commands)
    let range = Axis.range(of: estimates.flatMap { [$0.low, $0.high] })
    // An expression that is longer than the axis stands in the title alone.
    let isShort = data.label.count <= 30
    script.add(Axis(label: (isShort ? data.label : "objective") + ", less is better", range: range).commands("y"))
    script.add(Axis(label: "promotion rate [%]", range: 0...105).commands("y2"))
    script.add("set border 11\nset y2tics 0, 20, 100\nset rmargin 10")
    let rows = zip(candidates, estimates).map { candidate, estimate in
      [axis.position(of: candidate.threshold), estimate.mean, estimate.low, estimate.high]
    }
    let parts =
      objective(candidates, rows, axis, &script) + promotionRate(candidates, axis, &script)
      + marks(candidates, rows, &script)
    script.plot(parts)
    return Picture(
      name: "objective",
      title: isShort ? "Objective over the threshold" : "\(data.label.prefix(70)) over the threshold",
      caption: "Each mark is a candidate, placed by its mean difference to the choice over the replications that both "
        + "have; the band is the 95 % confidence interval of that difference, the bar at the choice that of its own mean. "
        + "The promotion rate is the share of the devices with gaps that were promoted.",
      alternative: describe(data), commands: script.text,
      data: DataTable(
        header: ["threshold_bytes", "objective", "ci95_low", "ci95_high", "promotion_rate", "status"],
        rows: zip(candidates, estimates).map { candidate, estimate in
          [candidate.threshold, estimate.mean, estimate.low, estimate.high].map(GnuplotScript.number)
            + [candidate.promotionRate.map(GnuplotScript.number) ?? "", candidate.status]
        }))
  }

  /// The line with its band; 0 that stands apart has a bar instead.
  private static func objective(
    _ candidates: [TuneData.Candidate], _ rows: [[Double]], _ axis: ThresholdAxis, _ script: inout GnuplotScript
  ) -> [String] {
    let blue = GnuplotScript.color(.blue)
    var parts: [String] = []
    let isApart = axis.hasZeroApart || rows.count == 1
    if rows.count > 2 || !isApart {
      // The choice does not differ from itself: the band closes there.
      script.data(
        "objective",
        zip(rows, candidates).dropFirst(isApart ? 1 : 0).map { row, candidate in
          candidate.status == "chosen" ? [row[0], row[1], row[1], row[1]] : row
        })
      parts += [
        "$objective using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc \(blue) "
          + "title '95 % confidence interval'",
        "$objective using 1:2 with lines lw 2 lc \(blue) title 'objective (left)'",
      ]
    }
    if isApart {
      script.data("apart", [rows[0]])
      parts.append("$apart using 1:2:3:4 with yerrorbars lw 2 pt 0 lc \(blue) notitle")
    }
    return parts
  }

  private static func promotionRate(
    _ candidates: [TuneData.Candidate], _ axis: ThresholdAxis, _ script: inout GnuplotScript
  ) -> [String] {
    let known = candidates.compactMap { candidate in candidate.promotionRate.map { (candidate.threshold, $0 * 100) } }
    guard !known.isEmpty else { return [] }
    script.data("rates", known.map { [axis.position(of: $0.0), $0.1] })
    let joined = axis.hasZeroApart && known[0].0 == 0 ? "every ::1" : "every ::0"
    let style = "lc \(GnuplotScript.color(.vermillion))"
    return [
      "$rates using 1:2 axes x1y2 with points pt 1 ps 0.5 \(style) notitle",
      "$rates \(joined) using 1:2 axes x1y2 with lines lw 1.5 dt 2 \(style) title 'promotion rate (right)'",
    ]
  }

  private static func marks(
    _ candidates: [TuneData.Candidate], _ rows: [[Double]], _ script: inout GnuplotScript
  ) -> [String] {
    let (grey, blue, ink) = (GnuplotScript.color(.grey), GnuplotScript.color(.blue), GnuplotScript.color(.ink))
    let kinds = [
      ("eliminated", "1:2 with points pt 6 ps 0.6 lc \(grey)", "eliminated"),
      ("alive", "1:2 with points pt 7 ps 0.6 lc \(blue)", "not told apart from it"),
      ("chosen", "1:2:3:4 with yerrorbars lw 2 pt 13 ps 1.3 lc \(ink)", "the choice"),
    ]
    return kinds.compactMap { status, style, title in
      let chosen = zip(candidates, rows).filter { $0.0.status == status }.map(\.1)
      guard !chosen.isEmpty else { return nil }
      script.data(status, chosen)
      return "$\(status) using \(style) title '\(title)'"
    }
  }

  private static func describe(_ data: TuneData) -> String {
    let bytes = { (value: Double) in DisplayUnit.bytes(upTo: value).text(value) }
    let candidates = data.candidates
    let last = candidates[candidates.count - 1]
    var parts = ["\(candidates.count) candidates from \(bytes(candidates[0].threshold)) to \(bytes(last.threshold))."]
    if let choice = data.choice {
      parts.append(
        "The choice is \(bytes(choice.threshold)), objective \(DisplayUnit.short(choice.objective.mean))"
          + (choice.promotionRate.map { ", promotion rate \(DisplayUnit.short($0 * 100)) %." } ?? "."))
    }
    parts.append("\(candidates.count { $0.status == "alive" }) others cannot be told apart from it.")
    return parts.joined(separator: " ")
  }
}
