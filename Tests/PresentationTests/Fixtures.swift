import Foundation
import Rivals
import Runs
import TestSupport

@testable import Experiments
@testable import Results
@testable import Scenarios

extension Scratch {
  /// The files of a folder inside with their bytes.
  func files(in name: String) throws -> [String: Data] {
    let folder = url.appending(path: name)
    return try Dictionary(
      uniqueKeysWithValues: FileManager.default.contentsOfDirectory(atPath: folder.path).map {
        ($0, try Data(contentsOf: folder.appending(path: $0)))
      })
  }

  /// Runs a scenario into a folder inside.
  func run(_ yaml: String, into name: String = "run") async throws -> ResultsFolder {
    let scenario = try Scenario.parse(text: yaml, file: "fixture.yaml").scenario
    var sweep = Sweep(SweepPoints(single: scenario))
    sweep.start = .restart
    _ = try await sweep.run(into: path(name)) { point, replication in
      try point.network.run(seed: point.context.seed, replication: replication)
    }
    return try ResultsFolder(at: path(name))
  }

  /// A directory of a sweep over keys, written by hand: some metrics, four replications each.
  ///
  /// - Parameter makespans: the makespan of each point in each replication; otherwise a second less at each next point.
  func sweep(
    keys: [String], points: [[String]], makespans: [[Double]]? = nil, scenario: String = "lab",
    into name: String = "sweep"
  ) throws -> ResultsFolder {
    let columns = keys.enumerated().map { index, key in VariedColumn(key: key, values: points.map { $0[index] }) }
    var summary =
      (["scenario", "point"] + columns.map(\.name) + Fixture.summaryColumns).map(Fixture.field).joined(separator: ",")
      + "\n"
    var runs = "scenario,point,replication,second_set_devices,promoted_devices,makespan_s,server_bytes\n"
    for (number, values) in points.enumerated() {
      let shift = Double(number * number)
      let cells = values.map { ParameterValue($0).text }
      for (metric, mean) in [
        ("promoted_devices", 3 * Double(number)), ("active_devices", 2), ("multicast_data_packets", 300 + shift),
        ("unicast_data_packets", 10 * Double(number)), ("server_bytes", 600_000 + 20_000 * Double(number)),
        ("makespan_s", 20 - Double(number)), ("completion_mean_s", 12 - Double(number)),
        ("completion_p95_s", 18.5 - Double(number)),
      ] {
        let identity = ([scenario, "\(number)"] + cells + [metric, "4"]).map(Fixture.field).joined(separator: ",")
        summary += identity + ",\(mean),\(mean * 0.95),\(mean * 1.05),0.1,\(mean),\(mean),\(mean)\n"
      }
      for replication in 1...4 {
        let makespan = makespans?[number][replication - 1] ?? 20 - Double(number) + Double(replication % 2)
        runs += "\(Fixture.field(scenario)),\(number),\(replication),\(12 + replication % 2),\(3 * number),\(makespan),"
        runs += "\(600_000 + 20_000 * number)\n"
      }
    }
    try write(summary, to: name + "/summary.csv")
    try write(runs, to: name + "/runs.csv")
    try sign(name, sweep: Manifest.Sweep(varied: keys, points: [], runs: 4 * points.count, failedRuns: []))
    return try ResultsFolder(at: path(name))
  }

  /// A directory of a tuning, written by hand.
  func tuning(into name: String = "tune") throws -> ResultsFolder {
    try write(Fixture.tuning, to: name + "/tune.csv")
    try sign(name)
    return try ResultsFolder(at: path(name))
  }

  /// Writes a manifest of what stands in a folder inside, as one who forges results would: rows and digests are right.
  func sign(_ name: String, scenario: String? = nil, sweep: Manifest.Sweep? = nil) throws {
    let place = url.appending(path: name + "/manifest.json")
    let old = (try? Data(contentsOf: place)).flatMap { Manifest(json: $0) }
    let files = ResultFile.allCases.filter { $0 != .manifest }.compactMap { file -> Manifest.File? in
      guard let data = try? Data(contentsOf: url.appending(path: "\(name)/\(file.rawValue)")) else { return nil }
      return Manifest.File(
        name: file.rawValue, rows: UInt64(data.count { $0 == UInt8(ascii: "\n") }) - 1,
        sha256: SHA256.hash(data: data).hexadecimal)
    }
    let manifest = Manifest(
      Manifest.Origin(
        programVersion: "0.0.0", scenario: scenario ?? old?.scenario ?? Fixture.lab, seed: old?.seed ?? 1),
      files: files, sweep: sweep ?? old?.sweep)
    try write(String(decoding: manifest.json, as: UTF8.self), to: name + "/manifest.json")
  }

