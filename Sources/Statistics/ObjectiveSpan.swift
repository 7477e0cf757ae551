/// How far the objectives of two systems may lie apart in a replication that was not seen, though they hardly differed in those
/// that were.
///
/// Two systems may hardly differ for long and then by much: two thresholds that promote the same devices in 30 replications
/// and not in the next, where one more session is needed. That was not seen of them, but perhaps of others. If no two
/// systems differed, one may take as long as a whole run more than the other.
package struct ObjectiveSpan: Sendable {
  private let indifference: Double
  private let least: Double
  /// The least and the largest objective in each replication, and the largest difference in one.
  private var ranges: [(low: Double, high: Double)] = []
  private var difference = 0.0
  /// The largest objective, without its sign.
  private var largest = 0.0

  init(_ rules: ConstrainedSelection.Rules) { (indifference, least) = (rules.indifference, rules.levelJump) }

  /// - Parameter objectives: of each system, replication by replication.
  package init(_ rules: ConstrainedSelection.Rules, objectives: [[Double]]) {
    self.init(rules)
    for replication in 0..<(objectives.map(\.count).max() ?? 0) {
      for system in objectives where replication < system.count { take(system[replication], in: replication) }
    }
  }

  /// Takes an objective of a replication; of each system they come in the order of the replications.
  mutating func take(_ objective: Double, in replication: Int) {
    if replication == ranges.count { ranges.append((objective, objective)) }
    ranges[replication].low = min(ranges[replication].low, objective)
    ranges[replication].high = max(ranges[replication].high, objective)
    difference = max(difference, ranges[replication].high - ranges[replication].low)
    largest = max(largest, objective.magnitude)
  }

  /// How far they may lie apart, at least.
  var jump: Double { max(difference, least, difference > indifference ? 0 : largest) }

  /// How far the difference of two systems may jump in a replication that was not seen.
  ///
  /// - Parameter largest: the largest difference that was seen of them, without its sign.
  package func jump(of rules: ConstrainedSelection.Rules, largest: Double) -> RareJump {
    SequentialTest.isLevel(largest: largest, slack: rules.indifference)
      ? rules.jump.with(sizeOfAtLeast: jump) : rules.jump
  }
}
