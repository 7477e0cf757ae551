import Foundation
import TestSupport
import Testing

@testable import Scenarios

@Suite struct ScenarioDocumentationTests {
  @Test func templateIsAScenarioWithoutWarnings() throws {
    let (scenario, warnings) = try Scenario.parse(text: ScenarioTemplate.yaml(), file: "template.yaml")
    #expect(warnings.isEmpty)
    expect(scenario.devices, equals: 60)
  }

  /// Each commented key becomes a key when its '#' is taken away, all at once.
  @Test func templateWithAllKeysSetIsAScenario() throws {
    let text = ScenarioTemplate.yaml().split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let isKey = line.hasPrefix("#") && line.wholeMatch(of: #/# *[a-z_]+:.*/#) != nil && !line.hasPrefix("# ")
      let isIndentedKey = line.wholeMatch(of: #/#  +[a-z_]+:.*/#) != nil
      return isKey || isIndentedKey ? String(line.dropFirst()) : String(line)
    }.joined(separator: "\n")
    let (scenario, warnings) = try Scenario.parse(text: text, file: "template.yaml")
    #expect(warnings.allSatisfy { $0.message.contains("has no effect in mode") })
    expect(scenario.network.timelineStep, equals: .seconds(1))
    expect(scenario.network.uplinkQueue, equals: 1000)
    expect(scenario.network.parameters.promotion.maxSmart, equals: 20)
  }

  @Test func everyKeyIsOnTheReferencePageAndInTheHelp() {
    for key in ScenarioKeys.all {
      #expect(ScenarioReference.markdown.contains("### `\(key.path)`\n"), "\(key.path)")
      #expect(ScenarioReference.help().contains("\(key.path) "), "\(key.path)")
      // A default that no word says has a text of its own.
      #expect(key.fallback != .value(""), "\(key.path)")
    }
  }

  @Test func everyDefaultAndEveryExampleIsReadByItsOwnKey() throws {
    for key in ScenarioKeys.all {
      let reader = ScenarioReader(file: "key") { _ throws(ScenarioReader.FileProblem) in "all: 1" }
      var texts = [key.example]
      if case .value(let text) = key.fallback { texts.append(text) }
      for text in texts {
        let node = try #require(try YAMLSource(file: "key", text: text).root())
        #expect(key.accepts(node, Place(reader: reader, path: key.path, devices: 2)), "\(key.path): \(text)")
        #expect(reader.diagnostics.isEmpty, "\(key.path): \(text)")
      }
    }
  }

  @Test func referencePageIsUpToDate() throws {
    let file = GoldenFiles.repository.appendingPathComponent("docs/scenario-reference.md")
    try GoldenFiles.expect(ScenarioReference.markdown, in: file)
  }
}

@Suite struct ScenarioSchemaTests {
  @Test func schemaForEditorsIsUpToDate() throws {
    try GoldenFiles.expect(
      ScenarioSchema.json,
      in: GoldenFiles.repository.appendingPathComponent("Scenarios/gapsim.schema.json")
    )
  }

  private static let schema = ScenarioSchema.json

  private func problems(_ yaml: String) throws -> [String] {
    try SchemaChecker(json: Self.schema).problems(PlainYAML.value(of: yaml))
  }

  @Test func schemaAcceptsTheShippedScenarios() throws {
    let folder = GoldenFiles.repository.appendingPathComponent("Scenarios")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    #expect(names.count >= 10)
    for name in names.sorted() {
      let yaml = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      try expect(problems(yaml), equals: [], "\(name)")
    }
  }

  @Test func schemaAcceptsTheTemplate() throws {
    try expect(problems(ScenarioTemplate.yaml()), equals: [])
  }

  @Test(arguments: GoldenFiles.scenarios(in: "warned"))
  func schemaAcceptsScenariosWithWarnings(name: String) throws {
    let file = GoldenFiles.directory.appendingPathComponent("warned/\(name).yaml")
    try expect(problems(String(contentsOf: file, encoding: .utf8)), equals: [])
  }

  @Test(arguments: UInt64(0)..<100)
  func schemaAcceptsWhatTheReaderAccepts(seed: UInt64) throws {
    let text = ScenarioCanonicalTests.text(seed: seed)
    let canonical = try Scenario.parse(text: text, file: "a").scenario.canonicalYAML()
    for yaml in [text, canonical] {
      let found = try problems(yaml)
      #expect(found.isEmpty, "\(found) in \(yaml)")
    }
  }

  @Test(arguments: [
    "unknown-key", "unknown-root-key", "key-in-wrong-place", "missing-unit", "missing-unit-of-zero", "unknown-unit",
    "wrong-dimension", "bit-rate-as-bytes", "mode-misspelt", "order-misspelt", "block-numbers-24", "retries-zero",
    "queue-zero", "count-zero", "cohorts-empty", "missing-size", "loss-bare-number", "loss-two-models",
    "probability-beyond-one", "probability-negative", "unknown-distribution", "distribution-without-unit",
    "distribution-parameter-missing", "distribution-parameter-unknown", "beta-for-a-time", "newer-format",
    "gilbert-elliott-incomplete", "negative-time", "fraction-for-integer", "windowsize-too-large",
    "join-bare-distribution",
  ])
  func schemaRefusesWrongKeysAndUnits(name: String) throws {
    let file = GoldenFiles.directory.appendingPathComponent("broken/\(name).yaml")
    #expect(try problems(String(contentsOf: file, encoding: .utf8)) != [])
  }
}
