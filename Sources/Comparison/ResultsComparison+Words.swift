import Experiments
import Quantities
import Results
import Statistics

extension ResultsComparison {
  /// Whether there are several points. Then each is named.
  package var hasPoints: Bool { Set(metrics.map(\.point)).count > 1 }

  /// The outcome in a line: `lab-boot: regressed: makespan_s +1.88 %, server_bytes +0.40 %`.
  package var headline: String {
    if bytes.isSame { return "\(name): the same bytes" }
    let moved = Dictionary(grouping: metrics, by: \.verdict)
    func list(_ verdict: Verdict) -> String {
      moved[verdict, default: []].map { "\($0.name(withPoint: hasPoints)) \($0.shareText)" }.joined(separator: ", ")
    }
    let parts = [Verdict.regressed, .worse, .improved, .changed, .unconfirmed].filter { moved[$0] != nil }
      .map { "\($0.rawValue): \(list($0))" }
    let bytes = isExact ? ["the bytes differ"] : []
    let conclusion = outcome == .inconclusive ? ["inconclusive: \(open.joined(separator: ", "))"] : []
    let rest = conclusion + (parts.isEmpty && outcome != .incomparable ? ["no evidence that anything changed"] : [])
    return "\(name): "
      + (bytes + (problems.isEmpty ? [] : ["cannot be compared in full"]) + parts + rest).joined(separator: "; ")
  }

  /// How the figures were computed.
  package var method: String {
    let pairs = metrics.map(\.baseCount).max() ?? 0
    let way =
      isPaired
      ? "paired by replication (common random numbers), up to \(HumanUnits.plural(pairs, "pair")), Student's t"
      : "independent runs, Welch's t"
    let limits =
      limits == nil
      ? "regressed: worse, with Holm's p of the mean at most 5 % over all tests"
      : "regressed: worse by more than the limit, with Holm's p at most 2.5 % over all limits"
    let order = primary.map { "first \($0.metrics.map(\.name).joined(separator: ", ")), then everything else; " } ?? ""
    return
      "\(way); 95 % intervals; \(order)could show: the change that is shown with 80 % power; Holm's p of the mean (t) / of the distribution (Kolmogorov–Smirnov); \(limits)"
  }

  /// What the replications could show, and what remains open.
  package var reach: [String] {
    let asked = metrics.filter { $0.detectable != nil && isDecisive($0) && $0.baseMean != 0 }
    let named =
      primary != nil || limits != nil
      ? asked.prefix(Self.mostPowers)
      : asked.filter { $0.verdict == .noEvidence }
        .max { ($0.detectableShare ?? 0, $1.metric.name) < ($1.detectableShare ?? 0, $0.metric.name) }.map { [$0] }?[
          ...] ?? []
    let powers = named.compactMap { $0.powerText(withPoint: hasPoints) }
    guard !open.isEmpty else { return powers }
    let share = limits == nil ? HumanUnits.roundedPercent(MetricComparison.standardShare) : "its limit"
    return powers + ["it is not excluded that these got worse by more than \(share): \(open.joined(separator: ", "))"]
  }

  /// The most metrics with a line about what could be seen.
  private static let mostPowers = 4

  /// Whether a metric keeps the comparison from passing because too little is known about it.
  func isOpen(_ metric: MetricComparison) -> Bool {
    outcome == .inconclusive && open.contains(metric.name(withPoint: hasPoints))
  }

  /// The first difference of the bytes, for a person who knows the two by these names.
  package func firstDifference(base: String = "BASE", new: String = "NEW") -> String? {
    guard let (file, difference) = bytes.first else { return nil }
    let others = bytes.files.filter { $0 != file && bytes.differences[$0] != nil }.map(\.rawValue)
    return "\(file.rawValue) \(difference.text(base, new))"
      + (others.isEmpty ? "" : "; also \(others.joined(separator: ", "))")
  }

  /// The commands that show the first difference of the runs.
  package var advice: [String] {
    guard !bytes.isSame, !isSameAsFarAsBothGo else { return [] }
    // What a live run did nobody can do again; a device's story is what was written down of it.
    if let live = [new, base].first(where: \.isLive) { return ["gapsim explain \(live.path.shellQuoted)"] }
    let run = bytes.firstRun
    let replication = run?.replication ?? 1
    let point = base.kind == .sweep ? " --point \(run?.point ?? 0)" : ""
    let (one, other) = (base.path.shellQuoted, newPath.shellQuoted)
    guard settings.contains(where: { !["name", "description", "replications", "timeline"].contains($0.path) }) else {
      return [
        "gapsim log \(one)\(point) --replication \(replication) -o base.log    # with the program that BASE is from "
          + "(\(base.manifest.programVersion))",
        "gapsim diff base.log \(other)\(point)    # with this one (\(Program.version))",
      ]
    }
    return ["gapsim diff \(one) \(other)\(point) --replication \(replication)"]
  }

  /// Whether one has more replications, and those that both have are the same.
  private var isSameAsFarAsBothGo: Bool {
    settings.contains { $0.path == "replications" } && !metrics.isEmpty && metrics.allSatisfy(\.isSame)
      && (hasPoints || bytes.hasSameRuns)
  }
}

extension ByteComparison.Difference {
  /// How a file differs between two of these names; the text follows the file's.
  package func text(_ one: String = "BASE", _ other: String = "NEW") -> String {
    switch self {
    case .field(let line, let place, _, _, let column, let base, let new):
      "parts at line \(line)\(place.isEmpty ? "" : " (\(place))"): \(column) is \(base.isEmpty ? "empty" : base) in \(one) and "
        + "\(new.isEmpty ? "empty" : new) in \(other)"
    case .header: "has other columns"
    case .rows(let line, let inBase, let text):
      "is longer in \(inBase ? one : other): line \(line) is '\(text)' there"
    case .missing(let inBase): "is not in \(inBase ? one : other)"
    case .digest: "differs by its digest; it is not kept in \(one) or in \(other)"
    }
  }
}
