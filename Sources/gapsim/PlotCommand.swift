import ArgumentParser
import Experiments
import Presentation
import Results

/// `gapsim plot`: pictures of a directory of results.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw the pictures of a run, a sweep or a tuning.",
    discussion: """
      Each picture is drawn as SVG, PNG and PDF by gnuplot, with the script that draws it and the figures that it shows \
      beside it. The same results give the same pictures. They go to DIR.plots, beside the results, which stay as they \
      are.

      Examples:
        gapsim run Scenarios/lab-boot.yaml && gapsim plot Results/lab-boot
        gapsim plot Results/lab-boot -o /tmp/pictures
        gapsim plot Results/lab-boot --format svg,pdf --size 1000x500 --one-page
      """)

  @Argument(help: "The directory of results.", completion: .directory)
  var directory: String

  @Option(name: [.short, .long], help: "The directory of pictures. (default: DIR.plots)", completion: .directory)
  var output: String?

  @OptionGroup var pictures: PictureOptions

  @Flag(help: "Run the first replication again for pictures that need it, however long that takes.")
  var rerun = false

  @Flag(name: [.short, .long], help: "Print only errors.")
  var quiet = false

  func validate() throws {
    if output == "" { throw ValidationError("--output '': names no directory") }
  }

  func run() throws {
    do {
      try Self.draw(directory, into: output, as: pictures.paper, rerun: rerun, quiet: quiet)
    } catch {
      throw Failure.code(saying: error)
    }
  }

  /// Draws the pictures of results that are written already. If that fails it prints a note; the command that wrote
  /// them has not failed.
  static func drawAlong(_ directory: String, quiet: Bool) {
    do {
      try draw(directory, quiet: quiet)
    } catch {
      Failure.say("note: no pictures: \(error)")
    }
  }

  /// Draws the pictures of a directory of results and prints which. It prints what is left out even if `quiet`.
  static func draw(
    _ directory: String, into output: String? = nil, as paper: PicturePaper = PicturePaper(), rerun: Bool = false,
    quiet: Bool
  ) throws {
    if let nothing = try Presentation.emptiness(of: directory) {
      if !quiet { print(nothing) }
      return
    }
    let interruption = Interruption {
      Failure.say(
        (StandardError.isTerminal ? "\n" : "")
          + "interrupted: the results in \(directory) are whole; 'gapsim plot \(directory.shellQuoted)' draws the pictures"
      )
    }
    defer { interruption.end() }
    let drawn = try Presentation.draw(
      directory: directory, output: output, rerun: rerun ? .any : .little, as: paper)
    for omission in drawn.gallery.omissions { Failure.say("note: \(omission)") }
    guard !quiet else { return }
    guard !drawn.gallery.pictures.isEmpty else {
      print("\(drawn.path): no picture; \(PictureFiles.marker) says why of each")
      return
    }
    let formats = paper.formats.map { $0.rawValue.uppercased() }
    let list =
      formats.dropLast().joined(separator: ", ") + (formats.count > 1 ? " and " : "") + formats.suffix(1).joined()
    print("\(drawn.path): \(drawn.gallery.pictures.map(\.name).joined(separator: ", ")), each as \(list)")
  }
}
