import BitCollections
import BlockTransfer
import Network
import TestSupport
import Testing
import Timebase

@testable import Rivals
@testable import Runs

/// The two ends of `slices`, without a network: what comes from the wire need not make sense.
@Suite struct SlicesServerTests {
  private let settings: SlicesSettings

  init() throws {
    settings = SlicesSettings(
      try world(.slices, blocks: 5, [Cohort(name: "a", count: 2)]) { $0.rivals.slice = 3 })
  }

  /// A server that has sent its first slice to one device, and asks.
  private func asking() -> SlicesServer {
    var server = SlicesServer(settings, devices: 2)
    var effects: [SlicesServer.Effect] = []
    server.receive(.connect, from: 1, at: .zero, into: &effects)
    for _ in 0..<5 { server.fire(at: server.deadline, into: &effects) }
    let asks = effects.count { if case .ask = $0 { true } else { false } }
    expect(asks, equals: 1)
    return server
  }

  @Test(arguments: [
    SlicesAnswer(slice: 1, round: 0, repeats: 0, missing: []),
    SlicesAnswer(slice: .max, round: 0, repeats: 0, missing: [1]),
    SlicesAnswer(slice: 0, round: 1, repeats: 0, missing: []),
    SlicesAnswer(slice: 0, round: .max, repeats: 0, missing: [0]),
  ])
  func anAnswerToAnotherQuestionIsIgnored(answer: SlicesAnswer) {
    var server = asking()
    let deadline = server.deadline
    var effects: [SlicesServer.Effect] = []
    server.receive(.answer(answer), from: 1, at: Nanoseconds(2_000_000_000), into: &effects)
    #expect(effects.isEmpty && server.deadline == deadline)
  }

  @Test(arguments: [DeviceID(0), 2, 3, .max]) func anAnswerOfWhoDoesNotTakePartIsIgnored(device: DeviceID) {
    var server = asking()
    let deadline = server.deadline
    var effects: [SlicesServer.Effect] = []
    let answer = SlicesAnswer(slice: 0, round: 0, repeats: 0, missing: [])
    server.receive(.answer(answer), from: device, at: Nanoseconds(2_000_000_000), into: &effects)
    #expect(effects.isEmpty && server.deadline == deadline)
  }

  /// An answer to a repeat that was never sent counts, but tells nothing of its time.
  @Test func anAnswerToARepeatThatWasNotSentTellsNoTime() {
    var server = asking()
    var effects: [SlicesServer.Effect] = []
    server.receive(
      .answer(SlicesAnswer(slice: 0, round: 0, repeats: .max, missing: [])), from: 1, at: Nanoseconds(3_000_000_000),
      into: &effects)
    expect(server.deadline, equals: Nanoseconds(3_000_020_000))
  }

  /// It begins with 10 ms, and each answer counts a tenth.
  @Test func theWaitFollowsTheAnswers() {
    var wait = AnswerWait()
    var parameters = settings.parameters
    expect(wait.timeout(under: parameters), equals: .milliseconds(11))
    wait.add(.milliseconds(30))
    expect(wait.timeout(under: parameters), equals: Nanoseconds(13_200_000))
    parameters.timeout = .milliseconds(2)
    expect(wait.timeout(under: parameters), equals: .milliseconds(2))
  }

  /// A bitmap may have bits beyond the slice: they are nobody's blocks.
  @Test func missingBlocksBeyondTheSliceAreNone() {
    var server = asking()
    var effects: [SlicesServer.Effect] = []
    server.receive(
      .answer(SlicesAnswer(slice: 0, round: 0, repeats: 0, missing: [3, 1023])), from: 1,
      at: Nanoseconds(2_000_000_000),
      into: &effects)
    server.fire(at: server.deadline, into: &effects)
    guard case .data(4, _)? = effects.first else {
      Issue.record("The next slice does not begin: \(effects)")
      return
    }
  }

  @Test(arguments: [UInt32(2), .max]) func aQuestionForASliceThatTheFileDoesNotHaveIsNotAnswered(slice: UInt32) {
    var device = SlicesDevice(blocks: settings.file.blocks)
    var effects: [SlicesDevice.Effect] = []
    device.switchOn(at: .zero, settings, into: &effects)
    device.receive(
      .welcome(SlicesMembership(run: 1, number: 1)), at: .zero, answersAt: .zero, settings, into: &effects)
    effects.removeAll()
    device.receive(
      .ask(SlicesAsk(run: 1, slice: slice, round: 0, repeats: 0, ready: [])), at: .zero, answersAt: .zero, settings,
      into: &effects)
    #expect(effects.isEmpty)
  }
}
