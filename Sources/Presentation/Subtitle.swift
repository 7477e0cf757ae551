/// The line below a picture's title: what it was made of.
enum Subtitle {
  /// Longer names would leave no room for the rest.
  private static let longestName = 40

  /// A line of the scenario's name and some parts.
  static func text(_ scenario: String, _ parts: [String]) -> String {
    let name = scenario.count > longestName ? scenario.prefix(longestName - 1) + "…" : scenario
    return ([name] + parts).filter { !$0.isEmpty }.joined(separator: " · ")
  }
}
