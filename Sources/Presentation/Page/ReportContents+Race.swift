import Comparison
import RunMetrics
import Results
import Runs

/// What a report says of a race.
extension ReportContents {
  private static let metrics: [Metric] = [.makespan, .completionP95, .completionMean, .serverBytes, .devicePackets]

  mutating func addRace() throws {
    let race = try folder.standardRace()
    let place = PagePart.Place(id: "s-strategies", title: "The strategies")
    verdict.append(Remark(race.answer.verdict == .worthIt ? .good : .plain, race.sentence, at: place))
    troubles = try troubles(of: race)
    addFigures(race)
    note =
      "Of \(race.replications) replications, which all strategies share: \(Estimate.legend(figures.map(\.value)))."
    addStrategies(race, place)
    add("s-time", "Over time", pictures.take("completion"))
    add("s-pareto", "Time against bytes", pictures.take("time-bytes"))
    add("s-bytes", "What was sent", pictures.take("bytes"))
    addPairs(race)
    addMeaning(race)
  }

  private func troubles(of race: Race) throws -> [Remark] {
    let table = PagePart.Place(id: "t-main", title: "The strategies")
    let names = Dictionary(race.entrants.map { ("\($0.point)", $0.name) }) { first, _ in first }
    return try Troubles(folder.table(.runs)) { names[$0] ?? "point \($0)" }
      .remarks(devices: table, sessions: table, table: table)
  }

  private mutating func addStrategies(_ race: Race, _ place: PagePart.Place) {
    // What decides stands in front, where a phone shows it.
    let rows = race.rows(of: Self.metrics).map { row in
      [row[0], row[1]] + row.suffix(2) + row.dropFirst(2).dropLast(2)
    }
    let table = PageTable(
      id: "t-main", caption: "The strategies, the best first: \(race.legend(of: Self.metrics))",
      DataTable(header: rows[0], rows: Array(rows.dropFirst())))
    add(place.id, place.title, .table(table.wrapping()) + source(.runs))
  }

  private mutating func addPairs(_ race: Race) {
    let table = DataTable(
      header: ["strategy", "against", "difference of makespan [s]", "from", "to", "the first is"],
      rows: race.differences.map { difference in
        let interval = race.possibleInterval(of: difference.entrant, to: difference.other)
        return [difference.entrant.name, difference.other.name, GnuplotScript.number(difference.mean)]
          + [interval?.lowerBound, interval?.upperBound]
          .map { $0.map(GnuplotScript.number) ?? "" }
          + [race.relation(of: difference.entrant, to: difference.other).words]
      })
    guard !table.rows.isEmpty else { return }
    add(
      "s-pairs", "Every two strategies",
      .text(race.method.prefix(1).uppercased() + race.method.dropFirst() + ".")
        + self.table(.runs, PageTable(id: "t-pairs", caption: "Differences of two strategies", table)))
  }

  private mutating func addFigures(_ race: Race) {
    let answer = race.answer
    var shown = [answer.subject]
    if let against = answer.against { shown.append(against) }
    if let plain = race.entrants.first(where: { $0.name == StrategyName.unicast.rawValue }),
      !shown.contains(where: { $0.name == plain.name })
    {
      shown.append(plain)
    }
    for entrant in shown {
      for metric in [Metric.makespan, .serverBytes] {
        guard let estimate = Estimate(entrant.statistics(of: metric), of: metric) else { continue }
        figures.append(
          KeyFigure(
            label: "\(entrant.name): \(metric.title.prefix(1).lowercased() + metric.title.dropFirst())",
            value: metric.text(estimate), note: ""))
      }
    }
  }

  private mutating func addMeaning(_ race: Race) {
    let meaning = [
      "Every strategy got the same file to the same \(race.devices) devices over the same simulated network, and met the same "
        + "luck: the same devices joined at the same times, and the same packets of each device's sequence were lost. So a "
        + "difference is that of the strategies. \(race.replications) replications show how far chance goes.",
      "“Not told apart” does not mean alike: the runs are too few to say which is better. “As good as the best” means that the "
        + "difference is certainly too small to matter. A strategy that leaves devices without the file is not judged.",
      "The makespan is when the last device has the file. What the server sends is what the network before it carries. Where one "
        + "strategy has less time and another fewer bytes, neither is better: the picture “\(ParetoPicture.title)” shows the choice.",
    ]
    let strategies = race.entrants.compactMap { entrant in
      StrategyName(rawValue: entrant.name).map { "\(entrant.name): \($0.words)" }
    }
    add("s-meaning", "What it means", (meaning + strategies).reduce(PagePart()) { $0 + .text($1) })
  }
}

extension Race.Relation {
  fileprivate var words: String {
    switch self {
    case .better: "better"
    case .worse: "worse"
    case .same: "as good"
    case .open: "not told apart"
    }
  }
}

extension StrategyName {
  /// What it is, and who uses it.
  fileprivate var words: String {
    switch self {
    case .promotion: "multicast TFTP in which a device that misses little fetches it by itself."
    case .unicast: "a TFTP transfer for each device, as every PXE client does it today."
    case .rfc2090: "multicast TFTP of RFC 2090, as atftpd does it: one device drives the group, then the next."
    case .pxeMTFTP: "the multicast TFTP of Intel's PXE 2.1: everybody waits for the next pass, which somebody opens."
    case .slices: "slice by slice, each confirmed by all, as udpcast, FOG and Clonezilla do it."
    case .nack: "passes over what devices report as missing, as UFTP and NORM do it."
    case .nackFEC: "passes over what devices report as missing, with an erasure code, as NORM and FLUTE do it."
    case .carousel: "the file round and round until everybody has it, as FLUTE and the loops of Ghost and Cisco do it."
    case .wds: "a master client sets the pace of the group, as in Windows Deployment Services."
    }
  }
}
