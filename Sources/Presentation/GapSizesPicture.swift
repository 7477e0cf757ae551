import Glibc
import Quantities
import Results

/// How often gaps of each size were seen at first checks, and how often the loss models predict them.
enum GapSizesPicture {
  /// Sizes that are counted together: from about half an octave to the next.
  struct Bin: Sendable {
    var first: Int
    var last: Int
    /// The gaps in it, as a mean over the replications.
    var gaps = 0.0
    /// How many the loss models predict; nil if they predict none.
    var expected: Double?

    /// On an axis of sizes its ends lie between two whole numbers.
    var ends: (from: Double, to: Double) { (Double(first) - 0.5, Double(last) + 0.5) }
    var middle: Double { (ends.from * ends.to).squareRoot() }
    var text: String { first == last ? "\(first)" : "\(first)–\(last)" }
  }

  static func picture(of data: RunData) throws -> Picture? {
    let counts = try counts(of: data)
    guard let largest = counts.last?.blocks else { return nil }
    let answer = Result { () throws(GapLaw.Unknown) in
      try GapLaw.gaps(of: data, upTo: min(Int(largest) * 2, data.blocks))
    }
    let law = try? answer.get()
    let bins = bins(counts, law: law, Double(data.replications))
    let axes = axes(bins)
    var script = GnuplotScript()
    script.add(axes.x.commands("x"))
    script.add(axes.y.commands("y"))
    let floor = axes.y.range.lowerBound
    script.data("gaps", bins.filter { $0.gaps > 0 }.map { [$0.middle, $0.gaps, $0.ends.from, $0.ends.to, floor] })
    var parts = [
      "$gaps using 1:2:3:4:5:2 with boxxyerror fs solid 1 border lc \(GnuplotScript.color(.paper)) "
        + "fc \(GnuplotScript.color(.blue)) title 'gaps at first checks'"
    ]
    let expected = bins.compactMap { bin in bin.expected.map { [bin.middle, $0] } }.filter { $0[1] >= floor }
    if !expected.isEmpty {
      script.data("law", expected)
      parts.append(
        "$law using 1:2 with linespoints pt 7 ps 0.7 lw 2 lc \(GnuplotScript.color(.vermillion)) "
          + "title 'what the loss models predict of one pass'")
    }
    script.plot(parts)
    return Picture(
      name: "gap-sizes", title: "Gap sizes at the first checks",
      subtitle: data.subtitle(
        "\(data.replications > 1 ? "means of a replication" : "gaps"), counted in bins of half an octave",
        reason(answer)),
      caption:
        "A gap is a run of consecutive missing blocks. Independent loss leaves short ones, bursts and late joins "
        + "long ones. "
        + (law == nil
          ? ""
          : "The line is what the loss models predict if every block is sent once to each device that checked itself: "
            + "repeats leave fewer gaps, late joins, full queues and buffers more.")
        + (law != nil && data.network.hasLossByTime
          ? " For loss that goes by time, window comes after window, each a mean round trip after the one before."
          : ""),
      alternative: describe(counts, data), commands: script.text,
      data: DataTable(
        header: ["first_blocks", "last_blocks", "gaps", "expected_gaps"],
        rows: bins.map { bin in
          ["\(bin.first)", "\(bin.last)", GnuplotScript.number(bin.gaps), bin.expected.map(GnuplotScript.number) ?? ""]
        }),
      chart: chart(bins, axes.x, axes.y))
  }

  /// Why there is no line.
  private static func reason(_ answer: Result<[Double], GapLaw.Unknown>) -> String {
    if case .failure(let unknown) = answer { "no law: " + unknown.reason } else { "" }
  }

  private static func axes(_ bins: [Bin]) -> (x: Axis, y: Axis) {
    // One or two bars alone would be as wide as the picture.
    let ends = (bins[0].ends.from, max(bins[bins.count - 1].ends.to, 7.5))
    let x = Axis(
      label: "gap size [blocks], logarithmic", range: Axis.range(ends.0, ends.1), isLogarithmic: true, isWhole: true)
    let range = Axis.logarithmicRange(of: bins.map(\.gaps))
    let y = Axis(
      label: "gaps in a bin, logarithmic",
      range: Axis.range(
        range.lowerBound / 2, max(range.upperBound, (bins.compactMap(\.expected).max() ?? 0) * 1.15) * 1.3),
      isLogarithmic: true)
    return (x, y)
  }

  private static func chart(_ bins: [Bin], _ x: Axis, _ y: Axis) -> Chart {
    let shown = bins.filter { $0.gaps > 0 }
    var series = [
      Chart.Series(
        "gaps at first checks", .bars, .blue, x: shown.map(\.ends.from), ends: shown.map(\.ends.to),
        y: shown.map(\.gaps), notes: shown.map { "\($0.text) block\($0.text == "1" ? "" : "s")" })
    ]
    let law = bins.filter { ($0.expected ?? 0) >= y.range.lowerBound }
    if !law.isEmpty {
      series.append(
        Chart.Series(
          "what the loss models predict of one pass", .line, .vermillion, x: law.map(\.middle),
          y: law.compactMap(\.expected)))
    }
    return Chart(x: Chart.Axis(x, isCount: true), y: Chart.Axis(y), series: series)
  }

  private static func describe(_ counts: [(blocks: Double, count: Double)], _ data: RunData) -> String {
    let all = counts.reduce(0) { $0 + $1.count }
    let single = counts.first { $0.blocks == 1 }?.count ?? 0
    return "\(DisplayUnit.short(all / Double(data.replications))) gaps in a replication, "
      + "\(DisplayUnit.short(100 * single / all)) % of them of one block; the largest has "
      + HumanUnits.plural(Int(counts.last?.blocks ?? 0), "block") + "."
  }

  /// Bins for sizes up to the largest that occurs, with their counts.
  static func bins(_ counts: [(blocks: Double, count: Double)], law: [Double]?, _ replications: Double) -> [Bin] {
    let largest = counts.last?.blocks ?? 1
    var bins: [Bin] = []
    var first = 1.0
    while first <= largest {
      // 1, 2, 3, 4, 6, 8, 12, 16, 24, …: a power of two, then half as much again.
      let power = exp2(log2(first).rounded(.down))
      let next = first < 3 ? first + 1 : first == power ? power * 1.5 : power * 2
      bins.append(Bin(first: Int(first), last: Int(next) - 1))
      first = next
    }
    var bin = 0
    for (blocks, count) in counts {
      while Int(blocks) > bins[bin].last { bin += 1 }
      bins[bin].gaps += count / replications
    }
    guard let law else { return bins }
    for index in bins.indices {
      let sizes = (bins[index].first - 1)..<min(bins[index].last, law.count)
      bins[index].expected = sizes.isEmpty ? 0 : law[sizes].reduce(0, +)
    }
    return bins
  }

  /// The sizes with their counts over all sessions and replications, ascending.
  private static func counts(of data: RunData) throws -> [(blocks: Double, count: Double)] {
    let table = try data.folder.table(.gaps)
    let (size, count) = (try table.column("gap_blocks"), try table.column("count"))
    var counts: [Double: Double] = [:]
    for row in table.rows.indices {
      guard let blocks = try table.number(row, size), let number = try table.number(row, count), blocks >= 1,
        blocks <= 1e9, number > 0
      else {
        throw CSVError(
          path: table.path, line: table.line(ofRow: row), "a size and a count of at least 1 are expected")
      }
      counts[blocks.rounded(), default: 0] += number
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
