import Glibc
import Quantities
import RandomStreams

/// Reads a distribution: one key, its name, with its parameters below.
struct DistributionReader {
  let use: DistributionForm.Use
  /// The expectation in a message if a value is no distribution.
  let expectation: String
  let place: Place

  /// The least share of draws that causes a warning.
  private static let leastDoubt = 1e-6

  func read(_ node: SourceNode) -> Distribution? {
    let forms = DistributionForm.forms(for: use)
    guard let entries = node.entries, !entries.isEmpty else { return place.mismatch(node, expected: expectation) }
    if let values = entries.first(where: { $0.key == DistributionForm.measured.name }), entries.count == 2,
      let weights = entries.first(where: { $0.key == MeasuredValues.weightsKey })
    {
      return MeasuredValues(use: use, place: place).read(values.value, weights: weights.value)
    }
    guard entries.count == 1 else {
      let names = entries.map { $0.key.excerpt }.joined(separator: ", ")
      return place.refuse(node, "found \(entries.count) keys (\(names)), expected one distribution with its parameters")
    }
    guard let form = forms.first(where: { $0.name == entries[0].key }) else {
      unknown(entries[0], allowed: forms.map(\.name))
      return nil
    }
    let inner = place.key(form.name)
    return form.isList
      ? MeasuredValues(use: use, place: place).read(entries[0].value, weights: nil)
      : parameters(of: form, entries[0].value, inner)
  }

  private func unknown(_ entry: SourceNode.Entry, allowed: [String]) {
    let known = DistributionForm.all.contains { $0.name == entry.key }
    let what =
      switch use {
      case .time: "times"
      case .count: "numbers of packets"
      case .probability: "probabilities"
      }
    let found = known ? "'\(entry.key)' is no distribution of \(what)" : "unknown distribution '\(entry.key.excerpt)'"
    place.key(entry.key.excerpt).error(
      entry.keyOrigin, "\(found); allowed here: \(allowed.joined(separator: ", "))",
      suggestion: known ? nil : entry.key == "normal" ? "gaussian" : Spelling.nearest(to: entry.key, among: allowed))
  }

  // MARK: - Parameters

  private func parameters(of form: DistributionForm, _ node: SourceNode, _ place: Place) -> Distribution? {
    let names = form.parameters.map(\.name)
    let example = "{\(names.map { "\($0): …" }.joined(separator: ", "))}"
    guard let entries = node.entries else { return place.mismatch(node, expected: "its parameters, like \(example)") }
    let allowed = names + (form.name == "lognormal" ? ["median"] : [])
    var given = [String: SourceNode]()
    for entry in entries {
      given[entry.key] = entry.value
      if !allowed.contains(entry.key) {
        place.key(entry.key.excerpt).error(
          entry.keyOrigin, "unknown parameter; allowed here: \(allowed.joined(separator: ", "))",
          suggestion: Spelling.nearest(to: entry.key, among: allowed))
      }
    }
    let isMedian = form.name == "lognormal" && given["median"] != nil
    if isMedian, let zeta = given["zeta"] {
      place.key("zeta").error(zeta.origin, "is the logarithm of the median; give one of the two")
    }
    let values = form.parameters.map { parameter -> Double? in
      if isMedian, parameter.name == "zeta" { return given["median"].flatMap { median($0, place.key("median")) } }
      guard let value = given[parameter.name] else {
        return place.refuse(node, "the parameter '\(parameter.name)' is missing; expected \(example)")
      }
      return self.parameter(parameter, value, place.key(parameter.name))
    }
    guard !values.contains(nil) else { return nil }
    return checked(form.make(values.compactMap(\.self)), form.name, node, place)
  }

  private func parameter(_ parameter: DistributionForm.Parameter, _ node: SourceNode, _ place: Place) -> Double? {
    switch parameter.measure {
    case .value: use.measured.read(node, place)
    case .positiveValue: positive(node, place)
    case .number(let range): number(node, place, in: range)
    }
  }

  private func positive(_ node: SourceNode, _ place: Place) -> Double? {
    guard let value = use.measured.read(node, place) else { return nil }
    guard value > 0 else { return place.refuse(node, "\(node.found) is out of range; it must be more than 0") }
    return value
  }

  private func number(_ node: SourceNode, _ place: Place, in range: ClosedRange<Double>) -> Double? {
    guard let text = node.scalar else { return place.mismatch(node, expected: "a number without a unit") }
    guard let value = place.unwrap(PlainNumber.real(text, percent: range.upperBound <= 1), node) else { return nil }
    guard range.contains(value) else {
      let upper =
        range.upperBound < 1e300 ? (range.upperBound < 1 ? "less than 1" : "at most \(range.upperBound.shortest)") : ""
      let lower = range.lowerBound > 0 ? "more than 0" : "at least \(range.lowerBound.shortest)"
      let allowed = [lower, upper].filter { !$0.isEmpty }.joined(separator: " and ")
      return place.refuse(node, "\(node.found) is out of range; it must be \(allowed)")
    }
    return value
  }

  /// GSL's zeta for a median, rounded to twelve decimals, because the last bit of a logarithm must not reach a result.
  private func median(_ node: SourceNode, _ place: Place) -> Double? {
    positive(node, place).map { (log($0) * 1e12).rounded() / 1e12 }
  }

  private func checked(_ distribution: Distribution, _ name: String, _ node: SourceNode, _ place: Place)
    -> Distribution?
  {
    if case .uniform(let low, let high) = distribution, high < low {
      return place.refuse(node, "'high' is less than 'low'; exchange them")
    }
    let cut = distribution.probability(below: 0, orAbove: use == .probability ? 1 : .infinity)
    if cut >= Self.leastDoubt, use != .count {
      place.warn(
        node.origin,
        use == .time
          ? "a \(name) time can fall below 0; such a draw becomes 0"
          : "a draw can fall outside 0 … 1; it becomes the nearer of the two (beta and uniform never do)")
    }
    return distribution
  }
}
