import ArgumentParser
import Comparison
import Experiments
import FoundationEssentials
import Network
import Presentation
import PromotionRun
import Scenarios
import Runs

/// `gapsim explain`: what happened to a device, and why.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell what happened to a device, and why; or name the slowest and the failed devices.",
    discussion: """
      Runs one replication again and follows the device: its roles, what it waited for and how long, what it missed and \
      why, what it got of each session, why it was promoted or not, its repeats and timeouts. What it waited for adds up \
      to the time of its end, to the nanosecond. Without --device a line each tells of the slowest and the failed devices.

      Live runs, of 'gapcast gather', cannot be run again: of them it tells what the server and the devices wrote down.

      Examples:
        gapsim explain Results/lab-boot
        gapsim explain Results/lab-boot --device 17 --replication 3
        gapsim explain Scenarios/late-joiners.yaml --device 41 --set 'protocol.promotion.threshold=64 KiB'
        gapsim explain Results/lab-boot-sweep --point 3 --device 17
        gapsim explain Results/lab-boot --device 17 --json | jq '.parts[] | select(.activity == "session")'
      """)

  @Argument(help: "A scenario file, or a directory of results, whose scenario is run again.", completion: .file())
  var source: String

  @Option(help: "The device, from 1.")
  var device: UInt32?

  @Option(help: "The replication, from 1.")
  var replication = 1

  @Option(help: pointHelp)
  var point: Int?

  @Option(help: ArgumentHelp("Replace a value of the scenario; may be repeated.", valueName: "key.path=value"))
  var set: [String] = []

  @Flag(help: "Deliver every packet to every device as an event: slower, the same story.")
  var packetByPacket = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if replication < 1 { throw ValidationError("--replication \(replication): at least 1") }
    if device == 0 { throw ValidationError("--device 0: at least 1") }
  }

  func run() throws {
    try Failure.ofRerun(source) {
      if let recorded = try RecordedRun(at: source, replication: replication) { return try tell(recorded) }
      let scenario = try scenarioToRun(source, overrides: set, point: point, replication: replication)
      let delivery: Delivery = packetByPacket ? .packetByPacket : .byRuns
      if let device {
        try explain(device, in: scenario, delivery: delivery)
      } else {
        let run = try ExplainedRun(of: scenario, replication: replication, delivery: delivery)
        if json { printJSON(try run.json) } else { print(run.text, terminator: "") }
      }
    }
  }

  /// What live runs wrote down.
  private func tell(_ run: RecordedRun) throws {
    if !self.set.isEmpty { throw ComparisonError("\(source) holds live runs: there is nothing to run with --set") }
    if json { throw ComparisonError("\(source) holds live runs: devices.csv and events.csv have what --json would") }
    if point != nil { throw ComparisonError("\(source) holds live runs, and has no points") }
    guard let device else { return print(run.text, terminator: "") }
    guard let story = try run.story(of: Int(device)) else {
      Failure.say("error: --device \(device): replication \(replication) has devices 1 to \(run.devices)")
      throw Failure.usage
    }
    print(story, terminator: "")
  }

  private func explain(_ device: UInt32, in scenario: Scenario, delivery: Delivery) throws {
    guard device <= scenario.devices else {
      Failure.say("error: --device \(device): the scenario has devices 1 to \(scenario.devices)")
      throw Failure.usage
    }
    let stories = try DeviceStory.stories(
      of: [device], in: scenario.network, seed: scenario.seed, replication: replication, delivery: delivery)
    for story in stories {
      let explained = ExplainedDevice(story, in: scenario, replication: replication)
      if json { printJSON(try explained.json) } else { print(explained.text, terminator: "") }
    }
  }
}
