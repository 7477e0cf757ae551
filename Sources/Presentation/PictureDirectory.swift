import Glibc
import Results

/// A directory of pictures that is being made. It gets its name when it is whole.
///
/// Each picture is NAME.svg, NAME.png and NAME.pdf, NAME.gnuplot that draws them, and NAME.csv with what they show.
struct PictureDirectory {
  private let workspace: Workspace

  /// Starts to write pictures for `path`. A directory there may be replaced only if it is empty or holds pictures.
  init(at path: String) throws {
    workspace = try Workspace(
      for: path, Workspace.Contents(isOurs: PictureFiles.isOne, checkReplaceable: Self.checkReplaceable))
  }

  /// Draws the pictures and gives the directory its name, or leaves everything as it was.
  ///
  /// - Returns: the pictures that were drawn. A picture that gnuplot refuses is left out.
  func write(_ gallery: Gallery, with gnuplot: Gnuplot, as paper: PicturePaper = PicturePaper()) throws -> Gallery {
    let drawn = try gallery.drawn { picture in
      try workspace.put(picture.script(titled: true), in: "\(picture.name).gnuplot")
      try workspace.put(picture.data.csv, in: "\(picture.name).csv")
      do {
        try gnuplot.draw(picture.name, as: paper.formats, paper.size, in: workspace.directory)
      } catch {
        try checkRoom()
        for ending in PictureFiles.extensions { unlink("\(workspace.directory)/\(picture.name).\(ending)") }
        throw error
      }
    }
    if paper.hasOnePage {
      do { try OnePage(drawn.pictures.map(\.name), paper).write(to: workspace, with: gnuplot) } catch {
        try checkRoom()
        throw error
      }
    }
    try workspace.put(Self.index(of: drawn), in: PictureFiles.marker)
    try workspace.publish()
    return drawn
  }

  /// Throws if the disk takes nothing more. gnuplot does not say why it failed; what it has left fills the disk still.
  private func checkRoom() throws(ResultsError) {
    try workspace.put(String(repeating: " ", count: Self.room), in: Self.roomFile)
    unlink("\(workspace.directory)/\(Self.roomFile)")
  }

  /// More than a buffer of a program or a block of a disk.
  private static let room = 1 << 16
  /// Named like a picture, for it may be left behind.
  private static let roomFile = "room.csv"

  /// Leaves everything as it was. It has no effect once the pictures are there.
  func discard() { workspace.discard() }

  /// The text that describes the pictures, and says which could not be drawn.
  private static func index(of gallery: Gallery) -> String {
    gallery.pictures.map { picture in
      let lines = [picture.subtitle, picture.caption, picture.alternative].filter { !$0.isEmpty }
      return "\(picture.name): \(picture.title)\n" + lines.map { "  \($0)\n" }.joined()
    }.joined()
      + gallery.omissions.map { "\($0)\n" }.joined()
  }

  private static func checkReplaceable(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw ResultsError.notADirectory(path: path)
    }
    let names = try Workspace.names(in: path)
    let isOurs = names.contains(PictureFiles.marker)
    if let foreign = names.first(where: { !isOurs || !PictureFiles.isOne($0) || $0 == PictureFiles.page }) {
      throw PresentationError.foreignFile(path: path, found: foreign)
    }
  }
}
