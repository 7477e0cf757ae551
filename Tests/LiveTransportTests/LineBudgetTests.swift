import TestSupport
import Testing
import Timebase

@testable import LiveTransport

@Suite("Lines of a log")
struct LineBudgetTests {
  @Test("No more lines than allowed are written in a second, and the next second says how many were left out")
  func bounds() {
    var budget = LineBudget(perSecond: 3)
    let first = (0..<10).map { _ in budget.judge(at: .milliseconds(900)) }
    expect(first, equals: [.write, .write, .write] + Array(repeating: .leaveOut, count: 7))
    expect(budget.judge(at: .milliseconds(1000)), equals: .writeAfter(leftOut: 7))
    expect(budget.judge(at: .milliseconds(1001)), equals: .write)
  }
}
