import Experiments
import FoundationEssentials
import Glibc
import Results

/// The program gnuplot.
package struct Gnuplot: Sendable {
  /// The formats that gnuplot writes.
  package enum Format: String, CaseIterable, Sendable {
    case svg, png, pdf

    /// The terminal. All have the same size and font, so that a picture has one layout.
    fileprivate func terminal(_ size: PictureSize) -> String {
      let paper = Paint.paper.light.hexadecimal
      return switch self {
      case .svg:
        "set terminal svg size \(size.width),\(size.height) dynamic standalone rounded font 'sans-serif,14' "
          + "background '\(paper)'"
      case .png:
        "set terminal pngcairo size \(2 * size.width),\(2 * size.height) rounded font 'Sans,14' fontscale 1.5 "
          + "linewidth 2 pointscale 2 background '\(paper)'"
      case .pdf:
        // A pixel of a browser is 1/96 inch; a font of 14 pixels has 10.5 points.
        "set terminal pdfcairo size \(GnuplotScript.number(Double(size.width) / 96)),"
          + "\(GnuplotScript.number(Double(size.height) / 96)) rounded font 'Sans,14' fontscale 0.75 "
          + "linewidth 1.5 pointscale 0.75 background '\(paper)'"
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
  static func sharpen(_ svg: String) throws {
    let text = String(decoding: FileManager.default.contents(atPath: svg) ?? Data(), as: UTF8.self)
    guard text.contains("<image ") else { return }
    let sharp = text.replacing("<image ", with: "<image style='image-rendering:pixelated' ")
    try OutputFile.put(Array(sharp.utf8), at: svg)
  }

  /// A PDF has the time at which it was drawn. Spaces in its place give the same bytes at any time, and leave all that
  /// follows where the file says that it is.
  static func forgetTime(_ pdf: String) throws {
    let mark = Array("/CreationDate (".utf8)
    guard let data = FileManager.default.contents(atPath: pdf) else { return }
    var bytes = [UInt8](data)
    guard let start = bytes.ranges(of: mark).last?.lowerBound,
      let end = bytes[start...].firstIndex(of: UInt8(ascii: ")"))
    else { return }
    for index in start...end { bytes[index] = UInt8(ascii: " ") }
    try OutputFile.put(bytes, at: pdf)
  }

  /// Draws the script NAME.gnuplot in `folder` into a file NAME.FORMAT beside it for each format, and returns gnuplot's
  /// messages.
  @discardableResult
  func draw(_ name: String, as formats: [Format], _ size: PictureSize = .usual, in folder: String) throws -> String {
    // One process for all formats: most of its time goes into its start.
    let commands = formats.map { format in
      "\(format.terminal(size)); set output '\(name).\(format.rawValue)'; load '\(name).gnuplot'; unset output; reset"
    }
    return try draw(commands, name, into: formats.map { "\(name).\($0.rawValue)" }, in: folder)
  }

  /// Draws scripts into NAME.pdf, a page for each.
  func bind(_ scripts: [String], into name: String, _ size: PictureSize, in folder: String) throws {
    let pages = scripts.map { "load '\($0).gnuplot'; reset" }
    let commands = ["\(Format.pdf.terminal(size)); set output '\(name).pdf'"] + pages + ["unset output"]
    _ = try draw(commands, name, into: ["\(name).pdf"], in: folder)
  }

  private func draw(_ commands: [String], _ name: String, into files: [String], in folder: String) throws -> String {
    let process = Subprocess(
      executable: executable, arguments: ["-d", "-e", commands.joined(separator: "; ")],
      // Neither the user's language nor a start-up file may change a picture.
      environment: [
        "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": ProcessInfo.processInfo.environment["HOME"] ?? "/",
      ])
    guard let outcome = try process.run(in: folder, errors: "\(folder)/.\(name).errors") else {
      throw PresentationError.gnuplotFailed(picture: name, reason: "\(executable) cannot be started")
    }
    for file in files {
      let target = "\(folder)/\(file)"
      var status = stat()
      guard outcome.isSuccess, stat(target, &status) == 0, status.st_size > 0 else {
        throw PresentationError.gnuplotFailed(
          picture: name, reason: outcome.said.isEmpty ? "it wrote nothing" : Self.gist(of: outcome.said))
      }
      if target.hasSuffix(".svg") { try Self.sharpen(target) }
      if target.hasSuffix(".pdf") { try Self.forgetTime(target) }
    }
    return outcome.said
  }
}
