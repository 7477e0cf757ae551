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

  /// DATA reaches a device that does not only listen to it. True if it is taken at once.
  @inlinable @inline(__always)
  mutating func takeAtOnce(_ block: BlockNumber, of arrival: Arrival<S.Message>, at index: Int) -> Bool {
    guard delivery == .byRuns else { return false }
    guard
      let answer = strategy.takeAtOnce(
        block, receiver: &stations[index].receiver, cohort: stations[index].cohort, at: now.time)
    else { return ignore(block, of: arrival, at: index) }
    observer.arrived(
      arrival, at: DeviceID(index + 1), as: .new, at: now.time)
    lookInside(index)
    stations[index].timer.see(now.sequence)
    if case .send(let message, let leavesAt, let awaited) = answer {
      send(message, from: index, leavesAt: leavesAt)
      if strategy.awaitsBlocks, stations[index].following.isLog {
        noteAwaited(by: index, from: awaited.lowerBound, through: awaited.upperBound)
      }
    }
    #if DEBUG
      check(index)
    #endif
    return true
  }

  /// A device takes no notice of a block that it has. False if it may.
  @inlinable @inline(__always)
  mutating func ignore(_ block: BlockNumber, of arrival: Arrival<S.Message>, at index: Int) -> Bool {
    guard strategy.ignores(block, receiver: &stations[index].receiver) else { return false }
    observer.arrived(arrival, at: DeviceID(index + 1), as: .duplicate, at: now.time)
    lookInside(index)
    stations[index].timer.see(now.sequence)
    return true
  }
}
