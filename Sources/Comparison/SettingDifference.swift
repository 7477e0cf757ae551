import Quantities
import Scenarios

/// A key with different values in two scenarios.
package struct SettingDifference: Hashable, Sendable {
  /// The key's path in the scenario.
  package let path: String
  /// Its value in the first scenario; nil if it is not given there.
  package let left: String?
  /// Its value in the second.
  package let right: String?
}

extension Scenario {
  /// The keys with different values in another scenario, in the order of the reference page. The section of a sweep is
  /// no setting of a run.
  package func differences(from other: Scenario) -> [SettingDifference] {
    let (left, right) = (unswept.canonical.settings(), other.unswept.canonical.settings())
    let values = Dictionary(uniqueKeysWithValues: right)
    let known = Set(left.map(\.path))
    let changed = left.compactMap { path, value in
      values[path] == value ? nil : SettingDifference(path: path, left: value, right: values[path])
    }
    let added = right.filter { !known.contains($0.path) }.map {
      SettingDifference(path: $0.path, left: nil, right: $0.value)
    }
    return changed + added
  }

  private var unswept: Scenario {
    var scenario = self
    scenario.sweep = nil
    return scenario
  }
}

extension SettingDifference: CustomStringConvertible {
  /// `protocol.promotion.threshold: 512 KiB, then 256 KiB`.
  package var description: String {
    "\(path): \(left?.excerpt ?? "not given"), then \(right?.excerpt ?? "not given")"
  }
}

extension ScenarioValue {
  /// Every plain value with the path of its key.
  fileprivate func settings(_ path: String = "") -> [(path: String, value: String)] {
    switch self {
    case .literal(let text), .string(let text): [(path, text)]
    case .list(let values): values.enumerated().flatMap { $1.settings("\(path)[\($0)]") }
    case .keys(let keys): keys.flatMap { $1.settings(path.isEmpty ? $0 : "\(path).\($0)") }
    }
  }
}
