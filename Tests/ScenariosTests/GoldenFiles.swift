import Foundation
import TestSupport
import Testing

@testable import Scenarios

/// Files under `Golden/` that tests read; `GAPSIM_UPDATE_GOLDEN=1 swift test` writes the expected ones anew.
enum GoldenFiles {
  static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
  static let repository = directory.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let isUpdating = ProcessInfo.processInfo.environment["GAPSIM_UPDATE_GOLDEN"] == "1"

  /// The names, without extension, of a folder's scenario files.
  static func scenarios(in folder: String) -> [String] {
    let files = try? FileManager.default.contentsOfDirectory(atPath: directory.appendingPathComponent(folder).path)
    return (files ?? []).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }

  /// Compares a text with the file, or writes the file.
  static func expect(_ text: String, in file: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
    if isUpdating { return try text.write(to: file, atomically: true, encoding: .utf8) }
    #expect(text == (try? String(contentsOf: file, encoding: .utf8)), sourceLocation: sourceLocation)
  }

  /// What the program says of a scenario file, with file names relative to the folder.
  static func verdict(_ name: String, in folder: String) -> String {
    let directory = directory.appendingPathComponent(folder).path + "/"
    do {
      let warnings = try Scenario.load(path: directory + name + ".yaml").warnings
      return warnings.map { "\($0)\n" }.joined().replacing(directory, with: "")
    } catch {
      return "\(error)\n".replacing(directory, with: "")
    }
  }
}
