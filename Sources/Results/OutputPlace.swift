import FoundationEssentials
import Glibc

/// Where nothing is written, whatever it is.
package enum OutputPlace {
  /// Throws if a path lies in a directory of results or in one of pictures: a file more in it, and results would count as
  /// changed, and pictures could not be replaced.
  ///
  /// - Parameter results: a directory that will hold results, if it does not yet; its pictures stand beside it.
  package static func checkOutsideResults(_ path: String, besides results: String? = nil) throws(ResultsError) {
    let folder = folder(of: path)
    let made = results.map { ResolvedPath($0).text }.map { [$0, $0 + PictureFiles.folderSuffix] } ?? []
    let isIn = [folder, ResolvedPath(path).text].contains(where: made.contains)
    guard !isIn, !Manifest.stands(in: folder), access(folder + "/" + PictureFiles.marker, F_OK) != 0 else {
      throw .insideResults(path: path)
    }
  }

  /// Throws if a path is called as what a dead process leaves behind, which the next one removes.
  package static func checkName(_ path: String) throws(ResultsError) {
    let name = ResolvedPath.name(of: path)
    guard name.hasPrefix("."), name.hasSuffix(".partial") || name.hasSuffix(".previous") else { return }
    throw .reservedName(path: path)
  }

  /// Whether two paths are one file, which can hold one thing only. A terminal or a pipe takes one after the other.
  package static func areOneFile(_ one: String, _ other: String) -> Bool {
    var status = stat()
    if stat(one, &status) == 0, status.st_mode & S_IFMT != S_IFREG { return false }
    return areOne(one, other)
  }

  /// Whether two paths lead to one place.
  package static func areOne(_ one: String, _ other: String) -> Bool { ResolvedPath(one) == ResolvedPath(other) }

  /// The folder that a path is in, or that it leads to if it is a link.
  static func folder(of path: String) -> String { ResolvedPath(path).folder.text }

  /// The folder that a path is in; if it does not exist, but is made for the results before the file is written, the innermost
  /// one above that exists.
  static func folder(of path: String, madeFor results: String?) -> String {
    var folder = ResolvedPath(path).folder
    guard let results, ResolvedPath(results).folder.isIn(folder) else { return folder.text }
    while folder != folder.folder, access(folder.text, F_OK) != 0, errno == ENOENT { folder = folder.folder }
    return folder.text
  }
}

extension Manifest {
  /// Whether a directory has a manifest of this program.
  static func stands(in directory: String) -> Bool {
    let file = try? InputFile(directory + "/" + ResultFile.manifest.rawValue)
    let json = try? file.map { try $0.read(at: 0, count: Int($0.size)) }
    return json.flatMap { Manifest(json: Data($0)) } != nil
  }
}
