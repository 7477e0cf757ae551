import Network
import PromotionEngine
import Timebase

/// Samples of the roles and of the uplink, at even steps.
struct Timeline: Sendable {
  private let step: Nanoseconds?
  private(set) var nextSample: Nanoseconds
  private(set) var samples: [TimelineSample] = []
  /// How many devices have each role now, by ``RoleName``.
  private var inRole = InlineArray<6, Int>(repeating: 0)
  private let devices: Int
  private var busyAtLastSample = Nanoseconds.zero

  init(step: Nanoseconds?, devices: Int) {
    self.step = step
    self.devices = devices
    nextSample = step == nil ? .never : .zero
    inRole[Self.index(of: .joining)] = devices
  }

  private static func index(of role: RoleName) -> Int {
    switch role {
    case .joining: 0
    case .active: 1
    case .passive: 2
    case .smart: 3
    case .complete: 4
    case .failed: 5
    }
  }

  /// A device goes from one role to another.
  mutating func enter(_ role: RoleName, from before: RoleName) {
    inRole[Self.index(of: before)] -= 1
    inRole[Self.index(of: role)] += 1
  }

  mutating func sample(at time: Nanoseconds, busy: Nanoseconds, totals: Port.Totals, segments: [UInt64]) {
    func count(_ role: RoleName) -> Int { inRole[Self.index(of: role)] }
    samples.append(
      TimelineSample(
        time: time, joining: count(.joining), active: count(.active), passive: count(.passive),
        smart: count(.smart), complete: count(.complete), failed: count(.failed),
        uplinkBusy: busy - busyAtLastSample, sent: SentBytes(totals), segmentBytes: segments))
    busyAtLastSample = busy
    nextSample = time + (step ?? .never)
  }

  /// The timeline of a whole run ends with the first step at which every device is complete or failed.
  private var last: Int? { samples.firstIndex { $0.complete + $0.failed == devices } }

  /// Whether a whole run lacks the step that its timeline ends with.
  var wantsLastSample: Bool { step != nil && last == nil }

  /// The samples of a run that ended.
  func samples(ofRunThatEnded ended: RunEnd) -> [TimelineSample] {
    guard ended == .complete, let last else { return samples }
    return Array(samples[...last])
  }
}

/// Bytes on the wire (N1) that have left the uplink, by kind.
public struct SentBytes: Hashable, Sendable {
  /// Multicast DATA.
  public var multicastData: UInt64 = 0
  /// Unicast DATA.
  public var unicastData: UInt64 = 0
  /// Every other packet.
  public var control: UInt64 = 0
}

extension SentBytes {
  init(_ totals: Port.Totals) {
    multicastData = totals.multicastDataBytes
    unicastData = totals.unicastDataBytes
    control = totals.bytes - totals.multicastDataBytes - totals.unicastDataBytes
  }
}
