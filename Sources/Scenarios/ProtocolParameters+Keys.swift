import BlockTransfer
import PromotionEngine
import Runs

extension SimulationConfiguration {
  /// The keys of the protocol.
  static let protocolKeys = Section(ScenarioDraft().network) {
    Key(
      "strategy", \.strategy, .choice(), example: "unicast",
      """
      How the file gets to the devices: by the promotion protocol, or by what people use instead of it. Keys that a \
      strategy has no use for change nothing, so that one scenario serves all of them.
      """
    ).quiet
    Key(
      "mode", \.parameters.mode, .choice(), example: "rfc2090",
      """
      The multicast that is spoken: RFC 2090 with the promotion option (rules R1–R16), or the MTFTP of Intel's PXE 2.1 \
      (R17–R20), which has no negotiation and no reports.
      """)
    Key(
      "blksize", \.parameters.blockSize, .size(8...65_464), example: "1428 B", "Bytes of a full DATA block (RFC 2348).")
    Key(
      "windowsize", \.parameters.windowSize, .integer(1...65_535), example: "4",
      "Blocks that one ACK of the active device asks for (RFC 7440)."
    ).only(.rfc2090, because: "MTFTP sends one block per ACK")
    Key(
      "block_numbers", \.parameters.wideBlockNumbers, .words([("16", false), ("32", true)]), example: "32",
      """
      Bits of a block number. A file of more than 65 535 blocks needs 32, or a larger `blksize` (R21). `rfc2090` only: \
      32 bits are an option, and MTFTP negotiates none. Strategies whose devices take blocks in order, or that have a \
      header of their own, need nothing.
      """)
    Key(
      "timeout", \.parameters.timeout, .time(from: .microseconds(1)), example: "1 s",
      """
      How long a packet that wants an answer waits before it is repeated. (`retries` + 1) × `timeout`, or with a \
      `backoff` the sum of the timeouts, must be more than 2 × (`latency` + `jitter`) + `turnaround` of any cohort, and \
      (but for `nack`, `nack_fec` and `carousel`) also with the server's `service` in place of `turnaround`, or no answer \
      would ever come in time. Of what is drawn the least value counts.
      """)
    Key(
      "backoff", \.parameters.backoff, .integer(1...8), example: "2",
      """
      Multiplies the timeout of a request with each repeat (R24): with 2 and a `timeout` of 1 s the repeats come after \
      1 s, 2 s, 4 s and so on. An answer puts the timeout back.
      """
    ).quiet
    Key(
      "max_timeout", \.parameters.maxTimeout, .time(from: .microseconds(1)), example: "8 s",
      "The longest that a timeout grows by `backoff` (R24); at least `timeout`."
    ).quiet
    Key(
      "retries", \.parameters.retries, .integer(1...1000), example: "5",
      "How many times it is repeated after the first sending.")
    Key(
      "session_timeout", \.parameters.sessionTimeout, .time(from: .microseconds(1)), example: "6 s",
      """
      How long the server waits for a word of an active or smart device before it gives it up (R8, R13). At least \
      (`retries` + 1) × `timeout`, or with a `backoff` the sum of the timeouts (R24).
      """)
    Key(
      "group_timeout", \.parameters.groupTimeout, .time(from: .microseconds(1)), example: "6.5 s",
      """
      How long a passive device hears nothing from the group before it checks itself (R9, R19). More than \
      `session_timeout`.
      """)
    Key(
      "notice_copies", \.parameters.noticeCopies, .integer(1...1000), example: "3",
      "How often the notice that a session has ended is sent (R9)."
    ).only(.rfc2090)
    Key(
      "notice_interval", \.parameters.noticeInterval, .time(), example: "10 ms",
      "The time between two copies of a notice (R9)."
    ).only(.rfc2090)
    Key(
      "start", \.parameters.start, .orNone(.section(StartRule.keys)), example: "{devices: 20, within: 2 min}",
      """
      What the first session waits for (R22), as an imaging server lets its clients gather. Every device is passive \
      until then; in `pxe-mtftp` its opens are not answered.
      """
    ).defaulting(to: "the first device that registers drives it at once")
    Key(
      "hand_over", \.parameters.handOver, .orNone(.section(HandOverRule.keys)),
      example: "{repeats: 25 %, window: 1000 blocks}",
      """
      When an active device that loses much must let another one drive (R23): it is passive again, and last in the \
      order of registration.
      """
    ).only(.rfc2090).defaulting(to: "never")
    Key(
      "active_order", \.parameters.activeOrder, .choice(), example: "largest_gap",
      """
      Which of the waiting devices drives the next session (R15): the first that registered, or the one with the \
      largest or smallest total gap or the most gaps.
      """
    ).only(.rfc2090)
    Key(
      "listen_delay", \.parameters.listenDelay, .time(), example: "2 s",
      "How long a joining device listens before it opens a session (R17)."
    ).only(.pxeMTFTP)
    Key(
      "reopen_delay", \.parameters.reopenDelay, .time(), example: "2 s",
      """
      How long a device that had received everything would wait before it opens again; one that misses more waits less \
      (R20).
      """
    ).only(.pxeMTFTP)
    Key(
      "promotion", \.parameters.promotion, PromotionParameters.keys, example: "{threshold: 256 KiB}",
      "Who is promoted to a smart device, which fetches just its missing packets (R11–R14)."
    ).defaulting(to: "nobody is promoted")
    Key(
      "slice", \.rivals.slice, .blocks(1...1024), example: "112 blocks",
      "Blocks that `slices` sends before it asks every device what it misses of them."
    ).quiet
    Key(
      "pace", \.rivals.pace, .orNone(.rate(1_000...100_000_000_000_000)), example: "200 Mbit/s",
      """
      How fast `slices`, `nack`, `nack_fec` and `carousel` send, counted on the wire (N1). `none` is as fast as the \
      slowest port on the way to a device, and the slowest device: a queue that overflows in each round can drop the \
      same blocks in each.
      """
    ).quiet
    Key(
      "report_window", \.rivals.reportWindow, .time(), example: "100 ms",
      """
      `nack` and `nack_fec` report what is missing after a delay drawn uniformly from 0 to this, so that not all \
      reports come at once.
      """
    ).quiet
    Key(
      "group", \.rivals.group, .blocks(1...1024), example: "20 blocks",
      "Blocks of a group of the erasure code of `nack_fec`: any parity packet mends any loss of its group."
    ).quiet
    Key(
      "slow", \.rivals.slow, .orNone(.section(SlowRule.keys)), example: "{share: 50 %, to: unicast}",
      "Which devices of `wds` are too slow for the group and get the file by unicast; `none` lets them stay."
    ).quiet
  }
}

