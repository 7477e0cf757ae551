import TestSupport
import Testing

@testable import Presentation

/// Maps that answer have the figures of their pictures' tables.
@Suite struct MapTests {
  /// What `blocks.js` reads, in its own words.
  private static func runs(of map: BlockMap) -> [[Int]] {
    zip(map.devices, map.rows).flatMap { device, row in
      var next = 0
      return stride(from: 0, to: row.count, by: 2).map { index in
        next += row[index]
        guard let cell = map.cell else {
          defer { next += row[index + 1] }
          return [device, next + 1, next + row[index + 1], row[index + 1]]
        }
        defer { next += 1 }
        return [device, next * cell + 1, min(map.blocks, (next + 1) * cell), row[index + 1]]
      }
    }
  }

  /// The picture of what a scenario's devices miss, and its map.
  private static func missingBlocks(of scenario: String) async throws -> (Picture, BlockMap) {
    let scratch = try Scratch()
    let pictures = try Presentation.gallery(of: try await scratch.run(scenario)).pictures
    let picture = try #require(pictures.first { $0.name == "missing-blocks" })
    guard case .blocks(let map) = picture.map else { throw MissingMap() }
    return (picture, map)
  }

  private struct MissingMap: Error {}

  /// Few losses are told gap by gap; many, where a cell has several gaps, cell by cell.
  @Test(arguments: [("0.2 %", false), ("30 %", true)])
  func theMapOfMissingBlocksHasTheRowsOfItsTable(loss: String, areCells: Bool) async throws {
    let scenario = """
      gapsim: 1
      name: map
      replications: 1
      file: {size: 8 MiB}
      protocol: {windowsize: 16, timeout: 100 ms, promotion: {threshold: 2 MiB}}
      cohorts:
        - {name: desks, count: 6, loss: {bernoulli: \(loss)}}
        - {name: late, count: 2, join: {at: 200 ms}, loss: {bernoulli: \(loss)}}
      """
    let (picture, map) = try await Self.missingBlocks(of: scenario)
    expect(map.cell != nil, equals: areCells)
    expect(Self.runs(of: map), equals: picture.data.rows.map { $0.compactMap(Int.init) })
    #expect(map.cohorts.map(\.first) == [1, 7] && map.cohorts.map(\.count) == [6, 2])
    expect(map.levels.first?.share, equals: 0)
  }

  /// Large cells of few losses would all have the faintest level of shares of a whole cell.
  @Test func cellsThatLackLittleAreToldApart() async throws {
    let scenario = """
      gapsim: 1
      name: little
      replications: 1
      file: {size: 64 MiB}
      protocol: {windowsize: 64, timeout: 100 ms, promotion: {threshold: 2 MiB}}
      cohorts:
        - {name: desks, count: 4, loss: {bernoulli: 0.1 %}}
      """
    let (picture, map) = try await Self.missingBlocks(of: scenario)
    let cell = (map.blocks + 599) / 600
    var missing: [[Int]: Int] = [:]
    for row in picture.data.rows.map({ $0.compactMap(Int.init) }) {
      missing[[row[0], (row[1] - 1) / cell], default: 0] += row[3]
    }
    let levels = Set(missing.values.map { count in map.levels.lastIndex { $0.share <= Double(count) / Double(cell) } })
    #expect(levels.count >= 2 && levels.contains(3), "\(map.levels)")
    #expect(map.levels.map(\.share) == map.levels.map(\.share).sorted() && map.levels[3].share < 0.05)
  }

  @Test func aMapOverTwoKeysHasTheFiguresOfItsTable() throws {
    let scratch = try Scratch()
    let folder = try scratch.sweep(
      keys: ["protocol.promotion.threshold", "protocol.windowsize"],
      points: Fixture.thresholds.prefix(3).flatMap { threshold in ["4", "16"].map { [threshold, $0] } })
    let maps = try Presentation.gallery(of: folder).pictures.filter { $0.map != nil }
    #expect(!maps.isEmpty)
    for picture in maps {
      guard case .cells(let map) = picture.map else { continue }
      expect(map.cells.count, equals: picture.data.rows.count)
      for (cell, row) in zip(map.cells, picture.data.rows) {
        expect([map.x.texts[cell.column], map.y.texts[cell.row]], equals: Array(row.prefix(2)))
        expect([cell.mean, cell.low, cell.high].map { "\($0)" }, equals: row[2...4].map { "\(Double($0) ?? .nan)" })
        expect(row[5], equals: map.unit)
      }
    }
  }
}
