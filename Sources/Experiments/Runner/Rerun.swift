import RunMetrics
import Network
import Rivals
import Results
import Scenarios
import Timebase
import Runs

/// One replication of a plain run, run again for data that its directory does not have.
package struct Rerun: Sendable {
  /// The scenario as it was run.
  package let scenario: Scenario
  /// The record of the run, with a timeline and the gaps of the first checks.
  package let record: RunRecord
  /// The limits that keep a further rerun of any replication within the cost.
  package let limits: Limits

  /// What a rerun may cost.
  package enum Cost: Sendable {
    /// About a second of one processor, by counts that are the same on every machine.
    case little
    /// Any cost, because the user asked for it.
    case any
  }

  /// Runs a replication of a manifest's scenario again.
  ///
  /// - Parameters:
  ///   - manifest: of a plain run.
  ///   - replication: from 1.
  ///   - samples: how many steps the timeline has at least. It has five times as many at most, and goes on to the end
  ///     of the last device.
  ///   - runs: `runs.csv` of the same directory, for the makespan, and to compare with.
  ///   - cost: what it may cost.
  /// - Throws: ``RerunError`` if this program does not reproduce the replication, or if it costs more.
  package init(
    _ manifest: Manifest, replication: Int, samples: Int, runs: CSVTable, cost: Cost = .little
  ) throws {
    guard manifest.live == nil else { throw RerunError.live }
    let parsed: Scenario
    do {
      parsed = try Scenario.parse(text: manifest.scenario, file: ResultFile.manifest.rawValue).scenario
    } catch {
      throw RerunError.scenario("\(error)")
    }
    guard let row = try Self.row(of: replication, in: runs) else { throw RerunError.missing(replication) }
    var network = parsed.network
    let makespan = try runs.number(row, runs.column("makespan_s"))
    let isWhole = try Self.isWhole(runs, row)
    try RerunBudget(cost, network, runs: isWhole ? 1 : 2).limit(&network, packets: Self.packets(runs, row))
    func run(samples: Int, after seconds: Double, keepsDetail: Bool) throws -> RunRecord {
      network.timelineStep = Self.step(for: seconds, samples: samples)
      network.mostTimelineSteps = 10 * ((samples + 1) / 2)
      let record = try network.run(seed: manifest.seed, replication: replication, keepsDetail: keepsDetail)
      if record.ended == .eventLimit, network.limits.events < parsed.network.limits.events { throw RerunError.costly }
      return record
    }
    // When a device gave up is in no table, nor when a limit came. Few samples tell it, and many cost much if there are
    // many devices: steps that are short enough for everything would be thousands before they have grown.
    let span = try isWhole ? makespan : run(samples: 10, after: makespan ?? 0, keepsDetail: false).shortestSpan
    let record = try run(samples: samples, after: max(span ?? 0, makespan ?? 0), keepsDetail: true)
    let names = try Self.differences(of: record, scenario: parsed, from: runs, row: row)
    guard names.isEmpty else { throw RerunError.differs(version: manifest.programVersion, columns: names) }
    scenario = parsed
    self.record = record
    limits = network.limits
  }

  /// A round step (1, 2 or 5 × 10ᵏ ns, at least 1 µs) of which at least `samples` fit into `seconds`.
  package static func step(for seconds: Double, samples: Int) -> Nanoseconds {
    let longest = Int64(min(max(seconds, 0), 1e9) * 1e9) / Int64(max(samples, 1))
    var power: Int64 = 1000
    while power * 10 <= longest { power *= 10 }
    let step = [5, 2].first { $0 * power <= longest } ?? 1
    return Nanoseconds(step * power)
  }

  /// Whether the last completion is the end of the last device.
  private static func isWhole(_ runs: CSVTable, _ row: Int) throws -> Bool {
    try runs.number(row, runs.column("completed_devices")) == runs.number(row, runs.column("devices"))
  }

  /// The packets of DATA that left the uplink.
  private static func packets(_ runs: CSVTable, _ row: Int) throws -> Double {
    try ["multicast_data_packets", "unicast_data_packets"].reduce(0) { sum, name in
      sum + (try runs.number(row, runs.column(name)) ?? 0)
    }
  }

  private static func row(of replication: Int, in runs: CSVTable) throws -> Int? {
    let (column, point) = (try runs.column("replication"), try runs.column("point"))
    return runs.rows.firstIndex { $0[column] == String(replication) && $0[point] == "0" }
  }

  /// The columns of a stored row that the record does not reproduce.
  private static func differences(
    of record: RunRecord,
    scenario: Scenario,
    from runs: CSVTable,
    row: Int
  ) throws -> [String] {
    var buffer = CSVBuffer()
    buffer.appendHeader(RunsTable.table.columns)
    let figures = Row(context: RunContext(scenario), replication: record.replication, record: RunFigures(record))
    buffer.append(figures, columns: RunsTable.table.columns)
    let again = try CSVTable(CSVReader(path: ResultFile.runs.rawValue, bytes: buffer.bytes)) { _ in true }
    return zip(runs.header, runs.rows[row]).compactMap { name, stored in
      again.header.firstIndex(of: name).map { again.rows[0][$0] } == stored ? nil : name
    }
  }
}

extension RunRecord {
  /// How long it was at least before its last device was at its end, in seconds, by its timeline.
  fileprivate var shortestSpan: Double { timeline.dropLast().last.map { Double($0.time.count) / 1e9 } ?? 0 }
}

/// Why a replication cannot be run again.
package enum RerunError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It ran on real wires.
  case live
  /// This program cannot read the scenario in the manifest.
  case scenario(String)
  /// The replication is not in `runs.csv`.
  case missing(Int)
  /// It takes too long for a picture that the user did not ask for.
  case costly
  /// The run gives other results now.
  case differs(version: String, columns: [String])

  package var description: String {
    switch self {
    case .live: "a live run cannot be run again"
    case .scenario(let reason): "the scenario in the manifest cannot be read: \(reason)"
    case .missing(let replication): "replication \(replication) is not in runs.csv"
    case .costly:
      "replication 1 would be run again for it, which takes more than about a second; 'gapsim plot' and 'gapsim report' "
        + "do that with --rerun"
    case .differs(let version, let columns):
      "this program (\(Program.version)) does not run it as the one that wrote the results (\(version)) did: "
        + "\(columns.prefix(3).joined(separator: ", "))\(columns.count > 3 ? " and \(columns.count - 3) more" : "") of "
        + "runs.csv came out otherwise"
    }
  }
}
