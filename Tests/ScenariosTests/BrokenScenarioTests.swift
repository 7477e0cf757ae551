import Testing

@Suite struct BrokenScenarioTests {
  @Test func thereAreAtLeastFortyBrokenScenarios() {
    #expect(GoldenFiles.scenarios(in: "broken").count >= 40)
  }

  @Test(arguments: GoldenFiles.scenarios(in: "broken"))
  func brokenScenarioIsRefusedWithItsMessage(name: String) throws {
    let verdict = GoldenFiles.verdict(name, in: "broken")
    #expect(verdict.contains(": error: "))
    try GoldenFiles.expect(verdict, in: GoldenFiles.directory.appendingPathComponent("broken/\(name).txt"))
  }

  @Test(arguments: GoldenFiles.scenarios(in: "warned"))
  func doubtfulScenarioIsReadWithItsWarnings(name: String) throws {
    let verdict = GoldenFiles.verdict(name, in: "warned")
    #expect(verdict.contains(": warning: "))
    #expect(!verdict.contains(": error: "))
    try GoldenFiles.expect(verdict, in: GoldenFiles.directory.appendingPathComponent("warned/\(name).txt"))
  }
}
