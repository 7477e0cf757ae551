import ArgumentParser
import LiveRecords
import Results
import Scenarios

/// `gapcast gather`: the records of servers and devices into one directory of results.
struct GatherCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gather",
    abstract: "Join the records of a server and its devices into one directory of results.",
    discussion: """
      Takes the directories that 'serve' and 'fetch' wrote with --results, and all that are below them. Each run of a \
      group becomes a replication: what the server saw, and of each device what it wrote down itself, on the server's \
      clock. 'gapsim' plots, reports, compares and explains the result like any other. Results that are there are left as \
      they are if they are of the same records; others are not replaced without --force.

      A device belongs to the server's record that has its address and port. Without a server's record the devices of \
      one file and server are one run, and what only a server knows stays empty. Records of those who were killed count \
      as well.

      Examples:
        gapcast gather server/results devices/*/results -o Results/lab
        gapcast gather /srv/results -o Results/lab --scenario lab.yaml && gapsim compare Results/simulated Results/lab
      """)

  @Argument(help: "Directories with records.", completion: .directory)
  var directories: [String]

  @Option(name: [.short, .long], help: "The directory of results.", completion: .directory)
  var output: String

  @Option(help: "What the results are called. (default: the name of the scenario in the records)")
  var label: String?

  @Option(
    help: "A scenario that says what was assumed of the network; its protocol is that of the records.",
    completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String?

  @Flag(help: "Replace results of this program or of gapsim that are there.")
  var force = false

  @Flag(name: [.short, .long], help: "Print only errors.")
  var quiet = false

  func run() throws {
    do {
      let base = try scenario.map(Complaint.loadScenario)
      let gathering = try Gathering(directories)
      for note in gathering.notes { Complaint.say("note: \(note)") }
      let isNew = try gathering.write(to: output, scenario: base, label: label, isForced: force)
      if !quiet {
        print(gathering.text, terminator: "")
        print(isNew ? "results in \(output)" : "up to date: results in \(output)")
      }
    } catch {
      throw Complaint.code(saying: error)
    }
  }
}
