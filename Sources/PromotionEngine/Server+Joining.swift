import BlockTransfer
import TFTPWire
import Timebase

// Joining: R2, R16, R22.
extension Server {
  /// R2: registers a device that is new, struck off, or complete (then it boots again), and answers by its state.
  ///
  /// A device that takes smaller blocks or windows than the group has belongs to another group. It is refused.
  mutating func register(
    _ device: DeviceID, _ proposal: Proposal, at now: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    let answersAt = now.later(by: answerDelay)
    guard terms.fit(proposal) else {
      effects.append(.unicast(.error(.optionNegotiation), to: device, leavesAt: answersAt))
      return
    }
    let knowsPromotion = parameters.speaksPromotion && proposal.options.contains(.promotion)
    self[device].knowsPromotion = knowsPromotion
    self[device].answered = proposal.options
    if !knowsPromotion { self[device].answered.remove(.promotion) }
    if !parameters.wideBlockNumbers { self[device].answered.remove(.wideBlockNumbers) }
    self[device].timeoutSeconds = proposal.timeoutSeconds
    switch self[device].standing {
    case .active, .elected, .passive, .smart:
      effects.append(.unicast(.acceptance(acceptance(of: device)), to: device, leavesAt: answersAt))
      guard !knowsPromotion else { return }
      awaitNoLonger(device)  // it booted with other software
      return proceed(answersAt: answersAt, into: &effects)
    case .unknown, .struckOff, .complete:
      break
    }
    self[device].report = nil
    self[device].isSilent = false
    enroll(device)
    if case .idle = phase, waiting == 0, queued == 0 {
      if isAfterSilence {
        beginRound(Self.roundAfterSilence, of: [device], answersAt: answersAt)
      } else {
        move(device, to: .active)
        openSession(active: device, at: now, into: &effects)
      }
    } else {
      makeWay(at: now, into: &effects)
      move(device, to: .passive(queued: false))
    }
    effects.append(.unicast(.acceptance(acceptance(of: device)), to: device, leavesAt: answersAt))
    gather(at: now, answersAt: answersAt, into: &effects)
    proceed(answersAt: answersAt, into: &effects)
    leaveSilentCrowd(answersAt: answersAt, into: &effects)
  }

  /// R2: whether a device drives; R15: or may, since many are asked and none has answered.
  private func isToDrive(_ device: DeviceID) -> Bool {
    switch peerStanding(of: device) {
    case .active: true
    case .elected, .passive(queued: false): isAskingMany
    case .unknown, .struckOff, .passive(queued: true), .smart, .complete: false
    }
  }

  private var terms: GroupTerms {
    GroupTerms(
      blockSize: file.blockSize, windowSize: parameters.windowSize, wideBlockNumbers: parameters.wideBlockNumbers)
  }

  private func acceptance(of device: DeviceID) -> Acceptance {
    Acceptance(
      file: file, windowSize: parameters.windowSize, options: self[device].answered,
      timeoutSeconds: self[device].timeoutSeconds, isActive: isToDrive(device),
      promotion: self[device].knowsPromotion
        ? Acceptance.Offer(
          threshold: parameters.promotion.threshold, continuity: parameters.promotion.continuity,
          sessionsEnded: sessionsEnded) : nil)
  }
}
