import ArgumentParser
import Comparison
import FoundationEssentials
import Presentation
import Scenarios

/// `gapsim log`: a run's events as text.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Write the events of one replication as text, one line each.",
    discussion: """
      'gapsim diff' compares such a log with a run of another version of the program. Every packet at every device is \
      a line, so make the file small, for example by --set 'file.size=…'.

      Examples:
        gapsim log Scenarios/trace-driven.yaml | head -40
        gapsim log Results/lab-boot --replication 3 -o lab-boot.log
      """)

  @Argument(help: "A scenario file, or a directory of results, whose scenario is run again.", completion: .file())
  var source: String

  @Option(help: "The replication, from 1.")
  var replication = 1

  @Option(name: [.short, .long], help: "The file to write. (default: the standard output)", completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Replace a value of the scenario; may be repeated.", valueName: "key.path=value"))
  var set: [String] = []

  func validate() throws {
    if replication < 1 { throw ValidationError("--replication \(replication): at least 1") }
  }

  func run() throws {
    do {
      let operand = try EventOperand(source, overrides: set)
      guard case .scenario(let scenario, _) = operand else {
        throw ComparisonError("\(source) is a log already")
      }
      if let output {
        try EventLog.write(scenario, replication: replication, progress: EventCounter().update, toFile: output)
      } else {
        try EventLog.write(scenario, replication: replication, to: StandardOutput.write)
      }
    } catch let error as ComparisonError {
      Failure.say("error: \(error)")
      throw FileManager.default.fileExists(atPath: source) ? Failure.dataError : Failure.noInput
    } catch let error as ScenarioError {
      Failure.say(error)
      throw Failure.dataError
    } catch {
      throw Failure.code(saying: error)
    }
  }
}
