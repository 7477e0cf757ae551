import Network
import Quantities
import Runs

extension SimulationConfiguration {
  /// The keys of the server.
  static let serverKeys = Section(ScenarioDraft().network) {
    Key(
      "rate", \.uplinkBitsPerSecond, .rate(1_000...100_000_000_000_000), example: "1 Gbit/s",
      "The rate of the uplink that multicast and unicast share (N2).")
    Key(
      "queue", \.uplinkQueue, .orNone(.integer(1...1_000_000_000)), example: "1000",
      "The packets that may wait at the uplink; one that finds it full is lost for everyone (N2). `none` sets no limit."
    )
    Key(
      "service", \.service, .time(), example: "20 us", "How long the server takes from an arrival to its answer (N4).")
    Key(
      "shared_loss", \.sharedLoss, .loss, example: "{bernoulli: 0.1 %}",
      "Loss of multicast before the fan-out: it takes a packet from every device at once (N5).")
    Key(
      "max_transfers", \.rivals.maxTransfers, .orNone(.integer(1...ScenarioKeys.mostDevices)), example: "50",
      """
      How many unicast transfers the server has at a time (`unicast`, and slow devices of `wds`); the requests of the \
      others wait. `none` sets no limit.
      """
    ).quiet
    Key(
      "mtu", \.mtu, .size(576...9216), example: "1500 B",
      """
      The longest IP packet that one frame carries. A longer one is cut into fragments, each of which is a frame: it is \
      sent, queued and lost by itself, and the packet arrives if none is lost (N12).
      """
    ).quiet
    Key(
      "promotion", \.parameters.speaksPromotion, .onOff, example: "off",
      """
      Whether the server knows the option `promotion`. If it does not, there is no check and nobody is smart: RFC 2090 \
      alone holds (R14). In `pxe-mtftp`, which has no option, `off` means that it serves no smart devices, and that no \
      device is configured to become one.
      """
    ).quiet
  }
}

extension Cohort {
  /// The keys of a cohort.
  static let keys = Section(Cohort(name: "", count: 1)) {
    Key(
      "name", \.name, .nameInTables, example: "desks",
      """
      The cohort's name, as it stands in `devices.csv`; no two are the same. At most 200 characters, and no control \
      characters, beginnings of formulas or turning marks, as in `name`.
      """
    ).defaulting(to: "cohort-1, cohort-2, …").derived { _, place, cohort in
      cohort.name = ScenarioOverride.defaultCohortName(at: place.index)
    }
    Key(
      "count", \.count, .integer(1...ScenarioKeys.mostDevices), example: "500",
      "How many devices it has. All cohorts together have at most 16 000 000."
    ).defaulting(to: "the length of a list in `join`, else 1").derived { section, _, cohort in
      cohort.count = max(1, min(section["join"]?.elements?.count ?? 1, ScenarioKeys.mostDevices))
    }
    Key(
      "join", \.join, .join, example: "{at: {uniform: {low: 0 s, high: 5 min}}}",
      "When its devices are switched on (N7)."
    ).devices(\.count)
    Key("leaves", \.leave, .leaves, example: "[{device: 1, at: 5 s}]", "When its devices are switched off (N8).")
      .devices(\.count)
    Key(
      "latency", \.latency, .timeModel, example: "{lognormal: {median: 200 us, sigma: 0.5}}",
      "How long a packet takes from the uplink to a device, and back; drawn once per device (N3).")
    Key(
      "jitter", \.jitter, .orNone(.timeModel), example: "{exponential: {mean: 20 us}}",
      "What comes on top of the latency, drawn per packet; packets never overtake each other (N3).")
    Key(
      "segment", \.segment, .segmentName, example: "floor-2",
      "The segment that its devices are on, one of `segments`, or `uplink` (N10)."
    ).defaulting(to: "the uplink itself").quiet
    Key(
      "link", \.link, .orNone(.section(Link.keys)), example: "{rate: 100 Mbit/s, queue: 100}",
      "A port for each device, the last on its way (N10)."
    ).defaulting(to: "none: as fast as what comes").quiet
    Key(
      "receiver", \.receiver, .orNone(.section(ReceiverBuffer.keys)), example: "{rate: 300 Mbit/s, buffer: 256 KiB}",
      "A buffer that a device reads from, as slow as its disk or as small as the ring of its network card (N11)."
    ).defaulting(to: "none: what arrives is read at once").quiet
    Key(
      "turnaround", \.turnaround, .time(), example: "20 us",
      "How long a device takes from an arrival to its answer (N4).")
    Key(
      "group_join_delay", \.groupJoinDelay, .time(), example: "20 ms",
      """
      How long a device takes from the OACK that tells it of the group until it hears the group: its socket, its IGMP \
      report, and the switch that learns from it (N4). What is sent meanwhile is missing.
      """
    ).only(.rfc2090).quiet
    Key(
      "promotion", \.isPlain, Form<Bool>.onOff.map({ !$0 }, from: { !$0 }), example: "off",
      """
      Whether its devices know the option `promotion`. One that does not joins without it, sends no report, and waits \
      until it is elected (R14). In `pxe-mtftp`, which has no option, `off` means that it never promotes itself.
      """
    ).quiet
    Key("loss", \.downLoss, .loss, example: "{bernoulli: 1 %}", "Loss on the way from the server to a device (N5, N6).")
      .devices(\.count)
    Key(
      "upstream_loss", \.upLoss, .loss, example: "{bernoulli: 0.1 %}",
      "Loss on the way from a device to the server (N5, N6)."
    ).devices(\.count)
  }.checked { cohort, node, place in
    if cohort.downLoss.takesEverything {
      place.key("loss").warnAsGiven("takes every packet: no device of this cohort ever receives anything")
    }
    if cohort.upLoss.takesEverything {
      place.afterwards { draft in
        guard draft.network.strategy.listensToDevices else { return }
        place.key("upstream_loss").warnAsGiven("takes every packet: the server never hears a device of this cohort")
      }
    }
    let (absent, count) = (cohort.devicesThatLeave(beforeJoiningBy: .zero), cohort.count)
    if absent > 0 {
      let which =
        absent == count
        ? "any device of this cohort: none ever receives anything"
        : "\(UInt64(absent).grouped) of \(UInt64(count).grouped) devices, which never receive\(absent == 1 ? "s" : "") anything"
      place.key("leaves").warnAsGiven("is not after the join of \(which)")
    }
    return true
  }
}

