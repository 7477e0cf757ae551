import Results

/// The runs in a directory of results, found in its files.
final class FinishedRuns: RunSource, Sendable {
  /// Where a run's lines are in each of `RunRows.files`.
  struct Place: Hashable, Sendable {
    /// Where the lines begin.
    var starts = SIMD8<UInt64>()
    /// How many bytes the lines have.
    var lengths = SIMD8<UInt64>()
    /// The first bytes of their SHA-256.
    var digests = SIMD8<UInt64>()
  }

  /// The directory.
  let path: String
  let nameLength: Int
  /// Where the lines of each run are.
  let places: [RunID: Place]
  private let files: [InputFile?]

  /// Finds the runs of existing results.
  ///
  /// - Throws: a ``ResumeError`` if a file is not as it was written.
  init(of results: FinishedResults) throws {
    path = results.path
    nameLength = CSVBuffer.length(of: results.scenario.name)
    var name = CSVBuffer()
    name.append(results.scenario.name, columns: [.text("", "") { $0 }])
    let prefix = Array(name.bytes.dropLast()) + [UInt8(ascii: ",")]
    var places: [RunID: Place] = [:]
    files = try RunRows.files.enumerated().map { index, file in
      guard let entry = results.folder.entry(of: file), let input = results.folder.input(file) else { return nil }
      let digest = try Self.scan(input, prefix: prefix) { run, start, length, digest in
        places[run, default: Place()].starts[index] = start
        places[run, default: Place()].lengths[index] = length
        places[run, default: Place()].digests[index] = digest
      }
      guard digest == entry.sha256 else { throw ResumeError.changed(path: input.path) }
      return input
    }
    // A run without a line in runs.csv is no run.
    self.places = places.filter { $0.value.lengths[0] > 0 }
  }

  func rows(of run: RunID) -> RunRows? {
    places[run].map { place in RunRows(lines: RunRows.files.indices.map { lines(of: place, file: $0) }) }
  }

  /// The lines of a run in one of `RunRows.files`.
  private func lines(of place: Place, file index: Int) -> Lines {
    guard let file = files[index] else { return .none }
    let digest = withUnsafeBytes(of: place.digests[index].bigEndian) { Array($0) }
    // Nothing was scanned if there are no lines.
    return place.lengths[index] == 0
      ? .none : .stored(file, at: place.starts[index], count: place.lengths[index], digest: digest)
  }

  /// Scans a file whose lines are in the order of points and replications, and returns its SHA-256.
  private static func scan(
    _ file: InputFile,
    prefix: [UInt8],
    found: (_ run: RunID, _ start: UInt64, _ length: UInt64, _ digest: UInt64) -> Void
  ) throws -> String {
    var hash = SHA256()
    var position: UInt64 = 0
    var line: [UInt8] = []
    var (current, start, lines): (RunID?, UInt64, SHA256) = (nil, 0, SHA256())
    func end(_ position: UInt64) {
      guard let current else { return }
      let digest = lines.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
      found(current, start, position - start, digest)
    }
    while position < file.size {
      let bytes = try file.read(at: position, count: InputFile.piece)
      guard !bytes.isEmpty else { break }
      hash.update(data: bytes)
      var rest = bytes[...]
      while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
        line += rest[..<newline]
        let lineStart = position + UInt64(newline) - UInt64(line.count)
        let run = Self.run(of: line, prefix: prefix)
        if run != current {
          end(lineStart)
          (current, start, lines) = (run, lineStart, SHA256())
        }
        line.append(UInt8(ascii: "\n"))
        lines.update(data: line)
        line.removeAll(keepingCapacity: true)
        rest = rest[(newline + 1)...]
      }
      line += rest
      position += UInt64(bytes.count)
    }
    end(position)
    return hash.finalize().hexadecimal
  }

  /// The run that a line belongs to; nil for the header.
  private static func run(of line: [UInt8], prefix: [UInt8]) -> RunID? {
    guard line.starts(with: prefix) else { return nil }
    let numbers = line[prefix.count...].split(
      separator: UInt8(ascii: ","), maxSplits: 2, omittingEmptySubsequences: false
    )
    .prefix(2).map { Int(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == 2, let point = numbers[0], let replication = numbers[1] else { return nil }
    return RunID(point: point, replication: replication)
  }
}
