import BlockTransfer
import TFTPWire
import Timebase

// The MTFTP of PXE: R17 (opens), R18 (the session), R22 (the start). Once the first session has begun the server knows
// no passive devices, and it never knows smart ones.
extension Server {
  /// R17: an open starts a session if none runs. An open of the active device gets block 1 again.
  mutating func open(from device: DeviceID, at now: Nanoseconds, into effects: inout [ServerEffect]) {
    let answersAt = now.later(by: answerDelay)
    switch phase {
    case .gathering:
      if case .unknown = peerStanding(of: device) {
        enroll(device)
        move(device, to: .passive(queued: false))
      }
      return gather(at: now, answersAt: answersAt, into: &effects)
    case .session(var session):
      guard session.active == device else { return }
      session.heard = now
      phase = .session(session)
      sendFirstBlock(to: device, leavesAt: answersAt, into: &effects)
    case .idle, .check, .election:
      openMTFTP(active: device, heard: now, answersAt: answersAt, into: &effects)
    }
  }

  /// R22: the first session goes to the device that opened first. It answers with its ACK, or R8 ends the session.
  mutating func electMTFTP(answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    guard let device = nextActive().first else { return }
    for other in registry { move(other, to: .unknown) }
    registry.removeAll()
    openMTFTP(active: device, heard: answersAt, answersAt: answersAt, into: &effects)
  }

  private mutating func openMTFTP(
    active device: DeviceID, heard: Nanoseconds, answersAt: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    move(device, to: .active)
    phase = .session(Session(active: device, heard: heard, hasBegun: true, sent: 1))
    effects.append(.sessionOpened(active: device))
    effects.append(.sessionBegan)
    sendFirstBlock(to: device, leavesAt: answersAt, into: &effects)
  }

  private func sendFirstBlock(to device: DeviceID, leavesAt: Nanoseconds, into effects: inout [ServerEffect]) {
    effects.append(.unicast(.data(1), to: device, leavesAt: leavesAt))
    effects.append(.multicastData(first: 1, last: 1, leavesAt: leavesAt))
  }

  /// R18: one block for each ACK of the active device. An ACK that the session did not ask for is a smart device's
  /// request (R14), whichever device sends it; the server of PXE 2.1 knows no such request.
  mutating func acknowledgeMTFTP(
    _ block: BlockNumber, from device: DeviceID, at now: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    let answersAt = now.later(by: answerDelay)
    if case .session(var session) = phase, session.active == device, block <= session.sent {
      session.heard = now
      phase = .session(session)
      if block == lastBlock {
        move(device, to: .complete)
        endSession(session, .complete, answersAt: answersAt, into: &effects)
      } else if block == session.sent || now >= session.sentAt.later(by: Nanoseconds(parameters.timeout.count / 2)) {
        // Otherwise it is a copy: a device that acknowledges both block 1s (iPXE) would get, and acknowledge, two of all.
        session.sent = max(session.sent, block + 1)
        session.sentAt = answersAt
        phase = .session(session)
        effects.append(.multicastData(first: block + 1, last: block + 1, leavesAt: answersAt))
      }
    } else if block < lastBlock, parameters.speaksPromotion {
      effects.append(.unicast(.data(block + 1), to: device, leavesAt: answersAt))
    }
  }
}
