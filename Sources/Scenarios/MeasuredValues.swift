import Quantities
import RandomStreams

/// Reads `values`: what was measured, as a list or a file, with weights or without.
struct MeasuredValues {
  /// The key beside it.
  static let weightsKey = "weights"

  let use: DistributionForm.Use
  /// The place of the distribution.
  let place: Place

  private var most: Int { DistributionForm.mostValues }

  func read(_ node: SourceNode, weights: SourceNode?) -> Distribution? {
    let place = place.key(DistributionForm.measured.name)
    if let name = node.scalar, !isValue(name) { return file(name, node, place, weights: weights) }
    let expected = "a list of 1 … \(UInt64(most).grouped) values, like [120 us, 130 us], or the name of a file"
    guard let elements = node.elements, !elements.isEmpty, elements.count <= most else {
      return place.mismatch(node, expected: expected)
    }
    let measured = use.measured
    let values = elements.enumerated().map { measured.read($1, place.element($0)) }
    let weighed = weights.map { self.weights($0, for: elements.count) }
    guard !values.contains(nil) else { return nil }
    guard let weights, let weighed else { return .values(values.compactMap(\.self)) }
    return weighed.flatMap { distribution(values.compactMap(\.self), $0, weights) }
  }

  /// Whether a text is a value rather than the name of a file.
  private func isValue(_ text: String) -> Bool {
    if text.isEmpty { return true }
    if case .success = Quantity.time.parse(text) { return true }
    if case .success = PlainNumber.real(text, percent: true) { return true }
    return false
  }

  private func weights(_ node: SourceNode, for count: Int) -> [Double]? {
    let place = place.key(Self.weightsKey)
    guard let elements = node.elements else { return place.mismatch(node, expected: "a list of numbers, like [9, 1]") }
    guard elements.count == count else {
      return place.refuse(node, "found \(elements.count) weights for \(count) values; give one for each")
    }
    let weights = elements.enumerated().map { weight($1, place.element($0)) }
    return weights.contains(nil) ? nil : weights.compactMap(\.self)
  }

  private func weight(_ node: SourceNode, _ place: Place) -> Double? {
    guard let text = node.scalar else { return place.mismatch(node, expected: "a number of at least 0") }
    guard let weight = place.unwrap(PlainNumber.real(text, percent: true), node) else { return nil }
    guard (0...1e12).contains(weight) else {
      return place.refuse(node, "\(node.found) is out of range; allowed: 0 … 1e12")
    }
    return weight
  }

  private func distribution(_ values: [Double], _ weights: [Double], _ node: SourceNode) -> Distribution? {
    guard let weighted = WeightedValues(values, weights: weights) else {
      return place.key(Self.weightsKey).refuse(node, "are all 0, so that no value is drawn; let one be more than 0")
    }
    return .weighted(weighted)
  }

  // MARK: - Files

  private func file(_ name: String, _ node: SourceNode, _ place: Place, weights: SourceNode?) -> Distribution? {
    let shown = "the file '\(name.excerpt)'"
    let text: String
    do { text = try place.reader.readFile(name) } catch { return place.refuse(node, "\(shown) \(error.message)") }
    guard let rows = rows(of: text, name, node, place) else { return nil }
    guard !rows.isEmpty else { return place.refuse(node, "\(shown) has no values") }
    let values = rows.map(\.value)
    let own = rows.compactMap(\.weight)
    if let weights {
      guard own.isEmpty else {
        return self.place.key(Self.weightsKey).refuse(weights, "\(shown) has weights of its own; leave these out")
      }
      return self.weights(weights, for: values.count).flatMap { distribution(values, $0, weights) }
    }
    guard !own.isEmpty else { return .values(values) }
    guard own.count == rows.count else {
      return place.refuse(node, "\(shown) has a weight in \(own.count) of \(rows.count) lines; give all of them one")
    }
    return distribution(values, own, node)
  }

  private typealias Row = (value: Double, weight: Double?)

  /// The values of a file; nil if one is wrong, which is reported then.
  private func rows(of text: String, _ name: String, _ node: SourceNode, _ place: Place) -> [Row]? {
    let measured = use.measured
    var rows: [Row] = []
    var (number, wrong) = (0, 0)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      let content = String(line.prefix { $0 != "#" }).trimmed
      let parts = content.split(separator: ",", omittingEmptySubsequences: false).map { String($0).unquoted }
      let isHeader = rows.isEmpty && [["value"], ["value", "weight"]].contains(parts)
      guard !content.isEmpty, !isHeader else { continue }
      guard rows.count < most else {
        return place.refuse(node, "the file '\(name.excerpt)' has more than \(UInt64(most).grouped) values")
      }
      let origin = SourceOrigin(file: name, line: number, column: 1)
      let value =
        parts.count <= 2
        ? measured.read(SourceNode(content: .scalar(parts[0]), origin: origin), place)
        : place.refuse(
          SourceNode(content: .scalar(content), origin: origin),
          "'\(content.excerpt)' is no line of values; write a value, or a value and its weight like '0.1 %, 3'")
      let weight = parts.count == 2 ? self.weight(SourceNode(content: .scalar(parts[1]), origin: origin), place) : nil
      guard let value, parts.count < 2 || weight != nil else {
        wrong += 1
        // From another kind of file every line is wrong.
        if wrong >= ScenarioReader.mostMessages { return nil }
        continue
      }
      rows.append((value, weight))
    }
    return wrong == 0 ? rows : nil
  }
}
