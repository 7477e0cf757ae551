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
    let made = results.map(standardized).map { [$0, $0 + PictureFiles.folderSuffix] } ?? []
    let isIn = [folder, path].map(standardized).contains(where: made.contains)
    guard !isIn, !Manifest.stands(in: folder), access(folder + "/" + PictureFiles.marker, F_OK) != 0 else {
      throw .insideResults(path: path)
    }
  }

  /// Throws if a path is called as what a dead process leaves behind, which the next one removes.
  package static func checkName(_ path: String) throws(ResultsError) {
    let name = URL(filePath: path).lastPathComponent
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
  package static func areOne(_ one: String, _ other: String) -> Bool { standardized(one) == standardized(other) }

  /// The folder that a path is in, or that it leads to if it is a link.
  static func folder(of path: String) -> String {
    let url = URL(filePath: path, directoryHint: .notDirectory).standardizedFileURL.resolvingSymlinksInPath()
    return url.deletingLastPathComponent().path
  }

  /// The folder that a path is in; if it does not exist, but is made for the results before the file is written, the innermost
  /// one above that exists.
  static func folder(of path: String, madeFor results: String?) -> String {
    let folder = folder(of: path)
    guard let results, self.folder(of: standardized(results)).isIn(folder) else { return folder }
    var standing = folder
    while standing.count > 1, access(standing, F_OK) != 0, errno == ENOENT { standing = self.folder(of: standing) }
    return standing
  }

  private static func standardized(_ path: String) -> String {
    URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL.resolvingSymlinksInPath().path
  }
}

extension String {
  /// Whether it is a folder, or one below it.
  fileprivate func isIn(_ folder: String) -> Bool { self == folder || hasPrefix(folder == "/" ? folder : folder + "/") }
}

extension Manifest {
  /// Whether a directory has a manifest of this program.
  static func stands(in directory: String) -> Bool {
    let file = try? InputFile(directory + "/" + ResultFile.manifest.rawValue)
    let json = try? file.map { try $0.read(at: 0, count: Int($0.size)) }
    return json.flatMap { Manifest(json: Data($0)) } != nil
  }
}
