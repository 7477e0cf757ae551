/// The files of pictures and pages, as far as what makes results must know them to clean up after those who drew them.
package enum PictureFiles {
  /// What the names of pictures and pages have behind the name of the results that they show.
  static let suffixes = [".plots", ".html"]
  /// What the files of a picture end with.
  package static let extensions = ["svg", "png", "gnuplot", "csv"]
  /// The file by which a directory of pictures is known.
  package static let marker = "pictures.txt"
  /// A page while it is made.
  package static let page = "page.html"

  /// Whether a file of that name belongs to pictures or a page in the making.
  package static func isOne(_ name: String) -> Bool {
    name == marker || name == page || name.hasPrefix(".") && name.hasSuffix(".errors")
      || extensions.contains { name.hasSuffix(".\($0)") }
  }

  /// What a killed process leaves behind; nothing is put in its place.
  static let leftovers = Workspace.Contents(isOurs: isOne, checkReplaceable: { _ in })
}
