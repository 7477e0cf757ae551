import Quantities

// Where a sweep is best, for people.
extension SweepChoice {
  /// The most points that are named one by one.
  private static let shown = 4

  /// The point to choose.
  package var first: Point { named[0] }

  /// A point's values, like `64 KiB`, or `(4, 64 KiB)` of two keys.
  package static func text(_ values: [String]) -> String {
    values.count == 1 ? values[0] : "(" + values.joined(separator: ", ") + ")"
  }

  /// Where the metric is least, behind its name: `is least at 64 KiB`, or `may be least at 64 KiB` where another point has
  /// a smaller mean.
  package var claim: String {
    "\(best.number == first.number ? "is" : "may be") least at \(Self.text(first.values))"
  }

  /// The metric's mean at a point, with its unit.
  package func meanText(_ point: Point) -> String {
    switch metric.unit {
    case .seconds: HumanUnits.text(point.mean, in: HumanUnits.timeScale(of: point.mean))
    case .bytes: HumanUnits.text(point.mean, in: HumanUnits.byteScale(of: point.mean))
    default: HumanUnits.fixed(point.mean, decimals: 1)
    }
  }

  /// The other points that cannot be told apart from the best, like `576 KiB, 608 KiB, 640 KiB … 8 MiB`.
  package var othersText: String {
    let others = named.dropFirst().map { Self.text($0.values) }
    guard others.count > Self.shown, let last = others.last else { return others.joined(separator: ", ") }
    return others.prefix(Self.shown - 1).joined(separator: ", ") + " … " + last
  }

  /// Notes on the choice: how sure it is, and what was left out.
  package var note: String {
    var notes: [String] = []
    if replications < 2 {
      notes.append("one replication tells nothing apart")
    } else if named.count == 1 {
      notes.append("every other is worse")
    } else if named.count == candidates {
      notes.append(
        candidates == 2
          ? "the two points cannot be told apart" : "none of the \(candidates) points can be told apart from the best")
    } else {
      notes.append("\(named.count) of \(candidates) points cannot be told apart from the best: also \(othersText)")
    }
    if best.number != first.number {
      notes.append("the least mean is \(meanText(best)), of \(Self.text(best.values))")
    }
    if metric != .serverBytes, let least = first.serverBytes,
      let most = named.max(by: { ($0.serverBytes ?? 0) < ($1.serverBytes ?? 0) }), let bytes = most.serverBytes,
      bytes > 1.01 * least
    {
      func text(_ bytes: Double) -> String { HumanUnits.text(bytes, in: HumanUnits.byteScale(of: bytes)) }
      notes.append("the server sends \(text(least)) there, and \(text(bytes)) at \(Self.text(most.values))")
    }
    if let failed = first.failedDevices, let fewest = fewestFailed, failed > fewest {
      notes.append(
        "\(HumanUnits.fixed(failed, decimals: 1)) devices fail there, \(HumanUnits.fixed(fewest, decimals: 1)) elsewhere"
      )
    }
    if leftOut > 0 { notes.append("left out for want of a value: \(HumanUnits.plural(leftOut, "point"))") }
    return notes.joined(separator: "; ")
  }
}

extension SweepChoices {
  /// How the choices were made, with the number of replications that were compared.
  package var method: String {
    let counts = choices.map(\.replications)
    guard let fewest = counts.min(), let most = counts.max() else { return "" }
    let text = fewest == most ? "\(fewest)" : "\(fewest) to \(most)"
    let order = choices.allSatisfy(\.isOrdered) ? "the smallest" : "the first"
    return
      "95 % confidence of all together, \(most == 1 ? "1 replication" : text + " replications") paired; of what cannot be told apart "
      + "from the best, \(order) is named"
  }

  /// The most rows on a terminal.
  private static let mostRows = 24

  /// Where the metrics are least, with a line end after every line; empty if there is nothing to choose.
  package func text(keys short: ([String]) -> [String]) -> String {
    guard !choices.isEmpty else { return "" }
    let rows = choices.map { choice in
      choice.environment + [
        choice.metric.short, SweepChoice.text(choice.first.values), choice.meanText(choice.first), choice.note,
      ]
    }
    let place = short(keys)
    let header =
      short(environment) + ["least", place.count == 1 ? place[0] : SweepChoice.text(place), "mean", "how sure"]
    let rest = rows.count - Self.mostRows
    return "where it is least (\(method)):\n" + AlignedTable.text([header] + rows.prefix(Self.mostRows))
      + (rest > 0 ? "  (\(rest) more rows: gapsim report shows them)\n" : "")
  }
}
