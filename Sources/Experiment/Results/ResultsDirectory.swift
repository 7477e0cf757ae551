import Foundation
import Glibc
import Synchronization

/// A directory of results in the making: it gets its name when it is whole.
///
/// The files are written to a directory beside the final one, called `.NAME.partial`, which a lock marks as in use. A
/// killed process loses its lock, so the next run knows what it left behind. What stands under the final name is always
/// whole. Older results step aside as `.NAME.previous` while the new ones take their place; should the process be killed
/// between these two renames, the next run for the path puts them back.
package final class ResultsDirectory: Sendable {
  private enum State {
    case writing(lock: Int32)
    case committed
    case discarded
  }

  /// The final path.
  package let path: String
  private let partial: String
  private let previous: String
  private let state: Mutex<State>
  private let spools = Atomic(0)
  /// How the names of spool files begin; a killed run may have left one behind.
  private static let spoolPrefix = "spool-"

  /// Starts to write results for `path`, whose parents are created.
  ///
  /// What stands there already may be replaced only if it is empty or results of this program and nothing else; what a
  /// killed run left behind is removed.
  package init(at path: String) throws {
    let target = try Self.resolve(path)
    let hidden = target.deletingLastPathComponent().appending(path: "." + target.lastPathComponent).path
    self.path = target.path
    partial = hidden + ".partial"
    previous = hidden + ".previous"
    try Self.checkReplaceable(self.path)
    let lock = try Self.lockDirectory(partial, for: self.path)
    state = Mutex(.writing(lock: lock))
    do {
      try Self.recover(previous, to: self.path)
      try Self.removeResults(in: partial)
    } catch {
      rmdir(partial)
      Glibc.close(lock)
      state.withLock { $0 = .discarded }
      throw error
    }
  }

  deinit { discard() }

  /// Creates one of the files.
  func create(_ file: ResultFile) throws -> OutputFile {
    try OutputFile(creating: partial + "/" + file.rawValue)
  }

  /// Creates a file without a name on the same disk, on any thread.
  func createSpool() throws(ResultsError) -> SpoolFile {
    let number = spools.add(1, ordering: .relaxed).newValue
    return try SpoolFile(at: "\(partial)/\(Self.spoolPrefix)\(number)")
  }

  /// Gives the directory its name; older results step aside for it and are removed.
  package func commit() throws {
    try state.withLock { state in
      guard case .writing(let lock) = state else { throw ResultsError.finished(path: path) }
      guard fsync(lock) == 0 else { throw ResultsError.last("write", partial) }
      try Self.checkReplaceable(path)
      try Self.move(partial, to: path, previous: previous)
      state = .committed
      Glibc.close(lock)
      try Self.sync((path as NSString).deletingLastPathComponent)
      if Self.exists(previous) { try Self.removeDirectory(previous) }
    }
  }

  /// Gives the results up and leaves nothing behind; without effect once they are whole.
  ///
  /// A commit under way on another thread is waited for.
  package func discard() {
    state.withLock { state in
      guard case .writing(let lock) = state else { return }
      try? Self.removeDirectory(partial)
      state = .discarded
      Glibc.close(lock)
    }
  }
}

extension ResultsDirectory {
  /// The path without links and dots, its parents created.
  private static func resolve(_ path: String) throws -> URL {
    let url = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL
    let parent = url.deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    } catch {
      throw ResultsError.uncreatable(path: parent.path, reason: error.localizedDescription)
    }
    return parent.resolvingSymlinksInPath().appending(path: url.lastPathComponent).resolvingSymlinksInPath()
  }

  /// Throws unless nothing, an empty directory or results and nothing else stand at `path`.
  private static func checkReplaceable(_ path: String) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return }
    guard isDirectory.boolValue else { throw ResultsError.notADirectory(path: path) }
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    guard let first = names.first else { return }
    let manifest = FileManager.default.contents(atPath: path + "/" + ResultFile.manifest.rawValue)
    guard let manifest, Manifest(json: manifest) != nil else {
      throw ResultsError.notResults(path: path, found: first)
    }
    if let foreign = foreignFile(among: names) { throw ResultsError.foreignFile(path: path, found: foreign) }
  }

  /// The first name that no file of results has.
  private static func foreignFile(among names: [String]) -> String? {
    names.first { ResultFile(rawValue: $0) == nil }
  }

  /// Creates the directory, or takes over one that a killed run left behind, and locks it for this process.
  private static func lockDirectory(_ partial: String, for path: String) throws -> Int32 {
    guard mkdir(partial, 0o777) == 0 || errno == EEXIST else { throw ResultsError.last("create", partial) }
    let descriptor = open(partial, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw ResultsError.last("open", partial) }
    // A run that ended in between may have renamed the directory that was opened here.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isDirectory(descriptor, at: partial) else {
      Glibc.close(descriptor)
      throw ResultsError.busy(path: path)
    }
    return descriptor
  }

  /// Whether an open directory still stands at `path`.
  private static func isDirectory(_ descriptor: Int32, at path: String) -> Bool {
    var opened = stat()
    var standing = stat()
    return fstat(descriptor, &opened) == 0 && lstat(path, &standing) == 0 && opened.st_ino == standing.st_ino
      && opened.st_dev == standing.st_dev
  }

  /// Moves the whole directory to its final name; results that stand there become the previous ones.
  private static func move(_ partial: String, to path: String, previous: String) throws {
    if rename(partial, path) == 0 { return }
    guard errno == ENOTEMPTY || errno == EEXIST else { throw ResultsError.last("rename to", path) }
    guard rename(path, previous) == 0 else { throw ResultsError.last("replace", path) }
    guard rename(partial, path) == 0 else {
      let error = ResultsError.last("rename to", path)
      rename(previous, path)
      throw error
    }
  }

  /// Puts results back that a killed run had moved aside, or removes them if the new ones got their place.
  private static func recover(_ previous: String, to path: String) throws {
    guard exists(previous) else { return }
    if exists(path) {
      try removeDirectory(previous)
    } else if rename(previous, path) != 0 {
      throw ResultsError.last("rename to", path)
    }
  }

  /// Whether something stands at `path`.
  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Has the names in a directory on the disk.
  private static func sync(_ directory: String) throws {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ResultsError.last("open", directory) }
    defer { Glibc.close(descriptor) }
    guard fsync(descriptor) == 0 else { throw ResultsError.last("write", directory) }
  }

  /// Removes results, and the directory with them.
  private static func removeDirectory(_ directory: String) throws {
    try removeResults(in: directory)
    guard rmdir(directory) == 0 else { throw ResultsError.last("remove", directory) }
  }

  /// Removes the files of results from a directory that holds nothing else.
  private static func removeResults(in directory: String) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    if let foreign = foreignFile(among: names.filter { !$0.hasPrefix(spoolPrefix) }) {
      throw ResultsError.foreignFile(path: directory, found: foreign)
    }
    for name in names {
      guard unlink(directory + "/" + name) == 0 else { throw ResultsError.last("remove", directory + "/" + name) }
    }
  }
}
