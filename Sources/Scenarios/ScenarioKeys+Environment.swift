extension ScenarioKeys {
  /// Whether a key belongs to the environment, which the user of the protocol cannot choose.
  ///
  /// The boot image, the devices with their number, joins, leaves, paths and losses, and the server's line are given.
  /// The protocol's settings are chosen, and so is the length of the server's queue. If both are varied, a choice is
  /// made for each value of the environment, because a smaller loss is no recommendation.
  /// - Parameter path: a key's path, as in `--vary`.
  package static func isEnvironment(_ path: String) -> Bool {
    !(path.hasPrefix("protocol.") || path == "server.queue" || path == "protocol")
  }
}
