import ArgumentParser
import Presentation

/// `gapsim report`: one page about a directory of results.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML page about results: one, several beside each other, or an index of all.",
    discussion: """
      The page holds everything: the key figures, the pictures with their data, the tables and the provenance. It \
      needs no network and no other file. The same results give the same page. It goes to DIR.html, beside the \
      results.

      Several runs, simulated or live, or several sweeps of the same keys are laid over each other: a line for each in \
      every chart, their figures side by side, and which one is sooner or sends less, by how much. Each is called by the \
      name of its directory, or by LABEL=DIR. That page is called by all labels, and goes to the current directory.

      Of a directory that holds results, or directories of them, the page is an index: a row for each, with what was \
      expected of it, its figures and the shape of its answer, and a link to its own page if that stands beside it. \
      Results that cannot be read are listed with the reason. A directory of baselines shows its history too.

      Examples:
        gapsim run Scenarios/lab-boot.yaml && gapsim report Results/lab-boot
        gapsim report Results/lab-boot -o lab.html
        gapsim report Results/before Results/after
        gapsim report simulated=Results/lab live=Results/lab-live -o lab.html
        gapsim report Results
      """)

  @Argument(
    help: ArgumentHelp("The directory of results; or several, each as DIR or LABEL=DIR.", valueName: "dir"),
    completion: .directory)
  var directories: [String]

  @Option(
    name: [.short, .long], help: "The page. (default: DIR.html; of several, their labels)",
    completion: .file(extensions: ["html"]))
  var output: String?

  @Flag(help: "Run the first replication again for pictures that need it, however long that takes.")
  var rerun = false

  @Flag(name: [.short, .long], help: "Print only errors.")
  var quiet = false

  func validate() throws {
    if output == "" { throw ValidationError("--output '': names no file") }
  }

  func run() throws {
    do {
      if directories.count == 1, Presentation.holdsResults(directories[0]) { return try index(of: directories[0]) }
      if directories.count == 1, let nothing = try Presentation.emptiness(of: directories[0]) {
        if !quiet { print(nothing) }
        return
      }
      let written =
        directories.count > 1
        ? try Presentation.overlay(directories, output: output, rerun: rerun ? .any : .little)
        : try Presentation.report(directory: directories[0], output: output, rerun: rerun ? .any : .little)
      for omission in written.gallery.omissions { Failure.say("note: \(omission)") }
      if !quiet { print("wrote \(written.path); open it in a browser") }
    } catch {
      throw Failure.code(saying: error)
    }
  }

  private func index(of directory: String) throws {
    let (path, damaged) = try Presentation.index(of: directory, output: output)
    if damaged > 0 {
      Failure.say("note: \(damaged == 1 ? "1 result" : "\(damaged) results") cannot be read; the page says why")
    }
    if !quiet { print("wrote \(path); open it in a browser") }
  }

  /// Writes the page of results that another command has just made.
  static func write(_ directory: String, to page: String, quiet: Bool) throws {
    let written = try Presentation.report(directory: directory, output: page)
    for omission in written.gallery.omissions { Failure.say("note: \(omission)") }
    if !quiet { print("wrote \(written.path); open it in a browser") }
  }
}
