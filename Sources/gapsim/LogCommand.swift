import ArgumentParser
import Comparison
import FoundationEssentials
import Presentation
import Quantities
import Results
import Scenarios
import Timebase

/// `gapsim log`: a run's events as text.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Write the events of one replication as text, one line each.",
    discussion: """
      'gapsim diff' compares such a log with a run of another version of the program. Every packet at every device is \
      a line, so make the file small, for example by --set 'file.size=…'. With --device, --from, --until or --roles a part \
      of the events is written; they keep their numbers, the log says what it is, and 'diff' does not take it.

      Examples:
        gapsim log Scenarios/trace-driven.yaml | head -40
        gapsim log Results/lab-boot --replication 3 -o lab-boot.log
        gapsim log Results/lab-boot --device 3,17 --from '1 s' --until '1.5 s'
        gapsim log Results/lab-boot --roles
      """)

  @Argument(help: "A scenario file, or a directory of results, whose scenario is run again.", completion: .file())
  var source: String

  @Option(help: "The replication, from 1.")
  var replication = 1

  @Option(help: pointHelp)
  var point: Int?

  @Option(
    name: [.short, .long], help: "The file to write; '-' for the standard output. (default: the standard output)",
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Replace a value of the scenario; may be repeated.", valueName: "key.path=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp("Only the events of these devices: a list like 3,17; may be repeated.", valueName: "devices"))
  var device: [DeviceList] = []

  @Option(help: ArgumentHelp("Only events from this instant on, such as '1.5 s'.", valueName: "time"))
  var from: Instant?

  @Option(help: ArgumentHelp("Only events up to this instant; the run ends there.", valueName: "time"))
  var until: Instant?

  @Flag(help: "Only events that change a device's role.")
  var roles = false

  func validate() throws {
    if output == "" { throw ValidationError("--output '': names no file") }
    if replication < 1 { throw ValidationError("--replication \(replication): at least 1") }
    if let from, let until, until.time < from.time {
      throw ValidationError("--until \(until.time.seconds) s: it is before --from \(from.time.seconds) s")
    }
  }

  func run() throws {
    try Failure.ofRerun(source) {
      let scenario = try scenarioToRun(source, overrides: set, point: point, replication: replication)
      let filter = EventFilter(
        devices: device.flatMap(\.devices), from: from?.time, until: until?.time, rolesAlone: roles)
      if let missing = filter.devices.first(where: { $0 > scenario.devices }) {
        Failure.say("error: --device \(missing): the scenario has devices 1 to \(scenario.devices)")
        throw Failure.usage
      }
      if let output, output != "-" {
        try OutputFileKind.eventLog.check(output)
        try EventLog.write(
          scenario, replication: replication, filter: filter, progress: EventCounter().update, toFile: output)
      } else {
        try EventLog.write(scenario, replication: replication, filter: filter, to: StandardOutput.write)
      }
    }
  }
}

/// Devices by their numbers, with commas between them.
struct DeviceList: ExpressibleByArgument {
  let devices: [UInt32]

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { UInt32($0) ?? 0 }
    guard numbers.allSatisfy({ $0 > 0 }) else { return nil }
    devices = numbers
  }
}

/// A time with its unit.
struct Instant: ExpressibleByArgument {
  let time: Nanoseconds

  init?(argument: String) {
    guard case .success(let count) = Quantity.time.parse(argument), let count = Int64(exactly: count) else {
      return nil
    }
    time = Nanoseconds(count)
  }
}

/// What `--point` is for.
let pointHelp: ArgumentHelp = "The point of a sweep or a race, as points.csv numbers it."

/// The scenario at a path, to be run again. On the standard error it says which part of a sweep or a tuning that is, and that
/// a plain run does not have the replication.
func scenarioToRun(_ source: String, overrides: [String], point: Int?, replication: Int) throws -> Scenario {
  let (scenario, notes) = try EventOperand.scenarioToRun(
    source, overrides: overrides, point: point, replication: replication)
  for note in notes { Failure.say("note: \(note)") }
  return scenario
}

extension Failure {
  /// Does what runs a scenario again, and gives the exit code of what it throws.
  static func ofRerun(_ source: String, _ body: () throws -> Void) throws {
    do { try body() } catch let error as ComparisonError {
      say("error: \(error)")
      throw FileManager.default.fileExists(atPath: source) ? dataError : noInput
    } catch let error as ScenarioError {
      say(error)
      throw dataError
    } catch {
      throw code(saying: error)
    }
  }
}