extension SlowRule {
  /// The keys of the rule for slow devices.
  static let keys = Section(SlowRule()) {
    Key(
      "share", \.sharePerBillion,
      Form<Double>.probability.map({ UInt64(($0 * 1e9).rounded()) }, from: { Double($0) / 1e9 }), example: "50 %",
      "The share of the master's rate below which a device is slow.")
    Key("to", \.way, .choice(), example: "unicast", "How a slow device gets the file.")
  }
}

extension StartRule {
  /// The keys of the start rule.
  static let keys = Section(StartRule()) {
    Key(
      "devices", \.devices, .integer(1...ScenarioKeys.mostDevices), example: "20",
      "How many devices must be registered. More than all devices need `within`."
    ).required
    Key(
      "within", \.within, .orNone(.time()), example: "2 min",
      "How long the first device that registers waits at most, however many there are."
    )
  }
}

extension HandOverRule {
  /// The keys of handing over.
  static let keys = Section(HandOverRule()) {
    Key(
      "repeats", \.repeatsPerBillion,
      Form<Double>.probability.map({ UInt64(($0 * 1e9).rounded()) }, from: { Double($0) / 1e9 }), example: "25 %",
      "The share of blocks sent again among the session's last DATA that must be exceeded; 100 % never is.")
    Key(
      "window", \.window, .blocks(1...10_000_000), example: "1000 blocks",
      "Of how many DATA, the last ones of the session. Before it has sent so many, no session is handed over.")
  }
}

extension PromotionParameters {
  /// The keys of the promotion.
  static let keys = Section(PromotionParameters()) {
    Key(
      "threshold", \.threshold, .size(0...(1 << 48)), example: "256 KiB",
      """
      The pre-selected amount: a device is promoted when the bytes that it misses are fewer than this. 0 B promotes \
      nobody.
      """)
    Key(
      "continuity", \.continuity, .integer(0...UInt32.max), example: "8",
      "How many received blocks may lie between two gaps of one chain.")
    Key(
      "max_gaps", \.maxGaps, .orNone(.integer(1...UInt32.max)), example: "100",
      "The most gaps of a device that is promoted (R12)."
    ).only(.rfc2090)
    Key(
      "max_largest_gap", \.maxLargestGap, .orNone(.integer(1...UInt32.max)), example: "64",
      "The largest gap, in blocks, of a device that is promoted (R12)."
    ).only(.rfc2090)
    Key(
      "max_chain", \.maxChain, .orNone(.integer(0...UInt32.max)), example: "10",
      "The most gaps in the longest chain of a device that is promoted (R12)."
    ).only(.rfc2090)
    Key(
      "max_smart", \.maxSmart, .orNone(.integer(1...ScenarioKeys.mostDevices)), example: "20",
      "How many devices may be smart at a time; the others queue (R13)."
    ).only(.rfc2090)
    Key(
      "smart_order", \.smartOrder, .choice(), example: "fewest_gaps",
      "Which queued device gets a place that comes free (R13)."
    ).only(.rfc2090)
    Key(
      "smart_window", \.smartWindow, .integer(1...65_535), example: "8",
      "The most requests that a smart device has outstanding (R14).")
    Key(
      "smart_listens", \.smartListens, .flag, example: "true",
      "Whether a smart device goes on listening to the group (R14).")
    Key(
      "report_window", \.reportWindow, .time(), example: "200 ms",
      """
      Gap reports are sent after a delay drawn uniformly from 0 to this, so that they do not all come at once (R10).
      """
    ).only(.rfc2090)
  }
}
