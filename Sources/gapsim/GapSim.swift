import ArgumentParser
import Glibc
import Results
import Scenarios

@main
struct GapSim: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gapsim",
    abstract: "Simulates the promotion protocol: one boot image to hundreds of devices by multicast TFTP.",
    discussion: """
      A scenario file describes the network, the devices and the protocol; the same scenario and seed give the same bytes.

      Examples:
        gapsim init my-lab.yaml            write a commented scenario to start from
        gapsim validate my-lab.yaml        check it without running it
        gapsim run my-lab.yaml             run it, with the results in Results/my-lab
        gapsim sweep my-lab.yaml --vary protocol.promotion.threshold=0,64KiB..1MiB:log2
        gapsim tune my-lab.yaml            find its best threshold
        gapsim race my-lab.yaml            is promotion worth it, against what people use today?
        gapsim export Results/my-lab --sqlite my-lab.sqlite   its tables as a database
        gapsim compare Results/my-lab Results/try   what got worse or better

      Exit codes: 0 done; 1 results are worse, different, or not as expected; 2 they cannot be compared; 64 wrong \
      usage; 65 wrong scenario, or one that takes more memory than is allowed; 66 a file is missing; 69 a program that \
      is needed, such as gnuplot, is missing; 70 the simulator contradicts itself; 73 or 74 results cannot be written; 75 results are written, but a \
      limit ended a run.
      """,
    version: Program.version,
    subcommands: [
      InitCommand.self, ValidateCommand.self, RunCommand.self, SweepCommand.self, MergeCommand.self, TuneCommand.self,
      RaceCommand.self, PlotCommand.self, ReportCommand.self, ExportCommand.self, CompareCommand.self, DiffCommand.self,
      LogCommand.self,
      ExplainCommand.self,
      FitCommand.self,
      SchemaCommand.self, ColumnsCommand.self,
    ])

  static func main() async {
    StandardOutput.occupyClosedStreams()
    StandardOutput.checkAtExit()
    if let complaint = wrongCommand(in: CommandLine.arguments.dropFirst()) {
      Failure.say(complaint)
      Glibc.exit(ExitCode.validationFailure.rawValue)
    }
    await main(DesignOptions.joining(Array(CommandLine.arguments.dropFirst())))
  }

  /// The message for an unknown command. The parser would take it for an argument, and `help` of it for help on the
  /// program.
  static func wrongCommand(in arguments: ArraySlice<String>) -> String? {
    let isHelp = arguments.first == "help"
    let words = (isHelp ? arguments.dropFirst() : arguments.prefix(1)).prefix { !$0.isEmpty && !$0.hasPrefix("-") }
    guard let word = words.first else { return nil }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard !names.contains(word) else {
      return words.dropFirst().first.map {
        "Error: '\(word)' has no command '\($0)'\nUsage: gapsim help \(word); see 'gapsim help'"
      }
    }
    let nearest = ScenarioReference.nearest(to: word, among: names).map { "; did you mean '\($0)'?" } ?? ""
    return "Error: '\(word)' is no command\(nearest)\nUsage: gapsim <subcommand>; see 'gapsim help'"
  }
}
