import FoundationEssentials
import Quantities
import Results

/// Two directories of results, byte by byte.
///
/// If one of them does not keep a file, the digests in the manifests are compared. The manifests themselves are not
/// compared, because they name the version of the program.
package struct ByteComparison: Hashable, Sendable {
  /// How a file differs.
  enum Difference: Hashable, Sendable {
    /// In a field; `place` names its point, replication, device and so on.
    case field(line: Int, place: String, point: Int?, replication: Int?, column: String, base: String, new: String)
    /// The columns differ.
    case header(base: String, new: String)
    /// One has more rows.
    case rows(line: Int, inBase: Bool, text: String)
    /// One of the two does not have the file at all.
    case missing(inBase: Bool)
    /// By the digests in the manifests, because a file is not kept.
    case digest
  }

  /// The files that were compared, in the order of the manifests.
  private(set) var files: [ResultFile] = []
  /// Those that differ.
  private(set) var differences: [ResultFile: Difference] = [:]

  /// Whether every file is the same.
  package var isSame: Bool { differences.isEmpty }

  /// Compares the files that the manifests list.
  init(_ base: ResultsFolder, _ new: ResultsFolder) throws(ComparisonError) {
    for file in ResultFile.allCases where file != .manifest {
      let (baseEntry, newEntry) = (base.entry(of: file), new.entry(of: file))
      guard baseEntry != nil || newEntry != nil else { continue }
      files.append(file)
      if let baseEntry, let newEntry {
        // The existing file has the digest in the manifest.
        guard baseEntry.sha256 != newEntry.sha256 else { continue }
        differences[file] = .digest
        if let left = base.input(file), let right = new.input(file) {
          differences[file] = try Self.difference(left, right)
        }
      } else {
        differences[file] = .missing(inBase: baseEntry == nil)
      }
    }
  }

  /// Whether the runs are the same, as many as both have; the tables about all of them may differ.
  var hasSameRuns: Bool {
    RunRows.files.allSatisfy { file in
      guard let difference = differences[file] else { return true }
      return if case .rows = difference { true } else { false }
    }
  }

  /// The point and the replication of the first difference, where they are known.
  var firstRun: (point: Int?, replication: Int?)? {
    guard case .field(_, _, let point, let replication, _, _, _)? = first?.difference else { return nil }
    return (point, replication)
  }

  /// The first difference with a known place, by file; otherwise the first difference.
  var first: (file: ResultFile, difference: Difference)? {
    let found = files.compactMap { file in differences[file].map { (file: file, difference: $0) } }
    // Where runs are only more, what is said about all of them differs by that.
    guard !hasSameRuns || !found.contains(where: { RunRows.files.contains($0.file) }) else { return found.first }
    return found.first { if case .field = $0.difference { true } else { false } } ?? found.first
  }

  /// Compares two files line by line. Results have no line ends within a field.
  private static func difference(_ base: InputFile, _ new: InputFile) throws(ComparisonError) -> Difference? {
    var (left, right) = (LineReader(base), LineReader(new))
    var header: [UInt8] = []
    var line = 0
    while true {
      line += 1
      let (one, other) = (try left.next(), try right.next())
      guard let one, let other else {
        guard let more = one ?? other else { return nil }
        return .rows(line: line, inBase: one != nil, text: String(decoding: more, as: UTF8.self).excerpt)
      }
      if line == 1 { header = Array(one) }
      guard one != other else { continue }
      if line == 1 {
        return .header(base: String(decoding: one, as: UTF8.self), new: String(decoding: other, as: UTF8.self))
      }
      return try field(header: header, Array(one), Array(other), line: line, path: base.path)
    }
  }

  /// The first field in which two lines differ.
  private static func field(
    header: [UInt8], _ one: [UInt8], _ other: [UInt8], line: Int, path: String
  ) throws(ComparisonError) -> Difference {
    let newline = [UInt8(ascii: "\n")]
    do {
      let base = try CSVTable(CSVReader(path: path, bytes: header + newline + one)) { _ in true }
      let new = try CSVTable(CSVReader(path: path, bytes: header + newline + other)) { _ in true }
      guard let left = base.rows.first, let right = new.rows.first,
        let column = left.indices.first(where: { left[$0] != right[$0] })
      else { throw ComparisonError("\(path):\(line): the lines differ, but no field does") }
      let keys = ["point", "replication", "device", "session", "gap_blocks", "metric", "time_s"]
      let place = base.header.indices.filter { keys.contains(base.header[$0]) && $0 < column }
      func number(_ name: String) -> Int? { base.header.firstIndex(of: name).flatMap { Int(left[$0]) } }
      return .field(
        line: line, place: place.map { "\(base.header[$0]) \(left[$0].excerpt)" }.joined(separator: ", "),
        point: number("point"), replication: number("replication"), column: base.header[column].excerpt,
        base: left[column].excerpt,
        new: right[column].excerpt)
    } catch let error as CSVError {
      throw ComparisonError("line \(line) of a file of results is damaged: \(error)")
    } catch let error as ComparisonError {
      throw error
    } catch {
      throw ComparisonError("\(path):\(line): \(error)")
    }
  }
}
