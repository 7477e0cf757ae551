import FoundationEssentials
import Results

/// All pictures of a directory on one page: all.svg has them side by side, all.pdf has a page for each.
struct OnePage {
  /// The stem of its files.
  static let name = "all"
  private static let columns = 2

  private let names: [String]
  private let paper: PicturePaper

  init(_ names: [String], _ paper: PicturePaper) { (self.names, self.paper) = (names, paper) }

  /// Puts the pictures that are drawn in a workspace together there. If pictures are drawn neither as SVG nor as PDF,
  /// both pages are made all the same.
  func write(to workspace: Workspace, with gnuplot: Gnuplot) throws {
    let folder = workspace.directory
    if !paper.formats.contains(.svg) {
      for name in names { try gnuplot.draw(name, as: [.svg], paper.size, in: folder) }
    }
    let drawings = names.map { name in
      String(decoding: FileManager.default.contents(atPath: "\(folder)/\(name).svg") ?? Data(), as: UTF8.self)
    }
    try workspace.put(page(drawings), in: "\(Self.name).svg")
    if !paper.formats.contains(.svg) {
      for name in names { try? FileManager.default.removeItem(atPath: "\(folder)/\(name).svg") }
    }
    try gnuplot.bind(names, into: Self.name, paper.size, in: folder)
  }

  /// The pictures in rows of two.
  private func page(_ drawings: [String]) -> String {
    let (width, height) = (paper.size.width, paper.size.height)
    let columns = min(Self.columns, names.count)
    let rows = (names.count + columns - 1) / max(1, columns)
    let size = "width=\"\(columns * width)\" height=\"\(rows * height)\""
    var page =
      "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"no\"?>\n"
      + "<svg \(size) viewBox=\"0 0 \(columns * width) \(rows * height)\" xmlns=\"http://www.w3.org/2000/svg\" "
      + "xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n"
    for (index, (name, drawing)) in zip(names, drawings).enumerated() {
      let place = "x=\"\(index % columns * width)\" y=\"\(index / columns * height)\""
      page +=
        InlineSVG.nested(drawing, name: name, attributes: "\(place) width=\"\(width)\" height=\"\(height)\"") ?? ""
    }
    return page + "</svg>\n"
  }
}
