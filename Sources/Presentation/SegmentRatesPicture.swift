import Results
import Timebase
import Runs

/// The rate of the uplink and of each segment over time, in Mbit/s.
enum SegmentRatesPicture {
  /// The most lines. Of more ports, the busiest are drawn.
  private static let lines = 6

  /// A port and its mean rate in each step.
  private struct Port {
    var name: String
    var rates: [Double]
  }

  private struct Rates {
    /// The steps' ends in seconds.
    var times: [Double]
    var ports: [Port]
  }

  static func picture(of data: RunData) throws -> Picture? {
    guard let all = try stored(data) ?? rerun(data), let last = all.times.last, last > 0, all.ports.count > 1 else {
      return nil
    }
    let ports = busiest(of: all.ports)
    let most = ports.compactMap { $0.rates.max() }.max() ?? 0
    guard most > 0 else { return nil }
    let unit = DisplayUnit.seconds(upTo: last)
    var script = GnuplotScript()
    script.add(Axis(label: "time [\(unit.name)]", range: Axis.range(0, last / unit.size)).commands("x"))
    script.add(Axis(label: "sent [Mbit/s]", range: Axis.range(0, most * 1.05)).commands("y"))
    for (index, port) in ports.enumerated() {
      // A rate holds for the whole step, from its beginning on.
      let rows = zip(all.times, port.rates).map { [$0 / unit.size, $1] }
      script.data("port\(index)", [[0, port.rates[0]]] + rows)
    }
    script.plot(
      ports.enumerated().map { index, port in
        "$port\(index) using 1:2 with fsteps lw 2 lc \(GnuplotScript.color(Paint.series[index])) "
          + "title \(GnuplotScript.quoted(port.name))"
      })
    let more = all.ports.count - ports.count
    return Picture(
      name: "segments", title: "Rate of each segment over time, \(data.firstName)",
      subtitle: data.subtitleOfFirst("mean rate in each of \(all.times.count) steps"),
      caption: "The mean rate in each step, on the wire with all headers (N1). What a port drops is not in it; a line "
        + "that stays at a port's own rate is a port that can take no more. \(UplinkPicture.countsAFrame)"
        + (more > 0 ? " The \(more) segments that sent least are left out." : ""),
      alternative: ports.map { "\($0.name): at most \(DisplayUnit.figure($0.rates.max() ?? 0)) Mbit/s" }
        .joined(separator: "; ") + "; over \(unit.text(last)).",
      commands: script.text,
      data: DataTable(
        header: ["time_\(unit.name)"] + ports.map { "\($0.name) [Mbit/s]" },
        rows: all.times.enumerated().map { step, time in
          [GnuplotScript.number(time / unit.size)] + ports.map { GnuplotScript.number($0.rates[step]) }
        }),
      chart: chart(ports, all.times.map { $0 / unit.size }, "time [\(unit.name)]", most))
  }

  private static func chart(_ ports: [Port], _ ends: [Double], _ label: String, _ most: Double) -> Chart {
    Chart(
      x: Chart.Axis(label, range: Axis.range(0, ends.last ?? 1)),
      y: Chart.Axis("sent [Mbit/s]", range: Axis.range(0, most * 1.05)),
      series: ports.enumerated().map { index, port in
        Chart.Series(
          port.name, .steps, Paint.series[index], x: [0] + ends, y: port.rates + port.rates.suffix(1))
      }, cursor: label)
  }

  /// The ports that sent most, in the order of the scenario; the uplink always.
  private static func busiest(of ports: [Port]) -> [Port] {
    let sums = ports.map { $0.rates.reduce(0, +) }
    let ranked = ports.indices.dropFirst().sorted { (sums[$1], $0) < (sums[$0], $1) }
    return ([0] + ranked.prefix(lines - 1)).sorted().map { ports[$0] }
  }

  /// The rates from `segments_timeline.csv`; nil if there is none. At time 0 nothing has been sent.
  private static func stored(_ data: RunData) throws -> Rates? {
    guard data.folder.has(.segmentsTimeline) else { return nil }
    let reader = try data.folder.reader(.segmentsTimeline)
    let replication = try CSVTable.column("replication", in: reader.header, of: reader.path)
    let table = try CSVTable(reader) { $0[replication] == "1" }
    let (time, name, rate) = (try table.column("time_s"), try table.column("segment"), try table.column("mbit_s"))
    var rates = Rates(times: [], ports: [])
    for row in table.rows.indices {
      guard let value = try table.number(row, rate) else { continue }
      guard let seconds = try table.number(row, time) else {
        throw CSVError(path: table.path, line: table.line(ofRow: row), column: "time_s", "a number is expected")
      }
      if rates.times.last != seconds { rates.times.append(seconds) }
      let port = rates.ports.firstIndex { $0.name == table.rows[row][name] } ?? rates.ports.count
      if port == rates.ports.count { rates.ports.append(Port(name: table.rows[row][name], rates: [])) }
      rates.ports[port].rates.append(value)
      guard rates.ports[port].rates.count == rates.times.count else {
        throw CSVError(
          path: table.path, line: table.line(ofRow: row), column: "segment",
          "each step needs the same segments, each once")
      }
    }
    guard rates.ports.allSatisfy({ $0.rates.count == rates.times.count }) else {
      throw CSVError(path: table.path, line: table.rows.count + 1, "the last step lacks a segment")
    }
    return rates
  }

  private static func rerun(_ data: RunData) -> Rates? {
    guard case .success(let rerun) = data.rerun else { return nil }
    let samples = rerun.record.timeline
    let names = [SegmentsTable.uplinkName] + rerun.scenario.network.segments.map(\.name)
    var rates = Rates(times: [], ports: names.map { Port(name: $0, rates: []) })
    for (before, sample) in zip(samples, samples.dropFirst()) where sample.portBytes.count == names.count {
      rates.times.append(sample.time.seconds)
      let seconds = (sample.time - before.time).seconds
      for port in names.indices {
        rates.ports[port].rates.append(Double(sample.portBytes[port] - before.portBytes[port]) * 8e-6 / seconds)
      }
    }
    return rates
  }
}
