import ArgumentParser
import Captures
import FoundationEssentials
import Measurements
import Presentation
import Quantities
import Scenarios
import Statistics

extension Group: ExpressibleByArgument {}

/// `gapsim fit`: from measurements to a scenario's loss.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Find the loss model that fits measurements, and write it as a scenario.",
    discussion: """
      Takes captures (pcap, pcapng) of a multicast transfer by TFTP or MTFTP, traces of 0 and 1 (1 is lost), lists of lost \
      packets by device, and CSV with a row for each packet. Several files are several devices, or several observations \
      of one. '-' is the standard input.

      Examples:
        gapsim fit seat.pcap --sent server.pcap -o measured.yaml
        gapsim fit seat.pcap --plots seat.plots --html seat.html
        gapsim fit trace.txt
        gapsim fit monday.csv tuesday.csv
        gapsim fit lost-packets.txt --packets 33044 --json | jq '.models[0]'
      """)

  @Argument(help: "The files of measurements.", completion: .file())
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "The server's capture: what is in it and not in a device's was lost. Without it the gaps in the block numbers count.",
      valueName: "file"), completion: .file(extensions: ["pcap", "pcapng"]))
  var sent: String?

  @Option(help: ArgumentHelp("The group of the transfer, if captures have several.", valueName: "address[:port]"))
  var group: Group?

  @Option(help: ArgumentHelp("How many packets each device was sent, for lists of lost packets.", valueName: "n"))
  var packets: UInt64?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write a scenario whose devices lose packets by the best model.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Draw the lengths of runs, measured and by each model, into a directory of pictures.", valueName: "dir"),
    completion: .directory)
  var plots: String?

  @Option(
    help: ArgumentHelp(
      "Write a page of the models and the pictures, as charts that can be pointed at.", valueName: "page"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Overwrite a scenario that exists.")
  var force = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if packets == 0 { throw ValidationError("--packets: a device is sent at least 1") }
  }

  func run() throws {
    do {
      if let output, !force, FileManager.default.fileExists(atPath: output) {
        Failure.say("error: \(output) exists; --force overwrites it")
        throw Failure.cannotCreate
      }
      var options = MeasuredLoss.Options()
      (options.packets, options.sent, options.group) = (packets, sent, group)
      let progress = ReadingProgress()
      let measured = try MeasuredLoss(reading: files, options, progress: progress.update)
      progress.finish()
      let selection = LossSelection(measured.data)
      let summary = FitSummary(measured, selection)
      if json { printJSON(try summary.json) } else { print(summary.text, terminator: "") }
      if plots != nil || html != nil { try draw(selection, summary) }
      guard let output else { return }
      try ReportFile.write(FittedScenario.yaml(selection.best, of: measured), to: output)
      if !json { print("wrote \(output.printable); next: gapsim run \(output.shellQuoted.printable)") }
    } catch let error as MeasurementError {
      Failure.say("error: \(error)")
      throw error.isUnreadable ? Failure.noInput : Failure.dataError
    } catch {
      throw Failure.code(saying: error)
    }
  }

  private func draw(_ selection: LossSelection, _ summary: FitSummary) throws {
    let pictures = FitPictures(selection, of: summary.name)
    for omission in pictures.gallery.omissions { Failure.say("note: \(omission)") }
    if let plots {
      let gallery = try pictures.draw(into: plots)
      if !json { print("\(plots): \(gallery.pictures.map(\.name).joined(separator: ", ")), each as SVG, PNG and PDF") }
    }
    if let html {
      try Presentation.report(summary, pictures, output: html)
      if !json { print("wrote \(html); open it in a browser") }
    }
  }
}
