import BlockTransfer
import TFTPWire
import Timebase

/// A series of opens (R17).
struct MTFTPOpens: Hashable, Sendable, BitwiseCopyable {
  /// When the next one is due.
  var next: Nanoseconds
  /// How many have been sent after the first.
  var repeats: UInt32 = 0
  /// The device's patience counts from here: the first open of the series, or the last block of the group since then.
  var hopeSince: Nanoseconds
  /// How long the device keeps trying: `session_timeout`, and all timeouts of one request after that (R24).
  var hope: Nanoseconds

  /// A series whose first open is sent at `now`.
  init(first now: Nanoseconds, under parameters: ProtocolParameters) {
    next = now.later(by: parameters.timeout)
    hopeSince = now
    hope = Nanoseconds(Int64(clamping: Int128(parameters.sessionTimeout.count) + parameters.patience))
  }

  var deadline: Nanoseconds { min(next, hopeSince.later(by: hope)) }
}

/// A device that has not heard the group yet (R17).
enum MTFTPOpening: Hashable, Sendable, BitwiseCopyable {
  /// Listens first.
  case listensFirst(until: Nanoseconds)
  /// Opens.
  case opens(MTFTPOpens)

  var deadline: Nanoseconds {
    switch self {
    case .listensFirst(let until): until
    case .opens(let opens): opens.deadline
    }
  }
}

/// A passive device (R19, R20).
struct MTFTPListening: Hashable, Sendable, BitwiseCopyable {
  /// The last packet of the group, or the instant at which the device became passive. Nil from a check on until the
  /// device hears the group again.
  var quietSince: Nanoseconds?
  /// When it opens again (R20).
  var reopensAt: Nanoseconds?
  /// The opens under way: those of R17, while it joins and has heard only block 1, or those of R20.
  var opens: MTFTPOpens?

  /// Whether the next packet of the group changes only how long it has been quiet.
  var onlyListens: Bool { quietSince != nil && reopensAt == nil && opens == nil }

  @inline(__always)
  mutating func hear(at now: Nanoseconds) {
    quietSince = now
    reopensAt = nil
  }

  func deadline(groupTimeout: Nanoseconds) -> Nanoseconds {
    let silence = quietSince.map { $0.later(by: groupTimeout) } ?? .never
    return min(silence, reopensAt ?? .never, opens?.deadline ?? .never)
  }
}

/// A device that drives a session of MTFTP (R18).
struct MTFTPDrive: Hashable, Sendable, BitwiseCopyable {
  /// The next block in order, the lowest that it has not acknowledged.
  var next: BlockNumber
  /// The silence after which the last ACK is repeated.
  var patience: Patience
}

// The MTFTP of PXE: R17 (joining), R18 (driving), R19 (checking), R20 (opening again).
extension Device {
  /// Whether block 1 by unicast would make the device the active one (R18).
  var awaitsMTFTP: Bool {
    switch doing {
    case .opening, .listeningMTFTP: true
    case .nothing, .joining, .entering, .driving, .drivingMTFTP, .listening, .fetching, .done, .failed: false
    }
  }

  /// R17: nothing is negotiated. The device listens to the group from the start. Without a configured file it fails.
  mutating func listenFirst(
    at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    guard let file = settings.file else { return fail(into: &effects) }
    self.file = file
    gaps = GapMap(blocks: file.blocks)
    doing = .opening(.listensFirst(until: now.later(by: settings.parameters.listenDelay)))
  }

  mutating func fireOpening(
    _ opening: MTFTPOpening, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    var opens: MTFTPOpens?
    switch opening {
    case .listensFirst: sendOpen(&opens, at: now, under: settings.parameters, into: &effects)
    case .opens(let series):
      opens = series
      if fireOpens(&opens, at: now, under: settings.parameters, into: &effects) { return fail(into: &effects) }
    }
    if let opens { doing = .opening(.opens(opens)) }
  }

  /// R17: a device that hears the group is passive. A block other than block 1 says that the session runs without it.
  mutating func hearGroupMTFTP(
    _ message: Message, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    var listening: MTFTPListening
    switch doing {
    case .opening(.listensFirst):
      listening = MTFTPListening()
      effects.append(.entered(.passive))
    case .opening(.opens(let opens)):
      listening = MTFTPListening(opens: opens)
      effects.append(.entered(.passive))
    case .listeningMTFTP(let before):
      listening = before
    case .nothing, .joining, .entering, .driving, .drivingMTFTP, .listening, .fetching, .done, .failed:
      return
    }
    listening.hear(at: now)
    if case .data(1) = message { listening.opens?.hopeSince = now } else { listening.opens = nil }
    doing = .listeningMTFTP(listening)
  }

