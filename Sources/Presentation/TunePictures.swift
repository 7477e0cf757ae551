import Experiment
import Foundation

/// The picture of a tuning: the objective over the threshold, the choice, and the promotion rate.
enum TunePictures {
  /// A candidate: a row of `tune.csv`.
  struct Candidate: Sendable {
    var threshold: Double
    var objective: Estimate
    var promotionRate: Double?
    var status: String
  }

  static func all(of folder: ResultsFolder) throws -> Gallery {
    let candidates = try candidates(of: CSVTable(contentsOf: folder.filePath(ResultsFolder.tuneFile)))
    var gallery = Gallery()
    gallery.add(picture(of: candidates), or: "Objective over the threshold", "there is no candidate")
    return gallery
  }

  /// The candidates by threshold.
  static func candidates(of table: CSVTable) throws -> [Candidate] {
    let columns = try [
      "threshold_bytes", "objective_mean", "objective_ci95_low", "objective_ci95_high", "promotion_rate",
    ].map { try table.column($0) }
    let status = try table.column("status")
    return try table.rows.indices.map { row in
      func required(_ column: Int) throws -> Double {
        guard let value = try table.number(row, column) else {
          throw CSVError(
            path: table.path, line: table.line(ofRow: row), column: table.header[column], "a number is expected")
        }
        return value
      }
      let text = table.rows[row][status]
      guard ["chosen", "alive", "eliminated"].contains(text) else {
        throw CSVError(
          path: table.path, line: table.line(ofRow: row), column: "status",
          "'\(text.prefix(40))' is none of chosen, alive, eliminated")
      }
      let mean = try required(columns[1])
      return Candidate(
        threshold: max(0, try required(columns[0])),
        objective: Estimate(
          mean: mean, low: try table.number(row, columns[2]) ?? mean, high: try table.number(row, columns[3]) ?? mean),
        promotionRate: try table.number(row, columns[4]), status: text)
    }.sorted { $0.threshold < $1.threshold }
  }

  static func picture(of candidates: [Candidate]) -> Picture? {
    guard !candidates.isEmpty else { return nil }
    let axis = ThresholdAxis(candidates.map(\.threshold))
    let range = Axis.range(of: candidates.flatMap { [$0.objective.low, $0.objective.high] })
    var script = GnuplotScript()
    script.add(axis.commands)
    script.add(Axis(label: "objective, mean (less is better)", range: range).commands("y"))
    script.add(Axis(label: "promotion rate [%]", range: 0...105).commands("y2"))
    script.add("set border 11\nset y2tics 0, 20, 100\nset rmargin 10")
    let rows = candidates.map { candidate in
      [
        axis.position(of: candidate.threshold), candidate.objective.mean, candidate.objective.low,
        candidate.objective.high,
      ]
    }
    script.data("all", rows)
    let rates = candidates.compactMap { candidate in
      candidate.promotionRate.map { [axis.position(of: candidate.threshold), $0 * 100] }
    }
    let (blue, orange) = (GnuplotScript.color(.blue), GnuplotScript.color(.vermillion))
    var parts: [String] = []
    let joined = axis.hasZeroApart ? "every ::1" : "every ::0"
    if candidates.count > (axis.hasZeroApart ? 2 : 1) {
      parts += [
        "$all \(joined) using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc \(blue) "
          + "title '95 % confidence interval'",
        "$all \(joined) using 1:2 with lines lw 2 lc \(blue) title 'objective (left)'",
      ]
    }
    if axis.hasZeroApart || candidates.count == 1 {
      parts.append("$all every ::0::0 using 1:2:3:4 with yerrorbars lw 2 pt 0 lc \(blue) notitle")
    }
    if !rates.isEmpty {
      script.data("rates", rates)
      parts.append(
        "$rates using 1:2 axes x1y2 with points pt 1 ps 0.5 lc \(orange) notitle, \\\n  $rates \(joined) using 1:2 axes x1y2 "
          + "with lines lw 1.5 dt 2 lc \(orange) title 'promotion rate (right)'"
      )
    }
    for (status, style, title) in [
      ("eliminated", "pt 6 ps 0.6 lc \(GnuplotScript.color(.grey))", "eliminated"),
      ("alive", "pt 7 ps 0.6 lc \(blue)", "not told apart from it"),
      ("chosen", "pt 13 ps 1.3 lc \(GnuplotScript.color(.ink))", "the choice"),
    ] {
      let chosen = candidates.indices.filter { candidates[$0].status == status }
      guard !chosen.isEmpty else { continue }
      script.data(status, chosen.map { Array(rows[$0].prefix(2)) })
      parts.append("$\(status) using 1:2 with points \(style) title '\(title)'")
    }
    script.plot(parts)
    return Picture(
      name: "objective", title: "Objective over the threshold",
      caption:
        "Each mark is a candidate. Its line is the mean over the replications, the band the 95 % confidence interval. "
        + "The promotion rate is the share of the devices with gaps that were promoted.",
      alternative: describe(candidates), commands: script.text,
      data: DataTable(
        header: ["threshold_bytes", "objective_mean", "ci95_low", "ci95_high", "promotion_rate", "status"],
        rows: candidates.map { candidate in
          [candidate.threshold, candidate.objective.mean, candidate.objective.low, candidate.objective.high]
            .map(GnuplotScript.number) + [candidate.promotionRate.map(GnuplotScript.number) ?? "", candidate.status]
        }))
  }

  private static func describe(_ candidates: [Candidate]) -> String {
    let bytes = { (value: Double) in DisplayUnit.bytes(upTo: value).text(value) }
    let alive = candidates.count { $0.status == "alive" }
    var parts = [
      "\(candidates.count) candidates from \(bytes(candidates[0].threshold)) to "
        + "\(bytes(candidates[candidates.count - 1].threshold))."
    ]
    if let choice = candidates.first(where: { $0.status == "chosen" }) {
      parts.append(
        "The choice is \(bytes(choice.threshold)) with an objective of \(DisplayUnit.short(choice.objective.mean))"
          + (choice.promotionRate.map { " and a promotion rate of \(DisplayUnit.short($0 * 100)) %." } ?? "."))
    }
    parts.append("\(alive) others cannot be told apart from it.")
    return parts.joined(separator: " ")
  }
}
