import Foundation
import Testing

/// Files that a test compares with; they are part of the repository and read in review.
package enum Golden {
  /// The folder of all tests.
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  /// The repository.
  package static let repository = tests.deletingLastPathComponent()

  /// Expects the golden file `name` of the module whose test asks to hold `text`.
  ///
  /// With GAPSIM_UPDATE_GOLDEN set the file is written anew, and the test fails all the same: look at the difference, then
  /// run again without it.
  package static func expect(
    _ text: String, in name: String, file: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let module = file.dropFirst(tests.path.count + 1).prefix { $0 != "/" }
    try expect(text, at: tests.appending(path: "\(module)/Golden/\(name)"), sourceLocation: sourceLocation)
  }

  /// Expects the file at `url` to hold `text`.
  package static func expect(_ text: String, at url: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
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
