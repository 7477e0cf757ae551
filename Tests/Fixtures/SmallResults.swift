import Foundation
import PromotionRun
import Runs
import TestSupport
import Testing

@testable import Results
@testable import Scenarios

/// Results of a small scenario that is soon run.
enum SmallResults {
  static let text = """
    name: small
    replications: 3
    file: {size: 40 KiB}
    protocol: {promotion: {threshold: 3 KiB}}
    cohorts:
      - {name: front, count: 4, loss: {bernoulli: 5 %}}
      - {name: back, count: 2, loss: {bernoulli: 10 %}}
    """

  static func scenario(_ overrides: [String] = []) throws -> Scenario {
    try Scenario.parse(text: text, file: "small.yaml", overrides: overrides).scenario
  }

  /// Runs the scenario and writes its results.
  @discardableResult
  static func write(to path: String, _ overrides: [String] = []) throws -> ResultsFolder {
    let scenario = try scenario(overrides)
    let directory = try ResultsDirectory(at: path)
    let writer = try ResultsWriter(in: directory, timeline: false)
    var point = PointAggregate(RunContext(scenario))
    for replication in 1...scenario.replications {
      var simulation = Simulation(scenario.network, seed: scenario.seed, replication: replication)
      try writer.append(simulation.run(), to: &point)
    }
    try writer.append(summaryOf: point)
    try writer.commit(
      Manifest.Origin(
        programVersion: Program.version, scenario: scenario.canonicalYAML(), seed: scenario.seed))
    return try ResultsFolder(at: path)
  }
}

extension Scratch {
  /// Changes one file inside.
  func edit(_ name: String, _ change: (inout String) -> Void) throws {
    var text = try text(name)
    change(&text)
    try write(text, to: name)
  }

  /// Changes one file of results and the manifest with it, as one who forges results would.
  func forge(_ name: String, _ file: ResultFile, _ change: (inout String) -> Void) throws {
    try edit("\(name)/\(file.rawValue)", change)
    let data = try Data(contentsOf: url.appending(path: "\(name)/\(file.rawValue)"))
    try forgeManifest(name) { manifest in
      for index in manifest.files.indices where manifest.files[index].name == file.rawValue {
        manifest.files[index].rows = UInt64(data.count { $0 == UInt8(ascii: "\n") }) - 1
        manifest.files[index].sha256 = SHA256.hash(data: data).hexadecimal
      }
    }
  }

  /// Changes a manifest.
  func forgeManifest(_ name: String, _ change: (inout Manifest) -> Void) throws {
    let place = url.appending(path: name + "/manifest.json")
    var manifest = try #require(Manifest(json: Data(contentsOf: place)))
    change(&manifest)
    try write(String(decoding: manifest.json, as: UTF8.self), to: name + "/manifest.json")
  }
}
