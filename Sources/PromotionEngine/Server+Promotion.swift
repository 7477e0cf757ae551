import BlockTransfer
import HeapModule
import TFTPWire
import Timebase

/// A device that waits for a smart place, in the order in which devices get places (R13).
struct QueuedReport: Comparable, Sendable {
  /// What `smart_order` compares; the smallest comes first.
  var key: UInt64
  /// Ties go to the device that registered first.
  var order: Int
  var device: DeviceID

  static func < (left: QueuedReport, right: QueuedReport) -> Bool {
    (left.key, left.order) < (right.key, right.order)
  }
}

// Promotion: R12 (the decision), R13 (the places).
extension Server {
  /// R12: decides on a report.
  mutating func take(
    _ report: GapReport, from device: DeviceID, at now: Nanoseconds, answersAt: Nanoseconds,
    into effects: inout [ServerEffect]
  ) {
    guard parameters.speaksPromotion else { return }
    switch self[device].standing {
    case .unknown, .active:
      return
    case .elected:
      // It reports since it has not heard that it may drive.
      if isAskingMany { effects.append(.unicast(.elected, to: device, leavesAt: answersAt)) }
      return
    case .smart:
      effects.append(.unicast(.smart, to: device, leavesAt: answersAt))
      return
    case .struckOff, .complete, .passive:
      break
    }
    if !isPromotable(report, below: parameters.promotion.threshold) {
      makeWay(at: now, into: &effects)
      move(device, to: .passive(queued: false))
      self[device].report = report
      effects.append(.unicast(isAskingMany ? .elected : .wait, to: device, leavesAt: answersAt))
    } else if hasFreePlace {
      promote(device, invitation: nil, answersAt: answersAt, into: &effects)
    } else {
      let entry = queueEntry(of: device, report: report)
      if queuedEntry(of: device) != entry { enqueue(entry) }
      move(device, to: .passive(queued: true))
      self[device].report = report
      effects.append(.unicast(.wait, to: device, leavesAt: answersAt))
    }
    awaitNoLonger(device)
    proceed(answersAt: answersAt, into: &effects)
  }

  /// R11, R12: whether the gap is detected and every further limit that is set is met.
  func isPromotable(_ report: GapReport, below threshold: UInt64) -> Bool {
    let promotion = parameters.promotion
    return report.isDetected(below: threshold)
      && report.gaps <= promotion.maxGaps ?? .max
      && report.largestGap <= promotion.maxLargestGap ?? .max
      && report.longestChain <= promotion.maxChain ?? .max
  }

  private var hasFreePlace: Bool { smartDevices < parameters.promotion.maxSmart ?? .max }

  private mutating func promote(
    _ device: DeviceID, invitation: Patience?, answersAt: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    move(device, to: .smart(SmartPlace(heard: answersAt, invitation: invitation)))
    effects.append(.unicast(.smart, to: device, leavesAt: answersAt))
    note(placeOf: device)
    effects.append(.watch(device))
  }

  /// R13: gives free places to queued devices.
  mutating func fillSmartPlaces(answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    while hasFreePlace, let entry = smartQueue.popMin() {
      guard queuedEntry(of: entry.device) == entry else { continue }  // it left the queue, or reported anew
      awaitNoLonger(entry.device)
      promote(
        entry.device, invitation: Patience(from: answersAt, timeout: parameters.timeout), answersAt: answersAt,
        into: &effects)
    }
  }

  /// The entry in the queue that counts for a device; nil if the device is not queued.
  func queuedEntry(of device: DeviceID) -> QueuedReport? {
    let peer = self[device]
    guard peer.standing == .passive(queued: true), let report = peer.report else { return nil }
    return queueEntry(of: device, report: report)
  }

  private func queueEntry(of device: DeviceID, report: GapReport) -> QueuedReport {
    let key: UInt64 =
      switch parameters.promotion.smartOrder {
      case .arrival: 0
      case .smallestGap: report.totalGapBytes
      case .largestGap: .max - report.totalGapBytes
      case .fewestGaps: UInt64(report.gaps)
      }
    return QueuedReport(key: key, order: self[device].order, device: device)
  }

  /// R13: repeats the invitation of a queued device, or frees the place of a device that was not heard.
  public mutating func fire(for device: DeviceID, at now: Nanoseconds, into effects: inout [ServerEffect]) {
    guard case .smart(var place) = self[device].standing else { return }
    if place.heard.later(by: parameters.sessionTimeout) <= now {
      strikeOff(device)
      fillSmartPlaces(answersAt: now, into: &effects)
      proceed(answersAt: now, into: &effects)
    } else if var invitation = place.invitation, invitation.deadline <= now {
      if invitation.repeats(at: now, under: parameters) {
        place.invitation = invitation
        effects.append(.unicast(.smart, to: device, leavesAt: now))
      } else {
        place.invitation = nil
      }
      self[device].standing = .smart(place)
    }
  }
}
