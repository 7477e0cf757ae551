import Network
import PromotionEngine
import Quantities
import Runs

/// Checks of ports that need several values.
extension ScenarioReader {
  /// The name of the server's own port in tables.
  package static let uplinkName = "uplink"

  func checkParents(of segments: [Segment], at places: [Place]) {
    let names = segments.map(\.name)
    let parents = Dictionary(segments.map { ($0.name, $0.parent) }) { first, _ in first }
    for (segment, place) in zip(segments, places) {
      guard let parent = segment.parent else { continue }
      let key = place.key("parent")
      guard names.contains(parent) else {
        key.error(
          origin(of: key.path), "'\(parent.excerpt)' is no segment; there are: \(Self.list(names))",
          suggestion: Spelling.nearest(to: parent, among: names))
        continue
      }
      var above: String? = parent
      for _ in segments.indices { above = above.flatMap { parents[$0] ?? nil } }
      if above != nil {
        key.error(origin(of: key.path), "'\(parent.excerpt)' stands below itself; the ports are a tree")
      }
    }
  }

  /// Checks where cohorts are, and warns about ports and buffers that drop in every window.
  func checkPorts(of draft: ScenarioDraft) {
    let network = draft.network.network
    let names = network.segments.map(\.name)
    let ways = NetworkWays(draft.network)
    // Where a name is misspelt, nobody can say which segment has no devices.
    let areNamesKnown = (network.cohorts.map(\.segment) + network.segments.map(\.parent)).allSatisfy {
      $0.map(names.contains) ?? true
    }
    for (index, cohort) in network.cohorts.enumerated() {
      let place = "cohorts[\(index)]"
      if let segment = cohort.segment, !names.contains(segment) {
        let known = names.isEmpty ? "the scenario has none" : "there are: \(Self.list(names))"
        error(
          origin(of: "\(place).segment"), "\(place).segment", "'\(segment.excerpt)' is no segment; \(known)",
          suggestion: Spelling.nearest(to: segment, among: names))
      }
    }
    warnAboutQueues(in: draft.network, ways)
    warnAboutReceivers(in: draft.network, ways)
    checkLoss(network.sharedLoss, "server.shared_loss", before: network.cohorts.first, of: draft.network, ways)
    for segment in network.segments {
      let path = "segments.\(segment.name.excerpt)"
      checkLoss(segment.loss, "\(path).loss", before: ways.firstBelow[segment.name], of: draft.network, ways)
      if areNamesKnown, segment.name != Self.uplinkName, ways.firstBelow[segment.name] == nil {
        warn(origin(of: path), path, "has no devices: no cohort is on it or below it")
      }
    }
  }

  static func list(_ names: [String]) -> String {
    names.prefix(10).map(\.excerpt).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
  }

  /// Warns about loss before a fan-out that lets nothing pass, or that bursts make devices give up for.
  private func checkLoss(
    _ loss: LossModel, _ path: String, before cohort: Cohort?, of network: SimulationConfiguration,
    _ ways: NetworkWays
  ) {
    let isShared = path == "server.shared_loss"
    // Nothing is sent to a group by unicast.
    guard let cohort, !(isShared && network.strategy == .unicast) else { return }
    if loss.takesEverything {
      return warn(
        origin(of: path), path,
        "takes every packet\(isShared ? " to the group" : ": no device below it ever receives anything")")
    }
    Place(reader: self, path: path)
      .checkBursts(of: loss, before: cohort, meetsRequests: !isShared, network, ways)
  }
}
