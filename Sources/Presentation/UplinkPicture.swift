import Quantities
import Runs
import Timebase

/// The rate of the uplink by kind of packet over time, as a stack, in Mbit/s.
enum UplinkPicture {
  /// A kind of packet.
  struct Kind {
    var column: String
    var name: String
    var paint: Paint
    var bytes: @Sendable (SentBytes) -> UInt64
  }

  static let kinds = [
    Kind(
      column: "multicast_data", name: "multicast, first time", paint: .blue,
      bytes: { $0.multicastData - min($0.multicastData, $0.repeatedData) }),
    Kind(column: "repeated_data", name: "multicast, repeated", paint: .purple, bytes: \.repeatedData),
    Kind(column: "unicast_data", name: "unicast", paint: .vermillion, bytes: \.unicastData),
    Kind(column: "control", name: "other", paint: .grey, bytes: \.control),
  ]

  /// The most steps. Records of live runs have as many as their server wrote down.
  private static let steps = 250
  /// From this share of the uplink's rate on, the rate is drawn too.
  private static let near = 0.6

  /// Why a step may have a little more than the rate of the port.
  static let countsAFrame = "A frame counts in the step in which it has left, so a step may have one more than fits."

  /// What was sent of each kind in a step, and how long the step is.
  struct Step {
    var begin: Double
    var end: Double
    /// In Mbit/s, by kind.
    var rates: [Double]
  }

  static func picture(of data: RunData) -> Picture? {
    guard let samples = data.sent, let last = samples.last, last.time > .zero else { return nil }
    let steps = steps(samples)
    let totals = kinds.map { Double($0.bytes(last.sent)) }
    guard let most = steps.map({ $0.rates.reduce(0, +) }).max(), most > 0 else { return nil }
    let time = DisplayUnit.seconds(upTo: last.time.seconds)
    let limit = limit(data, most)
    let x = Axis(label: "time [\(time.name)]", range: Axis.range(0, last.time.seconds / time.size))
    let y = Axis(label: "sent [Mbit/s]", range: Axis.range(0, max(most, limit ?? 0) * 1.08))
    let shown = kinds.indices.filter { totals[$0] > 0 }
    let names = zip(kinds, totals).map { "\($0.name) \(size($1))" }
    var script = GnuplotScript()
    script.add(x.commands("x"))
    script.add(y.commands("y"))
    script.add("set grid front")
    script.data(
      "sent",
      steps.flatMap { step in
        [step.begin, step.end].map { [$0 / time.size] + sums(step.rates) }
      })
    var parts = shown.map { kind in
      "$sent using 1:\(kind == 0 ? "(0)" : "\(kind + 1)"):\(kind + 2) with filledcurves "
        + "fc \(GnuplotScript.color(kinds[kind].paint)) title \(GnuplotScript.quoted(names[kind]))"
    }
    if let limit {
      // The grid is in front of the areas, and hides a line that it has the height of.
      let (look, y) = ("lw 1.5 lc \(GnuplotScript.color(.ink))", GnuplotScript.number(limit))
      script.add("set arrow from graph 0, first \(y) to graph 1, first \(y) nohead front \(look)")
      parts.append("keyentry with lines \(look) title 'rate of the uplink'")
    }
    script.plot(parts)
    return Picture(
      name: "uplink", title: "Rate of the uplink by kind of packet, \(data.firstName)",
      subtitle: data.subtitleOfFirst("mean rate in each of \(steps.count) steps; the key has what was sent in all"),
      caption:
        "What leaves the server: DATA to the group and to single devices, and other packets, on the wire with all "
        + "headers (N1), stacked. \(countsAFrame)"
        + (data.folder.isLive ? "" : " DATA are repeated if their block went to the group before in the same session."),
      alternative: "In \(time.text(last.time.seconds)): "
        + shown.map { names[$0] }.joined(separator: "; ") + "; at most \(DisplayUnit.figure(most)) Mbit/s in a step.",
      commands: script.text,
      data: DataTable(
        header: ["from_\(time.name)", "to_\(time.name)"] + kinds.map { "\($0.column)_mbit_s" },
        rows: steps.map { step in
          ([step.begin / time.size, step.end / time.size] + step.rates).map(GnuplotScript.number)
        }),
      chart: Chart(
        x: Chart.Axis(x), y: Chart.Axis(y), series: shown.map { series($0, names[$0], steps, time) }, isStacked: true,
        marks: limit.map { [Chart.Mark(across: .y, at: $0, text: "rate of the uplink")] } ?? [], cursor: x.label))
  }

  private static func size(_ bytes: Double) -> String { DisplayUnit.bytes(upTo: bytes).text(bytes) }

  private static func series(_ kind: Int, _ name: String, _ steps: [Step], _ unit: DisplayUnit) -> Chart.Series {
    let rates = steps.map { $0.rates[kind] }
    return Chart.Series(
      name, .steps, kinds[kind].paint,
      x: (steps.map(\.begin) + steps.suffix(1).map(\.end)).map { $0 / unit.size }, y: rates + rates.suffix(1))
  }

  /// The rate of the uplink in Mbit/s, if the picture comes near it. What is assumed of a real network is not drawn.
  private static func limit(_ data: RunData, _ most: Double) -> Double? {
    let rate = Double(data.network.uplinkBitsPerSecond) * 1e-6
    return !data.folder.isLive && !data.network.cohorts.isEmpty && most >= near * rate ? rate : nil
  }

  /// The rates between the samples, or in even steps if there are many samples.
  static func steps(_ samples: [TimelineSample]) -> [Step] {
    let points = samples.count > Self.steps + 2 ? even(samples) : samples.map { ($0.time.seconds, bytes($0.sent)) }
    let all = (points.first.map { $0.0 > 0 } ?? true ? [(0, kinds.map { _ in 0 })] : []) + points
    return zip(all, all.dropFirst()).compactMap { before, after in
      guard after.0 > before.0 else { return nil }
      return Step(
        begin: before.0, end: after.0,
        rates: zip(before.1, after.1).map { max(0, $1 - $0) * 8e-6 / (after.0 - before.0) })
    }
  }

  private static func bytes(_ sent: SentBytes) -> [Double] { kinds.map { Double($0.bytes(sent)) } }

  /// What had been sent at even instants: as much as at the last sample before, plus its share up to the next one.
  private static func even(_ samples: [TimelineSample]) -> [(Double, [Double])] {
    guard let end = samples.last?.time.seconds else { return [] }
    var next = 0
    return (0...steps).map { step in
      let time = end * Double(step) / Double(steps)
      while next < samples.count - 1, samples[next].time.seconds < time { next += 1 }
      let after = samples[next]
      let before = next > 0 ? samples[next - 1] : TimelineSample.atTheBeginning
      let span = (after.time - before.time).seconds
      let share = span > 0 ? min(1, max(0, (time - before.time.seconds) / span)) : 1
      return (time, zip(bytes(before.sent), bytes(after.sent)).map { $0 + ($1 - $0) * share })
    }
  }

  private static func sums(_ values: [Double]) -> [Double] {
    values.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }.dropFirst().map { $0 }
  }
}

extension TimelineSample {
  /// Nothing has been sent.
  fileprivate static var atTheBeginning: TimelineSample {
    TimelineSample(
      time: .zero, joining: 0, active: 0, passive: 0, smart: 0, complete: 0, failed: 0, uplinkBusy: .zero)
  }
}
