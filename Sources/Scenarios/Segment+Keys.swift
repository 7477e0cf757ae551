import Network
import PromotionEngine
import Quantities

extension Segment {
  /// The keys of a segment.
  static let keys = Section(Segment(name: "")) {
    Key(
      "parent", \.parent, .segmentName, example: "trunk",
      "The segment above it, or `uplink` (N10)."
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

extension Form where Value == String? {
  /// The name of the segment above; the uplink itself is none.
  static var segmentName: Form {
    Form<String>.name(longest: 200).map({ $0 == ScenarioReader.uplinkName ? nil : $0 }, from: { $0 })
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
        let origin = place.reader.origin(of: place.path)
        _ = Form<String>.nameInTables.read(SourceNode(content: .scalar(segment.name), origin: origin), place)
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
