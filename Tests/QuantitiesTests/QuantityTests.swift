import TestSupport
import Testing

@testable import Quantities

@Suite struct QuantityTests {
  @Test(
    arguments: [
      ("0 B", 0), ("1428 B", 1428), ("48 MiB", 50_331_648), ("1.5 KB", 1500), ("0.5 KiB", 512), ("2GiB", 1 << 31),
      ("1 TB", 1_000_000_000_000), ("1 TiB", 1 << 40), ("10_000 B", 10_000), ("10 000 B", 10_000), (" 7  B ", 7),
      ("17179869183.9990234375 GiB", 18_446_744_073_708_503_040),
    ] as [(String, UInt64)]
  )
  func sizeIsReadExactly(text: String, bytes: UInt64) {
    expect(Quantity.size.parse(text), equals: .success(bytes))
  }

  @Test(
    arguments: [
      ("6.5 s", 6_500_000_000), ("20 us", 20_000), ("20 µs", 20_000), ("20 μs", 20_000), ("0.1 us", 100), ("1 ns", 1),
      ("5 min", 300_000_000_000), ("24 h", 86_400_000_000_000), ("365 d", 31_536_000_000_000_000), ("+1 ms", 1_000_000),
      ("0.000000001 s", 1), ("-0 s", 0), ("1.000000000000000000000000 s", 1_000_000_000),
    ] as [(String, UInt64)]
  )
  func timeIsReadExactly(text: String, nanoseconds: UInt64) {
    expect(Quantity.time.parse(text), equals: .success(nanoseconds))
  }

  @Test(
    arguments: [
      ("1 bit/s", 1), ("9.6 kbit/s", 9600), ("100 Mbit/s", 100_000_000), ("2.5 Gbit/s", 2_500_000_000),
      ("1 Tbit/s", 1_000_000_000_000),
    ] as [(String, UInt64)]
  )
  func rateIsReadExactly(text: String, bitsPerSecond: UInt64) {
    expect(Quantity.rate.parse(text), equals: .success(bitsPerSecond))
  }

  @Test(arguments: [
    ("0.3 ns", "not a whole number of nanoseconds"), ("5", "has no unit; allowed units: ns, us, µs, ms, s, min, h, d"),
    ("5 S", "unknown unit 'S'"), ("s", "is not a time"), ("", "is not a time"), ("-1 s", "is negative"),
    ("1 MiB", "is a size"), ("1 %", "is a share"), ("1e3 s", "unknown unit 'e3 s'"), ("1,5 s", "has a comma"),
    ("1__0 s", "unknown unit"), ("1. s", "unknown unit"), ("99999999999999999999 d", "is too large"),
    ("9999999999999999999999999999999999999999999 s", "is too large"),
    ("0.0000000000000000000000000000000000000000000001 s", "is too large"), ("١ s", "is not a time"),
  ])
  func wrongTimeIsRefused(text: String, words: String) throws {
    let message = try #require(throws: QuantityError.self) { try Quantity.time.parse(text).get() }.message
    #expect(message.contains(words))
  }

  @Test(
    arguments: [
      ("1e3 s", 1000), ("1e300 s", 1e300), ("2.5E-3ms", 2.5e-6), ("+1e+2 min", 6000), ("0e99999999999999999999 s", 0),
      ("1e-400 d", 0), ("1_000e2 s", 100_000),
    ] as [(String, Double)])
  func anExponentIsReadWhereARealNumberWillDo(text: String, seconds: Double) throws {
    let value = try #require(Quantity.time.scientific(text, per: 1_000_000_000)).get()
    #expect(abs(value - seconds) <= seconds * 1e-15, "\(value)")
  }

  @Test(arguments: [
    ("1e299", "has no unit"), ("1e3 e", "unknown unit 'e'"), ("1e400 s", "is too large"), ("-1e3 s", "is negative"),
    ("1e99999999999999999999 s", "is too large"), ("1e3 MiB", "is a size"),
  ])
  func aWrongQuantityWithAnExponentIsRefused(text: String, words: String) throws {
    let result = try #require(Quantity.time.scientific(text, per: 1_000_000_000))
    let message = try #require(throws: QuantityError.self) { try result.get() }.message
    #expect(message.contains(words), "\(message)")
  }

  @Test(arguments: ["1 s", "1 e3 s", "1e s", "1e+ s", "e3 s", "1.e3 s", "eB", "1 eB", "1eB"])
  func whatHasNoExponentIsNotReadWithOne(text: String) {
    #expect(Quantity.time.scientific(text, per: 1) == nil)
  }

  @Test(arguments: [("sec", "s"), ("minutes", "min"), ("mS", "ms"), ("hour", "h")])
  func nearUnitIsSuggested(unit: String, right: String) throws {
    let problem = try #require(throws: QuantityError.self) { try Quantity.time.parse("1 \(unit)").get() }
    expect(problem.suggestion, equals: right)
  }

  @Test(arguments: [UInt64(0), 1, 999, 1000, 1024, 1428, 6_500_000_000, 86_400_000_000_000, 1 << 48, .max])
  func everyQuantityThatIsWrittenReadsBack(value: UInt64) {
    for dimension in [Quantity.size, .time, .rate] {
      expect(dimension.parse(dimension.format(value)), equals: .success(value))
    }
  }

  @Test(arguments: [
    ("1 %", 0.01), ("0.1 %", 0.001), ("33.3%", 0.333), ("100 %", 1), ("0.02", 0.02), ("1e-5", 1e-5), ("0", 0),
    (".5", 0.5),
    ("0.1234567890123456789012345678901234567890", 0.12345678901234568),
  ])
  func probabilityIsTheNearestDouble(text: String, value: Double) {
    expect(PlainNumber.real(text, percent: true), equals: .success(value))
  }

  @Test(arguments: ["nan", "inf", "0x10", "1e999", "1 s", "--1", "", "½"])
  func wrongRealNumberIsRefused(text: String) {
    #expect(throws: QuantityError.self) { try PlainNumber.real(text, percent: false).get() }
  }

  @Test(
    arguments: [("10_000_000", 10_000_000), ("10 000", 10_000), ("18446744073709551615", .max), ("2.0", 2)]
      as [(String, UInt64)]
  )
  func wholeNumberIsRead(text: String, value: UInt64) {
    expect(PlainNumber.integer(text), equals: .success(value))
  }

  @Test(arguments: ["2.5", "-1", "1 s", "18446744073709551616", "ten", "", "1e3", "0x10"])
  func wrongWholeNumberIsRefused(text: String) {
    #expect(throws: QuantityError.self) { try PlainNumber.integer(text).get() }
  }

  private static let words = ["name", "seed", "file", "size", "threshold", "retries", "timeout", "session_timeout"]

  @Test(arguments: [
    ("treshold", "threshold"), ("retires", "retries"), ("session-timeout", "session_timeout"), ("seeed", "seed"),
  ])
  func theNearestWordIsFound(typed: String, right: String) {
    expect(Spelling.nearest(to: typed, among: Self.words), equals: right)
  }

  @Test func aFarWordHasNoNearest() {
    #expect(Spelling.nearest(to: "frobnicate", among: Self.words) == nil)
    #expect(Spelling.nearest(to: String(repeating: "x", count: 10_000), among: ["x"]) == nil)
  }
}
