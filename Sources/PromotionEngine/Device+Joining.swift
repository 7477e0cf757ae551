import BlockTransfer
import TFTPWire
import Timebase

// Joining: R1 (RRQ with all options), R3 (its repeats), and the role that the OACK of R2 gives the device.
extension Device {
  /// R1: asks for the file, with the option `promotion` if the device knows it.
  mutating func join(at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]) {
    doing = .joining(Patience(from: now, timeout: settings.parameters.timeout))
    sendRequest(leavesAt: now, under: settings, into: &effects)
  }

  /// R3: repeats an unanswered request, and fails one timeout after the last repeat.
  mutating func repeatRequest(
    _ patience: Patience, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    var patience = patience
    guard patience.repeats(at: now, under: settings.parameters) else { return fail(into: &effects) }
    doing = .joining(patience)
    sendRequest(leavesAt: now, under: settings, into: &effects)
  }

  /// R2: from now on the device knows the file.
  mutating func accept(
    _ acceptance: Acceptance, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    guard acceptance.wideBlockNumbers || acceptance.file.blocks <= UInt32(UInt16.max) else {
      return fail(into: &effects)  // R21
    }
    file = acceptance.file
    gaps = GapMap(blocks: acceptance.file.blocks)
    windowSize = max(1, acceptance.windowSize)
    reports = settings.parameters.speaksPromotion && acceptance.promotion != nil
    continuity = acceptance.promotion?.continuity ?? 0
    sessionsEnded = acceptance.promotion?.sessionsEnded ?? 0
    guard settings.groupJoinDelay > .zero else {
      return enter(isActive: acceptance.isActive, at: now, under: settings, into: &effects)
    }
    doing = .entering(until: now.later(by: settings.groupJoinDelay), isActive: acceptance.isActive)
  }

  /// R3: from now on the device hears the group. With `mc=1` it drives the session.
  mutating func enter(
    isActive: Bool, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    if isActive {
      beginDriving(at: now, under: settings, into: &effects)
    } else {
      beginListening(at: now, into: &effects)
    }
  }

  func sendRequest(leavesAt: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]) {
    effects.append(.send(.request(Proposal(settings.parameters)), leavesAt: leavesAt))
  }
}
