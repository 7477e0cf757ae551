import Network
import PromotionEngine
import Quantities

extension Segment {
  /// The keys of a segment.
  static let keys = Section(Segment(name: "")) {
    Key(
      "parent", \.parent, .optional(.name(longest: 200)), example: "trunk",
      "The segment above it (N10)."
    ).defaulting(to: "the uplink")
    Key(
      "rate", \.bitsPerSecond, .rate(1_000...100_000_000_000_000), example: "100 Mbit/s", "The rate of its port (N10).")
    Key(
      "multicast_rate", \.multicastBitsPerSecond, .optional(.rate(1_000...100_000_000_000_000)), example: "6 Mbit/s",
      "The rate of frames to the group, as at the basic rate of Wi-Fi (N10)."
    ).defaulting(to: "`rate`")
    Key(
      "queue", \.queue, .orNone(.integer(1...1_000_000_000)), example: "200",
      "The frames that may wait at its port; one that finds it full is lost for everyone below. `none` sets no limit (N10)."
    )
    Key(
      "latency", \.latency, .time(), example: "5 us",
      "The time from a frame's last bit to the next port, and to the paths of its devices; and back (N10).")
    Key(
      "loss", \.loss, .loss, example: "{bernoulli: 0.1 %}",
      "Loss before its fan-out: it takes a frame from every device below at once. Packets on their way up meet it too, in a process of their own (N10)."
    )
  }
}

extension Link {
  /// The keys of a link.
  static let keys = Section(Link(bitsPerSecond: 1_000_000_000)) {
    Key(
      "rate", \.bitsPerSecond, .rate(1_000...100_000_000_000_000), example: "100 Mbit/s",
      "The rate of each device's own port, the last on its way (N10)."
    ).required
    Key(
      "queue", \.queue, .orNone(.integer(1...1_000_000_000)), example: "100",
      "The frames that may wait there. `none` sets no limit (N10).")
  }
}

extension ReceiverBuffer {
  /// The keys of a receiver.
  static let keys = Section(ReceiverBuffer(bitsPerSecond: 1_000_000_000, bytes: 1)) {
    Key(
      "rate", \.bitsPerSecond, .rate(1_000...100_000_000_000_000), example: "300 Mbit/s",
      "The rate at which a device takes what has arrived, like the rate of its disk (N11)."
    ).required
    Key(
      "buffer", \.bytes, .size(1...(1 << 40)), example: "256 KiB",
      "What may wait meanwhile, in bytes of UDP payload. A datagram that does not fit is lost (N11)."
    ).required
  }
}

extension Form where Value == [Segment] {
  /// The segments of a scenario, by their names.
  static var segments: Form {
    .table(
      .section(Segment.keys, expecting: "keys, like 'floor-2: {rate: 100 Mbit/s}'"), named: \.name,
      "segments by their names, like '{floor-2: {rate: 100 Mbit/s}}'"
    ) { segments, places in
      for (segment, place) in zip(segments, places) {
        ScenarioReader.check(segment.name, place.reader.origin(of: place.path), place)
        if segment.name == ScenarioReader.uplinkName {
          place.error(place.reader.origin(of: place.path), "'uplink' is the server's port; give another name")
        }
      }
      if segments.count > ScenarioKeys.mostSegments {
        places[0].error(
          places[0].reader.origin(of: "segments"),
          "has \(UInt64(segments.count).grouped) segments; allowed: at most \(UInt64(ScenarioKeys.mostSegments).grouped)"
        )
      }
      places.first?.reader.checkParents(of: segments, at: places)
    }
  }
}

// Checks of ports and buffers that need several values.
extension ScenarioReader {
  /// The name of the server's own port in tables.
  package static let uplinkName = "uplink"

  fileprivate func checkParents(of segments: [Segment], at places: [Place]) {
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
    let parameters = draft.network.parameters
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
      if let queue = cohort.link?.queue { warnAboutQueue(queue, "\(place).link.queue", of: parameters, network) }
      if let receiver = cohort.receiver { warn(about: receiver, "\(place).receiver", of: parameters, network) }
    }
    if let queue = network.uplinkQueue { warnAboutQueue(queue, "server.queue", of: parameters, network) }
    for (index, segment) in network.segments.enumerated() {
      let path = "segments.\(segment.name.excerpt)"
      if let queue = segment.queue { warnAboutQueue(queue, "\(path).queue", of: parameters, network) }
      if areNamesKnown, !network.cohorts.indices.contains(where: { network.isCohort($0, below: index) }) {
        warn(origin(of: path), path, "has no devices: no cohort is on it or below it")
      }
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(10).map(\.excerpt).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
  }

  private func frames(of parameters: ProtocolParameters, _ network: NetworkConfiguration) -> Int {
    Framing(mtu: network.mtu).frames(ofPayload: UInt64(parameters.blockSize) + 4).count * Int(parameters.windowSize)
  }

  private func warnAboutQueue(
    _ queue: Int, _ path: String, of parameters: ProtocolParameters, _ network: NetworkConfiguration
  ) {
    let frames = frames(of: parameters, network)
    guard frames > 1, frames - 1 > queue else { return }
    warn(
      origin(of: path, "protocol.windowsize"), path,
      "holds \(UInt64(queue).grouped) frames, and a window is \(UInt64(frames).grouped) frames at once: the last ones of a"
        + " window that finds the port idle are dropped, unless the port before it is slower")
  }

  private func warn(
    about receiver: ReceiverBuffer, _ path: String, of parameters: ProtocolParameters, _ network: NetworkConfiguration
  ) {
    let payload = UInt64(parameters.blockSize) + (parameters.wideBlockNumbers ? 6 : 4)
    if payload > receiver.bytes {
      return warn(
        origin(of: "\(path).buffer", path), "\(path).buffer",
        "holds \(UInt64(receiver.bytes).grouped) B, less than a DATA packet of \(payload.grouped) B: no whole block ever"
          + " gets to these devices")
    }
    let window = payload * UInt64(parameters.windowSize)
    guard receiver.bitsPerSecond < network.uplinkBitsPerSecond, parameters.windowSize > 1 else { return }
    // While a window comes at the uplink's rate, the buffer empties at its own.
    let left = Double(window) * (1 - Double(receiver.bitsPerSecond) / Double(network.uplinkBitsPerSecond))
    if left > Double(receiver.bytes) {
      warn(
        origin(of: "\(path).buffer", path), "\(path).buffer",
        "overflows in each window that comes at the uplink's rate: a window has \(window.grouped) B, and"
          + " \(UInt64(left).grouped) B of it wait when its last packet arrives")
    }
  }
}
