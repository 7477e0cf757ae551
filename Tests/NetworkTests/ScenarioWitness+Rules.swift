import Network
import PromotionEngine
import PromotionRun
import Runs

/// The rules that a scenario may add to the protocol: R22–R24.
extension ScenarioWitness {
  mutating func seeStart(_ event: TracedEvent, after state: ServerState) {
    guard phase == .gathering else { return }
    if state.phase == .gathering {
      note(.silenceBeforeStart, if: devices.contains { $0.wasSilent })
      return
    }
    if case .deadline = event.happening { features.insert(.startInTime) } else { features.insert(.startByCount) }
    note(.startPXE, if: isPXE)
  }

  mutating func seeHandOvers(in record: RunRecord) {
    let drivers = record.sessions.filter { $0.ended == .handedOver }.compactMap(\.activeDevice)
    note(.handedOver, if: !drivers.isEmpty)
    note(.handedOverInWindows, if: !drivers.isEmpty && configuration.parameters.windowSize > 1)
    note(.handedOverBySeveral, if: Set(drivers).count > 1)
    note(.handedOverTwice, if: Set(drivers).count < drivers.count)
    note(
      .handedOverUnheard,
      if: drivers.contains { record.devices[$0 - 1].roles == [.active, .failed] })
  }

  /// N4: a device that is told of its group needs time to join it.
  mutating func seeEntering(_ activity: DeviceState.Activity, after before: DeviceState.Activity) {
    guard case .entering = before else { return }
    switch activity {
    case .listening: features.insert(.enteredPassive)
    case .asking: features.insert(.enteredActive)
    default: break
    }
  }

  /// R24: a request that was repeated waits longer, until its answer.
  mutating func seeRepeats(_ activity: DeviceState.Activity, after before: DeviceState.Activity) {
    guard configuration.parameters.backoff > 1 else { return }
    note(.timeoutGrows, if: activity.repeats > 1)
    switch (before, activity) {
    case (.asking(_, _, 1...), .asking(_, _, 0)): features.insert(.timeoutPutBack)
    case (.fetching(_, _, 1...), .fetching(_, _, 0)): features.insert(.timeoutPutBackBySmart)
    default: break
    }
  }
}

/// Devices that do not report: R14's last sentence.
extension ScenarioWitness {
  mutating func seePlain(_ event: TracedEvent, of index: Int, before: Seen, after state: DeviceState) {
    note(
      .plainBesideSmart, if: state.role == .smart && !isPXE && cohorts.contains(where: \.isPlain))
    guard !configuration.speaksPromotion(with: cohorts[index]) else { return }
    let hadAll = before.role == .complete
    switch event.happening {
    case .received(.elected, .unicast):
      note(.plainAnswers, if: hadAll)
      note(.plainDrives, if: state.role == .active && configuration.speaksPromotion)
      note(.plainServer, if: state.role == .active && !cohorts[index].isPlain)
    case .received(.acceptance, .unicast): note(.plainReturns, if: before.role == .passive && state.role == .active)
    case .received(.notActive, .unicast): note(.plainIsNotActive, if: before.role == .active && state.role == .passive)
    case .deadline where isPXE:
      if case .aboutToOpen = before.activity { note(.plainPXE, if: state.activity == .opening) }
    case .deadline:
      note(.plainAsks, if: before.role == .passive && state.role == .passive)
      note(.plainFails, if: before.role == .passive && state.role == .failed)
      note(.plainEnds, if: before.activity == .listening && hadAll && state.activity == .done)
    default: break
    }
  }
}

extension DeviceState.Activity {
  /// How often the device has repeated what it waits for an answer to.
  fileprivate var repeats: UInt32 {
    switch self {
    case .joining(let repeats), .asking(_, _, let repeats), .awaiting(_, let repeats), .reporting(let repeats),
      .fetching(_, _, let repeats):
      repeats
    case .off, .entering, .listeningFirst, .opening, .listening, .aboutToReport, .aboutToOpen, .done, .failed: 0
    }
  }
}
