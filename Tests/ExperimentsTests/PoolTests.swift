import Foundation
import TestSupport
import Testing

@testable import Experiments

struct PoolTests {
  struct Odd: Error, Equatable { var number: Int }

  @Test(arguments: [1, 2, 5])
  func aFailureIsHandedOnInItsTurnAndTheOthersGoOn(jobs: Int) async throws {
    var numbers = (1...20).makeIterator()
    var handed: [Int] = []
    var failed: [Int] = []
    try await Pool(jobs: jobs).run(
      next: { numbers.next() },
      work: { number in
        if number.isMultiple(of: 3) { Thread.sleep(forTimeInterval: 0.002) }
        if number.isMultiple(of: 4) { throw Odd(number: number) }
        return number * number
      },
      consume: { number, result in
        handed.append(number)
        switch result {
        case .success(let square): expect(square, equals: number * number)
        case .failure(let error): failed.append(try #require(error as? Odd).number)
        }
      })
    expect(handed, equals: Array(1...20))
    expect(failed, equals: [4, 8, 12, 16, 20])
  }

  /// Each job is only known when the one before it has been handed on.
  @Test(arguments: [1, 3])
  func aSourceMayWaitForWhatIsHandedOn(jobs: Int) async throws {
    var next: Int? = 1
    var handed: [Int] = []
    try await Pool(jobs: jobs).run(
      next: {
        defer { next = nil }
        return next
      },
      work: { $0 },
      consume: { number, _ in
        handed.append(number)
        if number < 6 { next = number + 1 }
      })
    expect(handed, equals: [1, 2, 3, 4, 5, 6])
  }

  @Test func nothingToDoIsDoneAtOnce() async throws {
    try await Pool(jobs: 4).run([Int]()) {
      $0
    } consume: { _ in
      Issue.record("nothing was done")
    }
  }
}
