import Glibc
import Synchronization

/// A hidden directory beside a path, in which the content for that path is made. It gets the name when it is complete.
///
/// It is called `.NAME.partial`, and a lock marks it as in use. A killed process loses its lock, so the next one for
/// the path recognises what it left behind, and removes it. Two live processes never mix, because the second one is
/// refused. A directory with the final name is always complete. An older directory moves aside as `.NAME.previous`
/// while the new one takes its place. If the process is killed between these two renames, the next one for the path
/// puts it back.
package final class Workspace: Sendable {
  /// The kind of content that is made in a workspace.
  package struct Contents: Sendable {
    /// Whether a file of that name is one of them.
    package let isOurs: @Sendable (_ name: String) -> Bool
    /// Throws unless they may replace what is at a path.
    package let checkReplaceable: @Sendable (_ path: String) throws -> Void

    package init(
      isOurs: @escaping @Sendable (_ name: String) -> Bool,
      checkReplaceable: @escaping @Sendable (_ path: String) throws -> Void
    ) {
      (self.isOurs, self.checkReplaceable) = (isOurs, checkReplaceable)
    }
  }

  private enum State {
    case open(lock: Int32)
    case published
    case discarded
  }

  /// The final path.
  package let path: String
  /// The hidden directory.
  package let directory: String
  private let previous: String
  private let contents: Contents
  private let state: Mutex<State>

  /// Begins the content for `path`, whose parents are created.
  ///
  /// - Throws: ``ResultsError``, or the reason why the existing content may not be replaced.
  package init(for path: String, _ contents: Contents) throws {
    self.path = try Self.resolve(path)
    let hidden = Self.hidden(self.path)
    directory = hidden + ".partial"
    previous = hidden + ".previous"
    self.contents = contents
    try OutputPlace.checkName(self.path)
    try OutputPlace.checkOutsideResults(self.path)
    try contents.checkReplaceable(self.path)
    Self.cleanNumbered(directory, contents)
    guard let lock = try Self.lock(directory, creating: true) else { throw ResultsError.busy(path: self.path) }
    state = Mutex(.open(lock: lock))
    do {
      try Self.recover(previous, to: self.path, contents)
      try Self.removeFiles(in: directory, contents)
    } catch {
      rmdir(directory)
      Glibc.close(lock)
      state.withLock { $0 = .discarded }
      throw error
    }
  }

  deinit { discard() }

  /// Writes a file into the directory.
  package func put(_ text: String, in name: String) throws(ResultsError) {
    try OutputFile.put(Array(text.utf8), at: directory + "/" + name)
  }

  /// Gives the directory its name. An older one moves aside for it and is removed.
  package func publish() throws {
    try publish {
      try Self.move(directory, to: path, previous: previous)
      try Self.sync(Self.parent(path))
      if Self.exists(previous) { try Self.removeDirectory(previous, contents) }
    }
  }

  /// Gives one file of the directory the name, and removes the others.
  package func publish(file name: String) throws {
    try publish {
      guard rename(directory + "/" + name, path) == 0 else { throw ResultsError.last("rename to", path) }
      try Self.sync(Self.parent(path))
      try Self.removeDirectory(directory, contents)
    }
  }

  private func publish(_ move: () throws -> Void) throws {
    try state.withLock { state in
      guard case .open(let lock) = state else { throw ResultsError.finished(path: path) }
      guard fsync(lock) == 0 else { throw ResultsError.last("write", directory) }
      try contents.checkReplaceable(path)
      try move()
      state = .published
      Glibc.close(lock)
    }
  }

  /// Discards it and leaves nothing behind. It has no effect once it is published.
  ///
  /// It waits for a publication under way on another thread.
  package func discard() {
    state.withLock { state in
      guard case .open(let lock) = state else { return }
      try? Self.removeDirectory(directory, contents)
      state = .discarded
      Glibc.close(lock)
    }
  }

  /// Removes what dead processes left behind for `path`. What is in use stays, and so does a directory that holds
  /// anything else.
  package static func clean(for path: String, _ contents: Contents) {
    guard let path = try? resolve(path, creating: false) else { return }
    let directory = hidden(path) + ".partial"
    cleanNumbered(directory, contents)
    guard exists(directory), let lock = try? lock(directory, creating: false) else { return }
    try? removeDirectory(directory, contents)
    Glibc.close(lock)
  }
}

// MARK: - Steps

