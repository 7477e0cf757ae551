import BlockTransfer
import EventSimulation
import Timebase

// Messages that are answered at once. `AnswersAtOnce.swift` has the argument for this.
extension Run {
  /// A message reaches the server. True if it is answered at once.
  @inlinable @inline(__always)
  mutating func answerAtOnce(_ message: S.Message, from device: DeviceID) -> Bool {
    guard delivery == .byRuns,
      let answer = strategy.answerAtOnce(message, from: device, sender: &sender, at: now.time)
    else { return false }
    observer.arrived(message, from: device, at: now.time)
    lookInside()
    schedule(answer.message, through: answer.lastBlock, to: device, at: answer.leavesAt)
    checkSender()
    return true
  }

  /// Unicast DATA reaches a device. True if it is taken at once.
  @inlinable @inline(__always)
  mutating func takeAtOnce(_ block: BlockNumber, of arrival: Arrival<S.Message>, at index: Int) -> Bool {
    guard delivery == .byRuns,
      let answer = strategy.takeAtOnce(
        block, receiver: &stations[index].receiver, cohort: stations[index].cohort, at: now.time)
    else { return false }
    observer.arrived(
      arrival, at: DeviceID(index + 1), as: .new, at: now.time)
    lookInside(index)
    if case .send(let message, let leavesAt) = answer { send(message, from: index, leavesAt: leavesAt) }
    stations[index].timer.see(now.sequence)
    #if DEBUG
      check(index)
    #endif
    return true
  }
}
