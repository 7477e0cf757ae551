import BlockTransfer
import Quantities
import Results
import Runs

/// What each device missed at its first check, and where it lies in the file.
enum MissingBlocksPicture {
  private static let columns = 600
  /// The most devices. Of more, these many are shown, evenly chosen.
  private static let rows = 360
  /// The most cohorts that have names beside the picture.
  private static let names = 12
  /// The share of a cell from which on it is painted with an opacity, of 255.
  private typealias Level = (share: Double, opacity: Int, name: String)

  /// The levels of a picture in which no cell lacks a larger share than `most`. Where all lack little, as large cells of
  /// independent losses do, they are even steps.
  private static func levels(upTo most: Double) -> [Level] {
    guard most < 0.05 else {
      return [
        (0, 105, "less than 5 % of a cell missing"), (0.05, 155, "5 to 25 %"), (0.25, 205, "25 to 100 %"),
        (1, 255, "all of it"),
      ]
    }
    let step = steps.first { $0 <= most / 4 } ?? steps[steps.count - 1]
    func percent(_ count: Double) -> String { DisplayUnit.short(100 * count * step) }
    return [
      (0, 105, "less than \(percent(1)) % of a cell missing"), (step, 155, "\(percent(1)) to \(percent(2)) %"),
      (2 * step, 205, "\(percent(2)) to \(percent(3)) %"), (3 * step, 255, "\(percent(3)) % and more"),
    ]
  }

  private static let steps = [0.01, 0.005, 0.002, 0.001, 5e-4, 2e-4, 1e-4, 5e-5, 2e-5, 1e-5, 5e-6, 2e-6, 1e-6]

  static func picture(of data: RunData) -> Picture? {
    guard let firstGaps = data.firstGaps, firstGaps.contains(where: { !$0.gaps.isEmpty }) else { return nil }
    let (devices, blocks) = (data.devicesOfFirst, data.blocks)
    let sample = Sample(devices: devices, most: rows)
    let cells = Cells(firstGaps, blocks: blocks, blocksPerCell: (blocks + columns - 1) / columns, sample)
    var script = GnuplotScript()
    let across = 0.5...(Double(cells.width * cells.blocksPerCell) + 0.5)
    script.add(Axis(label: "block", range: across, isWhole: true).commands("x"))
    script.add("unset grid")
    script.add(Axis(label: "device", range: 0.5...(Double(devices) + 0.5), isWhole: true).commands("y"))
    script.add("set yrange [\(GnuplotScript.number(Double(devices) + 0.5)):0.5]")
    addBorders(data, devices, &script)
    script.add("$cells << EOD\n\(cells.text)EOD")
    script.plot(plot(cells, sample, &script))
    let missing = firstGaps.reduce(0) { $0 + $1.gaps.reduce(0) { $0 + Int($1.count) } }
    let rowText = sample.isWhole ? "a device" : "one of \(sample.count) devices, evenly chosen of all \(devices)"
    let cellText = cells.blocksPerCell == 1 ? "a block" : "\(cells.blocksPerCell) blocks"
    return Picture(
      name: "missing-blocks", title: "What was missing at the first check, \(data.firstName)",
      subtitle: data.subtitleOfFirst(
        sample.isWhole ? "a row for each device" : "\(sample.count) of \(devices) devices, evenly chosen",
        "a cell is \(cellText)"),
      caption: "Each row is \(rowText), each cell \(cellText); the gaps as they lie in the file. A row that is "
        + "empty missed nothing, or never checked, as the first active device does not."
        + (data.network.cohorts.count > 1 ? " Lines across part the cohorts." : ""),
      alternative: "\(firstGaps.count) of \(devices) devices checked themselves; together they missed "
        + "\(DisplayUnit.short(Double(missing))) blocks, "
        + "\(DisplayUnit.short(100 * Double(missing) / Double(max(1, firstGaps.count * blocks)))) % of the "
        + "\(HumanUnits.plural(blocks, "block")) of each.",
      commands: script.text, data: cells.table, map: .blocks(map(of: data, cells, sample)))
  }

