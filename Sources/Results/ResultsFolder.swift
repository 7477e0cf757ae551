import FoundationEssentials
import Glibc

/// A directory of results that is read, or a part of one that is kept. All existing results are read through this type.
///
/// Before anything is taken from it, it is compared with its manifest: the version of the format, the digest of the
/// scenario, and the rows and the digest of each file that the manifest lists. So every reader reads what was written.
/// The files stay open. What is read later is what was checked, even if other results replace the directory meanwhile.
/// A file that the manifest does not list is not read at all.
package struct ResultsFolder: Sendable {
  /// The command that wrote it.
  package enum Kind: String, Sendable {
    case run, sweep, tune
  }

  /// Which files must be there.
  package enum Extent: Sendable {
    /// Every file that the manifest lists.
    case whole
    /// Any part of them, as in a baseline.
    case kept
  }

  /// How much is compared with the manifest before the directory counts as open.
  package enum Check: Sendable {
    /// Every file.
    case digests
    /// Only the manifest. A caller that reads a whole file computes its digest on the way.
    case manifest
  }

  /// The path as it was given, without slashes at its end.
  package let path: String
  /// The scenario that was run, and the digest of every file.
  package let manifest: Manifest
  /// The files that exist, of those that the manifest lists.
  private let files: [ResultFile: InputFile]

  /// The most bytes of a manifest, which has the scenario with its traces in it.
  private static let largestManifest: UInt64 = 256 << 20
  /// The most bytes of a line.
  package static let longestLine = 16 << 20

  /// Opens a directory, and checks it.
  ///
  /// - Throws: a ``ResultsFolderError``.
  package init(
    at path: String, extent: Extent = .whole, check: Check = .digests
  ) throws(ResultsFolderError) {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    let directory = Glibc.open(trimmed, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw .ofDirectory(trimmed, errno) }
    defer { Glibc.close(directory) }
    self.path = trimmed
    manifest = try Self.manifest(in: directory, at: trimmed)
    var files: [ResultFile: InputFile] = [:]
    for file in ResultFile.allCases {
      guard file != .manifest, let entry = manifest.files.first(where: { $0.name == file.rawValue }) else { continue }
      guard let input = try Self.open(file, in: directory, at: trimmed) else {
        guard extent == .kept else {
          throw .missing(
            path: trimmed + "/" + file.rawValue, what: "the file does not exist, and manifest.json lists it")
        }
        continue
      }
      if check == .digests { try Self.check(input, isTable: file.isTable, against: entry) }
      files[file] = input
    }
    self.files = files
  }

  /// The command that wrote it.
  package var kind: Kind {
    if entry(of: .tune) != nil { return .tune }
    return manifest.sweep == nil ? .run : .sweep
  }

  /// Whether its runs ran on real wires.
  package var isLive: Bool { manifest.live != nil }

  /// The manifest's entry of one of the files; nil if there is none.
  package func entry(of file: ResultFile) -> Manifest.File? { manifest.files.first { $0.name == file.rawValue } }

  /// Whether one of the files is there.
  package func has(_ file: ResultFile) -> Bool { files[file] != nil }

  /// The path of one of the files, for messages.
  package func path(of file: ResultFile) -> String { path + "/" + file.rawValue }

  /// A table.
  package func table(_ file: ResultFile) throws(CSVError) -> CSVTable { try CSVTable(reader(file)) { _ in true } }

  /// A table that is too large for memory, row by row.
  package func reader(_ file: ResultFile) throws(CSVError) -> CSVReader {
    guard let input = files[file] else {
      throw CSVError(path: path(of: file), isUnreadable: true, "the results have no such file")
    }
    return try CSVReader(input)
  }

  /// One of the files, to be read in pieces; nil if it is not there.
  package func input(_ file: ResultFile) -> InputFile? { files[file] }

  /// The bytes of one of the files; nil if it is not there.
  package func bytes(of file: ResultFile) throws(ResultsError) -> [UInt8]? {
    guard let input = files[file] else { return nil }
    return try input.read(at: 0, count: Int(input.size))
  }
}

// MARK: - Checking

extension ResultsFolder {
  /// A file of the directory; nil if there is none of that name.
  private static func open(
    _ file: ResultFile, in directory: Int32, at path: String
  ) throws(ResultsFolderError) -> InputFile? {
    let full = path + "/" + file.rawValue
    do throws(ResultsError) {
      return try InputFile(file.rawValue, in: directory, at: full)
    } catch {
      if case .system(_, _, ENOENT) = error { return nil }
      throw ResultsFolderError(error, at: full)
    }
  }

  private static func manifest(in directory: Int32, at path: String) throws(ResultsFolderError) -> Manifest {
    guard let input = try open(.manifest, in: directory, at: path) else {
      throw .missing(
        path: path, what: "there is no manifest.json: it is not a directory of results, or not a whole one")
    }
    guard input.size <= largestManifest else {
      throw .damaged(path: input.path, reason: "it is larger than \(largestManifest >> 20) MiB: no manifest of gapsim")
    }
    let bytes: [UInt8]
    do { bytes = try input.read(at: 0, count: Int(input.size)) } catch {
      throw ResultsFolderError(error, at: input.path)
    }
    guard let manifest = Manifest(json: Data(bytes)) else {
      throw .damaged(path: input.path, reason: "this is no manifest of gapsim")
    }
    guard Manifest.readableVersions.contains(manifest.formatVersion) else {
      throw .damaged(
        path: input.path,
        reason: "the results have format version \(manifest.formatVersion), and this program reads versions "
          + "\(Manifest.readableVersions.lowerBound) to \(Manifest.readableVersions.upperBound)")
    }
    guard SHA256.hash(data: Data(manifest.scenario.utf8)).hexadecimal == manifest.scenarioSHA256 else {
      throw .changed(input.path, "its scenario does not have the SHA-256 that stands beside it")
    }
    return manifest
  }

  /// Reads a file, no further than its rows allow, and throws unless it matches the manifest.
  private static func check(
    _ file: InputFile, isTable: Bool, against entry: Manifest.File
  ) throws(ResultsFolderError) {
    var hash = SHA256()
    var position: UInt64 = 0
    var (lines, column): (UInt64, Int) = (0, 0)
    while true {
      let bytes: [UInt8]
      do { bytes = try file.read(at: position, count: InputFile.piece) } catch {
        throw ResultsFolderError(error, at: file.path)
      }
      guard !bytes.isEmpty else { break }
      hash.update(data: bytes)
      position += UInt64(bytes.count)
      let ends = bytes.count { $0 == UInt8(ascii: "\n") }
      lines += UInt64(ends)
      column = ends == 0 ? column + bytes.count : 0
      guard !isTable || lines <= entry.rows.addingReportingOverflow(1).partialValue, column <= longestLine else {
        break
      }
    }
    guard hash.finalize().hexadecimal == entry.sha256 else {
      throw .changed(file.path, "it does not have the SHA-256 that stands in manifest.json")
    }
  }
}
