import Experiments
import FoundationEssentials
import Results

extension Presentation {
  /// Throws unless a page can go to a path: one of this program is replaced, nothing else.
  ///
  /// - Parameter results: the directory of results that the same command writes; it may not exist yet.
  package static func checkPlace(ofPage path: String, besides results: String? = nil) throws {
    guard !path.isEmpty else {
      throw PresentationError.unwritable(path: "a page without a name", reason: "give it one")
    }
    try OutputPlace.checkName(path)
    try OutputPlace.checkOutsideResults(path, besides: results)
    try checkReplaceable(path)
  }

  /// Writes a page, or leaves everything as it was.
  static func put(_ page: Page, at path: String) throws {
    let workspace = try workspace(ofPage: path)
    defer { workspace.discard() }
    try workspace.put(page.html(), in: PictureFiles.page)
    try workspace.publish(file: PictureFiles.page)
  }

  /// Writes a page with pictures. Without gnuplot the page has the charts of its scripts and the data of its pictures.
  ///
  /// - Returns: the notes on pictures that could not be drawn.
  static func put(_ gallery: Gallery, at path: String, page: (Gallery, [String: String]) throws -> Page) throws
    -> Gallery
  {
    let workspace = try workspace(ofPage: path)
    let interruption = Interruption(workspace.discard)
    defer {
      workspace.discard()
      interruption.end()
    }
    var drawings: [String: String] = [:]
    var drawn = gallery
    if let gnuplot = try? Gnuplot() {
      drawn = try gallery.drawn { picture in
        // Titles stand beside the pictures on the page.
        try workspace.put(picture.script(titled: false), in: picture.name + ".gnuplot")
        try gnuplot.draw(picture.name, as: [.svg], in: workspace.directory)
        let svg = FileManager.default.contents(atPath: "\(workspace.directory)/\(picture.name).svg") ?? Data()
        drawings[picture.name] = String(decoding: svg, as: UTF8.self)
      }
    }
    try workspace.put(page(drawn, drawings).html(), in: PictureFiles.page)
    try workspace.publish(file: PictureFiles.page)
    return drawn
  }

  private static func workspace(ofPage path: String) throws -> Workspace {
    try Workspace(for: path, Workspace.Contents(isOurs: PictureFiles.isOne, checkReplaceable: checkReplaceable))
  }
}
