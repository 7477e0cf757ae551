import PromotionEngine
import Results
import RunMetrics
import Scenarios

/// The server's bytes by kind at each point of a sweep, as stacked bars.
enum BytesPicture {
  private static let kinds: [(name: String, paint: Paint)] = [
    ("multicast DATA", .blue), ("unicast DATA", .vermillion), ("other packets", .grey),
  ]

  static func picture(of design: SweepLines, _ folder: ResultsFolder) -> Picture? {
    let axis = VariedAxis.bars(design.axis)
    guard let points = design.lines.first?.points,
      let scenario = try? Scenario.parse(text: folder.manifest.scenario, file: ResultFile.manifest.rawValue).scenario
    else { return nil }
    let bars = points.compactMap { point in
      bytes(of: point.point, dataBytes: dataBytes(scenario, point, design)).map {
        (index: point.index, bytes: $0, all: point.point[.serverBytes] ?? Estimate(mean: 0, low: 0, high: 0))
      }
    }
    guard let most = bars.map({ max($0.bytes.reduce(0, +), $0.all.high) }).max(), most > 0 else { return nil }
    let unit = DisplayUnit.bytes(upTo: most)
    let y = Axis(label: "sent [\(unit.name)]", range: Axis.range(0, most / unit.size * 1.05))
    var script = GnuplotScript()
    script.add(axis.commands())
    script.add(y.commands("y"))
    let rows = bars.map { bar in [axis.positions[bar.index]] + bar.bytes.map { $0 / unit.size } }
    let ends = bars.map { [$0.all.low / unit.size, $0.all.high / unit.size] }
    script.data("intervals", zip(bars, ends).map { [axis.positions[$0.index], $0.all.mean / unit.size] + $1 })
    script.data("sent", rows.map { [$0[0], $0[1], $0[1] + $0[2], $0[1] + $0[2] + $0[3]] })
    script.plot(
      kinds.indices.map { kind in
        "$sent using 1:\(kind + 2):($1 - 0.38):($1 + 0.38):\(kind == 0 ? "(0)" : "\(kind + 1)"):\(kind + 2) "
          + "with boxxyerror fs solid 1 noborder fc \(GnuplotScript.color(kinds[kind].paint)) "
          + "title \(GnuplotScript.quoted(kinds[kind].name))"
      }
        + (bars.contains { $0.all.low < $0.all.high }
          ? [
            "$intervals using 1:2:3:4 with yerrorbars pt 7 ps 0.3 lw 2 lc \(GnuplotScript.color(.ink)) "
              + "title '95 % confidence interval of the sum'"
          ] : []))
    let outer = [bars.first, bars.last].compactMap(\.self)
    return Picture(
      name: "bytes", title: "Bytes sent by the server by kind over \(design.axis.key)", subtitle: design.subtitle,
      caption:
        "Means over the replications, on the wire with all headers (N1). DATA are counted as full blocks: the last "
        + "block of the file, which may be shorter, makes no visible difference.",
      alternative: outer.map { bar in
        "At \(axis.values[bar.index].text): "
          + zip(kinds, bar.bytes).map { "\(DisplayUnit.bytes(upTo: $1).text($1)) of \($0.name)" }
          .joined(separator: ", ") + "."
      }.joined(separator: " "),
      commands: script.text,
      data: DataTable(
        header: [axis.key]
          + (kinds.map { $0.name.replacing(" ", with: "_") } + ["sum_ci95_low", "sum_ci95_high"])
          .map { "\($0)_\(unit.name)" },
        rows: bars.indices.map { bar in
          [axis.values[bars[bar].index].text] + (rows[bar].dropFirst() + ends[bar]).map(GnuplotScript.number)
        }),
      chart: Chart(
        x: Chart.Axis(axis), y: Chart.Axis(y),
        series: kinds.indices.map { kind in
          let isTop = kind == kinds.count - 1
          return Chart.Series(
            kinds[kind].name, .bars, kinds[kind].paint, x: rows.map { $0[0] - 0.38 }, ends: rows.map { $0[0] + 0.38 },
            y: rows.map { $0[kind + 1] }, low: isTop ? ends.map { $0[0] } : [], high: isTop ? ends.map { $0[1] } : [])
        }, isStacked: true))
  }

  /// Why there is no picture.
  static func reason(_ folder: ResultsFolder) -> String {
    do {
      _ = try Scenario.parse(text: folder.manifest.scenario, file: ResultFile.manifest.rawValue)
      return "no point has sent anything"
    } catch {
      return "the size of a block is not known, for the scenario in the manifest is not one of this version"
    }
  }

  private static func bytes(of point: SweepData.Point, dataBytes: Double) -> [Double]? {
    guard let all = point[.serverBytes]?.mean else { return nil }
    let multicast = min(all, (point[.multicastDataPackets]?.mean ?? 0) * dataBytes)
    let unicast = min(all - multicast, (point[.unicastDataPackets]?.mean ?? 0) * dataBytes)
    return [multicast, unicast, all - multicast - unicast]
  }

  /// The bytes of a full DATA block on the wire (N1), of blocks of the parameters' size or of another one.
  static func dataBytes(_ parameters: ProtocolParameters, blockSize: Double? = nil) -> Double {
    max(84, (blockSize ?? Double(parameters.blockSize)) + (parameters.wideBlockNumbers ? 6 : 4) + 66)
  }

  private static func dataBytes(_ scenario: Scenario, _ point: SweepLines.Point, _ design: SweepLines) -> Double {
    let size = design.axis.key == "protocol.blksize" ? design.axis.values[point.index].number : nil
    return dataBytes(scenario.network.parameters, blockSize: size)
  }
}

extension VariedAxis {
  /// The same values one after the other, for bars.
  static func bars(_ axis: VariedAxis) -> VariedAxis {
    VariedAxis(key: axis.key, ordered: axis.values)
  }
}
