import Comparison
import Experiments
import Results

/// Pictures and reports of directories of results.
package enum Presentation {
  /// What was drawn, and where.
  package struct Drawn: Sendable {
    /// The directory of the pictures.
    package let path: String
    /// The pictures, and those that were left out.
    package let gallery: Gallery
  }

  /// Where the pictures of a directory of results go by default: beside it, because the directory is complete as it is.
  package static func defaultPath(for directory: String, suffix: String) -> String {
    var path = directory
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if path == "." || path.hasSuffix("/.") || path == ".." || path.hasSuffix("/..") || path == "/" {
      path = ResolvedPath(path).text
    }
    return path + suffix
  }

  /// The pictures of a directory of a run, a sweep or a tuning.
  ///
  /// - Throws: ``PresentationError``, or a ``CSVError`` with the file and line of what is wrong.
  package static func gallery(of folder: ResultsFolder, rerun: Rerun.Cost = .little) throws -> Gallery {
    switch folder.kind {
    case .run: try RunPictures.all(of: folder, rerun: rerun)
    case .sweep: try folder.isRace ? RacePictures.all(of: folder) : SweepPictures.all(of: folder)
    case .tune: try TunePictures.all(of: folder)
    }
  }

  /// Draws every picture of a directory of results into another directory, which is then whole, or as it was before.
  ///
  /// - Parameters:
  ///   - directory: what `run`, `sweep` or `tune` wrote.
  ///   - output: where the pictures go; DIRECTORY.plots if nil.
  ///   - rerun: what it may cost to run a replication again, if a picture needs that.
  ///   - paper: in which formats, and how large.
  /// - Throws: ``PresentationError``, ``ResultsFolderError``, ``ResultsError``, or a ``CSVError`` with the file and line of
  ///   what is wrong.
  @discardableResult
  package static func draw(
    directory: String, output: String? = nil, rerun: Rerun.Cost = .little, as paper: PicturePaper = PicturePaper()
  ) throws -> Drawn {
    let gnuplot = try Gnuplot()
    let folder = try ResultsFolder(at: directory)
    let path = output ?? defaultPath(for: directory, suffix: PictureFiles.folderSuffix)
    let target = try PictureDirectory(at: path)
    let interruption = Interruption(target.discard)
    defer {
      target.discard()
      interruption.end()
    }
    let drawn = try target.write(gallery(of: folder, rerun: rerun), with: gnuplot, as: paper)
    return Drawn(path: path, gallery: drawn)
  }
}
