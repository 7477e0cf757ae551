import Glibc
import Synchronization

/// What an unfinished command has done so far: records in a file beside its results, one after the other.
///
/// A record is written when a piece of work has ended. It has a key, and parts with a digest each. A process that is
/// killed leaves at most one incomplete record, the last one. It is cut off when the journal is opened again. The
/// journal begins with the design, the text of all that the records depend on, so that records of two designs never
/// mix. A lock keeps other processes away while the journal is open. What is read back is compared with its digest. If
/// the machine fails, not just the process, the records of the last ``syncInterval`` may be lost.
package final class Journal: Sendable {
  /// What to do with the records in a journal that is opened.
  package enum Start: Sendable {
    /// There must be no records.
    case new
    /// They are kept.
    case resume
    /// They are discarded.
    case restart
  }

  /// The position of a record.
  package struct Place: Hashable, Sendable {
    /// The offset of its first byte.
    package let offset: UInt64
  }

  /// How long a record may wait before it is synchronised to the disk.
  static let syncInterval = Duration.seconds(10)

  /// The file.
  package let path: String
  /// The text of all that the records depend on.
  package let design: String
  /// The complete records that were found, by their keys; of two with the same key the later one.
  package let found: [String: Place]
  private let file: InputFile
  private let descriptor: Int32
  private let state: Mutex<State>

  private struct State {
    var end: UInt64
    var records: Int
    var synced = ContinuousClock.now
  }

  /// The path of the journal of a directory of results.
  package static func path(besideResults directory: String) -> String { directory + ".journal" }

  /// Opens the journal at `path`, or creates one.
  ///
  /// - Throws: a ``ResumeError`` if it has records that must not be touched, and ``ResultsError``.
  package init(at path: String, design: String, start: Start) throws {
    let descriptor = try Self.lock(path)
    self.path = path
    self.design = design
    self.descriptor = descriptor
    // It is closed together with the file.
    file = try InputFile(path, descriptor: descriptor)
    let survey = try JournalFormat.survey(file)
    let isKept = start != .restart && !survey.places.isEmpty
    if isKept {
      try ResumeError.expect(design, equals: survey.design, of: path)
      guard start == .resume else { throw ResumeError.unfinished(journal: path, records: survey.places.count) }
    }
    let front = JournalFormat.front(design)
    found = isKept ? survey.places : [:]
    let end = isKept ? survey.end : UInt64(front.count)
    state = Mutex(State(end: end, records: found.count))
    do {
      guard ftruncate(descriptor, isKept ? off_t(end) : 0) == 0 else { throw ResultsError.last("write", path) }
      if !isKept { try Self.write(front, to: descriptor, at: 0, path: path) }
    } catch {
      // Half a beginning is of no use to anybody.
      if !isKept { unlink(path) }
      throw error
    }
  }

  /// The design and the payloads of a journal that nobody writes, in the order in which they were written. Nothing is
  /// changed.
  ///
  /// - Throws: ``ResultsError/busy(path:)`` if somebody writes it, and ``ResumeError/notAJournal(path:)``.
  package static func contents(at path: String) throws -> (design: String, payloads: [[UInt8]]) {
    let file = try InputFile(path)
    guard file.isFree else { throw ResultsError.busy(path: path) }
    let survey = try JournalFormat.survey(file)
    let payloads = try survey.places.values.sorted { $0.offset < $1.offset }.map { place in
      try JournalFormat.record(in: file, at: place.offset)?.parts.flatMap { try $0.bytes } ?? []
    }
    return (survey.design, payloads)
  }

  /// The payloads so far, in the order in which they were written.
  package func payloads() throws -> [[UInt8]] {
    let survey = try JournalFormat.survey(InputFile(path))
    return try survey.places.values.sorted { $0.offset < $1.offset }.map { try payload(at: $0) }
  }

  // A child of this process that has not started its program yet has the descriptor too, and would keep the lock.
  deinit { flock(descriptor, LOCK_UN) }

  /// Appends a record.
  ///
  /// - Parameter key: without white space, of at most ``JournalFormat/longestKey`` bytes.
  @discardableResult
  package func append(key: String, payload: [UInt8]) throws -> Place { try append(key: key, parts: [.held(payload)]) }

  /// The payload of a record of one part.
  ///
  /// - Throws: ``ResultsError/damaged(path:)`` if it is not what was written.
  package func payload(at place: Place) throws -> [UInt8] { try parts(at: place).flatMap { try $0.bytes } }

  /// Appends a record of several parts.
  package func append(key: String, parts: [Lines]) throws -> Place {
    let head = JournalFormat.head(key: key, parts: parts)
    return try state.withLock { state in
      let place = Place(offset: state.end)
      var (pending, end) = (head, state.end)
      func flush() throws {
        try Self.write(pending, to: descriptor, at: end, path: path)
        end += UInt64(pending.count)
        pending.removeAll(keepingCapacity: true)
      }
      for part in parts {
        try part.forEachPiece { piece in
          pending += piece
          if pending.count >= InputFile.piece { try flush() }
        }
      }
      try flush()
      state.end = end
      state.records += 1
      let now = ContinuousClock.now
      if now - state.synced > Self.syncInterval {
        fdatasync(descriptor)
        state.synced = now
      }
      return place
    }
  }

  /// The parts of a record. Each is compared with its digest when it is read.
  package func parts(at place: Place) throws -> [Lines] {
    guard let record = try JournalFormat.record(in: file, at: place.offset) else {
      throw ResultsError.damaged(path: path)
    }
    return record.parts
  }

  /// Removes the file.
  package func remove() { unlink(path) }

  /// Removes a journal that nobody writes.
  package static func removeFree(_ path: String) {
    guard let file = try? InputFile(path), file.isFree else { return }
    unlink(path)
  }

  /// Leaves the records on the disk for another process, or no file if there are none. Returns how many there are.
  @discardableResult
  package func leave() -> Int {
    let records = state.withLock { $0.records }
    if records == 0 { remove() } else { fdatasync(descriptor) }
    return records
  }
}

extension Journal {
  /// Opens the file for this process only, without following a link.
  private static func lock(_ path: String) throws -> Int32 {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        if errno == ELOOP { throw ResumeError.link(path: path) }
        throw ResultsError.last("create", path)
      }
      var (opened, standing) = (stat(), stat())
      guard fstat(descriptor, &opened) == 0, opened.st_mode & S_IFMT == S_IFREG else {
        Glibc.close(descriptor)
        throw ResumeError.notAJournal(path: path)
      }
      guard isLocked(descriptor) else {
        Glibc.close(descriptor)
        throw ResultsError.busy(path: path)
      }
      // A process that ended meanwhile may have removed the file that was opened here.
      if lstat(path, &standing) == 0, opened.st_ino == standing.st_ino, opened.st_dev == standing.st_dev {
        return descriptor
      }
      Glibc.close(descriptor)
    }
  }

  /// Locks a file. Who has it may be about to end, so it is asked for a second before it counts as busy.
  private static func isLocked(_ descriptor: Int32) -> Bool {
    for _ in 0..<50 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(20_000)
    }
    return false
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32, at offset: UInt64, path: String) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written, off_t(offset) + off_t(written))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw ResultsError.last("write", path) }
      written += count
    }
  }
}
