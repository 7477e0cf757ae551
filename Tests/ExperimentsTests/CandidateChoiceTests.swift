import TestSupport
import Testing

@testable import Experiments

struct CandidateChoiceTests {
  @Test(arguments: [
    ("0, 1 KiB", [UInt64(0), 1024]),
    ("1 KiB,0,1024 B", [0, 1024]),
    ("1 KiB..16 KiB:log2", [1024, 2048, 4096, 8192, 16_384]),
    ("0,1 B..100 B:log10", [0, 1, 10, 100]),
    ("0..10 B:3", [0, 5, 10]),
    ("1 B..100 B:3:log", [1, 10, 100]),
    ("7 B..8 B:4", [7, 8]),
  ])
  func aListOfSizesAndRangesIsAscendingAndWithoutRepeats(text: String, thresholds: [UInt64]) throws {
    try expect(CandidateChoice(text), equals: .listed(thresholds))
  }

  @Test func aNumberSaysHowManyGapsAtMost() throws {
    try expect(CandidateChoice("32"), equals: .occurring(atMost: 32))
  }

  @Test(arguments: [
    ("", "is not a size"), ("0", "at least two"), ("64 KiB", "at least two"), ("1 KiB, 2 Kib", "did you mean 'KiB'?"),
    ("1 KiB..2 KiB", "how it is divided"), ("1 KiB..2 KiB:1", "how it is divided"), ("2 KiB..1 KiB:8", "below its end"),
    ("0..1 KiB:log2", "begins at 0"), ("0..1 KiB:8:log", "begins at 0"), ("5000", "at most 1000"),
    ("1 B..1 MiB:1000, 2 MiB, 3 MiB", "more than 1000"), ("1 s, 2 s", "is a time"), ("1 KiB,,2 KiB", "is not a size"),
  ])
  func whatIsWrongIsSaid(text: String, says: String) {
    let error = #expect(throws: CandidateError.self) { try CandidateChoice(text) }
    #expect(error?.description.contains(says) ?? false, "\(error?.description ?? "")")
  }

  @Test func fewGapsAreAllCandidatesBesideNobodyAndEverybody() {
    expect(CandidateChoice.reduce([30, 10], [20], atMost: 3, file: 99), equals: [0, 10, 20, 30, 100])
    expect(CandidateChoice.reduce([], [], atMost: 3, file: 99), equals: [0, 100])
    expect(CandidateChoice.reduce([0, 100, 7], [7], atMost: 3, file: 99), equals: [0, 7, 100])
  }

  @Test func ofManyGapsSomeStayFromTheSmallestToTheLargest() {
    let gaps = Set((1...1000).map { UInt64($0 * 10) })
    for count in 1...70 {
      let reduced = CandidateChoice.reduce(gaps, [], atMost: count, file: 1_000_000)
      expect(reduced.count, equals: count + 2)
      expect(reduced, equals: reduced.sorted())
      if count > 1 { #expect(reduced[1] == 10 && reduced[count] == 10_000) }
    }
  }

  /// Gaps of devices that are promoted at once get three candidates of four, unless there are too few of either kind.
  @Test(arguments: [(1000, 1000, 48, 16), (1000, 5, 59, 5), (7, 1000, 7, 57), (3, 4, 3, 4)])
  func mostCandidatesAreForDevicesThatArePromotedAtOnce(first: Int, later: Int, ofFirst: Int, ofLater: Int) {
    let gaps = Set((0..<first).map { UInt64(100_000 + $0) })
    let others = Set((0..<later).map { UInt64(1 + $0) })
    let reduced = CandidateChoice.reduce(gaps, others, atMost: 64, file: 1_000_000)
    expect(reduced.count { gaps.contains($0) }, equals: ofFirst)
    expect(reduced.count { others.contains($0) }, equals: ofLater)
  }
}
