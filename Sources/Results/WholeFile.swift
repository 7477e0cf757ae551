import Glibc

/// A file beside the results that is replaced as a whole: it has the new text, or it is as it was before.
package enum WholeFile {
  /// Writes a file; what is there and is no ordinary file, like a terminal or a pipe, is written to as it stands.
  package static func write(_ text: String, to path: String) throws(ResultsError) {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      return try write(text, to: open(path, O_WRONLY | O_CLOEXEC), path)
    }
    let (folder, name) = split(resolved(path) ?? path)
    let partial = "\(folder).\(name).\(getpid())"
    unlink(partial)
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if exists, descriptor >= 0 { fchmod(descriptor, status.st_mode & 0o7777) }
    do throws(ResultsError) {
      try write(text, to: descriptor, path)
      guard rename(partial, String(folder + name)) == 0 else { throw .last("write", path) }
    } catch {
      unlink(partial)
      throw error
    }
  }

  /// Writes all to a file that has just been opened, and closes it.
  private static func write(_ text: String, to descriptor: Int32, _ path: String) throws(ResultsError) {
    guard descriptor >= 0 else { throw .last("create", path) }
    defer { close(descriptor) }
    try OutputFile.write(Array(text.utf8), to: descriptor, path: path)
  }

  /// Where links lead to.
  private static func resolved(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  /// The folder with its slash, and the name in it.
  private static func split(_ path: String) -> (folder: Substring, name: Substring) {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return (path[..<start], path[start...])
  }
}
