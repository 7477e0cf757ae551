/// The makespan of each candidate against what the server sends, with a line along the candidates that no other one
/// beats in both.
enum ParetoPicture {
  static let title = "Time against server bytes"

  static func picture(of data: TuneData) -> Picture? {
    let known = data.candidates.compactMap {
      candidate -> (candidate: TuneData.Candidate, bytes: Double, time: Double)? in
      guard let bytes = candidate.serverBytes, let time = candidate.makespan else { return nil }
      return (candidate, bytes, time)
    }
    guard !known.isEmpty else { return nil }
    let unit = DisplayUnit.bytes(upTo: known.map(\.bytes).max() ?? 0)
    let clock = DisplayUnit.seconds(upTo: known.map(\.time).max() ?? 0)
    let points = known.map { [$0.bytes / unit.size, $0.time / clock.size] }
    let fit = zip(known, points).filter { $0.0.candidate.status != "unfit" }.map(\.1)
    let front = front(of: fit)
    // Candidates of the same figures count one by one.
    let isOnFront = zip(known, points).map { $0.candidate.status != "unfit" && front.contains($1) }
    let count = isOnFront.count { $0 }
    var script = GnuplotScript()
    let x = Axis(label: "server sent [\(unit.name)]", range: Axis.range(of: points.map { $0[0] }))
    let y = Axis(label: "makespan [\(clock.name)]", range: Axis.range(of: points.map { $0[1] }))
    script.add(x.commands("x"))
    script.add(y.commands("y"))
    script.data("front", front)
    var parts = [
      "$front using 1:2 with steps lw 1.5 lc \(GnuplotScript.color(.green)) title 'no candidate is better in both'"
    ]
    for mark in TunePictures.marks(of: data) {
      let shown = zip(known, points).filter { $0.0.candidate.status == mark.status }.map(\.1)
      guard !shown.isEmpty else { continue }
      script.data(mark.status, shown)
      parts.append("$\(mark.status) using 1:2 with points \(mark.style) title '\(mark.title)'")
    }
    if let choice = zip(known, points).first(where: { $0.0.candidate.status == "chosen" })?.1 {
      TunePictures.label(data, at: (choice[0], choice[1]), &script)
    }
    script.plot(parts)
    return Picture(
      name: "time-bytes", title: title,
      subtitle: data.subtitle("a mark for each candidate, at its means"),
      caption:
        "Each mark is a candidate: its mean makespan and what the server sent, placed by the differences to the choice "
        + "over the replications that both have. Along the line one is had only for the other.",
      alternative:
        "\(count) of \(known.count) candidates \(count == 1 ? "is" : "are") such that no other one takes less time and fewer "
        + "bytes.",
      commands: script.text,
      data: DataTable(
        header: [
          "candidate", "threshold_bytes", "server_sent_\(unit.name)", "makespan_\(clock.name)", "is_on_front", "status",
        ],
        rows: known.indices.map { index in
          let candidate = known[index].candidate
          return [TunePictures.name(of: candidate)]
            + ([candidate.threshold] + points[index]).map(GnuplotScript.number)
            + [isOnFront[index] ? "1" : "0", candidate.status]
        }),
      chart: Chart(
        x: Chart.Axis(x), y: Chart.Axis(y),
        series: [
          Chart.Series("no candidate is better in both", .steps, .green, x: front.map { $0[0] }, y: front.map { $0[1] })
        ]
          + TunePictures.marks(of: data).compactMap { mark in
            let shown = known.indices.filter { known[$0].candidate.status == mark.status }
            return shown.isEmpty
              ? nil
              : Chart.Series(
                mark.title, .points, mark.paint, x: shown.map { points[$0][0] }, y: shown.map { points[$0][1] },
                notes: shown.map { TunePictures.name(of: known[$0].candidate) },
                labels: mark.status == "chosen" ? shown.map { TunePictures.name(of: known[$0].candidate) } : [])
          }))
  }

  /// The points for which no other point is at most as large in both coordinates, from left to right.
  static func front(of points: [[Double]]) -> [[Double]] {
    var front: [[Double]] = []
    for point in points.sorted(by: { ($0[0], $0[1]) < ($1[0], $1[1]) }) {
      if let last = front.last, last[1] <= point[1] { continue }
      front.append(point)
    }
    return front
  }
}
