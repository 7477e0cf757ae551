import NetworkModel
import PromotionEngine

/// All keys of scenario files, each described once, in the order of the reference page.
public enum ScenarioKeys {
  /// The version of the format that this program reads and writes.
  static let formatVersion: UInt64 = 1
  /// The longest time that a scenario may name: 365 days.
  static let longestTime: UInt64 = 365 * 86_400_000_000_000
  /// The most devices of all cohorts together.
  static let mostDevices: UInt64 = 16_000_000

  /// Every key.
  public static let all: [ScenarioKey] =
    experiment + protocolKeys + promotion + server + cohort + limits + loss + join + leaves

  private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })
  private static let byParent = Dictionary(grouping: all, by: \.parent)

  /// The key of a path; a path that is not in the table is a mistake of the program.
  static func key(_ path: String) -> ScenarioKey {
    guard let key = byPath[path] else { preconditionFailure("no key '\(path)' in the table") }
    return key
  }

  /// The keys of a section, in order.
  static func keys(of section: String) -> [ScenarioKey] { byParent[section] ?? [] }

  /// The sections that a key of this name stands in, for a key in the wrong place.
  static func sections(withKey name: String) -> [String] { all.filter { $0.name == name }.map(\.parent) }

  static func time(_ lowest: UInt64) -> ScenarioKey.Form { .quantity(.time, lowest...longestTime) }

  private static let experiment: [ScenarioKey] = [
    ScenarioKey(
      "gapsim",
      .integer(1...formatVersion),
      default: .value("1"),
      example: "1",
      "The version of this file format."
    ),
    ScenarioKey(
      "name",
      .name,
      default: .described("the file's name without its extension"),
      example: "lab-boot",
      "The scenario's name, as it stands in every row of the results. At most 200 characters."
    ),
    ScenarioKey(
      "description",
      .text,
      default: .described("empty"),
      example: "A lab of 500 devices boots one image.",
      "What the scenario shows, for people. At most 10 000 characters."
    ),
    ScenarioKey(
      "seed",
      .integer(0...UInt64.max),
      default: .value("1"),
      example: "1",
      "The seed of all random numbers: the same scenario and seed give the same results, byte for byte."
    ),
    ScenarioKey(
      "replications",
      .integer(1...1_000_000),
      default: .value("10"),
      example: "10",
      "How many times the scenario is run, each time with other random numbers. Replication 7 is the same in a batch of"
        + " 10 or of 1000."
    ),
    ScenarioKey("file", .section, default: .required, example: "{size: 48 MiB}", "The boot image."),
    ScenarioKey(
      "file.size",
      .quantity(.size, 0...(1 << 48)),
      default: .required,
      example: "48 MiB",
      "The image's size. It divides into `size / blksize + 1` blocks, the last one short, possibly empty (RFC 1350)."
    ),
    ScenarioKey(
      "timeline",
      time(1_000),
      default: .nothing,
      example: "1 s",
      "The step of `timeline.csv`: how many devices are in each role, and how busy the uplink is. `none` writes no"
        + " timeline. The option `--timeline` sets it too."
    ),
  ]

  private static let protocolKeys: [ScenarioKey] = [
    ScenarioKey(
      "protocol",
      .section,
      default: .described("all defaults"),
      example: "{windowsize: 4}",
      "What the two ends agree on."
    ),
    ScenarioKey(
      "protocol.mode",
      .choice(MulticastMode.allCases.map(\.rawValue)),
      default: .value("rfc2090"),
      example: "rfc2090",
      "The multicast that is spoken: RFC 2090 with the promotion option (rules R1–R16), or the MTFTP of Intel's PXE 2.1"
        + " (R17–R20), which has no negotiation and no reports."
    ),
    ScenarioKey(
      "protocol.blksize",
      .quantity(.size, 8...65_464),
      default: .value("1428 B"),
      example: "1428 B",
      "Bytes of a full DATA block (RFC 2348)."
    ),
    ScenarioKey(
      "protocol.windowsize",
      .integer(1...65_535),
      default: .value("1"),
      example: "4",
      "Blocks that one ACK of the active device asks for (RFC 7440). `rfc2090` only: MTFTP sends one block per ACK."
    ),
    ScenarioKey(
      "protocol.block_numbers",
      .choice(["16", "32"]),
      default: .value("16"),
      example: "32",
      "Bits of a block number. A file of more than 65 535 blocks needs 32, or a larger `blksize` (R21). `rfc2090` only:"
        + " 32 bits are an option, and MTFTP negotiates none."
    ),
    ScenarioKey(
      "protocol.timeout",
      time(1_000),
      default: .value("1 s"),
      example: "1 s",
      "How long a packet that wants an answer waits before it is repeated."
    ),
    ScenarioKey(
      "protocol.retries",
      .integer(1...1000),
      default: .value("5"),
      example: "5",
      "How many times it is repeated after the first sending."
    ),
    ScenarioKey(
      "protocol.session_timeout",
      time(1_000),
      default: .value("6 s"),
      example: "6 s",
      "How long the server waits for a word of an active or smart device before it gives it up (R8, R13). At least"
        + " (`retries` + 1) × `timeout`."
    ),
    ScenarioKey(
      "protocol.group_timeout",
      time(1_000),
      default: .value("6.5 s"),
      example: "6.5 s",
      "How long a passive device hears nothing from the group before it checks itself (R9, R19). More than"
        + " `session_timeout`."
    ),
    ScenarioKey(
      "protocol.notice_copies",
      .integer(1...1000),
      default: .value("3"),
      example: "3",
      "How often the notice that a session has ended is sent (R9). `rfc2090` only."
    ),
    ScenarioKey(
      "protocol.notice_interval",
      time(0),
      default: .value("10 ms"),
      example: "10 ms",
      "The time between two copies of a notice (R9). `rfc2090` only."
    ),
    ScenarioKey(
      "protocol.active_order",
      .choice(ActiveOrder.allCases.map(\.rawValue)),
      default: .value("arrival"),
      example: "smallest_gap",
      "Which of the waiting devices drives the next session (R15): the first that registered, or the one with the"
        + " largest or smallest total gap or the most gaps. `rfc2090` only."
    ),
    ScenarioKey(
      "protocol.listen_delay",
      time(0),
      default: .value("2 s"),
      example: "2 s",
      "How long a joining device listens before it opens a session (R17). `pxe-mtftp` only."
    ),
    ScenarioKey(
      "protocol.reopen_delay",
      time(0),
      default: .value("2 s"),
      example: "2 s",
      "How long a device that had received everything would wait before it opens again; one that misses more waits less"
        + " (R20). `pxe-mtftp` only."
    ),
    ScenarioKey(
      "protocol.promotion",
      .section,
      default: .described("nobody is promoted"),
      example: "{threshold: 256 KiB}",
      "Who is promoted to a smart device, which fetches just its missing packets (R11–R14)."
    ),
  ]

  private static let promotion: [ScenarioKey] = [
    ScenarioKey(
      "protocol.promotion.threshold",
      .quantity(.size, 0...(1 << 48)),
      default: .value("0 B"),
      example: "256 KiB",
      "The pre-selected amount: a device is promoted when the bytes that it misses are fewer than this. 0 B promotes"
        + " nobody."
    ),
    ScenarioKey(
      "protocol.promotion.continuity",
      .integer(0...UInt64(UInt32.max)),
      default: .value("1"),
      example: "8",
      "How many received blocks may lie between two gaps of one chain."
    ),
    ScenarioKey(
      "protocol.promotion.max_gaps",
      .integer(1...UInt64(UInt32.max)),
      default: .nothing,
      example: "100",
      "The most gaps of a device that is promoted (R12). `rfc2090` only."
    ),
    ScenarioKey(
      "protocol.promotion.max_largest_gap",
      .integer(1...UInt64(UInt32.max)),
      default: .nothing,
      example: "64",
      "The largest gap, in blocks, of a device that is promoted (R12). `rfc2090` only."
    ),
    ScenarioKey(
      "protocol.promotion.max_chain",
      .integer(0...UInt64(UInt32.max)),
      default: .nothing,
      example: "10",
      "The most gaps in the longest chain of a device that is promoted (R12). `rfc2090` only."
    ),
    ScenarioKey(
      "protocol.promotion.max_smart",
      .integer(1...mostDevices),
      default: .nothing,
      example: "20",
      "How many devices may be smart at a time; the others queue (R13). `rfc2090` only."
    ),
    ScenarioKey(
      "protocol.promotion.smart_order",
      .choice(SmartOrder.allCases.map(\.rawValue)),
      default: .value("smallest_gap"),
      example: "fewest_gaps",
      "Which queued device gets a place that comes free (R13). `rfc2090` only."
    ),
    ScenarioKey(
      "protocol.promotion.smart_window",
      .integer(1...65_535),
      default: .value("1"),
      example: "8",
      "The most requests that a smart device has outstanding (R14)."
    ),
    ScenarioKey(
      "protocol.promotion.smart_listens",
      .flag,
      default: .value("true"),
      example: "true",
      "Whether a smart device goes on listening to the group (R14)."
    ),
    ScenarioKey(
      "protocol.promotion.report_window",
      time(0),
      default: .value("0 s"),
      example: "200 ms",
      "Gap reports are sent after a delay drawn uniformly from 0 to this, so that they do not all come at once (R10)."
        + " `rfc2090` only."
    ),
  ]

  private static let server: [ScenarioKey] = [
    ScenarioKey(
      "server",
      .section,
      default: .described("all defaults"),
      example: "{rate: 1 Gbit/s}",
      "The server and its uplink."
    ),
    ScenarioKey(
      "server.rate",
      .quantity(.rate, 1_000...100_000_000_000_000),
      default: .value("1 Gbit/s"),
      example: "1 Gbit/s",
      "The rate of the uplink that multicast and unicast share (N2)."
    ),
    ScenarioKey(
      "server.queue",
      .integer(1...1_000_000_000),
      default: .nothing,
      example: "1000",
      "The packets that may wait at the uplink; one that finds it full is lost for everyone (N2). `none` sets no limit."
    ),
    ScenarioKey(
      "server.service",
      time(0),
      default: .value("20 us"),
      example: "20 us",
      "How long the server takes from an arrival to its answer (N4)."
    ),
    ScenarioKey(
      "server.shared_loss",
      .loss,
      default: .nothing,
      example: "{bernoulli: 0.1 %}",
      "Loss of multicast before the fan-out: it takes a packet from every device at once (N5)."
    ),
  ]

  private static let cohort: [ScenarioKey] = [
    ScenarioKey(
      "cohorts",
      .sections,
      default: .required,
      example: "[{name: desks, count: 500}]",
      "Groups of devices that are alike. Devices are numbered from 1 through all cohorts in this order."
    ),
    ScenarioKey(
      "cohorts[].name",
      .name,
      default: .described("cohort-1, cohort-2, …"),
      example: "desks",
      "The cohort's name, as it stands in `devices.csv`; no two are the same."
    ),
    ScenarioKey(
      "cohorts[].count",
      .integer(1...mostDevices),
      default: .described("the length of a list in `join`, else 1"),
      example: "500",
      "How many devices it has. All cohorts together have at most 16 000 000."
    ),
    ScenarioKey(
      "cohorts[].join",
      .join,
      default: .value("0 s"),
      example: "{at: {uniform: {low: 0 s, high: 5 min}}}",
      "When its devices are switched on (N7)."
    ),
    ScenarioKey(
      "cohorts[].leaves",
      .leaves,
      default: .nothing,
      example: "[{device: 1, at: 5 s}]",
      "When its devices are switched off (N8)."
    ),
    ScenarioKey(
      "cohorts[].latency",
      .timeModel,
      default: .value("100 us"),
      example: "{lognormal: {median: 200 us, sigma: 0.5}}",
      "How long a packet takes from the uplink to a device, and back; drawn once per device (N3)."
    ),
    ScenarioKey(
      "cohorts[].jitter",
      .timeModel,
      default: .nothing,
      example: "{exponential: {mean: 20 us}}",
      "What comes on top of the latency, drawn per packet; packets never overtake each other (N3)."
    ),
    ScenarioKey(
      "cohorts[].turnaround",
      time(0),
      default: .value("20 us"),
      example: "20 us",
      "How long a device takes from an arrival to its answer (N4)."
    ),
    ScenarioKey(
      "cohorts[].loss",
      .loss,
      default: .nothing,
      example: "{bernoulli: 1 %}",
      "Loss on the way from the server to a device (N5, N6)."
    ),
    ScenarioKey(
      "cohorts[].upstream_loss",
      .loss,
      default: .nothing,
      example: "{bernoulli: 0.1 %}",
      "Loss on the way from a device to the server (N5, N6)."
    ),
  ]

  private static let limits: [ScenarioKey] = [
    ScenarioKey(
      "limits",
      .section,
      default: .described("all defaults"),
      example: "{time: 1 h}",
      "What ends a run that would not end by itself."
    ),
    ScenarioKey(
      "limits.time",
      time(1),
      default: .value("24 h"),
      example: "24 h",
      "The last instant that is simulated."
    ),
    ScenarioKey(
      "limits.events",
      .integer(1...1_000_000_000_000_000),
      default: .value("10_000_000_000"),
      example: "10_000_000_000",
      "The most events: packets offered to the uplink, packets that reach the server, unicast packets that reach a"
        + " device, and timers that come due."
    ),
  ]

  private static let loss: [ScenarioKey] = [
    ScenarioKey(
      "loss.bernoulli",
      .bernoulli,
      default: .described("not used"),
      example: "1 %",
      "Each packet is lost with one probability, whatever became of the others."
    ),
    ScenarioKey(
      "loss.bernoulli.p",
      .probabilityModel,
      default: .required,
      example: "{beta: {a: 2, b: 98}}",
      "The probability; a distribution is drawn from once per device and direction."
    ),
    ScenarioKey(
      "loss.gilbert_elliott",
      .section,
      default: .described("not used"),
      example: "{p: 0.1 %, r: 10 %, h: 50 %}",
      "Loss in bursts: a path is in a good or a bad state, steps once per packet and starts in its stationary state."
    ),
    ScenarioKey(
      "loss.gilbert_elliott.p",
      .probabilityModel,
      default: .required,
      example: "0.1 %",
      "From the good to the bad state."
    ),
    ScenarioKey(
      "loss.gilbert_elliott.r",
      .probabilityModel,
      default: .required,
      example: "10 %",
      "From the bad to the good state."
    ),
    ScenarioKey(
      "loss.gilbert_elliott.k",
      .probabilityModel,
      default: .value("1"),
      example: "99.9 %",
      "The probability that a packet gets through in the good state."
    ),
    ScenarioKey(
      "loss.gilbert_elliott.h",
      .probabilityModel,
      default: .value("0"),
      example: "50 %",
      "The probability that a packet gets through in the bad state."
    ),
    ScenarioKey(
      "loss.runs",
      .section,
      default: .described("not used"),
      example: "{good: {geometric: {p: 0.01}}, lost: 3}",
      "Runs of received and of lost packets in turn, the first one received."
    ),
    ScenarioKey(
      "loss.runs.good",
      .countModel,
      default: .required,
      example: "{geometric: {p: 0.01}}",
      "The packets of a received run."
    ),
    ScenarioKey("loss.runs.lost", .countModel, default: .required, example: "3", "The packets of a lost run."),
    ScenarioKey(
      "loss.trace",
      .trace,
      default: .described("not used"),
      example: "[[3, 17, 20-25], [4]]",
      "The lost packets by their number, counted from 1 on each path and direction: one list for all devices of the"
        + " cohort, a list for each, or the name of a file beside the scenario. A file has lines `device: 3 17 20-25`"
        + " (`all:` for every device) or CSV rows under the header `device,packet`; `#` begins a comment."
    ),
  ]

  private static let join: [ScenarioKey] = [
    ScenarioKey(
      "join.at",
      .timeModel,
      default: .value("0 s"),
      example: "{uniform: {low: 0 s, high: 5 min}}",
      "Each device joins at a time of its own draw; beside `every`, the fixed time from which the first one is counted."
    ),
    ScenarioKey(
      "join.every",
      .timeModel,
      default: .described("not used"),
      example: "{exponential: {mean: 2 s}}",
      "The devices join one after the other, this far apart, the first one this long after `at`."
    ),
  ]

  private static let leaves: [ScenarioKey] = [
    ScenarioKey(
      "leaves.at",
      .timeModel,
      default: .required,
      example: "5 s",
      "Every device is switched off at a time of its own draw."
    ),
    ScenarioKey(
      "leaves[].device",
      .integer(1...mostDevices),
      default: .required,
      example: "1",
      "A device by its number within the cohort, from 1."
    ),
    ScenarioKey("leaves[].at", time(0), default: .required, example: "5 s", "When this device is switched off."),
  ]
}
