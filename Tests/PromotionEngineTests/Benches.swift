import BlockTransfer
import TFTPWire
import Timebase

@testable import PromotionEngine

/// From an arrival to its answer, at both ends.
let turnaround = Nanoseconds.microseconds(20)

func ms(_ count: Int64) -> Nanoseconds { .milliseconds(count) }
func s(_ count: Int64) -> Nanoseconds { .seconds(count) }

/// Ten blocks of 1000 bytes, the last of 500.
let tenBlocks = FileLayout(size: 9_500, blockSize: 1_000)!

extension Proposal {
  /// The proposal of a device with the protocol's defaults.
  static let usual = Proposal(ProtocolParameters())
  /// The same of a device that does not know the option `promotion`.
  static let plain = Proposal(
    {
      var parameters = ProtocolParameters()
      parameters.speaksPromotion = false
      return parameters
    }())
  /// A device that takes whatever a server may have.
  static let any = Proposal(
    {
      var parameters = ProtocolParameters()
      parameters.blockSize = 65_464
      parameters.windowSize = .max
      parameters.wideBlockNumbers = true
      return parameters
    }())
}

extension Acceptance {
  /// The answer to a device that asked for all options but those that the answer lacks.
  init(file: FileLayout, windowSize: UInt32, wideBlockNumbers: Bool, isActive: Bool, promotion: Offer?) {
    var options = Proposal.usual.options
    if promotion == nil { options.remove(.promotion) }
    if wideBlockNumbers { options.insert(.wideBlockNumbers) }
    self.init(
      file: file, windowSize: windowSize, options: options, timeoutSeconds: 1, isActive: isActive, promotion: promotion)
  }

  /// Leaves the option `promotion` out.
  mutating func refusePromotion() {
    promotion = nil
    options.remove(.promotion)
  }
}

func acceptance(
  of file: FileLayout = tenBlocks,
  isActive: Bool,
  windowSize: UInt32 = 1,
  isWide: Bool = false,
  ended: UInt32 = 0,
  continuity: UInt32 = 1
) -> Message {
  .acceptance(
    Acceptance(
      file: file,
      windowSize: windowSize,
      wideBlockNumbers: isWide,
      isActive: isActive,
      promotion: Acceptance.Offer(threshold: 0, continuity: continuity, sessionsEnded: ended)
    )
  )
}

func ack(_ block: BlockNumber, _ leavesAt: Nanoseconds) -> DeviceEffect {
  .send(.acknowledgment(block), leavesAt: leavesAt)
}

/// A device on a bench: inputs go in, the effects of each come out.
struct DeviceBench {
  var device = Device()
  var settings: DeviceSettings

  init(file: FileLayout? = nil, _ adjust: (inout ProtocolParameters) -> Void = { _ in }) {
    var parameters = ProtocolParameters()
    adjust(&parameters)
    settings = DeviceSettings(parameters: parameters, file: file, answerDelay: turnaround)
  }

  /// A device that joined at 0 and was accepted at 1 ms.
  static func accepted(
    active: Bool,
    file: FileLayout = tenBlocks,
    windowSize: UInt32 = 1,
    ended: UInt32 = 0,
    continuity: UInt32 = 1,
    _ adjust: (inout ProtocolParameters) -> Void = { _ in }
  ) -> DeviceBench {
    var bench = DeviceBench(adjust)
    bench.switchOn(at: .zero)
    bench.hear(
      acceptance(of: file, isActive: active, windowSize: windowSize, ended: ended, continuity: continuity),
      at: ms(1)
    )
    return bench
  }

  /// A passive device that is accepted at 1 ms and has then missed these blocks of ten alone.
  static func passive(
    missing: [BlockNumber],
    ended: UInt32 = 0,
    _ adjust: (inout ProtocolParameters) -> Void = { _ in }
  ) -> DeviceBench {
    var bench = accepted(active: false, ended: ended, adjust)
    for block in 1...tenBlocks.blocks where !missing.contains(block) { bench.group(block, at: ms(2)) }
    return bench
  }

  /// A device that misses these blocks of ten and was promoted at 3 ms.
  static func smart(
    missing: [BlockNumber],
    _ adjust: (inout ProtocolParameters) -> Void = { _ in }
  ) -> DeviceBench {
    var bench = passive(missing: missing, adjust)
    bench.hear(.smart, at: ms(3))
    return bench
  }

  var deadline: Nanoseconds { device.deadline(under: settings) }
  var awaitsSilence: Bool {
    device.nextDeadline(groupTimeout: settings.parameters.groupTimeout).isSilence
  }
  var role: RoleName { device.role }
  var missing: [BlockNumber] { device.gaps.gaps.flatMap { Array($0.first...$0.last) } }

  func listens(at now: Nanoseconds) -> Bool { device.listens(at: now, under: settings) }

