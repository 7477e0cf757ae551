import Foundation
import Glibc

/// A directory of pictures in the making: it gets its name when it is whole.
///
/// Each picture is four files: NAME.svg and NAME.png, NAME.gnuplot that draws them, and NAME.csv with what they show.
struct PictureDirectory {
  private static let extensions = ["svg", "png", "gnuplot", "csv"]
  /// The file by which a directory of pictures is known.
  private static let marker = "pictures.txt"

  private let target: URL
  private let partial: URL

  /// Starts to write pictures for `path`; what stands there may be replaced only if it is empty or pictures.
  init(at path: String) throws {
    target = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL
    partial = target.deletingLastPathComponent().appending(path: ".\(target.lastPathComponent).partial.\(getpid())")
    try Self.checkReplaceable(target)
    do {
      try? FileManager.default.removeItem(at: partial)
      try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
    } catch {
      throw PresentationError.unwritable(path: path, reason: error.localizedDescription)
    }
  }

  /// Draws the pictures and gives the directory its name, or leaves everything as it was.
  func write(_ gallery: Gallery, with gnuplot: Gnuplot, titled: Bool = true) throws {
    defer { try? FileManager.default.removeItem(at: partial) }
    for picture in gallery.pictures {
      try put(picture.script(titled: titled), in: "\(picture.name).gnuplot")
      try put(picture.data.csv, in: "\(picture.name).csv")
      for format in Gnuplot.Format.allCases { try gnuplot.draw(picture.name, as: format, in: partial) }
    }
    try put(Self.index(of: gallery), in: Self.marker)
    try Self.checkReplaceable(target)
    let exists = FileManager.default.fileExists(atPath: target.path)
    do {
      if exists { try FileManager.default.removeItem(at: target) }
      try FileManager.default.moveItem(at: partial, to: target)
    } catch {
      throw PresentationError.unwritable(path: target.path, reason: error.localizedDescription)
    }
  }

  /// Leaves everything as it was.
  func discard() { try? FileManager.default.removeItem(at: partial) }

  private func put(_ text: String, in name: String) throws {
    do {
      try Data(text.utf8).write(to: partial.appending(path: name))
    } catch {
      throw PresentationError.unwritable(path: target.path, reason: error.localizedDescription)
    }
  }

  /// What the pictures are, and which could not be drawn.
  private static func index(of gallery: Gallery) -> String {
    gallery.pictures.map { "\($0.name): \($0.title)\n  \($0.caption)\n  \($0.alternative)\n" }.joined()
      + gallery.omissions.map { "\($0)\n" }.joined()
  }

  private static func checkReplaceable(_ target: URL) throws {
    guard FileManager.default.fileExists(atPath: target.path) else { return }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: target.path).sorted() else {
      throw PresentationError.unwritable(path: target.path, reason: "it is not a directory, or cannot be read")
    }
    guard !names.isEmpty else { return }
    let isOurs = { (name: String) in
      name == marker || extensions.contains { name.hasSuffix(".\($0)") && names.contains(marker) }
    }
    if let foreign = names.first(where: { !isOurs($0) }) {
      throw PresentationError.foreignFile(path: target.path, found: foreign)
    }
  }
}
