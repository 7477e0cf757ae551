import ArgumentParser
import Quantities

/// `gapsim validate`: checks scenarios without running them.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check scenario files without running them.",
    discussion: """
      Says how many devices, blocks and bytes each has and how much memory a run takes, or what is wrong with it, with \
      line and column.

      Examples:
        gapsim validate Scenarios/*.yaml
        envsubst < my-lab.yaml | gapsim validate -
        gapsim validate my-lab.yaml --set 'protocol.windowsize=8'
      """)

  @Argument(help: "The scenario files; '-' for the standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @OptionGroup var overrides: Overrides

  func run() throws {
    var failure: ExitCode?
    for file in files {
      do {
        let scenario = try load(file, overrides: overrides.all)
        _ = try permittedJobs(nil, for: scenario, in: file)
        print("\(file.printable): \(scenario.overview)")
      } catch {
        failure = Failure.code(saying: error)
      }
    }
    if let failure { throw failure }
  }
}
