import BlockTransfer
import Network
import Runs
import Timebase

/// `carousel` on the network: the file round and round at a pace, as FLUTE (RFC 6726) and the loops of Cisco and Ghost
/// send it. Binds ``CarouselServer`` and ``CarouselDevice`` to a run; no rule is here.
struct Carousel: Rival {
  private let settings: CarouselSettings
  /// How long a device takes to answer, by cohort.
  private let turnarounds: [Nanoseconds]

  init(_ configuration: SimulationConfiguration) {
    settings = CarouselSettings(configuration)
    turnarounds = configuration.cohorts.map(\.turnaround)
  }

  var file: FileLayout { settings.file }
  func payload(ofData bytes: UInt32) -> UInt64 { settings.payload(ofData: bytes) }
  /// A join, a welcome and a leave are one header each.
  func payload(of message: CarouselMessage) -> UInt64 { CarouselSettings.headerBytes }
  func gaps(of device: CarouselDevice) -> GapMap? { device.isOff ? nil : device.gaps }

  // MARK: The server

  func makeSender(expecting devices: Int) -> CarouselServer { CarouselServer(settings, devices: devices) }

  func deliver(
    _ message: CarouselMessage, from device: DeviceID, to server: inout CarouselServer, at now: Nanoseconds,
    into effects: inout [CarouselServer.Effect]
  ) {
    server.receive(message, from: device, at: now, into: &effects)
  }

  func deadline(of server: CarouselServer) -> Nanoseconds { server.deadline }

  func fire(_ server: inout CarouselServer, at now: Nanoseconds, into effects: inout [CarouselServer.Effect]) {
    server.fire(at: now, into: &effects)
  }

  func action(for effect: CarouselServer.Effect) -> SenderAction<CarouselMessage, RivalSenderNote> {
    switch effect {
    case .welcome(let device, let leavesAt): .unicast(.welcome, to: device, leavesAt: leavesAt)
    case .data(let block, let leavesAt): .multicastData(first: block, last: block, leavesAt: leavesAt)
    case .roundBegan: .passOpened(.passBegan(driver: nil))
    case .roundEnded: .passEnded(.passEnded)
    }
  }

  // MARK: A device

  func makeReceiver() -> CarouselDevice { CarouselDevice(blocks: settings.file.blocks) }

  func switchOn(
    _ device: inout CarouselDevice, cohort: Int, at now: Nanoseconds, into effects: inout [CarouselDevice.Effect]
  ) {
    device.switchOn(at: now, settings, into: &effects)
  }

  func switchOff(_ device: inout CarouselDevice, into effects: inout [CarouselDevice.Effect]) {
    device.switchOff(into: &effects)
  }

  func deliver(
    _ message: CarouselMessage, by addressing: Addressing, to device: inout CarouselDevice, cohort: Int,
    at now: Nanoseconds, into effects: inout [CarouselDevice.Effect]
  ) -> Reception {
    device.receive(message, at: now)
    return .other
  }

  func deadline(of device: CarouselDevice) -> ReceiverDeadline { device.deadline(settings) }

  func fire(
    _ device: inout CarouselDevice, cohort: Int, at now: Nanoseconds, into effects: inout [CarouselDevice.Effect]
  ) {
    device.fire(at: now, settings, into: &effects)
  }

  func action(for effect: CarouselDevice.Effect) -> ReceiverAction<CarouselMessage, RivalReceiverNote> {
    switch effect {
    case .send(let message, let leavesAt): .send(message, leavesAt: leavesAt)
    case .entered(let role): .note(.entered(role))
    }
  }

  func hearing(of device: inout CarouselDevice, at now: Nanoseconds) -> Hearing<CarouselDevice.OnlyListens> {
    device.hearing
  }
  func isOff(_ device: CarouselDevice) -> Bool { device.isOff }
  func isAtItsEnd(_ device: CarouselDevice) -> Bool { device.isAtItsEnd }

  // MARK: What it can do at once

  var unnoticedSilence: Nanoseconds { settings.parameters.groupTimeout }
  var actsWhenComplete: Bool { true }

  func listen(
    _ proof: CarouselDevice.OnlyListens, to first: BlockNumber, through last: BlockNumber,
    except lost: UnsafeBufferPointer<Gap>, at now: Nanoseconds, receiver device: inout CarouselDevice
  ) -> Listened {
    device.listen(proof, to: first, through: last, except: lost, at: now)
  }

  func makeRoom(forGaps count: Int, in device: inout CarouselDevice) { device.makeRoom(forGaps: count) }

  func decisiveBlock(of device: CarouselDevice, after block: BlockNumber) -> BlockNumber {
    device.decisiveBlock(after: block)
  }

  func actWhenComplete(
    _ device: inout CarouselDevice, cohort: Int, at now: Nanoseconds, into effects: inout [CarouselDevice.Effect]
  ) -> Bool {
    device.leaveIfComplete(answersAt: now + turnarounds[cohort], into: &effects)
  }
}
