import ArgumentParser
import Presentation

/// `gapsim report`: one page about a directory of results.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML page about a run, a sweep or a tuning.",
    discussion: """
      The page holds everything: the key figures, the pictures with their data, the tables and the provenance. It \
      needs no network and no other file. The same results give the same page. It goes to DIR.html, beside the \
      results.

      Examples:
        gapsim run Scenarios/lab-boot.yaml && gapsim report Results/lab-boot
        gapsim report Results/lab-boot -o lab.html
      """)

  @Argument(help: "The directory of results.", completion: .directory)
  var directory: String

  @Option(name: [.short, .long], help: "The page. (default: DIR.html)", completion: .file(extensions: ["html"]))
  var output: String?

  @Flag(help: "Run the first replication again for pictures that need it, however long that takes.")
  var rerun = false

  @Flag(name: [.short, .long], help: "Print only errors.")
  var quiet = false

  func run() throws {
    do {
      let written = try Presentation.report(
        directory: directory, output: output, rerun: rerun ? .any : .little)
      for omission in written.gallery.omissions { Failure.say("note: \(omission)") }
      if !quiet { print("wrote \(written.path); open it in a browser") }
    } catch {
      throw Failure.code(saying: error)
    }
  }
}
