import ArgumentParser
import Experiments
import Network
import PromotionRun
import Quantities
import Results
import Scenarios
import Runs

extension CapturePoint: ExpressibleByArgument {}

/// `--pcap`: the packets of a replication in a file beside the results.
struct CaptureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the packets of one replication too, in the format pcapng; '-' for the standard output.", valueName: "file"),
    completion: .file(extensions: ["pcapng"]))
  var pcap: String?

  @Option(
    help: ArgumentHelp(
      "Where packets are captured: server, device:17, or group. (default: server)", valueName: "place"))
  var pcapAt: CapturePoint?

  @Option(
    help: ArgumentHelp("The replication whose packets are captured, from 1. (default: 1)", valueName: "number"))
  var pcapReplication: Int?

  func validate() throws {
    if pcap == "" { throw ValidationError("--pcap '': names no file") }
    if pcap == nil, pcapAt != nil || pcapReplication != nil {
      throw ValidationError("--pcap-at and --pcap-replication are for --pcap FILE")
    }
    if let pcapReplication, pcapReplication < 1 {
      throw ValidationError("--pcap-replication \(pcapReplication): at least 1")
    }
  }

  /// Whether the standard output is the capture's.
  var isPrinted: Bool { pcap == "-" }

  /// Runs the replication once more, and captures its packets, if that is asked for.
  ///
  /// - Returns: what was captured, for a person.
  func capture(_ scenario: Scenario, delivery: Delivery) throws -> String? {
    guard let pcap else { return nil }
    let strategy = scenario.network.strategy
    guard strategy.isOfPromotionEngine else {
      Failure.say(
        "error: --pcap: packets are captured of the promotion protocol's engine only (promotion, rfc2090, pxe-mtftp), and "
          + "protocol.strategy is \(strategy.rawValue); leave --pcap away, or choose one of these")
      throw Failure.usage
    }
    let (point, replication) = (pcapAt ?? .server, pcapReplication ?? 1)
    if case .device(let device) = point, device > scenario.devices {
      Failure.say("error: --pcap-at \(point): the scenario has devices 1 to \(scenario.devices)")
      throw Failure.usage
    }
    guard replication <= scenario.replications else {
      Failure.say(
        "error: --pcap-replication \(replication): "
          + (scenario.replications == 1 ? "there is 1 replication" : "replications are 1 to \(scenario.replications)"))
      throw Failure.usage
    }
    var run = CapturedRun(
      scenario.network, seed: scenario.seed, replication: replication, delivery: delivery, at: point,
      title: scenario.name)
    if isPrinted {
      _ = try run.write(to: StandardOutput.write)
    } else {
      _ = try StreamedFile.write(pcap) { append in try run.write(to: append) }
    }
    return "captured at \(point): \(HumanUnits.plural(Int(run.packets), "packet")) of replication \(replication)"
      + (scenario.replications > 1 ? " of \(scenario.replications)" : "") + ", in \(pcap)"
  }
}
