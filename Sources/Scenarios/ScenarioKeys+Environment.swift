extension ScenarioKeys {
  /// Whether a key is of the environment: what the protocol meets and nobody who sets it up can choose.
  ///
  /// The boot image, the devices with all that belongs to them (their number, joins and leaves, paths and losses) and the
  /// server's line are as they are. The protocol's settings are chosen, and so is the length of the server's queue. Where
  /// both are varied, a choice is made for each value of the environment: a smaller loss is no recommendation.
  /// - Parameter path: a key's path, as `--vary` takes it.
  package static func isEnvironment(_ path: String) -> Bool {
    !(path.hasPrefix("protocol.") || path == "server.queue" || path == "protocol")
  }
}
