import Glibc

/// A path as the kernel reads it: absolute, without links and without dots.
///
/// What does not exist yet is taken as if its folders had been made, as `mkdir -p` makes them. A tilde is a character like
/// any other: it is the shell that replaces it.
package struct ResolvedPath: Hashable, Sendable {
  package let text: String

  package init(_ path: String) { text = Self.resolve(path) }

  private init(resolved text: String) { self.text = text }

  /// The last part; of `/` it is `/`.
  package var name: String { Self.parts(of: text).name }
  /// Where it lies; `/` lies in itself.
  package var folder: ResolvedPath { ResolvedPath(resolved: Self.parts(of: text).folder) }

  /// A path beside it.
  package func beside(named name: String) -> String { folder.text == "/" ? "/" + name : folder.text + "/" + name }

  /// Whether it is a folder, or lies in it.
  package func isIn(_ folder: ResolvedPath) -> Bool {
    self == folder || text.hasPrefix(folder.text == "/" ? "/" : folder.text + "/")
  }

  /// Throws if it is a link that leads nowhere.
  package func checkNoBrokenLink() throws(ResultsError) {
    var status = stat()
    if lstat(text, &status) == 0, status.st_mode & S_IFMT == S_IFLNK { throw .brokenLink(path: text) }
  }

  /// What a path is called: its last part as it was given, or that of the place where it leads if it ends in dots.
  package static func name(of path: String) -> String {
    let name = parts(of: path).name
    return [".", "..", "/"].contains(name) ? ResolvedPath(path).name : name
  }

  private static func resolve(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    let (folder, name) = parts(of: path)
    // A working directory that was removed has no name.
    guard folder != path, path != "." else { return path }
    let parent = resolve(folder)
    switch name {
    case ".": return parent
    case "..": return parts(of: parent).folder
    default: return parent == "/" ? "/" + name : parent + "/" + name
    }
  }

  /// The folder of a path as it is given, `.` where it names none, and its last part.
  package static func parts(of path: String) -> (folder: String, name: String) {
    var path = Substring(path)
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path = Substring(path.utf8.dropLast()) }
    guard path != "/", let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return (path == "/" ? "/" : ".", String(path))
    }
    let folder = path.utf8[..<slash]
    return (folder.isEmpty ? "/" : String(Substring(folder)), String(Substring(path.utf8[slash...].dropFirst())))
  }
}
