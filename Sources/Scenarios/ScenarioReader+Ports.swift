import Network
import PromotionEngine
import Quantities
import Runs

/// Checks of ports and buffers that need several values.
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
    let ways = NetworkWays(network)
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
      if let queue = cohort.link?.queue { warnAboutQueue(queue, "\(place).link.queue", of: draft.network) }
    }
    warnAboutReceivers(in: draft.network, ways)
    if let queue = network.uplinkQueue { warnAboutQueue(queue, "server.queue", of: draft.network) }
    checkLoss(network.sharedLoss, "server.shared_loss", before: network.cohorts.first, of: draft.network, ways)
    for segment in network.segments {
      let path = "segments.\(segment.name.excerpt)"
      if let queue = segment.queue { warnAboutQueue(queue, "\(path).queue", of: draft.network) }
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

  private func warnAboutQueue(_ queue: Int, _ path: String, of network: SimulationConfiguration) {
    let frames = network.framesOfAWindow
    guard frames > 1, frames - 1 > queue else { return }
    warn(
      origin(of: path, "protocol.windowsize"), path,
      "holds \(UInt64(queue).grouped) frames, and a window is \(UInt64(frames).grouped) frames at once: the last ones of a"
        + " window that finds the port idle are dropped, unless the port before it is slower")
  }

  /// Warns about buffers that overflow in each window, and of devices that read more slowly than a session is.
  private func warnAboutReceivers(in network: SimulationConfiguration, _ ways: NetworkWays) {
    let cohorts = network.network.cohorts
    guard cohorts.contains(where: { $0.receiver != nil }) else { return }
    let sender = fastestSender(in: network, ways)
    for (index, cohort) in cohorts.enumerated() {
      guard let receiver = cohort.receiver else { continue }
      let path = "cohorts[\(index)].receiver.buffer"
      func warn(_ message: String) { self.warn(origin(of: path, "cohorts[\(index)].receiver"), path, message) }
      if network.fullPayload > receiver.bytes {
        warn(
          "holds \(UInt64(receiver.bytes).grouped) B, less than a DATA packet of \(network.fullPayload.grouped) B: no whole"
            + " block ever gets to these devices")
      } else if let overflow = overflow(of: receiver, from: ways.slowestPort(to: cohort), in: network) {
        warn(overflow)
      } else if let sender, receiver.bitsPerSecond < ways.slowestPort(to: cohort) {
        let share = 1 - Double(receiver.bitsPerSecond) / sender.bitsPerSecond
        guard share * Double(network.file.size) > Double(receiver.bytes) else { continue }
        let step = sender.bitsPerSecond < 1e7 ? 1e3 : 1e6
        let rate = Quantity.rate.format(UInt64(sender.bitsPerSecond / step) * UInt64(step))
        warn(
          "is full after \(UInt64(Double(receiver.bytes) / share).grouped) B of a session \(sender.words), with \(rate) of"
            + " payload: these devices read more slowly")
      }
    }
  }

  /// What may send to the group, in words, and the bits of payload that it sends in a second at most; nil if nobody knows.
  private func fastestSender(
    in network: SimulationConfiguration, _ ways: NetworkWays
  ) -> (words: String, bitsPerSecond: Double)? {
    let payload = Double(network.fullPayload)
    if network.strategy.isOfPromotionEngine {
      // A session goes on as fast as the device that drives it.
      let paces = network.network.cohorts.map { ($0, network.pace(of: $0, ways)) }
      return paces.min { $0.1 < $1.1 }.map { ("that a device of cohort '\($0.name.excerpt)' drives", payload * 8 / $1) }
    }
    guard let pace = network.rivals.pace else { return nil }
    let wire = Double(Framing(mtu: network.network.mtu).bytes(ofPayload: network.fullPayload))
    return ("at `protocol.pace`", Double(pace) * payload / wire)
  }

  /// What is wrong with a buffer that one window overflows; nil if none does. While a window comes at the rate of the slowest
  /// port before it, the buffer empties at its own, from the end of the first packet on.
  private func overflow(
    of receiver: ReceiverBuffer, from bitsPerSecond: UInt64, in network: SimulationConfiguration
  ) -> String? {
    let window = network.fullPayload * UInt64(network.blocksOfAWindow)
    let slower = 1 - Double(receiver.bitsPerSecond) / Double(bitsPerSecond)
    let left = Double(network.fullPayload) + Double(window - network.fullPayload) * slower
    guard network.blocksOfAWindow > 1, slower > 0, left > Double(receiver.bytes) else { return nil }
    let port =
      bitsPerSecond == network.network.uplinkBitsPerSecond
      ? "the uplink's rate" : "the rate of the slowest port before it"
    return "overflows in each window that comes at \(port): a window has \(window.grouped) B, and"
      + " \(UInt64(left).grouped) B of it wait when its last packet arrives"
  }
}
