import TestSupport
import Testing

@testable import Results
@testable import Scenarios

struct VariedColumnTests {
  @Test(arguments: [
    ("protocol.timeout", ["100 ms", "2 s"], "protocol.timeout_s", ["0.100000000", "2.000000000"]),
    ("protocol.blksize", ["512 B", "1 KiB"], "protocol.blksize_bytes", ["512", "1024"]),
    ("server.rate", ["100 Mbit/s", "1 Gbit/s"], "server.rate_bits_per_s", ["100000000", "1000000000"]),
    ("protocol.windowsize", ["1", "64"], "protocol.windowsize", ["1", "64"]),
    ("cohorts[0].loss.bernoulli", ["0.01", "0.0000000001"], "cohorts[0].loss.bernoulli", ["0.01", "0.0000000001"]),
    ("protocol.active_order", ["arrival", "most_gaps"], "protocol.active_order", ["arrival", "most_gaps"]),
    ("cohorts[0].jitter", ["none", "1 ms"], "cohorts[0].jitter_s", ["none", "0.001000000"]),
    ("cohorts[0].loss", ["none", "{bernoulli: 1 %}"], "cohorts[0].loss", ["none", "{bernoulli: 1 %}"]),
  ])
  func aKeyStandsAsNumbersOfItsBaseUnit(key: String, values: [String], name: String, cells: [String]) {
    let column = VariedColumn(key: key, values: values)
    expect(column.name, equals: name)
    let varied = values.map { VariedKey(name: key, value: $0, column: column) }
    expect(varied.map(\.column), equals: values.map { _ in name })
    expect(varied.map(\.cell.text), equals: cells)
    // What reads the table finds the key and the values again.
    expect(VariedColumn(name: name).key, equals: key)
    expect(cells.map { VariedColumn(name: name).value(of: $0) }, equals: values)
  }

  /// The end of a column's name tells the unit only as long as no key ends so.
  @Test func noKeyEndsLikeAUnit() {
    for key in ScenarioKeys.all {
      #expect(!VariedColumn.suffixes.contains { key.path.hasSuffix($0.suffix) }, "\(key.path)")
    }
  }

  /// Results of format version 1 have the text of the scenario.
  @Test func aTextWithItsUnitIsLeftAsItIs() {
    expect(VariedColumn(name: "protocol.timeout").value(of: "100 ms"), equals: "100 ms")
    expect(VariedColumn(name: "protocol.timeout_s").value(of: "soon"), equals: "soon")
  }
}
