import Foundation
import Rivals
import Runs
import TestSupport
import Testing

@testable import Scenarios

/// Mutates scenarios and reads them: whatever stands in a file, the reader answers and never traps. What it accepts runs
/// for some events, and does not trap or hang either.
///
/// A fixed number of mutations by default; `GAPSIM_FUZZ_SECONDS=60` runs for so long (`Tests/Fuzz/fuzz-scenario.sh`) and
/// `GAPSIM_FUZZ_SEED` begins elsewhere. What is being read is kept in `GAPSIM_FUZZ_INPUT`, if set, to find what trapped.
@Suite struct ScenarioFuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let pieces =
    ScenarioKeys.all.flatMap { ["\($0.name): \($0.example)\n", $0.name, $0.example] } + DistributionForm.all.map(\.name)
    + [
      "&a ", "*a", "&-0 ", "*-1", "!env ", "!!float ", "0,01", "{values: [1 ms, 2 ms]}", "weights: [1, 0]", "4 packets",
      "{loss: 1 %, burst: 10 us}",
      "[{bernoulli: 1 %}, {outages: {every: 1 ms, for: 1 us}}]", "{lost: [3], length: 9}", "values: [0, 3]", "<<: ",
      "? ",
      "- ", ": ", "{", "}", "[", "]", "|\n", ">\n", "---\n", "...\n", "!!str ", "\"", "'",
      "#", "\t",
      "\u{0}", "\u{FEFF}", "\u{2028}", "\r\n", "none", "~", "1e999", "-1", "99999999999999999999", "0.3 ns",
      "18446744073709551615",
      "9223372036854775808 ns", "1-4000", "1-4000001", "365 d", "1000", "16_000_000", "%", "\u{301}", "👩‍👩‍👧", "\\x00",
    ]

  private static func corpus() -> [String] {
    let folders =
      ["broken", "warned"].map { GoldenFiles.directory.appendingPathComponent($0) }
      + [GoldenFiles.repository.appendingPathComponent("Scenarios")]
    let files = folders.flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".yaml") }
        .sorted()
        .map { folder.appendingPathComponent($0) }
    }
    return files.compactMap { try? String(contentsOf: $0, encoding: .utf8) } + [ScenarioTemplate.yaml()]
      + (0..<200).map { ScenarioCanonicalTests.text(seed: $0) }
  }

  private static func mutate(_ text: String, _ random: inout FixedSequence, corpus: [String]) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let start = Int.random(in: 0...scalars.count, using: &random)
      let end = min(scalars.count, start + Int.random(in: 0...20, using: &random))
      // Half of the time the syntax stays whole and a number changes.
      let digits = scalars.indices.filter { ("0"..."9").contains(scalars[$0]) }
      if Bool.random(using: &random), let digit = digits.randomElement(using: &random) {
        scalars[digit] = Unicode.Scalar(UInt8.random(in: 48...57, using: &random))
        continue
      }
      switch Int.random(in: 0..<6, using: &random) {
      case 0: scalars.removeSubrange(start..<end)
      case 1: scalars.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").unicodeScalars, at: start)
      case 2: scalars.replaceSubrange(start..<end, with: (pieces.randomElement(using: &random) ?? "").unicodeScalars)
      case 3: scalars.insert(contentsOf: scalars[start..<end], at: Int.random(in: 0...scalars.count, using: &random))
      case 4:
        if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x2FF, using: &random)) {
          scalars.insert(scalar, at: start)
        }
      default:
        let other = Array((corpus.randomElement(using: &random) ?? "").unicodeScalars)
        let from = Int.random(in: 0...other.count, using: &random)
        scalars.replaceSubrange(start..., with: other[from...])
      }
    }
    return String(String.UnicodeScalarView(scalars.prefix(20_000)))
  }

  @Test func noMutationOfAScenarioTrapsTheReader() throws {
    let corpus = ScenarioFuzzTests.corpus()
    var random = FixedSequence(state: UInt64(ScenarioFuzzTests.environment["GAPSIM_FUZZ_SEED"] ?? "") ?? 1)
    let seconds = Double(ScenarioFuzzTests.environment["GAPSIM_FUZZ_SECONDS"] ?? "")
    let end = seconds.map { ContinuousClock.now + .seconds($0) }
    var (read, accepted, slowest) = (0, 0, Duration.zero)
    while end.map({ ContinuousClock.now < $0 }) ?? (read < 1000) {
      let text = ScenarioFuzzTests.mutate(corpus.randomElement(using: &random) ?? "", &random, corpus: corpus)
      if let file = ScenarioFuzzTests.environment["GAPSIM_FUZZ_INPUT"] {
        try text.write(toFile: file, atomically: false, encoding: .utf8)
      }
      let override = ScenarioFuzzTests.mutate(
        "cohorts[0].loss.bernoulli=2 %",
        &random,
        corpus: ["protocol.blksize=1 B"]
      )
      slowest = max(
        slowest,
        try ContinuousClock().measure { accepted += try verify(text, read % 4 == 0 ? [override] : []) }
      )
      read += 1
    }
    #expect(accepted > 0)
    if end != nil { print("fuzz-scenario: \(read) scenarios read, \(accepted) accepted, slowest \(slowest)") }
  }

  /// Runs the beginning of a scenario, if it is not large.
  private func begin(_ scenario: Scenario) throws(InvariantBreach) {
    var network = scenario.network
    guard network.deviceCount <= 1000 else { return }
    network.limits.events = min(network.limits.events, 300)
    network.timelineStep = nil
    _ = try network.run(seed: scenario.seed, replication: 1)
  }

  /// Reads a text; what is accepted reads back, what is refused says why. Gives 1 if it is accepted.
  private func verify(_ text: String, _ overrides: [String]) throws -> Int {
    do {
      let scenario = try Scenario.parse(text: text, file: "fuzz.yaml", overrides: overrides).scenario
      try expect(Scenario.parse(text: scenario.canonicalYAML(), file: "a").scenario, equals: scenario, "\(text)")
      try begin(scenario)
      return 1
    } catch let error as ScenarioError {
      #expect(error.diagnostics.contains { $0.severity == .error }, "\(text)")
      #expect(!error.description.isEmpty)
      return 0
    }
  }
}
