import Glibc

/// A file that is written from start to end, with its digest.
package final class OutputFile {
  private let path: String
  private var descriptor: Int32
  private var hash = SHA256()

  /// Creates a file that must not exist yet.
  package init(creating path: String) throws(ResultsError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .last("create", path) }
  }

  deinit {
    if descriptor >= 0 { Glibc.close(descriptor) }
  }

  /// Appends bytes to the file.
  package func append(_ bytes: [UInt8]) throws(ResultsError) {
    hash.update(data: bytes)
    try Self.write(bytes, to: descriptor, path: path)
  }

  /// Writes a file where it stands, in a directory that nobody else sees: no other name comes up.
  package static func put(_ bytes: [UInt8], at path: String) throws(ResultsError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .last("create", path) }
    defer { Glibc.close(descriptor) }
    try write(bytes, to: descriptor, path: path)
  }

  /// Writes all bytes to a file that is open, at its position.
  package static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(ResultsError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written >= 0 else { throw .last("write", path) }
      rest.removeFirst(written)
    }
  }

  /// Synchronises the file to the disk, and returns the SHA-256 of what was written, in hexadecimal.
  package func close() throws(ResultsError) -> String {
    guard fsync(descriptor) == 0 else { throw .last("write", path) }
    let result = Glibc.close(descriptor)
    descriptor = -1
    guard result == 0 else { throw .last("write", path) }
    return hash.finalize().hexadecimal
  }
}
