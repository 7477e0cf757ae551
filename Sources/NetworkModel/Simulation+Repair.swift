import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// The repair (R14), which mostly is asks of smart devices and their answers: the engine takes these by calls of their own
// (`Repair` in PromotionEngine), and what other messages may bring with them needs no look.
//
// Why this changes nothing: the engine's calls do to its two ends what any message does, and no deadline of theirs comes nearer,
// so that no alarm needs another event; only the device's own, which has the place of what the device saw last, must see this. A smart
// device stays what it is, so that it follows the group as before, and it does not follow the log, so that it has nothing to catch up
// with. `--packet-by-packet` goes the long way and must write the same bytes.
extension Simulation {
  /// An ACK reaches the server: true if it was the ask of a smart device for its next block, which is answered.
  @inline(__always)
  mutating func answerFetch(after block: BlockNumber, from device: DeviceID) -> Bool {
    guard delivery == .byRuns, let leavesAt = server.answer(askFor: block, from: device, at: now.time) else {
      return false
    }
    schedule(Datagram(message: .data(block + 1), destination: device, session: ledger.session), at: leavesAt)
    #if DEBUG
      checkServer()
    #endif
    return true
  }

  /// Unicast DATA reaches a device: true if it was a block that a smart device waits for, which is taken.
  @inline(__always)
  mutating func fetch(_ block: BlockNumber, at index: Int) -> Bool {
    guard delivery == .byRuns else { return false }
    let answersAt = now.time + settings[stations[index].cohort].answerDelay
    guard
      let next = stations[index].device.fetch(
        block, at: now.time, answersAt: answersAt, timeout: configuration.parameters.timeout)
    else { return false }
    stations[index].tally.countRepair(of: block, in: configuration.file)
    if case .after(let block) = next { send(.acknowledgment(block), from: index, leavesAt: answersAt) }
    stations[index].alarm.see(now.place)
    #if DEBUG
      checkInvariants(of: index)
    #endif
    return true
  }
}
