import Glibc

/// A file without a name for data that are too large for memory until their turn comes. It is gone when it is no longer
/// used.
package final class SpoolFile {
  private let path: String
  private let descriptor: Int32
  private var hash = SHA256()
  private var isClosed = false

  /// Creates a file. It has a name only while it is created.
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

  /// Ends the writing, and returns what was written for reading.
  package func close() throws(ResultsError) -> Lines {
    isClosed = true
    let file = try InputFile(path, descriptor: descriptor)
    return .stored(file, at: 0, count: file.size, digest: hash.finalize())
  }
}
