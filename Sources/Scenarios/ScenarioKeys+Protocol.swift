import PromotionEngine

/// The keys of the protocol and of the promotion.
extension ScenarioKeys {
  static let protocolKeys: [ScenarioKey] = [
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
      "How long a packet that wants an answer waits before it is repeated. (`retries` + 1) × `timeout` must be more than"
        + " 2 × `latency` + `turnaround` of any cohort whose latency is not drawn, or no answer would ever come in time."
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

  static let promotion: [ScenarioKey] = [
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
}
