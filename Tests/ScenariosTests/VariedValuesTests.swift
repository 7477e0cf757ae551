import TestSupport
import Testing

@testable import Scenarios

struct VariedValuesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var values: [String]
    var testDescription: String { text }

    init(_ text: String, _ values: String...) {
      self.text = text
      self.values = values
    }
  }

  @Test(arguments: [
    Case("16KiB, 16 KiB,2 MiB", "16 KiB", "16 KiB", "2 MiB"),
    Case("1024 B, 1500 B", "1 KiB", "1500 B"),
    Case("0, 16 KiB", "0 B", "16 KiB"),
    Case("0,1 s", "0 s", "1 s"),
    Case("0, 1", "0", "1"),
    Case("0,16KiB..64KiB:log2", "0 B", "16 KiB", "32 KiB", "64 KiB"),
    Case("100 KiB..1 MiB:log2", "100 KiB", "200 KiB", "400 KiB", "800 KiB"),
    Case("1..1000:log10", "1", "10", "100", "1000"),
    Case("2 ms..60 ms:log3", "2 ms", "6 ms", "18 ms", "54 ms"),
    Case("1 s..2 s:3", "1 s", "1500 ms", "2 s"),
    Case("0..1 MiB:3", "0 B", "512 KiB", "1 MiB"),
    Case("10..500:8", "10", "80", "150", "220", "290", "360", "430", "500"),
    Case("1..8:4", "1", "3", "6", "8"),
    Case("1.0..2:5", "1", "1.25", "1.5", "1.75", "2"),
    Case("0.1..0.2:4", "0.1", "0.1333333", "0.1666667", "0.2"),
    Case("0.1%..5%:8", "0.001", "0.008", "0.015", "0.022", "0.029", "0.036", "0.043", "0.05"),
    Case("0 %..1:2", "0", "1"),
    Case("0.1 %..10 %:3:log", "0.001", "0.01", "0.1"),
    Case("1e-5..1e-3:3:log", "0.00001", "0.0001", "0.001"),
    Case("1..100:4:log", "1", "5", "22", "100"),
    Case(
      "16 KiB..4 MiB:9:log", "16 KiB", "32 KiB", "64 KiB", "128 KiB", "256 KiB", "512 KiB", "1 MiB", "2 MiB", "4 MiB"),
    Case("1 %, 0.02, 3e-2, 1.50", "0.01", "0.02", "0.03", "1.5"),
    Case("10_000, 2e3", "10000", "2000"),
    Case("arrival, largest_gap", "arrival", "largest_gap"),
    Case("none, 4", "none", "4"),
    Case(
      "{bernoulli:  1 %}, {runs: {good: 9, lost: 1}}, none", "{bernoulli: 1 %}", "{runs: {good: 9, lost: 1}}", "none"),
    Case("100 Mbit/s..1 Gbit/s:2", "100 Mbit/s", "1 Gbit/s"),
  ])
  func valuesAreWrittenInOneWay(of example: Case) throws {
    try expect(VariedValues([example.text]).canonical, equals: example.values)
  }

  /// What is written once reads back as itself, so that a manifest has the values of its sweep.
  @Test(arguments: ["0,16KiB..4MiB:log2", "0.1%..5%:7", "1..10000:20:log", "0.003..0.7:9:log", "1 ns..1 d:11:log"])
  func writtenValuesReadBackAsThemselves(text: String) throws {
    let values = try VariedValues([text]).canonical
    try expect(VariedValues(values).canonical, equals: values)
  }

  @Test func whatCannotBeReadSaysWhatIsAllowed() throws {
    let wrong = [
      "", "1,,2", "1 KiB..2 KiB", "1 KiB..2 KiB:", "1 KiB..2 KiB:x", "1 KiB..2 KiB:log", "1 KiB..2 KiB:log1",
      "1 KiB..2 KiB:8:lin", "1 KiB..2 KiB:1", "1 KiB..2 KiB:20000", "2 KiB..1 KiB:3", "1 KiB..1 KiB:3", "1 KiB..2 s:3",
      "1..2 KiB:3", "0..2 KiB:log2", "0..1:5:log", "1 KiB..2 KB2:3", "1 Kib..2 Kib:3", "1..x:3",
      "0.1234567890123..0.2:3", "1..1e15:3", "1..9000:9000,1..9000:9000",
    ]
    var text = ""
    for values in wrong {
      let error = #expect(throws: VaryError.self) { try VariedValues([values]) }
      text += "\(values)\n  \(error?.message ?? "is read")\n"
    }
    try Golden.expect(text, in: "sweep/values.txt")
  }
}
