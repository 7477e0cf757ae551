import ArgumentParser
import BootService
import Glibc
import LiveRecords
import LiveTransport
import Logging
import Metrics
import NIOPosix
import Quantities
import Results
import Scenarios
import Timebase

/// What a server leaves behind, and what it shows while it runs.
struct ServeOutputs: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the results of each group into a directory of their own below this one; 'gapcast gather' joins them with the "
        + "devices'.", valueName: "dir"), completion: .directory)
  var results: String?

  @Option(
    help: ArgumentHelp(
      "Show live figures to Prometheus at /metrics: a port of this machine alone, or an address with a port.",
      valueName: "addr:port"))
  var metrics: String?

  /// Where metrics are shown; nil if nowhere.
  func metricsEndpoint() throws -> Endpoint? {
    guard let metrics else { return nil }
    if let port = UInt16(metrics) { return Endpoint(host: HostAddress(127, 0, 0, 1), port: port) }
    guard let endpoint = Endpoint(metrics) else {
      throw ValidationError(
        "--metrics '\(metrics.printable)' is no port like 9469, and no address with a port like 127.0.0.1:9469")
    }
    return endpoint
  }
}

/// The observers of a server: its log, its metrics, its records.
final class ServeObservers: Sendable {
  private let lines: ServerLog
  private let metrics: (counts: ServerMetrics, endpoint: MetricsEndpoint)?
  private let records: ServerRecords?

  /// Begins to show and to record what is asked for.
  init(
    _ outputs: ServeOutputs, _ configuration: LiveServerConfiguration, scenario: Scenario?, log: Logger
  ) throws {
    lines = ServerLog(log)
    metrics = try outputs.metricsEndpoint().map { endpoint in
      let registry = PrometheusRegistry()
      MetricsSystem.bootstrap(registry)
      let shown = try MetricsEndpoint.start(
        at: endpoint, on: MultiThreadedEventLoopGroup.singleton, text: { registry.text })
      log.info("metrics", metadata: ["address": "http://\(endpoint)/metrics"])
      return (ServerMetrics(registry, version: Program.version), shown)
    }
    records = try outputs.results.map { directory in
      try Workspace.makeDirectory(directory)
      if let user = configuration.user { try Privileges.give(directory, to: user) }
      return ServerRecords(
        in: directory, scenario: scenario, parameters: configuration.service.parameters, rate: configuration.rate,
        server: configuration.listen, log: log)
    }
  }

  /// Takes what happens at the server.
  func note(_ event: ServerEvent, at now: Nanoseconds) {
    lines.tell(event, at: now)
    metrics?.counts.note(event, at: now)
    records?.note(event, at: now)
  }

  /// Whether records can be written, by the user that the server is by now.
  func check(_ outputs: ServeOutputs, _ configuration: LiveServerConfiguration) throws {
    guard let directory = outputs.results, access(directory, W_OK | X_OK) != 0 else { return }
    let user = configuration.user.map { "the user '\($0)'" } ?? "this user"
    Complaint.say(
      "error: \(user) may not write into \(directory.printable): give it to it by chown, or name another with --user")
    throw Complaint.cannotCreate
  }

  /// The server has stopped.
  func finish(at now: Nanoseconds) {
    metrics?.endpoint.stop()
    records?.finish(saying: "the server was stopped", at: now)
  }
}