  var figures: GapReport { device.gaps.statistics(of: tenBlocks, continuity: 1) }
  func report() -> Message { .report(figures) }
  /// A check of the gaps as they are.
  var checked: DeviceEffect { .checked(figures) }

  @discardableResult
  mutating func switchOn(at now: Nanoseconds) -> [DeviceEffect] {
    var effects: [DeviceEffect] = []
    device.switchOn(at: now, under: settings, into: &effects)
    return effects
  }

  @discardableResult
  mutating func switchOff() -> [DeviceEffect] {
    var effects: [DeviceEffect] = []
    device.switchOff(into: &effects)
    return effects
  }

  @discardableResult
  mutating func hear(_ message: Message, by addressing: Addressing = .unicast, at now: Nanoseconds) -> [DeviceEffect] {
    var effects: [DeviceEffect] = []
    device.receive(message, by: addressing, at: now, under: settings, into: &effects)
    return effects
  }

  /// DATA of the group.
  @discardableResult
  mutating func group(_ block: BlockNumber, at now: Nanoseconds) -> [DeviceEffect] {
    hear(.data(block), by: .multicast, at: now)
  }

  /// DATA of the group, several blocks at one instant.
  @discardableResult
  mutating func group(_ blocks: [BlockNumber], at now: Nanoseconds) -> [DeviceEffect] {
    blocks.flatMap { group($0, at: now) }
  }

  @discardableResult
  mutating func notice(_ session: UInt32, at now: Nanoseconds) -> [DeviceEffect] {
    hear(.check(session: session), by: .multicast, at: now)
  }

  @discardableResult
  mutating func fire(at now: Nanoseconds) -> [DeviceEffect] {
    var effects: [DeviceEffect] = []
    device.fire(at: now, under: settings, into: &effects)
    return effects
  }

  /// Fires at every deadline up to `end`, and gives what came of it.
  @discardableResult
  mutating func run(until end: Nanoseconds) -> [DeviceEffect] {
    var effects: [DeviceEffect] = []
    while deadline <= end { effects += fire(at: deadline) }
    return effects
  }
}

/// A server on a bench.
struct ServerBench {
  var server: Server

  init(file: FileLayout = tenBlocks, _ adjust: (inout ProtocolParameters) -> Void = { _ in }) {
    var parameters = ProtocolParameters()
    adjust(&parameters)
    server = Server(ServerSettings(parameters: parameters, file: file, answerDelay: turnaround))
  }

  /// Devices 1…`devices` joined at 0; device 1 drove session 1, which ended at 100 ms.
  static func afterSession(
    devices: DeviceID,
    _ adjust: (inout ProtocolParameters) -> Void = { _ in }
  ) -> ServerBench {
    var bench = ServerBench(adjust)
    for device in 1...devices { bench.hear(.request(.any), from: device, at: .zero) }
    bench.hear(.acknowledgment(0), from: 1, at: ms(1))
    bench.hear(.acknowledgment(10), from: 1, at: ms(100))
    return bench
  }

  var deadline: Nanoseconds { server.deadline }

  func deadline(of device: DeviceID) -> Nanoseconds { server.deadline(of: device) }

  @discardableResult
  mutating func hear(_ message: Message, from device: DeviceID, at now: Nanoseconds) -> [ServerEffect] {
    var effects: [ServerEffect] = []
    server.receive(message, from: device, at: now, into: &effects)
    return effects
  }

  @discardableResult
  mutating func fire(at now: Nanoseconds) -> [ServerEffect] {
    var effects: [ServerEffect] = []
    server.fire(at: now, into: &effects)
    return effects
  }

  @discardableResult
  mutating func fire(for device: DeviceID, at now: Nanoseconds) -> [ServerEffect] {
    var effects: [ServerEffect] = []
    server.fire(for: device, at: now, into: &effects)
    return effects
  }

  /// Fires at every deadline of the server itself up to `end`.
  @discardableResult
  mutating func run(until end: Nanoseconds) -> [ServerEffect] {
    var effects: [ServerEffect] = []
    while deadline <= end { effects += fire(at: deadline) }
    return effects
  }
}

/// A report of `missing` single blocks, each a gap of its own and no chain, unless it is said otherwise.
func gapReport(
  missing: UInt32,
  bytes: UInt64? = nil,
  gaps: UInt32? = nil,
  largest: UInt32 = 1,
  longest: UInt32 = 0
) -> Message {
  .report(
    GapReport(
      missingPackets: missing,
      totalGapBytes: bytes ?? UInt64(missing) * 1_000,
      gaps: gaps ?? missing,
      largestGap: largest,
      chains: longest > 0 ? 1 : 0,
      longestChain: longest
    )
  )
}

extension DeviceEffect {
  var isCheck: Bool { if case .checked = self { true } else { false } }
}
