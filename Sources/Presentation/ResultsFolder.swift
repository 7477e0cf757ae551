import Experiment
import Foundation

/// A directory of results that is read.
package struct ResultsFolder: Sendable {
  /// What wrote it.
  package enum Kind: String, Sendable {
    case run, sweep, tune
  }

  /// The path as it was given, without slashes at its end.
  package let path: String
  /// What wrote it.
  package let kind: Kind
  /// What it was made from.
  package let manifest: Manifest

  /// Opens a directory and sees what wrote it.
  package init(at path: String) throws {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.path = trimmed
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: trimmed, isDirectory: &isDirectory) else {
      throw PresentationError.missing(path: trimmed, what: "the directory does not exist")
    }
    guard isDirectory.boolValue else {
      throw PresentationError.missing(path: trimmed, what: "this is a file; a directory of results is expected")
    }
    let file = trimmed + "/" + ResultFile.manifest.rawValue
    guard let bytes = FileManager.default.contents(atPath: file) else {
      throw PresentationError.missing(
        path: trimmed, what: "there is no manifest.json: it is not a directory of results, or not a whole one")
    }
    guard let manifest = Manifest(json: bytes) else {
      throw PresentationError.malformed(path: file, reason: "this is no manifest of gapsim")
    }
    self.manifest = manifest
    if FileManager.default.fileExists(atPath: trimmed + "/" + Self.tuneFile) {
      kind = .tune
    } else {
      let header = try CSVReader(contentsOf: trimmed + "/" + ResultFile.summary.rawValue).header
      kind = Self.varied(in: header).isEmpty ? .run : .sweep
    }
  }

  /// The table of a tuning.
  package static let tuneFile = "tune.csv"

  /// The last part of the path.
  package var name: String { URL(filePath: path).standardizedFileURL.lastPathComponent }

  /// The keys that vary, by the header of `summary.csv`: what stands between the point and the metric.
  package static func varied(in header: [String]) -> [String] {
    guard let metric = header.firstIndex(of: "metric") else { return [] }
    return header[..<metric].filter { $0 != "scenario" && $0 != "point" }
  }

  /// Whether there is a file of that name.
  package func has(_ file: ResultFile) -> Bool { FileManager.default.fileExists(atPath: filePath(file.rawValue)) }

  /// A table of the directory.
  package func table(_ file: ResultFile) throws -> CSVTable { try CSVTable(contentsOf: filePath(file.rawValue)) }

  /// A table that may be too large to be kept as a whole.
  package func reader(_ file: ResultFile) throws -> CSVReader { try CSVReader(contentsOf: filePath(file.rawValue)) }

  /// The path of a file in the directory.
  package func filePath(_ name: String) -> String { path + "/" + name }

  /// The files that are not what the manifest says of them.
  package var alteredFiles: [String] {
    manifest.files.filter { file in
      guard let bytes = FileManager.default.contents(atPath: filePath(file.name)) else { return true }
      return SHA256.hash(data: bytes).hexadecimal != file.sha256
    }.map(\.name)
  }
}
