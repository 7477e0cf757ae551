import Quantities

/// In which formats pictures are drawn, and how large.
package struct PicturePaper: Hashable, Sendable {
  package var formats = Gnuplot.Format.allCases
  package var size = PictureSize.usual
  /// Whether there is a page with all pictures too: all.svg, and all.pdf with a page for each.
  package var hasOnePage = false

  package init() {}
}

extension Gnuplot.Format {
  /// Reads formats with commas between them, such as `svg,pdf`; each counts once.
  ///
  /// - Throws: ``PictureFormatError``.
  package static func list(_ text: String) throws(PictureFormatError) -> [Gnuplot.Format] {
    var formats: [Gnuplot.Format] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let format = Gnuplot.Format(rawValue: name.lowercased()) else { throw PictureFormatError(String(name)) }
      if !formats.contains(format) { formats.append(format) }
    }
    return formats
  }
}

/// A format that no picture has.
package struct PictureFormatError: Error, Hashable, Sendable, CustomStringConvertible {
  private let name: String

  init(_ name: String) { self.name = name }

  package var description: String {
    let names = Gnuplot.Format.allCases.map(\.rawValue)
    let hint = Spelling.nearest(to: name, among: names).map { "; do you mean '\($0)'?" } ?? ""
    return "'\(name.printable.prefix(40))' is no format of a picture\(hint); allowed: \(names.joined(separator: ", "))"
  }
}