  /// Changes a file of a folder inside, and the manifest with it.
  func forge(_ name: String, _ file: ResultFile, _ change: (String) throws -> String) throws -> ResultsFolder {
    try write(change(text("\(name)/\(file.rawValue)")), to: "\(name)/\(file.rawValue)")
    try sign(name)
    return try ResultsFolder(at: path(name))
  }
}

enum Fixture {
  static let summaryColumns = [
    "metric", "replications", "mean", "ci95_low", "ci95_high", "sd", "min", "median", "max",
  ]

  /// Eight devices in two cohorts and a file of 36 blocks; fixed losses, a late cohort.
  static let lab = """
    gapsim: 1
    name: lab
    description: eight devices
    replications: 2
    file: {size: 50 KiB}
    protocol: {timeout: 100 ms, session_timeout: 700 ms, group_timeout: 800 ms, promotion: {threshold: 4 KiB}}
    cohorts:
      - {name: desks, count: 6, loss: {bernoulli: 8 %}}
      - {name: late, count: 2, join: {at: 5 ms}, loss: {bernoulli: 2 %}}
    """

  /// The same devices on two floors behind a trunk, with links and a slow disk.
  static let ports = """
    gapsim: 1
    name: ports
    replications: 2
    timeline: 5 ms
    file: {size: 50 KiB}
    server: {shared_loss: {bernoulli: 4 %}}
    protocol: {windowsize: 8, timeout: 100 ms, session_timeout: 700 ms, group_timeout: 800 ms}
    segments:
      trunk: {rate: 500 Mbit/s, latency: 5 us}
      floor-1: {parent: trunk, loss: {bernoulli: 3 %}}
      floor-2: {parent: trunk, rate: 100 Mbit/s, queue: 4}
    cohorts:
      - {name: first, count: 3, segment: floor-1, loss: {bernoulli: 4 %}}
      - {name: second, count: 2, segment: floor-2, join: {at: 1 ms}}
      - {name: disks, count: 2, link: {rate: 100 Mbit/s, queue: 5}, receiver: {rate: 50 Mbit/s, buffer: 3 KiB}, join: {at: 1 ms}}
    """

  /// Five devices that are switched off after 100 ms, before any of them is complete.
  static let switchedOff = """
    name: off
    replications: 2
    file: {size: 2 MiB}
    server: {rate: 100 Mbit/s}
    protocol: {windowsize: 16, promotion: {threshold: 64 KiB}}
    cohorts: [{name: a, count: 5, loss: {bernoulli: 1 %}, leaves: {at: 100 ms}}]
    """

  /// A limit on events ends it before any device is complete, and before two of them are switched on.
  static let cutShort = """
    name: cut
    replications: 1
    file: {size: 2 MiB}
    server: {rate: 100 Mbit/s}
    limits: {events: 1200}
    protocol: {windowsize: 16, promotion: {threshold: 64 KiB}}
    cohorts: [{name: a, count: 5, loss: {bernoulli: 1 %}}, {name: b, count: 2, join: {at: 600 ms}}]
    """

  /// Five devices that are complete within 4 ms, and one that hears nothing and gives up after 6 s.
  static let givesUpLate = """
    name: late
    replications: 2
    file: {size: 20 KiB}
    server: {rate: 100 Mbit/s}
    protocol: {windowsize: 16, promotion: {threshold: 64 KiB}}
    cohorts: [{name: a, count: 5, loss: {bernoulli: 1 %}}, {name: deaf, count: 1, loss: {bernoulli: 100 %}}]
    """

  /// A carousel that goes on for rounds after both of its devices were switched off.
  static let forsaken = """
    name: forsaken
    replications: 1
    file: {size: 100 KiB}
    segments: {x: {rate: 50 Mbit/s}}
    server: {rate: 100 Mbit/s}
    protocol: {strategy: carousel, pace: 20 Mbit/s, timeout: 100 ms, retries: 5, session_timeout: 1 s, group_timeout: 2 s}
    cohorts: [{name: a, count: 2, segment: x, leaves: {at: 15 ms}}]
    """

  static let tuning = """
    scenario,candidate,threshold_bytes,replications,objective_mean,objective_ci95_low,objective_ci95_high,difference_mean,\
    difference_ci95_low,difference_ci95_high,promotion_rate,status,eliminated_after
    lab,1,0,10,20.5,20.1,20.9,6.2,5.9,6.5,0,eliminated,10
    lab,2,1428,10,19.5,19.1,19.9,5.2,4.9,5.5,0.1,eliminated,10
    lab,3,8568,20,15.1,14.6,15.6,0.8,0.1,1.5,0.5,alive,
    lab,4,40000,20,14.3,13.9,14.7,0,0,0,0.9,chosen,
    lab,5,90000,20,14.4,13.9,14.9,0.1,-0.3,0.5,1,alive,

    """

  static func field(_ text: String) -> String {
    text.contains { ",\"\n".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  static let thresholds = ["0 B", "16 KiB", "64 KiB", "256 KiB", "1 MiB"]
}
