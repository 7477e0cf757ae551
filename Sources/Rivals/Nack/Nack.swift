import BlockTransfer
import Network
import Runs
import Timebase

/// `nack` and `nack_fec` on the network: passes over what devices report as missing, as UFTP and NORM (RFC 5740) send
/// them. Binds ``NackServer`` and ``NackDevice`` to a run; no rule is here.
struct Nack: Rival {
  private let settings: NackSettings
  /// How long a device takes to answer, by cohort.
  private let turnarounds: [Nanoseconds]

  init(_ configuration: SimulationConfiguration) {
    settings = NackSettings(configuration)
    turnarounds = configuration.cohorts.map(\.turnaround)
  }

  var file: FileLayout { settings.file }
  func payload(ofData bytes: UInt32) -> UInt64 { settings.payload(ofData: bytes) }
  func payload(of message: NackMessage) -> UInt64 { settings.payload(of: message) }
  var drawsDelays: Bool { settings.reportWindow > .zero }
  func gaps(of device: NackDevice) -> GapMap? { device.isOff ? nil : device.gaps }

  // MARK: The server

  func makeSender(expecting devices: Int) -> NackServer { NackServer(settings, devices: devices) }

  func deliver(
    _ message: NackMessage, from device: DeviceID, to server: inout NackServer, at now: Nanoseconds,
    into effects: inout [NackServer.Effect]
  ) {
    server.receive(message, from: device, at: now, into: &effects)
  }

  func deadline(of server: NackServer) -> Nanoseconds { server.deadline }

  func fire(_ server: inout NackServer, at now: Nanoseconds, into effects: inout [NackServer.Effect]) {
    server.fire(at: now, into: &effects)
  }

  func action(for effect: NackServer.Effect) -> SenderAction<NackMessage, RivalSenderNote> {
    switch effect {
    case .confirm(let device, let sentAt, let hasBegun):
      .unicast(.confirm(sentAt: sentAt, hasBegun: hasBegun), to: device, leavesAt: sentAt)
    case .ask(let ask): .multicast(.ask(ask), leavesAt: ask.sentAt)
    case .data(let block, let leavesAt): .multicastData(first: block, last: block, leavesAt: leavesAt)
    case .passBegan: .passOpened(.passBegan(driver: nil))
    case .passEnded: .passEnded(.passEnded)
    }
  }

  // MARK: A device

  func makeReceiver() -> NackDevice { NackDevice(blocks: settings.file.blocks) }

  func switchOn(_ device: inout NackDevice, cohort: Int, at now: Nanoseconds, into effects: inout [NackDevice.Effect]) {
    device.switchOn(at: now, settings, into: &effects)
  }

  func switchOff(_ device: inout NackDevice, into effects: inout [NackDevice.Effect]) {
    device.switchOff(into: &effects)
  }

  func deliver(
    _ message: NackMessage, by addressing: Addressing, to device: inout NackDevice, cohort: Int, at now: Nanoseconds,
    into effects: inout [NackDevice.Effect]
  ) -> Reception {
    device.receive(message, at: now, answersAt: now + turnarounds[cohort], settings, into: &effects)
    return .other
  }

  func deadline(of device: NackDevice) -> ReceiverDeadline { device.deadline(settings) }

  func fire(_ device: inout NackDevice, cohort: Int, at now: Nanoseconds, into effects: inout [NackDevice.Effect]) {
    device.fire(at: now, settings, into: &effects)
  }

  func delay(_ device: inout NackDevice, by delay: Nanoseconds) { device.delayReport(by: delay) }

  func action(for effect: NackDevice.Effect) -> ReceiverAction<NackMessage, RivalReceiverNote> {
    switch effect {
    case .send(let message, let leavesAt): .send(message, leavesAt: leavesAt)
    case .drawDelay(let window): .drawDelay(upTo: window)
    case .checked: .note(.checked)
    case .entered(let role): .note(.entered(role))
    }
  }

  func hearing(of device: inout NackDevice, at now: Nanoseconds) -> Hearing<NackDevice.OnlyListens> { device.hearing }
  func isOff(_ device: NackDevice) -> Bool { device.isOff }
  func isAtItsEnd(_ device: NackDevice) -> Bool { device.isAtItsEnd }

  // MARK: What it can do at once

  var unnoticedSilence: Nanoseconds { settings.parameters.groupTimeout }

  func listen(
    _ proof: NackDevice.OnlyListens, to first: BlockNumber, through last: BlockNumber,
    except lost: UnsafeBufferPointer<Gap>, at now: Nanoseconds, receiver device: inout NackDevice
  ) -> Listened {
    device.listen(proof, to: first, through: last, except: lost, at: now, groups: settings.groups)
  }

  var takesClimbs: Bool { true }

  func listen(
    _ proof: NackDevice.OnlyListens, to received: inout some ReceivedBlocks, at now: Nanoseconds,
    receiver device: inout NackDevice
  ) -> Listened {
    device.listen(proof, to: &received, at: now, groups: settings.groups)
  }

  func makeRoom(forGaps count: Int, in device: inout NackDevice) { device.makeRoom(forGaps: count) }
}
