import Experiments
import FoundationEssentials
import Glibc
import Results

/// The program gnuplot.
package struct Gnuplot: Sendable {
  /// The formats that gnuplot writes.
  package enum Format: String, CaseIterable, Sendable {
    case svg, png

    /// The terminal. Both have the same size and font, so that a picture has one layout.
    fileprivate var terminal: String {
      let paper = Paint.paper.light.hexadecimal
      return switch self {
      case .svg:
        "set terminal svg size 800,480 dynamic standalone rounded font 'sans-serif,14' background '\(paper)'"
      case .png:
        "set terminal pngcairo size 1600,960 rounded font 'Sans,14' fontscale 1.5 linewidth 2 "
          + "pointscale 2 background '\(paper)'"
      }
    }
  }

  /// Where the program is.
  private let executable: String

  /// Finds the program in the folders of PATH.
  package init(path: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin") throws {
    let found = path.split(separator: ":").map { URL(filePath: String($0)).appending(path: "gnuplot").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else { throw PresentationError.gnuplotMissing }
    executable = found
  }

  /// The message of gnuplot on one line, without the command that it points at.
  private static func gist(of said: String) -> String {
    let lines = said.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
    let reason = lines.last { $0.contains("line ") } ?? lines.last ?? ""
    return String(reason.prefix(200))
  }

  /// Makes viewers draw the cells of an image as they are. They would blur cells that are larger than a pixel.
  private static func sharpen(_ svg: String) throws {
    let text = String(decoding: FileManager.default.contents(atPath: svg) ?? Data(), as: UTF8.self)
    guard text.contains("<image ") else { return }
    let sharp = Data(text.replacing("<image ", with: "<image style='image-rendering:pixelated' ").utf8)
    guard FileManager.default.createFile(atPath: svg, contents: sharp) else {
      throw PresentationError.unwritable(path: svg, reason: String(cString: strerror(errno)))
    }
  }

  /// Draws the script NAME.gnuplot in `folder` into NAME.svg or NAME.png beside it, and returns gnuplot's messages.
  @discardableResult
  func draw(_ name: String, as format: Format, in folder: String) throws -> String {
    let target = "\(folder)/\(name).\(format.rawValue)"
    let process = Subprocess(
      executable: executable,
      arguments: ["-d", "-e", "\(format.terminal); set output '\(name).\(format.rawValue)'", "\(name).gnuplot"],
      // Neither the user's language nor a start-up file may change a picture.
      environment: [
        "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": ProcessInfo.processInfo.environment["HOME"] ?? "/",
      ])
    guard let outcome = try process.run(in: folder, errors: "\(folder)/.\(name).errors") else {
      throw PresentationError.gnuplotFailed(picture: name, reason: "\(executable) cannot be started")
    }
    var status = stat()
    guard outcome.isSuccess, stat(target, &status) == 0, status.st_size > 0 else {
      throw PresentationError.gnuplotFailed(
        picture: name, reason: outcome.said.isEmpty ? "it wrote nothing" : Self.gist(of: outcome.said))
    }
    if format == .svg { try Self.sharpen(target) }
    return outcome.said
  }
}