extension Workspace {
  /// Removes what earlier versions left. Their directories were named by the number of the process.
  private static func cleanNumbered(_ directory: String, _ contents: Contents) {
    let place = ResolvedPath(directory)
    let (parent, prefix) = (place.folder.text, place.name + ".")
    for name in (try? names(in: parent)) ?? [] where name.hasPrefix(prefix) {
      guard let process = pid_t(name.dropFirst(prefix.count)), process > 0, kill(process, 0) != 0, errno == ESRCH
      else { continue }
      try? removeDirectory(parent + "/" + name, contents)
    }
  }
}

extension Workspace {
  /// The path without links and dots, its parents created.
  private static func resolve(_ path: String, creating: Bool = true) throws(ResultsError) -> String {
    if creating { try makeDirectories(ResolvedPath.parts(of: path).folder) }
    let target = ResolvedPath(path)
    try target.checkNoBrokenLink()
    return target.text
  }

  private static func hidden(_ path: String) -> String {
    let place = ResolvedPath(path)
    return place.beside(named: "." + place.name)
  }

  private static func parent(_ path: String) -> String { ResolvedPath(path).folder.text }

  /// Makes a directory, and those above it, if it does not exist.
  package static func makeDirectory(_ path: String) throws(ResultsError) { try makeDirectories(path) }

  private static func makeDirectories(_ path: String) throws(ResultsError) {
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    guard code == ENOENT, path != "/", path != "." else { throw uncreatable(path, code) }
    try makeDirectories(ResolvedPath.parts(of: path).folder)
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw uncreatable(path, errno) }
  }

  private static func uncreatable(_ path: String, _ code: Int32) -> ResultsError {
    let error = ResultsError.system(step: "create", path: path, code: code)
    return error.isFailedWrite ? error : .uncreatable(path: path, reason: String(cString: strerror(code)))
  }

  /// Opens the directory, or one that a killed process left behind, and locks it for this process; nil if another one has it.
  private static func lock(_ directory: String, creating: Bool) throws(ResultsError) -> Int32? {
    if creating {
      guard mkdir(directory, 0o777) == 0 || errno == EEXIST else { throw .last("create", directory) }
    }
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last("open", directory) }
    // A process that ended meanwhile may have renamed the directory that was opened here.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isDirectory(descriptor, at: directory) else {
      Glibc.close(descriptor)
      return nil
    }
    return descriptor
  }

  /// Whether an open directory is still at `path`.
  private static func isDirectory(_ descriptor: Int32, at path: String) -> Bool {
    var opened = stat()
    var standing = stat()
    return fstat(descriptor, &opened) == 0 && lstat(path, &standing) == 0 && opened.st_ino == standing.st_ino
      && opened.st_dev == standing.st_dev
  }

  /// Moves the complete directory to its final name. An existing one becomes the previous one.
  private static func move(_ partial: String, to path: String, previous: String) throws(ResultsError) {
    if rename(partial, path) == 0 { return }
    guard errno == ENOTEMPTY || errno == EEXIST else { throw .last("rename to", path) }
    guard rename(path, previous) == 0 else { throw .last("replace", path) }
    guard rename(partial, path) == 0 else {
      let error = ResultsError.last("rename to", path)
      rename(previous, path)
      throw error
    }
  }

  /// Puts back what a killed process had moved aside, or removes it if the new one got its place.
  private static func recover(_ previous: String, to path: String, _ contents: Contents) throws(ResultsError) {
    guard exists(previous) else { return }
    if exists(path) {
      try removeDirectory(previous, contents)
    } else if rename(previous, path) != 0 {
      throw .last("rename to", path)
    }
  }

  /// Whether `path` exists.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Synchronises the names in a directory to the disk.
  private static func sync(_ directory: String) throws(ResultsError) {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last("open", directory) }
    defer { Glibc.close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .last("write", directory) }
  }

  /// The names in a directory, in order.
  package static func names(in directory: String) throws(ResultsError) -> [String] {
    guard let stream = opendir(directory) else { throw .last("read", directory) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func removeDirectory(_ directory: String, _ contents: Contents) throws(ResultsError) {
    try removeFiles(in: directory, contents)
    guard rmdir(directory) == 0 else { throw .last("remove", directory) }
  }

  /// Removes the files of a directory that holds nothing but ours.
  private static func removeFiles(in directory: String, _ contents: Contents) throws(ResultsError) {
    let names = try names(in: directory)
    if let foreign = names.first(where: { !contents.isOurs($0) }) {
      throw .foreignFile(path: directory, found: foreign)
    }
    for name in names {
      guard unlink(directory + "/" + name) == 0 else { throw .last("remove", directory + "/" + name) }
    }
  }
}
