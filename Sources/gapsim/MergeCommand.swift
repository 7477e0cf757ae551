import ArgumentParser
import Comparison
import Experiments
import Results

/// `gapsim merge`: joins the shares of an experiment into its results.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put the shares of a run or a sweep together.",
    discussion: """
      The shares come from --shard, with the same scenario, settings and version of the program: all of them, each \
      once. The results have the same bytes as those of one machine. The shares stay as they are.

      Examples:
        gapsim sweep lab.yaml --shard 1/2 -o first     on one machine
        gapsim sweep lab.yaml --shard 2/2 -o second    on another
        gapsim merge first second -o Results/lab-sweep
        gapsim merge Results/lab-sweep-*-of-16

      Exit codes: 65 if a share is missing, given twice, of another experiment, or was changed; 66 if a directory \
      holds no results; else those of 'gapsim run' or 'gapsim sweep'.
      """)

  @Argument(help: "The directories of the shares, in any order.", completion: .directory)
  var directories: [String]

  @Option(
    name: [.short, .long],
    help: "The directory of results. (default: Results/ and the scenario's name, of a sweep with -sweep)",
    completion: .directory)
  var output: String?

  @Flag(help: "Replace results of other settings.")
  var force = false

  @Flag(help: "Draw no plots of a sweep.")
  var noPlots = false

  @Option(help: "Write whether the expectations are met as JUnit XML too.", completion: .file(extensions: ["xml"]))
  var junit: String?

  @Flag(name: [.short, .long], help: "No summary.")
  var quiet = false

  @Flag(help: "Print the summary as JSON.")
  var json = false

  func validate() throws {
    if output == "" { throw ValidationError("--output '': names no directory") }
  }

  func run() throws {
    do {
      let merge = try Merge(directories)
      let name = merge.points.scenario.name
      let directory = output ?? "Results/\(name)\(merge.points.isSingle ? "" : "-sweep")"
      let isRace = merge.points.settings.keys.map(\.name) == [Race.key]
      if isRace, junit != nil {
        Failure.say("error: --junit: a race is asked nothing by expect, and has no tests")
        throw Failure.usage
      }
      if let share = directories.first(where: { OutputPlace.areOne($0, directory) }) {
        Failure.say(
          "error: --output \(directory): is the share \(share), which stays as it is; choose another directory")
        throw Failure.usage
      }
      try ReportFile.check(junit: junit, besides: directory)
      let outcome = try merge.write(into: directory, isForced: force)
      if merge.points.isSingle {
        try RunCommand.conclude(outcome, json: json, quiet: quiet, plot: false, junit: junit)
      } else if isRace {
        let question = Race.Question(try Objective("makespan"))
        try RaceCommand.conclude(outcome, question, json: json, quiet: quiet, plots: !noPlots)
      } else {
        try SweepCommand.conclude(outcome, json: json, quiet: quiet, plots: !noPlots, junit: junit)
      }
    } catch {
      throw Failure.code(saying: error)
    }
  }
}