  private static func map(of data: RunData, _ cells: Cells, _ sample: Sample) -> BlockMap {
    let isFine = cells.blocksPerCell == 1
    var first = 1
    var cohorts: [BlockMap.Cohort] = []
    for cohort in data.network.cohorts {
      cohorts.append(BlockMap.Cohort(name: cohort.name, first: first, count: cohort.count))
      first += cohort.count
    }
    let (cell, rows) = cells.rows
    return BlockMap(
      blocks: data.blocks, cell: cell, devices: (0..<sample.count).map(sample.device), rows: rows, cohorts: cohorts,
      levels: isFine
        ? [BlockMap.Level(share: 0, opacity: 1, text: "a missing block")]
        : cells.levels.map { BlockMap.Level(share: $0.share, opacity: Double($0.opacity) / 255, text: $0.name) })
  }

  private static func plot(_ cells: Cells, _ sample: Sample, _ script: inout GnuplotScript) -> [String] {
    let isFine = cells.blocksPerCell == 1
    let opacities = isFine ? "0 255 255 255 255" : (["0"] + cells.levels.map { "\($0.opacity)" }).joined(separator: " ")
    script.add("opacity = '\(opacities)'")
    let gap = Paint.gap.light
    let center = { (size: Double, axis: String) in
      "(\(axis) * \(GnuplotScript.number(size)) + \(GnuplotScript.number((size + 1) / 2)))"
    }
    var parts = [
      "$cells matrix using \(center(Double(cells.blocksPerCell), "$1")):\(center(sample.step, "$2"))"
        + ":(\(gap.red)):(\(gap.green)):(\(gap.blue)):(word(opacity, int($3) + 1) + 0) with rgbalpha notitle"
    ]
    for level in isFine ? [cells.levels[3]] : cells.levels {
      let alpha = String(255 - level.opacity, radix: 16)
      let color = "#\(alpha.count < 2 ? "0" : "")\(alpha)\(gap.hexadecimal.dropFirst())"
      let name = GnuplotScript.quoted(isFine ? "missing" : level.name)
      parts.append("keyentry with boxes fs solid 1 noborder fc rgb '\(color)' title \(name)")
    }
    return parts
  }

  /// A line between each two cohorts, and their names at the right. Cohorts without room have no name.
  private static func addBorders(_ data: RunData, _ devices: Int, _ script: inout GnuplotScript) {
    let cohorts = data.network.cohorts
    guard cohorts.count > 1, cohorts.reduce(0, { $0 + $1.count }) == devices else { return }
    let longest = cohorts.map(\.name.count).max() ?? 0
    script.add("set rmargin \(min(18, longest) + 3)")
    let ink = GnuplotScript.color(.ink)
    var (first, named, end) = (0, 0, -Double.infinity)
    for (index, cohort) in cohorts.enumerated() {
      if index > 0 {
        let border = GnuplotScript.number(Double(first) + 0.5)
        script.add(
          "set arrow \(index) from graph 0, first \(border) to graph 1.01, first \(border) nohead front lw 1 lc \(ink)")
      }
      let middle = Double(first) + Double(cohort.count + 1) / 2
      first += cohort.count
      // A name takes about a twentieth of the height.
      guard named < names, middle - end >= Double(devices) / 18 else { continue }
      (named, end) = (named + 1, middle)
      let name = cohort.name.count > 18 ? cohort.name.prefix(17) + "…" : cohort.name
      script.add(
        "set label \(10 + index) \(GnuplotScript.quoted(name)) at graph 1.015, first \(GnuplotScript.number(middle)) "
          + "left front font ',11' textcolor \(ink)")
    }
  }

  /// The devices that have rows.
  struct Sample {
    let devices: Int
    let count: Int

    init(devices: Int, most: Int) { (self.devices, count) = (devices, min(devices, most)) }

    var isWhole: Bool { count == devices }
    /// How many devices a row stands for.
    var step: Double { Double(devices) / Double(count) }
    /// The device of a row, from 1.
    func device(ofRow row: Int) -> Int { row * devices / count + 1 }
    /// The row of a device; nil if it has none.
    func row(ofDevice device: Int) -> Int? {
      let row = ((device - 1) * count + devices - 1) / devices
      return row < count && self.device(ofRow: row) == device ? row : nil
    }
  }

