/// The files of pictures and pages, as far as a command that makes results must know them to clean up after those that
/// drew them.
package enum PictureFiles {
  /// What the names of pictures and pages have after the name of their results.
  static let suffixes = [folderSuffix, ".html"]
  /// What the name of a directory of pictures has after the name of its results.
  package static let folderSuffix = ".plots"
  /// The extensions of the files of a picture.
  package static let extensions = ["svg", "png", "pdf", "gnuplot", "csv"]
  /// The file that shows that a directory holds pictures.
  package static let marker = "pictures.txt"
  /// A page while it is made.
  package static let page = "page.html"

  /// Whether a file of that name belongs to pictures or a page in the making.
  package static func isOne(_ name: String) -> Bool {
    name == marker || name == page || name.hasPrefix(".") && name.hasSuffix(".errors")
      || extensions.contains { name.hasSuffix(".\($0)") }
  }

  /// What a killed process leaves behind. It is only removed, not replaced.
  static let leftovers = Workspace.Contents(isOurs: isOne, checkReplaceable: { _ in })
}
