import BlockTransfer
import Network
import PromotionEngine
import TFTPWire
import Timebase
import Runs

extension Message: NetworkMessage {
  /// The block whose DATA this is; nil for any other message.
  public var block: BlockNumber? {
    @inline(__always) get { if case .data(let block) = self { block } else { nil } }
  }
}

/// What a device of the promotion protocol tells observers.
package enum DeviceNote: Sendable {
  /// It entered a role, but not that it is complete.
  case entered(RoleName)
  /// It checked its gaps, with these figures (R9, R19).
  case checked(GapReport)
}

/// What the server of the promotion protocol tells observers.
package enum ServerNote: Sendable {
  /// The wait for the first session is over (R22).
  case started
  /// A session has its active device (R2, R15, R17).
  case sessionOpened(active: DeviceID)
  /// The active device's first word of the session arrived.
  case sessionBegan
  /// The session ended.
  case sessionEnded(SessionEnd)
}

/// The promotion protocol on the network: binds the engine's server and devices to a ``Network/Run``. No rule is here.
package struct Promotion: Strategy {
  package typealias Sender = Server
  package typealias Receiver = Device

  package private(set) var parameters: ProtocolParameters
  package let file: FileLayout
  private let service: Nanoseconds
  /// The devices' settings, by cohort.
  private var settings: [DeviceSettings]
  private(set) var wire: WireContext
  /// The bytes of TFTP's header of DATA.
  private let headerBytes: UInt64
  package let unnoticedSilence: Nanoseconds
  private let smartListens: Bool

  package init(_ configuration: SimulationConfiguration) {
    parameters = configuration.parameters
    file = configuration.file
    service = configuration.service
    settings = configuration.cohorts.map { [file] in
      DeviceSettings(
        parameters: configuration.parameters(of: $0), file: file, answerDelay: $0.turnaround,
        groupJoinDelay: $0.groupJoinDelay)
    }
    wire = WireContext(parameters: parameters)
    headerBytes = UInt64(Message.data(1).encodedLength(in: wire, payloadBytes: 0))
    unnoticedSilence = parameters.groupTimeout
    smartListens = parameters.promotion.smartListens
  }

  /// Another threshold from now on; what was decided stays.
  mutating func changeThreshold(to threshold: UInt64) {
    parameters.promotion.threshold = threshold
    wire.parameters.promotion.threshold = threshold
    for index in settings.indices { settings[index].parameters.promotion.threshold = threshold }
  }

  package var drawsDelays: Bool { parameters.promotion.reportWindow > .zero }

  package func payload(ofData bytes: UInt32) -> UInt64 { headerBytes + UInt64(bytes) }

  package func payload(of message: Message) -> UInt64 { UInt64(message.encodedLength(in: wire, payloadBytes: 0)) }

  // MARK: The server

  package func makeSender(expecting devices: Int) -> Server {
    Server(
      ServerSettings(parameters: parameters, file: file, answerDelay: service), expectedDevices: devices)
  }

  package func deliver(
    _ message: Message, from device: DeviceID, to server: inout Server, at now: Nanoseconds,
    into effects: inout [ServerEffect]
  ) {
    server.receive(message, from: device, at: now, into: &effects)
  }

  package func deadline(of server: Server) -> Nanoseconds { server.deadline }

  package func fire(_ server: inout Server, at now: Nanoseconds, into effects: inout [ServerEffect]) {
    server.fire(at: now, into: &effects)
  }

  package func deadline(of server: Server, for device: DeviceID) -> Nanoseconds { server.deadline(of: device) }

  package func fire(
    _ server: inout Server, for device: DeviceID, at now: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    server.fire(for: device, at: now, into: &effects)
  }

  package func action(for effect: ServerEffect) -> SenderAction<Message, ServerNote> {
    switch effect {
    case .unicast(let message, let device, let leavesAt): .unicast(message, to: device, leavesAt: leavesAt)
    case .multicast(let message, let leavesAt): .multicast(message, leavesAt: leavesAt)
    case .multicastData(let first, let last, let leavesAt):
      .multicastData(first: first, last: last, leavesAt: leavesAt)
    case .watch(let device): .watch(device)
    case .started: .note(.started)
    case .sessionOpened(let device): .passOpened(.sessionOpened(active: device))
    case .sessionBegan: .note(.sessionBegan)
    case .sessionEnded(let ended): .passEnded(.sessionEnded(ended))
    }
  }

  // MARK: The devices

  package func makeReceiver() -> Device { Device() }

  package func switchOn(
    _ device: inout Device, cohort: Int, at now: Nanoseconds, into effects: inout [DeviceEffect]
  ) {
    device.switchOn(at: now, under: settings[cohort], into: &effects)
  }

  package func switchOff(_ device: inout Device, into effects: inout [DeviceEffect]) {
    device.switchOff(into: &effects)
  }

  package func deliver(
    _ message: Message, by addressing: Addressing, to device: inout Device, cohort: Int, at now: Nanoseconds,
    into effects: inout [DeviceEffect]
  ) -> Reception {
    guard case .data(let block) = message else {
      device.receive(message, by: addressing, at: now, under: settings[cohort], into: &effects)
      return .other
    }
    let before = device.gaps.missing
    device.receive(message, by: addressing, at: now, under: settings[cohort], into: &effects)
    if device.gaps.missing < before { return .new }
    return addressing == .multicast || !device.gaps.contains(block) ? .duplicate : .other
  }

  package func deadline(of device: Device) -> ReceiverDeadline {
    let (time, isSilence) = device.nextDeadline(groupTimeout: unnoticedSilence)
    return ReceiverDeadline(time: time, isSilence: isSilence)
  }

  package func fire(
    _ device: inout Device, cohort: Int, at now: Nanoseconds, into effects: inout [DeviceEffect]
  ) {
    device.fire(at: now, under: settings[cohort], into: &effects)
  }

  /// R10.
  package func delay(_ device: inout Device, by delay: Nanoseconds) { device.delayReport(by: delay) }

  package func action(for effect: DeviceEffect) -> ReceiverAction<Message, DeviceNote> {
    switch effect {
    case .send(let message, let leavesAt): .send(message, leavesAt: leavesAt)
    case .drawReportDelay: .drawDelay(upTo: parameters.promotion.reportWindow)
    case .entered(.complete): .completed
    case .entered(let role): .note(.entered(role))
    case .checked(let figures): .note(.checked(figures))
    }
  }

  package func hearing(of device: inout Device, at now: Nanoseconds) -> Hearing<Device.OnlyListens> {
    switch device.hearing(at: now, smartListens: smartListens) {
    case .nothing: .nothing
    case .acts: .acts
    case .onlyListens(let proof): .onlyListens(proof)
    }
  }

  package func isOff(_ device: Device) -> Bool { device.isOff }
  package func isAtItsEnd(_ device: Device) -> Bool { device.isAtItsEnd }

  // MARK: What it can do at once

  package func listen(
    _ proof: Device.OnlyListens, to first: BlockNumber, through last: BlockNumber,
    except lost: UnsafeBufferPointer<Gap>, at now: Nanoseconds, receiver device: inout Device
  ) -> Listened {
    let heard = device.listen(proof, to: first, through: last, except: lost, at: now)
    return Listened(filled: heard.filled, isComplete: heard.isComplete)
  }

  package var takesClimbs: Bool { true }

  package func listen(
    _ proof: Device.OnlyListens, to received: inout some ReceivedBlocks, at now: Nanoseconds,
    receiver device: inout Device
  ) -> Listened {
    let heard = device.listen(proof, at: now) { $0.fill(from: &received) }
    return Listened(filled: heard.filled, isComplete: heard.isComplete)
  }

  package func makeRoom(forGaps count: Int, in device: inout Device) { device.makeRoom(forGaps: count) }

  package var awaitsBlocks: Bool { smartListens }

  package func awaitsThrough(_ proof: Device.OnlyListens) -> BlockNumber { proof.awaitsThrough }

  package func firstMissing(after block: BlockNumber, _ device: inout Device) -> BlockNumber? {
    device.firstMissing(after: block)
  }

  /// R14: a smart device heard what it had not asked for yet.
  package func tookUnasked(_ device: inout Device, at time: Nanoseconds) {
    device.tookUnasked(at: time, timeout: parameters.timeout)
  }

  package func lockStep(
    of device: Device, device number: DeviceID, with server: Server
  ) -> Network.LockStep<Device.LockStep>? {
    guard server.activeDevice == number, let lockStep = device.lockStep, server.goesOnInLockStep else { return nil }
    return Network.LockStep(
      first: lockStep.first, windowSize: lockStep.windowSize, rounds: lockStep.rounds, promise: lockStep)
  }

  package func skip(
    _ rounds: UInt32, of lockStep: Network.LockStep<Device.LockStep>, receiver device: inout Device, cohort: Int,
    askedAt: Nanoseconds, sender server: inout Server, heardAt: Nanoseconds
  ) {
    device.skip(rounds: rounds, of: lockStep.promise, askedAt: askedAt, under: settings[cohort])
    // The window that is on its way was sent before; each ask brought the one after it.
    let first = lockStep.first + lockStep.windowSize
    server.skipRounds(sending: first...first + (rounds * lockStep.windowSize - 1), heardAt: heardAt)
  }

  /// R14: the ask of a smart device for its next block.
  package func answerAtOnce(
    _ message: Message, from device: DeviceID, sender server: inout Server, at now: Nanoseconds
  ) -> Answer<Message>? {
    guard case .acknowledgment(let block) = message,
      let leavesAt = server.answer(askFor: block, from: device, at: now)
    else { return nil }
    return Answer(.data(block + 1), leavesAt: leavesAt)
  }

  /// R14: a block that a smart device waits for.
  package func takeAtOnce(
    _ block: BlockNumber, receiver device: inout Device, cohort: Int, at now: Nanoseconds
  ) -> AnswerAtOnce<Message>? {
    let answersAt = now + settings[cohort].answerDelay
    switch device.fetch(block, at: now, answersAt: answersAt, timeout: parameters.timeout) {
    case nil: return nil
    case .nothing: return .nothing
    case .block(let next, let lowest):
      return .send(.acknowledgment(next - 1), leavesAt: answersAt, awaits: lowest...next)
    }
  }

  package func ignores(_ block: BlockNumber, receiver device: inout Device) -> Bool { device.ignores(block) }

  /// R12: a report is promoted or not by its total gap in bytes.
  package func decision(on message: Message, from device: DeviceID, to server: Server) -> UInt64? {
    guard case .report(let report) = message, server.decidesByThreshold(on: report, from: device) else { return nil }
    return report.totalGapBytes
  }

  package var decidesWhenFired: Bool { parameters.mode == .pxeMTFTP }

  /// R19: a device of MTFTP decides by its own total gap in bytes.
  package func decision(firing device: Device, cohort: Int, at now: Nanoseconds) -> UInt64? {
    device.gapDecidedByThreshold(at: now, under: settings[cohort])
  }
}