extension Form where Value == [Cohort] {
  /// The cohorts of a scenario.
  static var cohorts: Form {
    .list(
      .section(Cohort.keys, expecting: "keys, like '- {name: desks, count: 500}'"),
      "a list of sections, each begun by '- '"
    ) { cohorts, places in
      var names = Set<String>()
      var devices = 0
      for (cohort, place) in zip(cohorts, places) {
        let (name, count) = (place.key("name"), place.key("count"))
        if !names.insert(cohort.name).inserted {
          name.error(
            place.reader.origin(of: name.path),
            "'\(cohort.name.excerpt)' is the name of an earlier cohort; give each its own")
        }
        devices += cohort.count
        if devices > ScenarioKeys.mostDevices, devices - cohort.count <= ScenarioKeys.mostDevices {
          let most = UInt64(ScenarioKeys.mostDevices).grouped
          count.error(
            place.reader.origin(of: count.path, "cohorts"),
            "makes \(UInt64(devices).grouped) devices in all; allowed: at most \(most)")
        }
      }
      places.first?.afterwards { draft in
        let ways = NetworkWays(draft.network)
        places[0].reader.checkAnswers(of: cohorts, at: places, draft.network, ways)
        places[0].reader.warnAboutSlowData(to: cohorts, at: places, draft.network, ways)
        for (cohort, place) in zip(cohorts, places) { place.checkBursts(of: cohort, draft.network, ways) }
      }
    }.limited(to: ScenarioKeys.mostCohorts, "cohorts")
  }
}

extension LossModel {
  /// Whether no packet ever passes.
  var takesEverything: Bool {
    switch self {
    case .bernoulli(p: .constant(1)): true
    case .gilbertElliott(_, _, k: .constant(0), h: .constant(0)): true
    // It begins in its stationary state, from which it never comes back.
    case .gilbertElliott(p: .constant(let p), r: .constant(0), _, h: .constant(0)): p > 0
    case .gilbertElliottInTime(_, _, .constant(1), .constant(1)): true
    case .bursts(.constant(1), _): true
    case .anyOf(let models): models.contains(where: \.takesEverything)
    case .runs(good: .constant(0), _): true
    default: false
    }
  }
}

extension StrategyName {
  /// Whether a device may miss the file because the server does not hear it: it must ask for it, or confirm what it got.
  var listensToDevices: Bool {
    switch self {
    case .promotion, .unicast, .rfc2090, .pxeMTFTP, .slices, .wds: true
    case .nack, .nackFEC, .carousel: false
    }
  }
}
