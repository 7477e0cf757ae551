import Results

/// How often gaps of each size were seen at first checks.
enum GapSizesPicture {
  static func picture(of data: RunData) throws -> Picture? {
    let counts = try counts(of: data)
    guard let largest = counts.last?.blocks else { return nil }
    let perRun = counts.map { [$0.blocks, $0.count / Double(data.replications)] }
    var script = GnuplotScript()
    var x = Axis(label: "gap size [blocks]", range: Axis.range(0, largest + 1))
    if largest > 30 {
      x = Axis(label: "gap size [blocks], logarithmic", range: Axis.range(0.8, largest * 1.3), isLogarithmic: true)
    }
    script.add(x.commands("x"))
    if largest <= 30 { script.add("set xtics \(largest <= 12 ? 1 : 2)") }
    let range = Axis.logarithmicRange(of: perRun.map { $0[1] })
    let y = Axis(
      label: data.replications > 1 ? "gaps, mean of a replication, logarithmic" : "gaps, logarithmic",
      range: Axis.range(range.lowerBound / 2, range.upperBound * 1.5), isLogarithmic: true)
    script.add(y.commands("y"))
    script.data("gaps", perRun)
    script.plot([
      "$gaps using 1:2 with impulses lw 1.5 lc \(GnuplotScript.color(.blue)) notitle",
      "$gaps using 1:2 with points pt 7 ps 0.6 lc \(GnuplotScript.color(.blue)) title 'gaps of that size at first checks'",
    ])
    let all = counts.reduce(0) { $0 + $1.count }
    let single = counts.first { $0.blocks == 1 }?.count ?? 0
    return Picture(
      name: "gap-sizes", title: "Gap sizes at the first checks",
      caption:
        "A gap is a run of consecutive missing blocks. Independent loss leaves short ones, bursts and late joins "
        + "long ones.",
      alternative: "\(DisplayUnit.short(all / Double(data.replications))) gaps in a replication, "
        + "\(DisplayUnit.short(100 * single / all)) % of them of one block; the largest has "
        + "\(DisplayUnit.short(largest)) blocks.",
      commands: script.text,
      data: DataTable(header: ["gap_blocks", "gaps"], rows: perRun.map { $0.map(GnuplotScript.number) }))
  }

  /// The sizes with their counts over all sessions and replications, ascending.
  private static func counts(of data: RunData) throws -> [(blocks: Double, count: Double)] {
    let table = try data.folder.table(.gaps)
    let (size, count) = (try table.column("gap_blocks"), try table.column("count"))
    var counts: [Double: Double] = [:]
    for row in table.rows.indices {
      guard let blocks = try table.number(row, size), let number = try table.number(row, count), blocks >= 1, number > 0
      else {
        throw CSVError(
          path: table.path, line: table.line(ofRow: row), "a size and a count of at least 1 are expected")
      }
      counts[blocks, default: 0] += number
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
