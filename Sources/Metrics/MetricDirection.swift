/// Which way a metric gets worse.
enum MetricDirection: String, Hashable, Sendable {
  case largerIsWorse = "larger is worse"
  case smallerIsWorse = "smaller is worse"
  /// Neither way is worse: a difference is a change.
  case neutral

  /// The direction of a numeric column of `runs.csv`.
  ///
  /// Time to completion, bytes on the uplink and devices that end without the file are what somebody pays. Sessions, packets of one kind,
  /// promotions and gaps are how that came about: more of one is often less of another.
  static func of(_ metric: String) -> MetricDirection {
    switch metric {
    case "failed_devices", "left_devices", "abandoned_sessions", "server_bytes", "makespan_s", "completion_mean_s",
      "completion_p50_s",
      "completion_p95_s", "completion_p99_s":
      .largerIsWorse
    case "completed_devices": .smallerIsWorse
    default: .neutral
    }
  }
}
