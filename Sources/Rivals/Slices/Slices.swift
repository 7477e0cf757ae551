import BlockTransfer
import Network
import Runs
import Timebase

/// `slices` on the network: a slice is repeated until every device has confirmed it, as udpcast sends files for FOG and
/// Clonezilla. Binds ``SlicesServer`` and ``SlicesDevice`` to a run; no rule is here.
struct Slices: Rival {
  private let settings: SlicesSettings
  /// How long a device takes to answer, by cohort.
  private let turnarounds: [Nanoseconds]

  init(_ configuration: SimulationConfiguration) {
    settings = SlicesSettings(configuration)
    turnarounds = configuration.cohorts.map(\.turnaround)
  }

  var file: FileLayout { settings.file }
  func payload(ofData bytes: UInt32) -> UInt64 { settings.dataPayload }
  func payload(of message: SlicesMessage) -> UInt64 { settings.payload(of: message) }
  func gaps(of device: SlicesDevice) -> GapMap? { device.isOff ? nil : device.gaps }

  // MARK: The server

  func makeSender(expecting devices: Int) -> SlicesServer { SlicesServer(settings, devices: devices) }

  func deliver(
    _ message: SlicesMessage, from device: DeviceID, to server: inout SlicesServer, at now: Nanoseconds,
    into effects: inout [SlicesServer.Effect]
  ) {
    server.receive(message, from: device, at: now, into: &effects)
  }

  func deadline(of server: SlicesServer) -> Nanoseconds { server.deadline }

  func fire(_ server: inout SlicesServer, at now: Nanoseconds, into effects: inout [SlicesServer.Effect]) {
    server.fire(at: now, into: &effects)
  }

  func action(for effect: SlicesServer.Effect) -> SenderAction<SlicesMessage, RivalSenderNote> {
    switch effect {
    case .send(let message, let device, let leavesAt): .unicast(message, to: device, leavesAt: leavesAt)
    case .ask(let ask, let leavesAt): .multicast(.ask(ask), leavesAt: leavesAt)
    case .data(let block, let leavesAt): .multicastData(first: block, last: block, leavesAt: leavesAt)
    case .runBegan: .passOpened(.passBegan(driver: nil))
    case .runEnded: .passEnded(.passEnded)
    }
  }

  // MARK: A device

  func makeReceiver() -> SlicesDevice { SlicesDevice(blocks: settings.file.blocks) }

  func switchOn(
    _ device: inout SlicesDevice, cohort: Int, at now: Nanoseconds, into effects: inout [SlicesDevice.Effect]
  ) {
    device.switchOn(at: now, settings, into: &effects)
  }

  func switchOff(_ device: inout SlicesDevice, into effects: inout [SlicesDevice.Effect]) {
    device.switchOff(into: &effects)
  }

  func deliver(
    _ message: SlicesMessage, by addressing: Addressing, to device: inout SlicesDevice, cohort: Int,
    at now: Nanoseconds, into effects: inout [SlicesDevice.Effect]
  ) -> Reception {
    device.receive(message, at: now, answersAt: now + turnarounds[cohort], settings, into: &effects)
    return .other
  }

  func deadline(of device: SlicesDevice) -> ReceiverDeadline { device.deadline(settings) }

  func fire(
    _ device: inout SlicesDevice, cohort: Int, at now: Nanoseconds, into effects: inout [SlicesDevice.Effect]
  ) {
    device.fire(at: now, settings, into: &effects)
  }

  func action(for effect: SlicesDevice.Effect) -> ReceiverAction<SlicesMessage, RivalReceiverNote> {
    switch effect {
    case .send(let message, let leavesAt): .send(message, leavesAt: leavesAt)
    case .entered(let role): .note(.entered(role))
    }
  }

  func hearing(of device: inout SlicesDevice, at now: Nanoseconds) -> Hearing<SlicesDevice.OnlyListens> {
    device.hearing
  }
  func isOff(_ device: SlicesDevice) -> Bool { device.isOff }
  func isAtItsEnd(_ device: SlicesDevice) -> Bool { device.isAtItsEnd }

  // MARK: What it can do at once

  var unnoticedSilence: Nanoseconds { settings.parameters.groupTimeout }

  func listen(
    _ proof: SlicesDevice.OnlyListens, to first: BlockNumber, through last: BlockNumber,
    except lost: UnsafeBufferPointer<Gap>, at now: Nanoseconds, receiver device: inout SlicesDevice
  ) -> Listened {
    device.listen(proof, to: first, through: last, except: lost, at: now)
  }

  func makeRoom(forGaps count: Int, in device: inout SlicesDevice) { device.makeRoom(forGaps: count) }
}
