import Quantities
import Scenarios

/// What two scenarios must share so that their figures can be compared: the boot image and the devices. Everything else
/// may differ.
enum SharedWorld {
  /// The most cohorts that are listed.
  private static let mostCohorts = 6

  /// What differs, in words; nil if nothing does.
  static func difference(_ base: Scenario, _ new: Scenario) -> String? {
    var parts: [String] = []
    func differs(_ what: String, _ left: String, _ right: String) {
      parts.append("\(what) (\(left) in BASE, \(right) in NEW)")
    }
    if base.bytes != new.bytes {
      differs("the file", Quantity.size.format(base.bytes), Quantity.size.format(new.bytes))
    }
    if base.devices != new.devices {
      differs("the number of devices", base.devices.description, new.devices.description)
    }
    if base.network.cohorts.map({ [$0.name, "\($0.count)"] }) != new.network.cohorts.map({ [$0.name, "\($0.count)"] }) {
      differs("the cohorts", cohorts(base).joined(separator: ", "), cohorts(new).joined(separator: ", "))
    }
    guard !parts.isEmpty else { return nil }
    return "the scenarios are not of one world: \(parts.joined(separator: ", ")); --across compares them all the same"
  }

  /// The cohorts with their devices, like `desks: 50`.
  private static func cohorts(_ scenario: Scenario) -> [String] {
    let cohorts = scenario.network.cohorts.map { "\($0.name.excerpt): \($0.count)" }
    return cohorts.count > mostCohorts ? cohorts.prefix(mostCohorts) + ["…"] : cohorts
  }
}
