import BlockTransfer
import TFTPWire
import Timebase

// The MTFTP of PXE: R17 (opens), R18 (the session). The server knows no passive and no smart devices.
extension Server {
  /// R17: an open starts a session if none runs. An open of the active device gets block 1 again.
  mutating func open(from device: DeviceID, at now: Nanoseconds, into effects: inout [ServerEffect]) {
    switch phase {
    case .session(var session):
      guard session.active == device else { return }
      session.heard = now
      phase = .session(session)
    case .idle, .check, .election:
      move(device, to: .active)
      phase = .session(Session(active: device, heard: now, hasBegun: true, sent: 1))
      effects.append(.sessionOpened(active: device))
      effects.append(.sessionBegan)
    }
    let answersAt = now + answerDelay
    effects.append(.unicast(.data(1), to: device, leavesAt: answersAt))
    effects.append(.multicastData(first: 1, last: 1, leavesAt: answersAt))
  }

  /// R18: one block for each ACK of the active device. An ACK that the session did not ask for is a smart device's
  /// request (R14), whichever device sends it.
  mutating func acknowledgeMTFTP(
    _ block: BlockNumber, from device: DeviceID, at now: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    let answersAt = now + answerDelay
    if case .session(var session) = phase, session.active == device, block <= session.sent {
      session.heard = now
      phase = .session(session)
      if block == lastBlock {
        move(device, to: .complete)
        endSession(session, abandoned: false, answersAt: answersAt, into: &effects)
      } else {
        session.sent = max(session.sent, block + 1)
        phase = .session(session)
        effects.append(.multicastData(first: block + 1, last: block + 1, leavesAt: answersAt))
      }
    } else if block < lastBlock {
      effects.append(.unicast(.data(block + 1), to: device, leavesAt: answersAt))
    }
  }
}
