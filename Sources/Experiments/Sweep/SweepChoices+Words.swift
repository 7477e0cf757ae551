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
    if candidates == 1 {
      notes.append("no other point is fit")
    } else if replications < 2 {
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
    if let behind = first.leftBehind, behind > 0 {
      func text(_ devices: Double) -> String { HumanUnits.fixed(devices, decimals: devices < 10 ? 2 : 1) }
      let fewest = fewestLeftBehind ?? behind
      notes.append(
        "\(text(behind)) devices are left behind there on average, "
          + (behind > fewest ? "\(text(fewest)) where they are fewest" : "and nowhere fewer"))
    }
    notes += leftOut.notes
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
    guard !choices.isEmpty else {
      return refused.isEmpty ? "" : "where it is least: no point is recommended\n" + refusals(keys: short)
    }
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
      + (rest > 0 ? "  (\(rest) more rows: gapsim report shows them)\n" : "") + refusals(keys: short)
  }

  /// Where no point is recommended, each with the reason and a line end.
  private func refusals(keys short: ([String]) -> [String]) -> String {
    refused.map { environment, leftOut in
      let names = zip(short(self.environment), environment).map { "\($0) \($1)" }.joined(separator: ", ")
      return "  none\(names.isEmpty ? "" : " at " + names): \(leftOut.reason)\n"
    }.joined()
  }

  /// Why nothing is recommended, as a sentence about the keys that vary; nil if something is.
  package var whyNone: String? {
    guard choices.isEmpty else { return nil }
    let all = (keys + environment).joined(separator: ", ")
    if keys.isEmpty { return "Nobody chooses \(all): the page shows what the values do, and recommends none." }
    if let refusal = refused.first {
      let isOne = refused.allSatisfy { $0.leftOut == refusal.leftOut }
      let place = refused.count == 1 ? "" : isOne ? "everywhere " : "at \(SweepChoice.text(refusal.environment)) "
      return "No point is recommended: \(place)\(refusal.leftOut.reason)."
    }
    guard !hasRivals else { return "No point is recommended: too few have values in the same replications." }
    guard points > 1 else { return "There is one point, so there is nothing to choose." }
    return "No two points differ in \(keys.joined(separator: ", ")) alone, and nobody chooses "
      + "\(environment.joined(separator: ", ")): the page recommends none."
  }
}
