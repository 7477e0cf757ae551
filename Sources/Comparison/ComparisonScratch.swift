import FoundationEssentials
import Glibc
import Results
import Synchronization

/// A directory for results that nobody keeps, among the temporary files.
///
/// A lock marks it as in use. A killed process loses its lock, so the next one recognises what it left behind, and
/// removes it.
final class ComparisonScratch: Sendable {
  private static let prefix = "gapsim-compare-"

  /// The directory.
  let path: String
  private let lock: Mutex<Int32?>

  /// Makes the directory, and removes those of dead processes.
  ///
  /// - Throws: ``ResultsError``.
  init(in folder: String = FileManager.default.temporaryDirectory.path) throws(ResultsError) {
    Self.clean(folder)
    while true {
      let path = "\(folder)/\(Self.prefix)\(UUID().uuidString)"
      guard mkdir(path, 0o700) == 0 else { throw .last("create", path) }
      // Who cleans may have taken the directory for a dead one before it was locked; then there is another.
      if let lock = Self.lock(path) {
        self.path = path
        self.lock = Mutex(lock)
        return
      }
    }
  }

  deinit { remove() }

  /// Removes the directory with all that is in it; on any thread.
  func remove() {
    lock.withLock { lock in
      guard let descriptor = lock else { return }
      try? FileManager.default.removeItem(atPath: path)
      close(descriptor)
      lock = nil
    }
  }

  private static func clean(_ folder: String) {
    for name in (try? Workspace.names(in: folder)) ?? [] where name.hasPrefix(prefix) {
      let path = "\(folder)/\(name)"
      guard let lock = lock(path) else { continue }
      try? FileManager.default.removeItem(atPath: path)
      close(lock)
    }
  }

  /// Locks a directory of this user; nil if another process has it, or if it is gone.
  private static func lock(_ path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    var (opened, standing) = (stat(), stat())
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &opened) == 0, lstat(path, &standing) == 0,
      opened.st_ino == standing.st_ino, opened.st_dev == standing.st_dev, opened.st_uid == getuid()
    else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}
