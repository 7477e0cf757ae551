import BlockTransfer
import Network
import PromotionEngine
import Timebase

/// Samples of the roles and of the uplink, at even steps.
package struct Timeline: Sendable {
  private let step: Nanoseconds?
  private let end: Nanoseconds
  package private(set) var nextSample: Nanoseconds
  private(set) var samples: [TimelineSample] = []
  /// How many devices do each part now, by ``DeviceRole/Part``.
  private var inRole = InlineArray<6, Int>(repeating: 0)
  private let devices: Int
  private var busyAtLastSample = Nanoseconds.zero
  /// The roles that devices entered, as they did it; kept if it is not nil before the run.
  package var changes: [RoleChange]?

  package init(step: Nanoseconds?, until end: Nanoseconds = .never, devices: Int) {
    self.step = step
    self.end = end
    self.devices = devices
    nextSample = step == nil ? .never : .zero
    inRole[Self.index(of: .joins)] = devices
  }

  private static func index(of part: DeviceRole.Part) -> Int {
    switch part {
    case .joins: 0
    case .drives: 1
    case .listens: 2
    case .fetches: 3
    case .isComplete: 4
    case .hasFailed: 5
    }
  }

  /// A device goes from one role to another.
  package mutating func enter(
    _ role: DeviceRole, from before: DeviceRole, _ device: DeviceID, at time: Nanoseconds
  ) {
    changes?.append(RoleChange(device: device, role: role, time: time))
    inRole[Self.index(of: before.part)] -= 1
    inRole[Self.index(of: role.part)] += 1
  }

  package mutating func sample(at time: Nanoseconds, busy: Nanoseconds, totals: Port.Totals, segments: [UInt64]) {
    func count(_ part: DeviceRole.Part) -> Int { inRole[Self.index(of: part)] }
    samples.append(
      TimelineSample(
        time: time, joining: count(.joins), active: count(.drives), passive: count(.listens),
        smart: count(.fetches), complete: count(.isComplete), failed: count(.hasFailed),
        uplinkBusy: busy - busyAtLastSample, sent: SentBytes(totals), segmentBytes: segments))
    busyAtLastSample = busy
    guard let step, end - time >= step else { return nextSample = .never }
    nextSample = time + step
  }

  /// A device is switched off before it is at its end.
  package mutating func leave(_ device: DeviceID, at time: Nanoseconds) {
    changes?.append(RoleChange(device: device, role: nil, time: time))
  }

  /// The changes, device by device, each in its order. They are the same for both deliveries.
  package var changesByDevice: [RoleChange] {
    guard let changes else { return [] }
    return changes.indices.sorted { (changes[$0].device, $0) < (changes[$1].device, $1) }.map { changes[$0] }
  }

  /// The timeline of a whole run ends with the first step at which every device is complete or failed.
  private var last: Int? { samples.firstIndex { $0.complete + $0.failed == devices } }

  /// Whether a whole run lacks the step that its timeline ends with.
  package var wantsLastSample: Bool { nextSample != .never && last == nil }

  /// The samples of a run that ended.
  package func samples(ofRunThatEnded ended: RunEnd) -> [TimelineSample] {
    guard ended == .complete, let last else { return samples }
    return Array(samples[...last])
  }
}

/// Bytes on the wire (N1) that have left the uplink, by kind.
public struct SentBytes: Hashable, Sendable {
  /// Multicast DATA.
  public var multicastData: UInt64 = 0
  /// Those of them whose block went to the group before in the same pass.
  public var repeatedData: UInt64 = 0
  /// Unicast DATA.
  public var unicastData: UInt64 = 0
  /// Every other packet.
  public var control: UInt64 = 0

  /// Bytes of each kind.
  package init(
    multicastData: UInt64 = 0, repeatedData: UInt64 = 0, unicastData: UInt64 = 0, control: UInt64 = 0
  ) {
    self.multicastData = multicastData
    self.repeatedData = repeatedData
    self.unicastData = unicastData
    self.control = control
  }
}

extension SentBytes {
  init(_ totals: Port.Totals) {
    multicastData = totals.multicastDataBytes
    repeatedData = totals.repeatedDataBytes
    unicastData = totals.unicastDataBytes
    control = totals.bytes - totals.multicastDataBytes - totals.unicastDataBytes
  }
}
