import Glibc
import NetworkModel
import RandomStreams
import Timebase
import Quantities

/// Values that are fixed or drawn.
extension ScenarioReader {
  /// The most packets of a fixed run.
  static let longestRun: UInt64 = 1 << 40
  /// The share of draws that a warning is about at least.
  private static let leastDoubt = 1e-6

  func timeModel(_ section: Section, _ name: String) -> TimeModel? { value(section, name, timeModel) }

  func timeModel(_ node: SourceNode, _ key: ScenarioKey, _ path: String) -> TimeModel? {
    let node = fixed(node)
    if node.scalar != nil { return time(node, path).map { .constant($0) } }
    return distribution(node, key, path, for: .time).map { .drawn($0) }
  }

  func countModel(_ node: SourceNode, _ key: ScenarioKey, _ path: String) -> CountModel? {
    let node = fixed(node)
    if node.scalar != nil { return fixedCount(node, path).map { .constant($0) } }
    return distribution(node, key, path, for: .count).map { .drawn($0) }
  }

  private func fixedCount(_ node: SourceNode, _ path: String) -> UInt64? {
    guard let text = node.scalar else {
      mismatch(node, path, expected: "a number of packets")
      return nil
    }
    guard let count = unwrap(PlainNumber.integer(text), node, path) else { return nil }
    guard count <= ScenarioReader.longestRun else {
      error(node.origin, path, "\(node.found) is out of range; allowed: 0 … \(ScenarioReader.longestRun.grouped)")
      return nil
    }
    return count
  }

  func probabilityModel(_ node: SourceNode, _ key: ScenarioKey, _ path: String) -> ProbabilityModel? {
    let node = fixed(node)
    if node.scalar != nil { return probability(node, path).map { .constant($0) } }
    return distribution(node, key, path, for: .probability).map { .drawn($0) }
  }

  /// What `{constant: 5 ms}` holds: a fixed value may be written as a distribution too.
  private func fixed(_ node: SourceNode) -> SourceNode {
    guard let entries = node.entries, entries.count == 1, entries[0].key == "constant", entries[0].value.scalar != nil
    else { return node }
    return entries[0].value
  }

  /// A fixed time.
  func time(_ node: SourceNode, _ path: String) -> Nanoseconds? {
    guard let text = node.scalar else {
      mismatch(node, path, expected: "a time, like '\(Quantity.time.example)'")
      return nil
    }
    guard let value = unwrap(Quantity.time.parse(text), node, path) else { return nil }
    guard value <= ScenarioKeys.longestTime else {
      error(
        node.origin,
        path,
        "\(node.found) is out of range; allowed: 0 s … \(Quantity.time.format(ScenarioKeys.longestTime))"
      )
      return nil
    }
    return Nanoseconds(Int64(value))
  }

  private func probability(_ node: SourceNode, _ path: String) -> Double? {
    guard let text = node.scalar else {
      mismatch(node, path, expected: "a probability, like '1 %'")
      return nil
    }
    guard let value = unwrap(PlainNumber.real(text, percent: true), node, path) else { return nil }
    guard (0...1).contains(value) else {
      let percent = text.contains("%") ? "" : " (a share is written with its sign, like '\(text.trimmed.excerpt) %')"
      error(
        node.origin,
        path,
        "\(node.found) is out of range; allowed: 0 … 1, or 0 % … 100 %\(value > 1 ? percent : "")"
      )
      return nil
    }
    return value + 0  // no negative zero
  }

  // MARK: - Distributions

  private func distribution(
    _ node: SourceNode,
    _ key: ScenarioKey,
    _ path: String,
    for use: DistributionForm.Use
  ) -> Distribution? {
    let forms = DistributionForm.forms(for: use)
    guard let entries = node.entries, !entries.isEmpty else {
      mismatch(node, path, expected: key.form.expectation)
      return nil
    }
    guard entries.count == 1 else {
      let names = entries.map { $0.key.excerpt }.joined(separator: ", ")
      error(node.origin, path, "found \(entries.count) keys (\(names)), expected one distribution with its parameters")
      return nil
    }
    guard let form = forms.first(where: { $0.name == entries[0].key }) else {
      unknownDistribution(entries[0], path, use: use, allowed: forms.map(\.name))
      return nil
    }
    let inner = "\(path).\(form.name)"
    return form.isList
      ? list(entries[0].value, inner, for: use) : parameters(of: form, entries[0].value, inner, for: use)
  }

  private func list(_ node: SourceNode, _ path: String, for use: DistributionForm.Use) -> Distribution? {
    let most = DistributionForm.mostValues
    guard let elements = node.elements, !elements.isEmpty, elements.count <= most else {
      mismatch(node, path, expected: "a list of 1 … \(UInt64(most).grouped) values, like [120 us, 130 us]")
      return nil
    }
    let values = elements.enumerated().map { index, element in
      let path = "\(path)[\(index)]"
      return use == .count ? fixedCount(element, path).map { Double($0) } : drawnValue(element, path, for: use)
    }
    return values.contains(nil) ? nil : .values(values.compactMap(\.self))
  }

