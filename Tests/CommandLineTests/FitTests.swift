import Foundation
import Testing

/// `gapsim fit` as a user calls it.
@Suite struct FitTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, _ name: String) throws -> String {
    try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8)
    return folder.path(name)
  }

  /// Runs of 1, 2, 3 … lost packets, each half as frequent as the one before.
  private var bursts: String {
    (1...400).map {
      String(repeating: "0", count: 20 + $0 * 7 % 31) + String(repeating: "1", count: $0.trailingZeroBitCount + 1)
    }
    .joined() + "000"
  }

  @Test func aTraceBecomesAScenarioThatRuns() throws {
    let (trace, scenario) = (try write(bursts, "trace.txt"), folder.path("measured.yaml"))
    let outcome = try Program.run("fit", trace, "-o", scenario)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains(" lost ("))
    #expect(outcome.output.contains("parameters ± standard error"))
    #expect(outcome.output.contains("best by BIC"))
    #expect(outcome.output.hasSuffix("next: gapsim run \(scenario)\n"))
    let valid = try Program.run("validate", scenario)
    #expect(valid.status == 0 && valid.errors.isEmpty, "\(valid.errors)")
    let text = try String(contentsOfFile: scenario, encoding: .utf8)

    #expect(try Program.run("fit", trace, "-o", scenario).status == 73, "it is not overwritten")
    #expect(try Program.run("fit", trace, "-o", scenario, "--force", "--json").status == 0)
    #expect(try String(contentsOfFile: scenario, encoding: .utf8) == text, "the same trace gives the same scenario")
  }

  @Test func jsonHasEachModelTheBestFirst() throws {
    let outcome = try Program.run("fit", try write(bursts, "trace.txt"), "--json")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let models = try #require(object["models"] as? [[String: Any]])
    #expect(models.count == 5)
    #expect(
      models.compactMap { $0["bic_difference"] as? Double }
        == models.compactMap { $0["bic_difference"] as? Double }.sorted())
    #expect(object["lost"] as? Int == bursts.count { $0 == "1" })
    #expect((object["files"] as? [[String: Any]])?.first?["sha256"] as? String != nil)
  }

  @Test func whatIsWrongIsSaidWithACode() throws {
    let list = try write("1: 3 4\n", "list.txt")
    for (arguments, status, says) in [
      ([folder.path("none")], Int32(66), "does not exist"), ([folder.url.path], 66, "not an ordinary file"),
      ([list], 65, "--packets"), ([], 64, "Missing"), ([list, "--packets", "x"], 64, "--packets"),
      ([try write("0102", "bad.txt")], 65, "bad.txt:1: "),
      ([list, "--packets", "9", "-o", folder.path("no/where.yaml")], 73, "where.yaml"),
    ] {
      let outcome = try Program.run(["fit"] + arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }
  }

  @Test func nothingLostIsSaidWithItsBound() throws {
    let outcome = try Program.run("fit", try write(String(repeating: "0", count: 1000), "clean.txt"))
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("at most 0.30 %, with 95 % confidence"), "\(outcome.output)")
  }
}
