import Experiment
import Foundation

extension Presentation {
  /// Writes the report of a directory of results, one page that needs nothing else.
  ///
  /// - Parameters:
  ///   - directory: what `run`, `sweep` or `tune` wrote.
  ///   - output: the page; DIRECTORY.html if it is nil.
  /// - Returns: the path of the page, and what it shows.
  /// - Throws: ``PresentationError``, or a ``CSVError`` with the file and line of what is wrong.
  @discardableResult
  package static func report(directory: String, output: String? = nil) throws -> Drawn {
    let gnuplot = try Gnuplot()
    let folder = try ResultsFolder(at: directory)
    let path = output ?? defaultPath(for: directory, suffix: ".html")
    try checkReplaceable(path)
    let gallery = try gallery(of: folder)
    let report = Report(
      folder: folder, gallery: gallery, drawings: try drawings(of: gallery, with: gnuplot),
      link: way(from: path, to: directory))
    let html = try report.html()
    do {
      let target = URL(filePath: path)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(html.utf8).write(to: target, options: .atomic)
    } catch {
      throw PresentationError.unwritable(path: path, reason: error.localizedDescription)
    }
    return Drawn(path: path, gallery: gallery)
  }

  /// The pictures without titles, which stand beside them on the page.
  private static func drawings(of gallery: Gallery, with gnuplot: Gnuplot) throws -> [String: String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gapsim-report-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for picture in gallery.pictures {
        try Data(picture.script(titled: false).utf8).write(to: folder.appending(path: picture.name + ".gnuplot"))
      }
    } catch {
      throw PresentationError.unwritable(path: folder.path, reason: error.localizedDescription)
    }
    var drawings: [String: String] = [:]
    for picture in gallery.pictures {
      try gnuplot.draw(picture.name, as: .svg, in: folder)
      let file = folder.appending(path: picture.name + ".svg")
      drawings[picture.name] = String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
    }
    return drawings
  }

  /// A page of another program is left as it is.
  private static func checkReplaceable(_ path: String) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return }
    guard !isDirectory.boolValue else {
      throw PresentationError.notAReport(path: path)
    }
    guard let bytes = FileManager.default.contents(atPath: path), bytes.starts(with: Data(Report.opening.utf8)) else {
      throw PresentationError.notAReport(path: path)
    }
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
