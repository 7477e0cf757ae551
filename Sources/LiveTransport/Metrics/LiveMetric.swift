/// The metrics of `gapcast serve`, by their names. Units stand in the names, as Prometheus wants it.
package enum LiveMetric: String, CaseIterable, Sendable {
  case info = "gapcast_info"
  case requests = "gapcast_requests_total"
  case refusals = "gapcast_refusals_total"
  case strays = "gapcast_strays_total"
  case groups = "gapcast_groups"
  case devices = "gapcast_devices"
  case transfers = "gapcast_transfers"
  case transfersEnded = "gapcast_transfers_ended_total"
  case sessions = "gapcast_sessions_total"
  case promotions = "gapcast_promotions_total"
  case dataPackets = "gapcast_data_packets_total"
  case dataBytes = "gapcast_data_bytes_total"
  case gapBytes = "gapcast_gap_bytes"
  case completion = "gapcast_completion_seconds"

  /// How a metric is counted.
  enum Kind: Hashable, Sendable {
    case counter, gauge
    /// How many values are at most each of these.
    case histogram([Double])

    var word: String {
      switch self {
      case .counter: "counter"
      case .gauge: "gauge"
      case .histogram: "histogram"
      }
    }

    var bounds: [Double] { if case .histogram(let bounds) = self { bounds } else { [] } }
  }

  /// How it is counted.
  var kind: Kind {
    switch self {
    case .info, .groups, .devices, .transfers: .gauge
    case .gapBytes: .histogram((0...10).map { Double(1 << (10 + 2 * $0)) })
    case .completion: .histogram([0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
    case .requests, .refusals, .strays, .transfersEnded, .sessions, .promotions, .dataPackets, .dataBytes: .counter
    }
  }

  /// The labels of its series.
  package var labels: [String] {
    switch self {
    case .info: ["version"]
    case .requests: ["way"]
    case .refusals: ["code"]
    case .groups, .transfers, .strays: []
    case .devices: ["group", "role"]
    case .transfersEnded: ["ended"]
    case .sessions: ["group", "ended"]
    case .promotions, .gapBytes, .completion: ["group"]
    case .dataPackets, .dataBytes: ["group", "kind"]
    }
  }

  /// What it says, in a line.
  package var help: String {
    switch self {
    case .info: "1, with the version of the program"
    case .requests: "clients that got what they asked for, by promotion, rfc2090, mtftp or tftp"
    case .refusals: "requests that were answered with ERROR, by its code"
    case .strays: "packets that belong to nothing, or are none"
    case .groups: "groups that have devices"
    case .devices: "devices of a group by their role"
    case .transfers: "plain transfers under way"
    case .transfersEnded: "plain transfers that ended, complete or not"
    case .sessions: "multicast sessions that ended"
    case .promotions: "devices that were promoted to smart"
    case .dataPackets:
      "DATA that was sent to the group (multicast), to one of its devices (unicast), or without a group (tftp)"
    case .dataBytes: "the payload of that DATA, in bytes"
    case .gapBytes: "the total gap that a device reported, in bytes"
    case .completion: "from a device's request until its last ACK, in seconds"
    }
  }
}
