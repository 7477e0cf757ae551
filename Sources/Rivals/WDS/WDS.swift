import BlockTransfer
import Network
import Runs
import Timebase

/// `wds` on the network: rounds at the pace of a master client, as Windows Deployment Services sends images. Binds
/// ``WDSServer`` and ``WDSDevice`` to a run; no rule is here.
struct WDS: Rival {
  private let settings: WDSSettings
  /// How long a device takes to answer, by cohort.
  private let turnarounds: [Nanoseconds]

  init(_ configuration: SimulationConfiguration) {
    settings = WDSSettings(configuration)
    turnarounds = configuration.cohorts.map(\.turnaround)
  }

  var file: FileLayout { settings.file }
  func payload(ofData bytes: UInt32) -> UInt64 { settings.payload(ofData: bytes) }
  func payload(of message: WDSMessage) -> UInt64 { settings.payload(of: message) }
  func gaps(of device: WDSDevice) -> GapMap? { device.isOff ? nil : device.gaps }
  func breach(of server: WDSServer) -> String? { server.breach }

  // MARK: The server

  func makeSender(expecting devices: Int) -> WDSServer { WDSServer(settings, devices: devices) }

  func deliver(
    _ message: WDSMessage, from device: DeviceID, to server: inout WDSServer, at now: Nanoseconds,
    into effects: inout [WDSServer.Effect]
  ) {
    server.receive(message, from: device, at: now, into: &effects)
  }

  func deadline(of server: WDSServer) -> Nanoseconds { server.deadline }
  func deadline(of server: WDSServer, for device: DeviceID) -> Nanoseconds { server.deadline(of: device) }

  func fire(_ server: inout WDSServer, at now: Nanoseconds, into effects: inout [WDSServer.Effect]) {
    server.fire(at: now, into: &effects)
  }

  func fire(
    _ server: inout WDSServer, for device: DeviceID, at now: Nanoseconds, into effects: inout [WDSServer.Effect]
  ) {
    server.fire(for: device, at: now, into: &effects)
  }

  func action(for effect: WDSServer.Effect) -> SenderAction<WDSMessage, RivalSenderNote> {
    switch effect {
    case .send(let message, let device, let leavesAt): .unicast(message, to: device, leavesAt: leavesAt)
    case .sendData(let first, let last, let device, let leavesAt):
      .unicastData(first: first, last: last, to: device, leavesAt: leavesAt)
    case .sendToGroup(let message, let leavesAt): .multicast(message, leavesAt: leavesAt)
    case .data(let blocks, let leavesAt): .multicastData(first: blocks.first, last: blocks.last, leavesAt: leavesAt)
    case .watch(let device): .watch(device)
    case .roundBegan(let master): .passOpened(.passBegan(driver: master))
    case .roundEnded: .passEnded(.passEnded)
    }
  }

  // MARK: A device

  func makeReceiver() -> WDSDevice { WDSDevice(blocks: settings.file.blocks) }

  func switchOn(
    _ device: inout WDSDevice, cohort: Int, at now: Nanoseconds, into effects: inout [WDSDevice.Effect]
  ) {
    device.switchOn(at: now, settings, into: &effects)
  }

  func switchOff(_ device: inout WDSDevice, into effects: inout [WDSDevice.Effect]) {
    device.switchOff(into: &effects)
  }

  func deliver(
    _ message: WDSMessage, by addressing: Addressing, to device: inout WDSDevice, cohort: Int,
    at now: Nanoseconds, into effects: inout [WDSDevice.Effect]
  ) -> Reception {
    let answersAt = now + turnarounds[cohort]
    if case .data(let block) = message {
      return device.take(
        block, by: addressing, at: now, cohort: cohort, answersAt: answersAt, settings, into: &effects)
    }
    device.receive(message, at: now, cohort: cohort, answersAt: answersAt, settings, into: &effects)
    return .other
  }

  func deadline(of device: WDSDevice) -> ReceiverDeadline { device.deadline(settings) }

  func fire(
    _ device: inout WDSDevice, cohort: Int, at now: Nanoseconds, into effects: inout [WDSDevice.Effect]
  ) {
    device.fire(at: now, cohort: cohort, settings, into: &effects)
  }

  func action(for effect: WDSDevice.Effect) -> ReceiverAction<WDSMessage, RivalReceiverNote> {
    switch effect {
    case .send(let message, let leavesAt): .send(message, leavesAt: leavesAt)
    case .entered(let role): .note(.entered(role))
    case .checked: .note(.checked)
    case .completed: .completed
    }
  }

  func hearing(of device: inout WDSDevice, at now: Nanoseconds) -> Hearing<WDSDevice.OnlyListens> { device.hearing }
  func isOff(_ device: WDSDevice) -> Bool { device.isOff }
  func isAtItsEnd(_ device: WDSDevice) -> Bool { device.isAtItsEnd }

  // MARK: What it can do at once

  var unnoticedSilence: Nanoseconds { settings.parameters.groupTimeout }

  func listen(
    _ proof: WDSDevice.OnlyListens, to first: BlockNumber, through last: BlockNumber,
    except lost: UnsafeBufferPointer<Gap>, at now: Nanoseconds, receiver device: inout WDSDevice
  ) -> Listened {
    device.listen(proof, to: first, through: last, except: lost, at: now)
  }

  func makeRoom(forGaps count: Int, in device: inout WDSDevice) { device.makeRoom(forGaps: count) }
}
