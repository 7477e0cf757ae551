import Foundation
import Testing

/// Scenarios that broke something once, or were written to: none ends the program by a signal, steers a terminal, fills a log,
/// or shows what does not belong to it.
@Suite struct ScenarioCorpusTests {
  private static let folder = "Tests/Fuzz/corpus/scenarios"
  static let files =
    ((try? FileManager.default.contentsOfDirectory(atPath: Program.package.appendingPathComponent(folder).path)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  @Test func thereIsACorpus() { #expect(Self.files.count >= 20) }

  @Test(arguments: files)
  func aHostileScenarioEndsWithACode(file: String) throws {
    let outcome = try Program.run("validate", "\(Self.folder)/\(file)", environment: ["SWIFT_BACKTRACE": "enable=no"])
    #expect(outcome.status == 0 || (64...78).contains(outcome.status), "\(outcome.status)")
    let said = outcome.output + outcome.errors
    #expect(said.count { $0 == "\n" } <= 130)
    #expect(!said.contains("root:"))
    let steering = said.unicodeScalars.filter { $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t" }
    #expect(steering.isEmpty && !said.unicodeScalars.contains { $0.properties.isBidiControl })
  }
}
