import Foundation
import Glibc
import Synchronization

/// The runs of a sweep that is not finished, one record after the other.
///
/// A record is written when its run has ended: a line that names the run and the lengths of its lines in each file, these
/// lines, and the SHA-256 of both. A process that is killed leaves at most one record that is not whole, the
/// last one, which is cut off when the journal is opened again. At the front stands the design, so that a journal is never
/// mixed with runs of another one. The records of the last second may be lost when the machine fails, not the process.
final class SweepJournal: Sendable {
  /// Where a run's lines are.
  struct Place: Hashable, Sendable {
    /// Where the lines of each of `RunRows.files` begin.
    var starts = SIMD8<UInt64>()
    /// How many bytes they have.
    var lengths = SIMD8<UInt64>()
  }

  /// What stands in a journal.
  struct Survey {
    /// The file.
    let path: String
    /// The text of its design; empty if not even that was written to the end.
    let design: String
    /// The runs that are whole.
    let places: [RunID: Place]
    /// Where the last of them ends.
    let end: UInt64
  }

  private static let magic = "gapsim-sweep-journal 1"
  private static let digestLength = 64

  /// The file.
  let path: String
  private let descriptor: Int32
  private let state: Mutex<State>

  private struct State {
    var end: UInt64
    var runs = 0
    var synced = ContinuousClock.now
  }

  /// Where the journal of a directory of results stands.
  static func path(besideResults directory: String) -> String { directory + ".journal" }

  private init(path: String, descriptor: Int32, end: UInt64, runs: Int) {
    self.path = path
    self.descriptor = descriptor
    state = Mutex(State(end: end, runs: runs))
  }

  deinit { Glibc.close(descriptor) }

  /// Begins a journal, in place of one that stands there.
  convenience init(creating path: String, design: SweepDesign) throws {
    let front = Self.front(design)
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw ResultsError.last("create", path) }
    self.init(path: path, descriptor: descriptor, end: UInt64(front.count), runs: 0)
    try Self.write(front, to: descriptor, at: 0, path: path)
    sync()
  }

  /// Goes on with a journal; a record that is not whole is cut off, with all that follows.
  convenience init(continuing survey: Survey) throws {
    let descriptor = Glibc.open(survey.path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw ResultsError.last("open", survey.path) }
    self.init(path: survey.path, descriptor: descriptor, end: survey.end, runs: survey.places.count)
    guard ftruncate(descriptor, off_t(survey.end)) == 0 else { throw ResultsError.last("write", path) }
  }

  /// Appends a run, and says where its lines are.
  func append(_ run: RunID, _ rows: RunRows) throws -> Place {
    let head = "run \(run.point) \(run.replication) " + rows.lines.map { "\($0.count)" }.joined(separator: " ") + "\n"
    var place = Place()
    try state.withLock { state in
      var hash = SHA256()
      var (pending, end) = (Array(head.utf8), state.end)
      func flush() throws {
        try Self.write(pending, to: descriptor, at: end, path: path)
        end += UInt64(pending.count)
        pending.removeAll(keepingCapacity: true)
      }
      hash.update(data: pending)
      for (index, lines) in rows.lines.enumerated() {
        place.starts[index] = end + UInt64(pending.count)
        place.lengths[index] = lines.count
        try lines.forEachPiece { piece in
          hash.update(data: piece)
          pending += piece
          if pending.count >= InputFile.piece { try flush() }
        }
      }
      pending += hash.finalize().hexadecimal.utf8 + [UInt8(ascii: "\n")]
      try flush()
      state.end = end
      state.runs += 1
      let now = ContinuousClock.now
      if now - state.synced > .seconds(1) {
        fsync(descriptor)
        state.synced = now
      }
    }
    return place
  }

  /// Has what was appended on the disk.
  private func sync() { fsync(descriptor) }

  /// Removes the file.
  func remove() { unlink(path) }

  /// Leaves the runs on the disk for another process, or nothing if there are none; says how many there are.
  @discardableResult
  func leave() -> Int {
    let runs = state.withLock { $0.runs }
    if runs == 0 { remove() } else { sync() }
    return runs
  }
}

// MARK: - The file

extension SweepJournal {
  /// Reads what stands in a journal; nil if there is none.
  static func survey(at path: String) throws -> Survey? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try InputFile(path)
    guard let (design, front) = try design(of: file) else {
      // A process that died at once left less than a whole beginning.
      guard Array(magic.utf8).starts(with: try file.read(at: 0, count: magic.utf8.count)) else {
        throw SweepError.notAJournal(path: path)
      }
      return Survey(path: path, design: "", places: [:], end: 0)
    }
    var (places, end): ([RunID: Place], UInt64) = ([:], front)
    while let record = try record(in: file, at: end) {
      places[record.run] = record.place
      end = record.end
    }
    return Survey(path: path, design: design, places: places, end: end)
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

  private static func front(_ design: SweepDesign) -> [UInt8] {
    let text = Array(design.text.utf8)
    return Array("\(magic) \(text.count) \(SHA256.hash(data: text).hexadecimal)\n".utf8) + text
  }

  /// The design at the front, and where it ends; nil if the file is no journal.
  private static func design(of file: InputFile) throws -> (text: String, end: UInt64)? {
    guard let (words, start) = try line(in: file, at: 0), words.count == 4, words[0] + " " + words[1] == magic,
      let length = Int(words[2]), length > 0, UInt64(length) <= file.size
    else { return nil }
    let text = try file.read(at: start, count: length)
    guard SHA256.hash(data: text).hexadecimal == words[3] else { return nil }
    return (String(decoding: text, as: UTF8.self), start + UInt64(length))
  }

  /// The words of a short line, and where the next one begins; nil if there is none.
  private static func line(in file: InputFile, at offset: UInt64) throws -> (words: [String], end: UInt64)? {
    let bytes = try file.read(at: offset, count: 256)
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
    return (words.map(String.init), offset + UInt64(end) + 1)
  }

  /// The record at `offset`; nil if none is whole there.
  private static func record(
    in file: InputFile,
    at offset: UInt64
  ) throws -> (run: RunID, place: Place, end: UInt64)? {
    guard let (words, start) = try line(in: file, at: offset), words.count == 3 + RunRows.files.count,
      words[0] == "run", let point = Int(words[1]), let replication = Int(words[2])
    else { return nil }
    var place = Place()
    var end = start
    for (index, word) in words.dropFirst(3).enumerated() {
      guard let length = UInt64(word), length <= file.size - end else { return nil }
      place.starts[index] = end
      place.lengths[index] = length
      end += length
    }
    var hash = SHA256()
    var position = offset
    while position < end {
      let bytes = try file.read(at: position, count: min(InputFile.piece, Int(end - position)))
      guard !bytes.isEmpty else { return nil }
      hash.update(data: bytes)
      position += UInt64(bytes.count)
    }
    let digest = try file.read(at: end, count: digestLength + 1)
    guard digest == Array(hash.finalize().hexadecimal.utf8) + [UInt8(ascii: "\n")] else { return nil }
    return (RunID(point: point, replication: replication), place, end + UInt64(digest.count))
  }
}
