import Experiments
import FoundationEssentials
import Glibc
import Results

extension Presentation {
  /// Writes the report of a directory of results: one page that needs nothing else.
  ///
  /// - Parameters:
  ///   - directory: what `run`, `sweep` or `tune` wrote.
  ///   - output: the page; DIRECTORY.html if nil.
  /// - Returns: the path of the page, and what it shows.
  ///   - rerun: what it may cost to run a replication again, if a picture needs that.
  /// - Throws: ``PresentationError``, ``ResultsFolderError``, ``ResultsError``, or a ``CSVError`` with the file and line of
  ///   what is wrong.
  @discardableResult
  package static func report(directory: String, output: String? = nil, rerun: Rerun.Cost = .little) throws -> Drawn {
    let gnuplot = try Gnuplot()
    let folder = try ResultsFolder(at: directory)
    let path = output ?? defaultPath(for: directory, suffix: ".html")
    let workspace = try Workspace(
      for: path, Workspace.Contents(isOurs: PictureFiles.isOne, checkReplaceable: checkReplaceable))
    let interruption = Interruption(workspace.discard)
    defer {
      workspace.discard()
      interruption.end()
    }
    var drawings: [String: String] = [:]
    let gallery = try self.gallery(of: folder, rerun: rerun).drawn { picture in
      // Titles stand beside the pictures on the page.
      try workspace.put(picture.script(titled: false), in: picture.name + ".gnuplot")
      try gnuplot.draw(picture.name, as: [.svg], in: workspace.directory)
      let svg = FileManager.default.contents(atPath: "\(workspace.directory)/\(picture.name).svg") ?? Data()
      drawings[picture.name] = String(decoding: svg, as: UTF8.self)
    }
    let report = Report(folder: folder, gallery: gallery, drawings: drawings, link: way(from: path, to: directory))
    try workspace.put(report.page.html(), in: PictureFiles.page)
    try workspace.publish(file: PictureFiles.page)
    return Drawn(path: path, gallery: gallery)
  }

  /// A file that is no page of this program is left as it is.
  static func checkReplaceable(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG,
      opening(of: path, count: Page.opening.utf8.count) == Array(Page.opening.utf8)
    else { throw PresentationError.notAReport(path: path) }
  }

  /// The first bytes of a file, at most `count`; nil if the file cannot be read.
  private static func opening(of path: String, count: Int) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = fread(&bytes, 1, count, file)
    return Array(bytes.prefix(read))
  }

  /// The path from a page to a directory beside it or below; nil for any other directory.
  static func way(from page: String, to directory: String) -> String? {
    let base = ResolvedPath(page).folder
    let target = ResolvedPath(directory)
    guard target != base, target.isIn(base) else { return nil }
    return target.text.dropFirst(base.text.count).drop { $0 == "/" }.percentEncoded
  }
}

extension StringProtocol {
  /// The text as a part of a URL's path. Characters that have a meaning there, and those outside ASCII, are a percent
  /// sign with two digits.
  fileprivate var percentEncoded: String {
    let plain = Set("!$&'()*+,-./=@_~".utf8)
    return utf8.reduce(into: "") { text, byte in
      let scalar = Unicode.Scalar(byte)
      if plain.contains(byte) || ("0"..."9").contains(scalar)
        || ("A"..."Z").contains(scalar) || ("a"..."z").contains(scalar)
      {
        text.unicodeScalars.append(scalar)
      } else {
        text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
  }
}
