import Glibc

/// A file without a name for what is too large to be held until its turn comes; it is gone when nobody uses it.
package final class SpoolFile {
  private let path: String
  private let descriptor: Int32
  private var hash = SHA256()
  private var isClosed = false

  /// Creates a file, which has a name for no longer than that takes.
  package init(at path: String) throws(ResultsError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last("create", path) }
    unlink(path)
  }

  deinit {
    if !isClosed { Glibc.close(descriptor) }
  }

  /// Appends bytes to the file.
  package func append(_ bytes: [UInt8]) throws(ResultsError) {
    hash.update(data: bytes)
    try OutputFile.write(bytes, to: descriptor, path: path)
  }

  /// Ends the writing, and gives what was written for reading.
  package func close() throws(ResultsError) -> Lines {
    isClosed = true
    let file = try InputFile(path, descriptor: descriptor)
    return .stored(file, at: 0, count: file.size, digest: hash.finalize())
  }
}
