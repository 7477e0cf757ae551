import Runs

/// Limits on a rerun for pictures. No directory of results can make it take longer, whatever its manifest and its
/// tables say.
///
/// Costs are counted, not measured, so that every machine draws the same pictures.
struct RerunBudget {
  /// The most events; nil for no limit. The timeline has a limit of its own
  /// (``NetworkConfiguration/mostTimelineSteps``).
  private let events: Double?

  /// The costs of the parts of a run in nanoseconds, with a margin (docs/performance.md has the measurements).
  private enum Nanosecond {
    static let budget = 1e9
    /// A device: drawing it, its share of the samples, and reporting it.
    static let device = 10_000.0
    static let event = 150.0
    static let loss = 20.0
    /// A packet over a path with jitter.
    static let jitter = 15.0
  }

  /// The budget for a replication of a network, which is run so many times.
  init(_ cost: Rerun.Cost, _ network: SimulationConfiguration, runs: Int) {
    guard cost == .little else {
      events = nil
      return
    }
    let shared = network.sharedLoss.expectedShare
    // Each packet may go to the group.
    let packet = network.cohorts.reduce(Nanosecond.event) { sum, cohort in
      let lost = 1 - (1 - shared) * (1 - cohort.downLoss.expectedShare)
      return sum + Double(cohort.count) * (lost * Nanosecond.loss + (cohort.jitter == nil ? 0 : Nanosecond.jitter))
    }
    events = (Nanosecond.budget - Nanosecond.device * Double(network.deviceCount)) / packet / Double(runs)
  }

  /// Puts the limits into a network from which `packets` left the uplink when it was run.
  ///
  /// - Throws: ``RerunError/costly`` if it is clear in advance that it takes more.
  func limit(_ network: inout SimulationConfiguration, packets: Double) throws(RerunError) {
    guard let events else { return }
    guard events >= 1, packets <= events else { throw .costly }
    network.limits.events = min(network.limits.events, UInt64(events))
  }
}
