import Quantities
import Results

/// Decides which combinations of varied values meet the conditions of a sweep.
struct PointSelection {
  /// A condition that cannot be decided.
  struct Undecided: Error {
    let message: String
    let suggestion: String?
  }

  private let settings: SweepSettings
  private let base: SourceNode
  /// The varied keys that a condition uses, by their positions.
  private let relevant: [Int]
  /// The decisions for values of these keys.
  private var verdicts: [[String]: Bool] = [:]

  /// Selects the combinations of a sweep over a scenario without its section `sweep`.
  init(_ settings: SweepSettings, base: SourceNode) {
    self.settings = settings
    self.base = base
    let looked = settings.conditions.flatMap(\.keys).compactMap(ScenarioOverride.steps)
    let names = ScenarioOverride.cohortNames(in: base)
    relevant = settings.keys.indices.filter { index in
      guard let steps = ScenarioOverride.steps(settings.keys[index].name) else { return false }
      return looked.contains { ScenarioOverride.overlap(steps, $0, cohorts: names) }
    }
  }

  /// Whether a combination meets every condition.
  mutating func contains(_ combination: Int) throws(Undecided) -> Bool {
    let all = settings.values(ofCombination: combination)
    let values = relevant.map { all[$0] }
    let key = values.map(\.value)
    if let verdict = verdicts[key] { return verdict }
    let verdict = try decide(values)
    verdicts[key] = verdict
    return verdict
  }

  private func decide(_ values: [VariedKey]) throws(Undecided) -> Bool {
    var node = base
    do throws(ScenarioDiagnostic) {
      for value in values { try ScenarioOverride(value, origin: base.origin).apply(to: &node) }
    } catch {
      throw Undecided(message: "\(error.path): \(error.message)", suggestion: error.suggestion)
    }
    for condition in settings.conditions {
      do throws(QuantityError) {
        let holds = try condition.holds { path throws(QuantityError) in try node.pointValue(at: path) }
        if !holds { return false }
      } catch {
        let place = values.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
        throw Undecided(
          message: "'\(condition.text.excerpt)'\(place.isEmpty ? "" : " with \(place)"): \(error.message)",
          suggestion: error.suggestion)
      }
    }
    return true
  }
}

extension SourceNode {
  /// The value of a key in a scenario, or its default if it is not given.
  fileprivate func pointValue(at path: String) throws(QuantityError) -> PointValue {
    guard let steps = ScenarioOverride.steps(path) else {
      throw QuantityError("'\(path.excerpt)' is no path of keys; write it like cohorts[0].count")
    }
    var node: SourceNode? = self
    var walked = ""
    for step in steps {
      switch step {
      case .key(let key):
        node = node?.entries?.first { $0.key == key }?.value
        walked += walked.isEmpty ? key : "." + key
      case .all: throw QuantityError("'\(path.excerpt)' is more than one value; name one element")
      case .index, .name:
        guard let elements = node?.elements else { break }
        do throws(ScenarioDiagnostic) {
          node = elements[try ScenarioOverride.indices(of: step, in: elements, at: walked, origin: origin)[0]]
        } catch {
          throw QuantityError("\(error.path): \(error.message)", suggestion: error.suggestion)
        }
      }
    }
    if let text = node?.plainValue { return PointValue(text) }
    guard node == nil else { throw QuantityError("'\(path.excerpt)' is neither a number nor a word here") }
    switch try ScenarioKeys.key(at: steps, path: path)?.fallback {
    case .value(let text): return PointValue(text)
    case .nothing: return .word("none")
    case .required, .described, nil: throw QuantityError("'\(path.excerpt)' has no value here")
    }
  }

  /// The text of a value that is written by itself, or as the only parameter of a constant.
  private var plainValue: String? {
    if let scalar { return scalar.isEmpty ? nil : scalar }
    guard let entries, entries.count == 1, ["p", "at", "constant"].contains(entries[0].key) else { return nil }
    return entries[0].value.scalar
  }
}

extension ScenarioKeys {
  /// The key of a path; nil for parts of a distribution or a trace.
  ///
  /// - Throws: an error if there is no such key, with the nearest one.
  fileprivate static func key(at steps: [ScenarioOverride.Step], path: String) throws(QuantityError) -> ScenarioKey? {
    var pattern = ""
    var found: ScenarioKey?
    for step in steps {
      guard case .key(let name) = step else {
        pattern += "[]"
        continue
      }
      if !keys(of: pattern + ".*").isEmpty {
        pattern += ".*"
        continue
      }
      guard let key = keys(of: pattern).first(where: { $0.name == name }) else {
        let names = keys(of: pattern).map(\.name)
        if names.isEmpty { return nil }
        let section = pattern.isEmpty ? "" : " under \(pattern)"
        throw QuantityError(
          "'\(path.excerpt)' is no key; allowed\(section): \(names.joined(separator: ", "))",
          suggestion: Spelling.nearest(to: name, among: names))
      }
      found = key
      pattern = key.sections.first { $0.isShared }?.path ?? key.path
    }
    return found
  }
}
