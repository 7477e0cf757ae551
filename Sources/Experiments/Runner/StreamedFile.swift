import Glibc
import Results

/// A file that is written piece by piece, and that is complete or absent: it is written beside its place and renamed.
/// What is there and is no ordinary file, like a terminal or a pipe, is written to as it stands.
package enum StreamedFile {
  /// Hands `body` what appends bytes to the file.
  ///
  /// - Throws: ``ResultsError``, or what `body` throws; then there is no new file.
  package static func write<Product>(
    _ path: String, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Product
  ) throws -> Product {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw ResultsError.last("create", path) }
      defer { close(descriptor) }
      return try body { try OutputFile.write($0, to: descriptor, path: path) }
    }
    let target = ResolvedPath(path)
    try target.checkNoBrokenLink()
    let partial = target.beside(named: ".\(target.name).partial")
    unlink(partial)
    let file = try OutputFile(creating: partial)
    let interruption = Interruption { unlink(partial) }
    defer {
      unlink(partial)
      interruption.end()
    }
    let product = try body { try file.append($0) }
    _ = try file.close()
    guard rename(partial, target.text) == 0 else { throw ResultsError.last("rename to", path) }
    return product
  }
}
