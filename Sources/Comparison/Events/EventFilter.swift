import BlockTransfer
import PromotionEngine
import PromotionRun
import Timebase
import Runs

/// Which events of a run are logged. All of them, unless something is asked for.
package struct EventFilter: Sendable {
  /// The devices whose events are logged, ascending; of all of them if it is empty.
  package let devices: [DeviceID]
  private let from: Nanoseconds?
  private let until: Nanoseconds?
  private let rolesAlone: Bool
  /// The role of each device that was seen. It is only looked up, never iterated.
  private var roles: [DeviceID: RoleName] = [:]

  /// Logs the events of some devices, from an instant until another, both included, or those alone that change a role.
  package init(
    devices: [DeviceID] = [], from: Nanoseconds? = nil, until: Nanoseconds? = nil, rolesAlone: Bool = false
  ) {
    self.devices = Set(devices).sorted()
    self.from = from
    self.until = until
    self.rolesAlone = rolesAlone
  }

  /// What is logged, for the log's beginning; nil for everything.
  package var words: String? {
    var words: [String] = []
    if !devices.isEmpty { words.append("device " + devices.map(String.init).joined(separator: ",")) }
    if let from { words.append("from \(from) s") }
    if let until { words.append("until \(until) s") }
    if rolesAlone { words.append("changes of role") }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  /// Whether nothing is logged from this instant on.
  package func isOver(at time: Nanoseconds) -> Bool { until.map { time > $0 } ?? false }

  /// Whether an event is logged. It must be asked about all events, in their order.
  package mutating func passes(_ event: TracedEvent) -> Bool {
    if rolesAlone, !changesRole(event) { return false }
    if let from, event.time < from { return false }
    return devices.isEmpty || event.devices.contains(where: devices.contains)
  }

  private mutating func changesRole(_ event: TracedEvent) -> Bool {
    guard case .device(let device) = event.subject, case .device(let state) = event.state else { return false }
    return roles.updateValue(state.role, forKey: device) ?? .joining != state.role
  }
}

extension TracedEvent {
  /// The devices that the event happened to, or that it names.
  fileprivate var devices: [DeviceID] {
    if case .device(let device) = subject { return [device] }
    return switch happening {
    case .placeDeadline(let device), .arrived(_, from: let device), .lost(_, from: let device, onSegment: _): [device]
    case .sent(_, last: _, to: let device, _): device == 0 ? [] : [device]
    case .switchedOn, .switchedOff, .deadline, .received, .missed, .overran: []
    }
  }
}