  /// How many blocks are missing in each cell of the picture.
  private struct Cells {
    let width: Int
    let blocksPerCell: Int
    private var missing: [Int]
    private let blocks: Int
    private let sample: Sample
    private(set) var levels: [Level] = []
    /// The gaps of the devices that have rows, by row.
    private var gaps: [[Gap]]

    init(_ firstGaps: [DeviceGaps], blocks: Int, blocksPerCell: Int, _ sample: Sample) {
      width = (blocks + blocksPerCell - 1) / blocksPerCell
      (self.blocks, self.blocksPerCell, self.sample) = (blocks, blocksPerCell, sample)
      missing = [Int](repeating: 0, count: width * sample.count)
      gaps = [[Gap]](repeating: [], count: sample.count)
      for device in firstGaps {
        guard let row = sample.row(ofDevice: device.device) else { continue }
        gaps[row] = device.gaps
        for gap in device.gaps { count(gap, in: row) }
      }
      levels = MissingBlocksPicture.levels(upTo: missing.indices.map(share).max() ?? 0)
    }

    /// The share of a cell that is missing.
    private func share(_ cell: Int) -> Double {
      let column = cell % width
      return Double(missing[cell]) / Double(end(of: column) - column * blocksPerCell)
    }

    private mutating func count(_ gap: Gap, in row: Int) {
      var first = Int(gap.first) - 1
      while first < Int(gap.last) {
        let column = first / blocksPerCell
        let end = min((column + 1) * blocksPerCell, Int(gap.last))
        missing[row * width + column] += end - first
        first = end
      }
    }

    /// The last block of a column.
    private func end(of column: Int) -> Int { min(blocks, (column + 1) * blocksPerCell) }

    /// Whether the gaps themselves are told: if they are no more than the cells in which something is missing.
    private var areGaps: Bool {
      blocksPerCell == 1 || gaps.reduce(0, { $0 + $1.count }) <= missing.count { $0 > 0 }
    }

    /// The same as ``table``, row by row, for a map.
    var rows: (cell: Int?, rows: [[Int]]) {
      guard !areGaps else {
        return (
          nil,
          gaps.map { gaps in
            var last = 0
            return gaps.flatMap { gap in
              defer { last = Int(gap.last) }
              return [Int(gap.first) - 1 - last, Int(gap.count)]
            }
          }
        )
      }
      return (
        blocksPerCell,
        (0..<sample.count).map { row in
          var next = 0
          return (0..<width).flatMap { column -> [Int] in
            let count = missing[row * width + column]
            guard count > 0 else { return [] }
            defer { next = column + 1 }
            return [column - next, count]
          }
        }
      )
    }

    /// The gaps of each row; or the cells in which something is missing, if these are fewer.
    var table: DataTable {
      let rows = 0..<sample.count
      if areGaps {
        return DataTable(
          header: ["device", "first_block", "last_block", "missing_blocks"],
          rows: rows.flatMap { row in
            gaps[row].map { ["\(sample.device(ofRow: row))", "\($0.first)", "\($0.last)", "\($0.count)"] }
          })
      }
      return DataTable(
        header: ["device", "first_block", "last_block", "missing_blocks"],
        rows: rows.flatMap { row in
          (0..<width).compactMap { column in
            let count = missing[row * width + column]
            guard count > 0 else { return nil }
            return [
              "\(sample.device(ofRow: row))", "\(column * blocksPerCell + 1)", "\(end(of: column))", "\(count)",
            ]
          }
        })
    }

    /// The level of each cell, 0 if nothing is missing: a line of digits for each row.
    var text: String {
      var text: [UInt8] = []
      text.reserveCapacity(2 * missing.count)
      for row in 0..<sample.count {
        for column in 0..<width {
          let cell = row * width + column
          let share = share(cell)
          let level = missing[cell] == 0 ? 0 : (levels.lastIndex { $0.share <= share } ?? 0) + 1
          text.append(UInt8(ascii: "0") + UInt8(level))
          text.append(column + 1 < width ? UInt8(ascii: " ") : UInt8(ascii: "\n"))
        }
      }
      return String(decoding: text, as: UTF8.self)
    }
  }
}
