import Quantities
import Results
import RunMetrics
import Scenarios

/// What the server sent in a run, by kind: means over the replications.
struct SentKinds: Sendable {
  let table: PageTable?

  init(_ folder: ResultsFolder, _ scenario: Scenario, _ point: SweepData.Point) throws {
    guard let all = point[.serverBytes]?.mean, all > 0 else {
      table = nil
      return
    }
    let size = BytesPicture.dataBytes(scenario.network.parameters)
    let (multicast, unicast) = (point[.multicastDataPackets]?.mean ?? 0, point[.unicastDataPackets]?.mean ?? 0)
    let repeated = try Self.repeated(folder)
    let rest = max(0, all - (multicast + unicast) * size)
    let first = multicast - repeated
    let unit = DisplayUnit.bytes(upTo: all)
    let kinds: [(name: String, packets: Double?, bytes: Double)] = [
      ("multicast DATA, sent for the first time in its session", first, first * size),
      ("multicast DATA, sent again in its session", repeated, repeated * size),
      ("unicast DATA", unicast, unicast * size),
      ("other packets", nil, rest),
    ]
    table = PageTable(
      id: "t-kinds", caption: "What left the uplink in a replication, on average; DATA are counted as full blocks",
      header: ["kind", "packets", "bytes on the wire", "share"],
      rows: (kinds.filter { $0.bytes > 0 } + [("all", nil, all)]).map { kind in
        [
          PageTable.Cell(kind.name),
          kind.packets.map { PageTable.Cell(DisplayUnit.short($0), value: $0) } ?? "",
          PageTable.Cell(Self.size(kind.bytes, unit), value: kind.bytes),
          PageTable.Cell(Self.percent(kind.bytes / all), value: kind.bytes / all),
        ]
      }
    ).wrapping()
  }

  /// A size; what is sent is not 0.
  private static func size(_ bytes: Double, _ unit: DisplayUnit) -> String {
    bytes < 0.00005 * unit.size ? "< 0.0001 \(unit.name)" : unit.text(bytes)
  }

  /// A share; what is sent is not 0 %.
  private static func percent(_ share: Double) -> String {
    share < 0.00005 ? "< 0.01 %" : HumanUnits.percent(share)
  }

  /// Multicast DATA whose block its session had sent before, in a replication.
  private static func repeated(_ folder: ResultsFolder) throws -> Double {
    guard folder.has(.sessions) else { return 0 }
    let (sessions, runs) = (try folder.table(.sessions), try folder.table(.runs).rows.count)
    let column = try sessions.column("repeated_packets")
    let sum = try sessions.rows.indices.reduce(0) { try $0 + (sessions.number($1, column) ?? 0) }
    return runs > 0 ? sum / Double(runs) : 0
  }
}