  private func unknownDistribution(
    _ entry: SourceNode.Entry,
    _ path: String,
    use: DistributionForm.Use,
    allowed: [String]
  ) {
    let known = DistributionForm.all.contains { $0.name == entry.key }
    let what =
      switch use {
      case .time: "times"
      case .count: "numbers of packets"
      case .probability: "probabilities"
      }
    let found = known ? "'\(entry.key)' is no distribution of \(what)" : "unknown distribution '\(entry.key.excerpt)'"
    error(
      entry.keyOrigin,
      "\(path).\(entry.key.excerpt)",
      "\(found); allowed here: \(allowed.joined(separator: ", "))",
      suggestion: known ? nil : entry.key == "normal" ? "gaussian" : Spelling.nearest(to: entry.key, among: allowed)
    )
  }

  private func parameters(
    of form: DistributionForm,
    _ node: SourceNode,
    _ path: String,
    for use: DistributionForm.Use
  ) -> Distribution? {
    let names = form.parameters.map(\.name)
    let example = "{\(names.map { "\($0): …" }.joined(separator: ", "))}"
    guard let entries = node.entries else {
      mismatch(node, path, expected: "its parameters, like \(example)")
      return nil
    }
    let allowed = names + (form.name == "lognormal" ? ["median"] : [])
    var given = [String: SourceNode]()
    for entry in entries {
      given[entry.key] = entry.value
      if !allowed.contains(entry.key) {
        error(
          entry.keyOrigin,
          "\(path).\(entry.key.excerpt)",
          "unknown parameter; allowed here: \(allowed.joined(separator: ", "))",
          suggestion: Spelling.nearest(to: entry.key, among: allowed)
        )
      }
    }
    let isMedian = form.name == "lognormal" && given["median"] != nil
    if isMedian, let zeta = given["zeta"] {
      error(zeta.origin, "\(path).zeta", "is the logarithm of the median; give one of the two")
    }
    let values = form.parameters.map { parameter -> Double? in
      if isMedian, parameter.name == "zeta" {
        return given["median"].flatMap { median($0, "\(path).median", for: use) }
      }
      guard let value = given[parameter.name] else {
        error(node.origin, path, "the parameter '\(parameter.name)' is missing; expected \(example)")
        return nil
      }
      return self.parameter(parameter, value, "\(path).\(parameter.name)", for: use)
    }
    guard !values.contains(nil) else { return nil }
    return checked(form.make(values.compactMap(\.self)), node, path, for: use)
  }

  private func parameter(
    _ parameter: DistributionForm.Parameter,
    _ node: SourceNode,
    _ path: String,
    for use: DistributionForm.Use
  ) -> Double? {
    switch parameter.measure {
    case .value: return drawnValue(node, path, for: use)
    case .positiveValue:
      guard let value = drawnValue(node, path, for: use) else { return nil }
      guard value > 0 else {
        error(node.origin, path, "\(node.found) is out of range; it must be more than 0")
        return nil
      }
      return value
    case .number(let range):
      guard let text = node.scalar else {
        mismatch(node, path, expected: "a number without a unit")
        return nil
      }
      guard let value = unwrap(PlainNumber.real(text, percent: range.upperBound <= 1), node, path) else { return nil }
      guard range.contains(value) else {
        let upper =
          range.upperBound < 1e300
          ? (range.upperBound < 1 ? "less than 1" : "at most \(range.upperBound.shortest)") : ""
        let lower = range.lowerBound > 0 ? "more than 0" : "at least \(range.lowerBound.shortest)"
        error(
          node.origin,
          path,
          "\(node.found) is out of range; it must be \([lower, upper].filter { !$0.isEmpty }.joined(separator: " and "))"
        )
        return nil
      }
      return value
    }
  }

  /// A parameter in the measure of what is drawn: seconds or a probability.
  private func drawnValue(_ node: SourceNode, _ path: String, for use: DistributionForm.Use) -> Double? {
    use == .time ? time(node, path)?.seconds : probability(node, path)
  }

  /// GSL's zeta for a median, rounded to twelve decimals: the last bit of a logarithm must not reach a result.
  private func median(_ node: SourceNode, _ path: String, for use: DistributionForm.Use) -> Double? {
    guard let value = drawnValue(node, path, for: use) else { return nil }
    guard value > 0 else {
      error(node.origin, path, "\(node.found) is out of range; it must be more than 0")
      return nil
    }
    return (log(value) * 1e12).rounded() / 1e12
  }

  private func checked(
    _ distribution: Distribution,
    _ node: SourceNode,
    _ path: String,
    for use: DistributionForm.Use
  ) -> Distribution? {
    if case .uniform(let low, let high) = distribution, high < low {
      error(node.origin, path, "'high' is less than 'low'; exchange them")
      return nil
    }
    let cut = distribution.probability(below: 0, orAbove: use == .probability ? 1 : .infinity)
    if cut >= Self.leastDoubt, use != .count {
      warn(
        node.origin,
        path,
        use == .time
          ? "a \(distribution.written.name) time can fall below 0; such a draw becomes 0"
          : "a draw can fall outside 0 … 1; it becomes the nearer of the two (beta and uniform never do)"
      )
    }
    return distribution
  }
}

extension Double {
  /// The shortest decimal that reads back to this number, a whole one without a point.
  var shortest: String { self == rounded() && magnitude < 1e15 ? String(Int64(self)) : "\(self)" }
}
