import BlockTransfer
import Network
import PromotionEngine
import Timebase

/// Samples of the roles and of the uplink, at even steps.
package struct Timeline: Sendable {
  private var step: Nanoseconds?
  /// The most steps; nil for no limit. It is a multiple of ten.
  private let mostSteps: Int?
  package private(set) var nextSample: Nanoseconds
  private(set) var samples: [TimelineSample] = []
  /// How many devices do each part now, by ``DeviceRole/Part``.
  private var inRole = InlineArray<6, Int>(repeating: 0)
  private let devices: Int
  private var busyAtLastSample = Nanoseconds.zero
  /// The roles that devices entered, as they did it; kept if it is not nil before the run.
  package var changes: [RoleChange]?

  /// - Parameters:
  ///   - step: the first step; nil for no timeline.
  ///   - mostSteps: a multiple of ten (``NetworkConfiguration/mostTimelineSteps``).
  package init(step: Nanoseconds?, atMost mostSteps: Int? = nil, devices: Int) {
    precondition(mostSteps.map { $0 > 0 && $0.isMultiple(of: 10) } ?? true, "at most \(mostSteps ?? 0) steps")
    self.step = step
    self.mostSteps = mostSteps
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
    if let mostSteps {
      if isOver(samples[samples.count - 1]) { return nextSample = .never }
      if samples.count > mostSteps { lengthenSteps() }
    }
    nextSample = step.map { time.later(by: $0) } ?? .never
  }

  /// Keeps each second or each fifth sample, so that the step is 1, 5 or 10 × 10ᵏ; a first step of 2 becomes 10.
  ///
  /// Which samples are kept does not depend on how long the run goes on, and the last one is among them.
  private mutating func lengthenSteps() {
    guard let step else { return }
    var leading = step.count
    while leading.isMultiple(of: 10) { leading /= 10 }
    let factor = leading == 5 ? 2 : 5
    samples = stride(from: 0, to: samples.count, by: factor).map { index in
      var sample = samples[index]
      for dropped in samples[max(0, index - factor + 1)..<index] { sample.uplinkBusy += dropped.uplinkBusy }
      return sample
    }
    self.step = Nanoseconds(step.count * Int64(factor))
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

  /// Whether every device is complete or failed at a sample.
  private func isOver(_ sample: TimelineSample) -> Bool { sample.complete + sample.failed == devices }

  /// The timeline of a whole run ends with the first step at which every device is complete or failed.
  private var last: Int? { samples.firstIndex(where: isOver) }

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
