import Glibc

/// An ordinary file that is read in pieces, at any position.
///
/// No other kind of file is ever read: reading would wait for a FIFO, and a device might never end.
package final class InputFile: Sendable {
  /// How many bytes are read at a time from start to end.
  package static let piece = 1 << 20

  /// The file's path.
  package let path: String
  /// Its bytes when it was opened.
  package let size: UInt64
  private let descriptor: Int32

  /// Opens a file for reading.
  package convenience init(_ path: String) throws(ResultsError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .last("open", path) }
    try self.init(path, descriptor: descriptor)
  }

  /// Opens a file of an open directory, without following a link.
  package convenience init(_ name: String, in directory: Int32, at path: String) throws(ResultsError) {
    let descriptor = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else {
      guard errno != ELOOP else { throw .notOrdinary(path: path) }
      throw .last("open", path)
    }
    try self.init(path, descriptor: descriptor)
  }

  /// The standard input. What comes through a pipe is copied into a file without a name first.
  package static func standardInput() throws(ResultsError) -> InputFile {
    let name = "the standard input"
    let descriptor = dup(STDIN_FILENO)
    guard descriptor >= 0 else { throw .last("read", name) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      return try InputFile(name, descriptor: descriptor)
    }
    defer { Glibc.close(descriptor) }
    var template = Array(((getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/gapsim-XXXXXX").utf8CString)
    let copy = mkstemp(&template)
    guard copy >= 0 else { throw .last("create", "a copy of \(name)") }
    unlink(template)
    do throws(ResultsError) {
      var bytes = [UInt8](repeating: 0, count: piece)
      while true {
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw ResultsError.last("read", name) }
        guard count > 0 else { break }
        try OutputFile.write(Array(bytes[..<count]), to: copy, path: "a copy of \(name)")
      }
    } catch {
      Glibc.close(copy)
      throw error
    }
    return try InputFile(name, descriptor: copy)
  }

  /// Takes a file that is open for reading.
  package init(_ path: String, descriptor: Int32) throws(ResultsError) {
    self.path = path
    self.descriptor = descriptor
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = ResultsError.last("read", path)
      Glibc.close(descriptor)
      throw error
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw .notOrdinary(path: path)
    }
    size = UInt64(status.st_size)
  }

  /// A path by which another process can open the same file as long as this one has it, whatever has become of its name.
  package var openPath: String { "/proc/\(getpid())/fd/\(descriptor)" }

  /// Whether nobody has a lock on the file.
  var isFree: Bool {
    guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return false }
    flock(descriptor, LOCK_UN)
    return true
  }

  deinit { Glibc.close(descriptor) }

  /// The bytes from `offset` on, at most `count`.
  package func read(at offset: UInt64, count: Int) throws(ResultsError) -> [UInt8] {
    var filled = 0
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset) + off_t(filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { code = errno }
        guard got > 0 else { break }
        filled += got
      }
      initialized = filled
    }
    guard code == 0 else { throw .system(step: "read", path: path, code: code) }
    return bytes
  }
}
