import Glibc

/// The file that a download fills, block by block in any order. It gets its name when it is whole and right.
///
/// Until then it is `NAME.part` beside its place, which one process alone may fill at a time.
package final class DownloadFile: Sendable {
  /// Where the file goes.
  package enum Target: Hashable, Sendable {
    /// To this path.
    case file(String)
    /// To the standard output, once it is whole.
    case standardOutput
  }

  private let descriptor: Int32
  /// The names of the file before and after; nil on the way to the standard output.
  private let paths: (part: String, final: String)?
  /// Its name in messages.
  package let name: String

  /// Creates the partial file, and checks as far as can be whether it may get its name.
  package init(_ target: Target) throws(DownloadError) {
    switch target {
    case .file(let path):
      let final = try Self.place(path)
      let part = final + ".part"
      descriptor = open(part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw .cannotCreate(path: part, reason: .lastError) }
      paths = (part, final)
      name = path
      try prepare()
    case .standardOutput:
      descriptor = Self.temporary()
      guard descriptor >= 0 else { throw .cannotCreate(path: "a temporary file", reason: .lastError) }
      paths = nil
      name = "the standard output"
    }
  }

  deinit { close(descriptor) }

  /// Writes bytes at their place.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(DownloadError) {
    var rest = bytes
    var place = off_t(clamping: offset)
    while !rest.isEmpty {
      let count = pwrite(descriptor, rest.baseAddress, rest.count, place)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .cannotWrite(path: name, reason: .lastError) }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      place += off_t(count)
    }
  }

  /// The file is whole: checks it and gives it its name.
  package func finish(size: UInt64, digest wanted: String?) throws(DownloadError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, fsync(descriptor) == 0 else {
      throw .cannotWrite(path: name, reason: .lastError)
    }
    guard status.st_size == off_t(clamping: size) else { throw .transfer(.wrongSize) }
    if let wanted {
      guard let found = Digest.ofFile(descriptor) else { throw .cannotWrite(path: name, reason: .lastError) }
      guard found == wanted else { throw .wrongDigest(wanted: wanted, found: found) }
    }
    guard let paths else { return try copyToStandardOutput() }
    guard rename(paths.part, paths.final) == 0 else { throw .cannotCreate(path: paths.final, reason: .lastError) }
    synchroniseFolder(of: paths.final)
  }

  /// Nothing came of it.
  package func discard() {
    if let paths { unlink(paths.part) }
  }
}

// MARK: - Its place

extension DownloadFile {
  /// Where a path leads. Only an ordinary file that may be written is replaced.
  private static func place(_ path: String) throws(DownloadError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return path }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .cannotCreate(path: path, reason: String(cString: strerror(EISDIR)))
    default: throw .cannotCreate(path: path, reason: "it is no ordinary file; '-o -' writes to the standard output")
    }
    guard access(path, W_OK) == 0 else { throw .cannotCreate(path: path, reason: .lastError) }
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private func prepare() throws(DownloadError) {
    guard let paths else { return }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotCreate(path: paths.part, reason: "it is no ordinary file")
    }
    // Who held the lock may have given the file its name since it was opened here.
    var place = Glibc.stat()
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, lstat(paths.part, &place) == 0, place.st_ino == status.st_ino,
      place.st_dev == status.st_dev
    else { throw .cannotCreate(path: paths.part, reason: "another process is filling it") }
    guard ftruncate(descriptor, 0) == 0 else { throw .cannotCreate(path: paths.part, reason: .lastError) }
  }

  /// A file whose name is gone at once.
  private static func temporary() -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var path = Array("\(folder)/gapcast.XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    if descriptor >= 0 { unlink(path) }
    return descriptor
  }

  private func copyToStandardOutput() throws(DownloadError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var offset: off_t = 0
    while true {
      let count = pread(descriptor, &buffer, buffer.count, offset)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotWrite(path: name, reason: .lastError) }
      if count == 0 { return }
      var written = 0
      while written < count {
        let step = buffer.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress! + written, count - written) }
        if step < 0, errno == EINTR { continue }
        guard step > 0 else { throw .cannotWrite(path: name, reason: .lastError) }
        written += step
      }
      offset += off_t(count)
    }
  }

  /// A rename lasts when its folder is written. Where a folder can't be synchronised nothing better can be done.
  private func synchroniseFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
