import Foundation
import Testing

/// Files that a test compares with; they are part of the repository and read in review.
enum Golden {
  /// The folder of all tests.
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  /// The repository.
  static let repository = tests.deletingLastPathComponent()

  /// Expects the golden file `name` of the module whose test asks to hold `text`.
  ///
  /// With GAPSIM_UPDATE_GOLDEN set the file is written anew, and the test fails all the same: look at the difference, then
  /// run again without it.
  static func expect(
    _ text: String, in name: String, file: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let module = file.dropFirst(tests.path.count + 1).prefix { $0 != "/" }
    try expect(text, at: tests.appending(path: "\(module)/Golden/\(name)"), sourceLocation: sourceLocation)
  }

  /// Expects the file at `url` to hold `text`.
  static func expect(_ text: String, at url: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
    if ProcessInfo.processInfo.environment["GAPSIM_UPDATE_GOLDEN"] != nil {
      let folder = url.deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
      Issue.record("\(url.lastPathComponent) was recorded", sourceLocation: sourceLocation)
    }
    let golden = try String(decoding: Data(contentsOf: url), as: UTF8.self)
    #expect(text == golden, sourceLocation: sourceLocation)
  }
}

/// A directory of a test's own, removed with the value.
final class Scratch {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "gapsim-tests-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A path inside.
  func path(_ name: String) -> String { url.appending(path: name).path }

  /// The names inside, or inside a folder of it, sorted.
  func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.appending(path: folder).path).sorted()
  }

  /// The text of a file inside.
  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
  }

  /// When a file inside was written.
  func date(of name: String) throws -> Date? {
    try FileManager.default.attributesOfItem(atPath: path(name))[.modificationDate] as? Date
  }

  /// Writes a file inside, with the folders above it.
  func write(_ text: String, to name: String) throws {
    let file = url.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
