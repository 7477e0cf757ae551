import Results
import Runs

/// What each device missed at its first check, and where it lies in the file.
enum MissingBlocksPicture {
  private static let columns = 640
  private static let rows = 360
  /// The opacities, of 255, and the shares of a cell from which on it is painted with them.
  private static let levels: [(share: Double, opacity: Int, name: String)] = [
    (0, 105, "less than 5 % of a cell missing"), (0.05, 155, "5 to 25 %"), (0.25, 205, "25 to 100 %"),
    (1, 255, "all of it"),
  ]

  static func picture(of data: RunData) -> Picture? {
    guard let firstGaps = data.firstGaps, firstGaps.contains(where: { !$0.gaps.isEmpty }) else { return nil }
    let (devices, blocks) = (data.devicesOfFirst, data.blocks)
    let blocksPerCell = (blocks + columns - 1) / columns
    let devicesPerCell = (devices + rows - 1) / rows
    let cells = Cells(
      firstGaps, blocks: blocks, devices: devices, blocksPerCell: blocksPerCell,
      devicesPerCell: devicesPerCell)
    var script = GnuplotScript()
    script.add(Axis(label: "block", range: 0.5...(Double(cells.width * blocksPerCell) + 0.5)).commands("x"))
    script.add("unset grid")
    script.add(Axis(label: "device", range: 0.5...(Double(cells.height * devicesPerCell) + 0.5)).commands("y"))
    script.add("set yrange [\(GnuplotScript.number(Double(cells.height * devicesPerCell) + 0.5)):0.5]")
    script.add("$cells << EOD\n\(cells.text)EOD")
    let isFine = blocksPerCell == 1 && devicesPerCell == 1
    let opacities = isFine ? "0 255 255 255 255" : (["0"] + levels.map { "\($0.opacity)" }).joined(separator: " ")
    script.add("opacity = '\(opacities)'")
    let gap = Paint.gap.light
    let center = { (size: Int, axis: String) in "(\(axis) * \(size) + \(GnuplotScript.number(Double(size + 1) / 2)))" }
    var parts = [
      "$cells matrix using \(center(blocksPerCell, "$1")):\(center(devicesPerCell, "$2"))"
        + ":(\(gap.red)):(\(gap.green)):(\(gap.blue)):(word(opacity, int($3) + 1) + 0) with rgbalpha notitle"
    ]
    for level in isFine ? [levels[3]] : levels {
      let alpha = String(255 - level.opacity, radix: 16)
      let color = "#\(alpha.count < 2 ? "0" : "")\(alpha)\(gap.hexadecimal.dropFirst())"
      parts.append(
        "keyentry with boxes fs solid 1 noborder fc rgb '\(color)' title \(GnuplotScript.quoted(isFine ? "missing" : level.name))"
      )
    }
    script.plot(parts)
    let missing = firstGaps.reduce(0) { $0 + $1.gaps.reduce(0) { $0 + Int($1.count) } }
    return Picture(
      name: "missing-blocks", title: "What was missing at the first check, replication 1",
      caption: "Each row is \(devicesPerCell == 1 ? "a device" : "\(devicesPerCell) devices"), each cell "
        + "\(blocksPerCell == 1 ? "a block" : "\(blocksPerCell) blocks"); the gaps as they lie in the file. A row that is "
        + "empty missed nothing, or never checked, as the first active device does not.",
      alternative: "\(firstGaps.count) of \(devices) devices checked themselves; together they missed "
        + "\(DisplayUnit.short(Double(missing))) blocks, "
        + "\(DisplayUnit.short(100 * Double(missing) / Double(max(1, firstGaps.count * blocks)))) % of the "
        + "\(blocks) blocks of each.",
      commands: script.text,
      data: DataTable(
        header: ["device", "first_block", "last_block"],
        rows: firstGaps.sorted { $0.device < $1.device }.flatMap { device in
          device.gaps.map { ["\(device.device)", "\($0.first)", "\($0.last)"] }
        }))
  }

  /// How many blocks are missing in each cell of the picture.
  private struct Cells {
    let width: Int
    let height: Int
    private var missing: [Int]
    private let sizes: (blocks: Int, devices: Int, perColumn: Int, perRow: Int)

    init(_ gaps: [DeviceGaps], blocks: Int, devices: Int, blocksPerCell: Int, devicesPerCell: Int) {
      width = (blocks + blocksPerCell - 1) / blocksPerCell
      height = (devices + devicesPerCell - 1) / devicesPerCell
      sizes = (blocks, devices, blocksPerCell, devicesPerCell)
      missing = [Int](repeating: 0, count: width * height)
      for device in gaps {
        let row = (device.device - 1) / devicesPerCell * width
        for gap in device.gaps {
          var first = Int(gap.first) - 1
          while first < Int(gap.last) {
            let column = first / blocksPerCell
            let end = min((column + 1) * blocksPerCell, Int(gap.last))
            missing[row + column] += end - first
            first = end
          }
        }
      }
    }

    /// The level of each cell, 0 if nothing is missing: a line of digits for each row.
    var text: String {
      var text: [UInt8] = []
      text.reserveCapacity(2 * missing.count)
      for row in 0..<height {
        let devices = min(sizes.perRow, sizes.devices - row * sizes.perRow)
        for column in 0..<width {
          let blocks = min(sizes.perColumn, sizes.blocks - column * sizes.perColumn)
          let count = missing[row * width + column]
          let share = Double(count) / Double(devices * blocks)
          let level = count == 0 ? 0 : (levels.lastIndex { $0.share <= share } ?? 0) + 1
          text.append(UInt8(ascii: "0") + UInt8(level))
          text.append(column + 1 < width ? UInt8(ascii: " ") : UInt8(ascii: "\n"))
        }
      }
      return String(decoding: text, as: UTF8.self)
    }
  }
}