  /// R18: block 1 by unicast tells the device that it is the active device.
  mutating func beginDrivingMTFTP(
    at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    let drive = MTFTPDrive(next: 1, patience: Patience(from: now, timeout: settings.parameters.timeout))
    driveOnMTFTP(drive, received: 1, at: now, under: settings, into: &effects)
  }

  /// R18: acknowledges each block that its session sends once, in order.
  mutating func driveOnMTFTP(
    _ drive: MTFTPDrive, received block: BlockNumber, at now: Nanoseconds, under settings: DeviceSettings,
    into effects: inout [DeviceEffect]
  ) {
    guard let file, block == drive.next else { return }
    let leavesAt = now.later(by: settings.answerDelay)
    if block == file.blocks { return sendFinalAcknowledgment(leavesAt: leavesAt, into: &effects) }
    effects.append(.send(.acknowledgment(block), leavesAt: leavesAt))
    doing = .drivingMTFTP(
      MTFTPDrive(next: block + 1, patience: Patience(from: leavesAt, timeout: settings.parameters.timeout)))
  }

  /// R18: repeats its last ACK. When the repeats are exhausted the device is passive again.
  mutating func acknowledgeAgain(
    _ drive: MTFTPDrive, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    var drive = drive
    if drive.patience.repeats(at: now, under: settings.parameters) {
      doing = .drivingMTFTP(drive)
      effects.append(.send(.acknowledgment(drive.next - 1), leavesAt: now))
    } else {
      doing = .listeningMTFTP(MTFTPListening(quietSince: now))
      if !isComplete { effects.append(.entered(.passive)) }
    }
  }

  mutating func fireListeningMTFTP(
    _ listening: MTFTPListening, at now: Nanoseconds, under settings: DeviceSettings,
    into effects: inout [DeviceEffect]
  ) {
    var listening = listening
    if isComplete {
      listening.reopensAt = nil
      listening.opens = nil
    }
    doing = .listeningMTFTP(listening)
    if let quietSince = listening.quietSince, quietSince.later(by: settings.parameters.groupTimeout) <= now {
      return checkMTFTP(at: now, under: settings, into: &effects)
    }
    if let reopensAt = listening.reopensAt, reopensAt <= now {
      listening.reopensAt = nil
      sendOpen(&listening.opens, at: now, under: settings.parameters, into: &effects)
    } else if fireOpens(&listening.opens, at: now, under: settings.parameters, into: &effects) {
      return fail(into: &effects)
    }
    doing = .listeningMTFTP(listening)
  }

  /// R19: promotes itself if its gap is detected; a device of PXE 2.1 does not check itself. R20: otherwise waits before
  /// it opens again; the more it has, the longer.
  private mutating func checkMTFTP(
    at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    guard let file else { return }
    let parameters = settings.parameters
    if parameters.speaksPromotion {
      let figures = gaps.statistics(of: file, continuity: parameters.promotion.continuity)
      effects.append(.checked(figures))
      if figures.isDetected(below: parameters.promotion.threshold) {
        return beginFetching(leavesAt: now, under: settings, into: &effects)
      }
    }
    if gaps.isEmpty { return sendFinalAcknowledgment(leavesAt: now, into: &effects) }
    let received = UInt64(file.blocks - gaps.missing)
    let product = parameters.reopenDelay.count.magnitude.multipliedFullWidth(by: received)
    let delay = UInt64(file.blocks).dividingFullWidth(product).quotient
    doing = .listeningMTFTP(MTFTPListening(reopensAt: now.later(by: Nanoseconds(Int64(delay)))))
  }

  /// R17: repeats the open when it is due. True when the device gives up.
  private func fireOpens(
    _ opens: inout MTFTPOpens?, at now: Nanoseconds, under parameters: ProtocolParameters,
    into effects: inout [DeviceEffect]
  ) -> Bool {
    guard var series = opens else { return false }
    if series.hopeSince.later(by: series.hope) <= now { return true }
    guard series.next <= now else { return false }
    series.repeats &+= 1
    series.next = now.later(by: parameters.timeout(after: series.repeats))
    opens = series
    effects.append(.send(.open, leavesAt: now))
    return false
  }

  private func sendOpen(
    _ opens: inout MTFTPOpens?, at now: Nanoseconds, under parameters: ProtocolParameters,
    into effects: inout [DeviceEffect]
  ) {
    opens = MTFTPOpens(first: now, under: parameters)
    effects.append(.send(.open, leavesAt: now))
  }
}
