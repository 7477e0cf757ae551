import Experiment
import Foundation
import Glibc

extension Presentation {
  /// Writes the report of a directory of results, one page that needs nothing else.
  ///
  /// - Parameters:
  ///   - directory: what `run`, `sweep` or `tune` wrote.
  ///   - output: the page; DIRECTORY.html if it is nil.
  /// - Returns: the path of the page, and what it shows.
  ///   - rerun: what running a replication again may cost, where a picture needs that.
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
      try gnuplot.draw(picture.name, as: .svg, in: URL(filePath: workspace.directory))
      let svg = FileManager.default.contents(atPath: "\(workspace.directory)/\(picture.name).svg") ?? Data()
      drawings[picture.name] = String(decoding: svg, as: UTF8.self)
    }
    let report = Report(folder: folder, gallery: gallery, drawings: drawings, link: way(from: path, to: directory))
    try workspace.put(report.html(), in: PictureFiles.page)
    try workspace.publish(file: PictureFiles.page)
    return Drawn(path: path, gallery: gallery)
  }

  /// What is no page of this program is left as it is.
  private static func checkReplaceable(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG, let file = FileHandle(forReadingAtPath: path),
      let opening = try? file.read(upToCount: Report.opening.utf8.count), opening == Data(Report.opening.utf8)
    else { throw PresentationError.notAReport(path: path) }
  }

  /// The way from a page to a directory that stands beside it or below, nil for any other.
  static func way(from page: String, to directory: String) -> String? {
    let base = URL(filePath: page).standardizedFileURL.deletingLastPathComponent().path
    let target = URL(filePath: directory).standardizedFileURL.path
    let prefix = base.hasSuffix("/") ? base : base + "/"
    guard target.hasPrefix(prefix), target.count > prefix.count else { return nil }
    return target.dropFirst(prefix.count).addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
  }
}
