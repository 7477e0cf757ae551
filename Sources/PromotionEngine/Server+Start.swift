import TFTPWire
import Timebase

// The start rule: R22. While the server gathers devices, each of them is passive to it, in both modes.
extension Server {
  /// R22: one more device may be registered. Begins the first session when enough are, and otherwise sees to it that
  /// the first of them does not wait for ever.
  mutating func gather(at now: Nanoseconds, answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    guard case .gathering(let until) = phase, let start = parameters.start else { return }
    // A device that the threshold promoted at a report, and that is complete by now, waits for no session.
    if waiting + queued + smartDevices >= start.devices { return endGathering(answersAt: answersAt, into: &effects) }
    if until == .never, let within = start.within { phase = .gathering(until: now.later(by: within)) }
  }

  /// R22: the wait is over. Somebody is elected if anybody waits; from now on R2 holds.
  mutating func endGathering(answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    phase = .idle
    effects.append(.started)
    switch parameters.mode {
    case .rfc2090: proceed(answersAt: answersAt, into: &effects)
    case .pxeMTFTP: electMTFTP(answersAt: answersAt, into: &effects)
    }
  }
}
