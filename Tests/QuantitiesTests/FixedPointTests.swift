import TestSupport
import Testing
import Timebase

@testable import Quantities

struct FixedPointTests {
  @Test(arguments: [
    (0, "0.000000000"), (1, "0.000000001"), (999_999_999, "0.999999999"), (1_000_000_000, "1.000000000"),
    (-1, "-0.000000001"), (9_223_372_036_854_775_807, "9223372036.854775807"),
  ])
  func aTimeHasNineDecimalsOfASecondAndIsNeverRounded(nanoseconds: Int64, text: String) {
    expect(FixedPoint(Nanoseconds(nanoseconds)).description, equals: text)
  }

  @Test(
    arguments: [
      (0.5, 6, "0.500000"), (1 / 3.0, 6, "0.333333"), (2.0 / 3, 6, "0.666667"), (-1.25, 1, "-1.2"), (1.75, 1, "1.8"),
      (1e15, 6, "1000000000000000.000000"), (1e18, 6, "1000000000000000000.000000"),
      (12_345_678_901_234.0, 6, "12345678901234.000000"), (0, 6, "0.000000"),
    ] as [(Double, Int, String)]
  )
  func aRealNumberIsRoundedToTheNearestWithHalvesToEven(value: Double, decimals: Int, text: String) {
    expect(FixedPoint(rounding: value, decimals: decimals)?.description, equals: text)
  }

  @Test(arguments: [-0.0, -1e-9, -4e-7])
  func thereIsNoNegativeZero(value: Double) {
    expect(FixedPoint(rounding: value, decimals: 6)?.description, equals: "0.000000")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e40])
  func whatIsNoNumberIsEmpty(value: Double) {
    #expect(FixedPoint(rounding: value, decimals: 6) == nil)
  }

  @Test func theLargestCounterIsWritten() {
    expect(FixedPoint(Int128(UInt64.max)).description, equals: "18446744073709551615")
  }
}
