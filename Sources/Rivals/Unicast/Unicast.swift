import BlockTransfer
import Network
import Runs
import TFTPTransfer
import Timebase

/// `unicast` on the network: each device has a TFTP transfer of its own, as every PXE client does. Binds
/// ``UnicastServer`` and `TransferReceiver` to a run; no rule is here.
struct Unicast: Rival {
  private let settings: UnicastSettings

  init(_ configuration: SimulationConfiguration) { settings = UnicastSettings(configuration) }

  var file: FileLayout { settings.file }
  func payload(ofData bytes: UInt32) -> UInt64 { settings.headerBytes + UInt64(bytes) }
  func payload(of message: TransferMessage) -> UInt64 {
    UInt64(message.encodedLength(in: settings.context, payloadBytes: 0))
  }

  func gaps(of device: TransferReceiver) -> GapMap? {
    guard !device.isOff else { return nil }
    var gaps = GapMap(blocks: settings.file.blocks)
    _ = gaps.fill(1, through: device.received)
    return gaps
  }

  func breach(of server: UnicastServer) -> String? { server.breach }

  // MARK: The server

  func makeSender(expecting devices: Int) -> UnicastServer { UnicastServer(settings, devices: devices) }

  func deliver(
    _ message: TransferMessage, from device: DeviceID, to server: inout UnicastServer, at now: Nanoseconds,
    into effects: inout [UnicastServer.Effect]
  ) {
    server.receive(message, from: device, at: now, into: &effects)
  }

  func deadline(of server: UnicastServer) -> Nanoseconds { .never }
  func fire(_ server: inout UnicastServer, at now: Nanoseconds, into effects: inout [UnicastServer.Effect]) {}
  func deadline(of server: UnicastServer, for device: DeviceID) -> Nanoseconds { server.deadline(of: device) }

  func fire(
    _ server: inout UnicastServer, for device: DeviceID, at now: Nanoseconds,
    into effects: inout [UnicastServer.Effect]
  ) {
    server.fire(for: device, at: now, into: &effects)
  }

  func action(for effect: UnicastServer.Effect) -> SenderAction<TransferMessage, RivalSenderNote> {
    switch effect {
    case .send(let message, let device, let leavesAt): .unicast(message, to: device, leavesAt: leavesAt)
    case .sendData(let first, let last, let device, let leavesAt):
      .unicastData(first: first, last: last, to: device, leavesAt: leavesAt)
    case .watch(let device): .watch(device)
    }
  }

  // MARK: A device

  func makeReceiver() -> TransferReceiver { TransferReceiver() }

  func switchOn(
    _ device: inout TransferReceiver, cohort: Int, at now: Nanoseconds, into effects: inout [TransferReceiver.Effect]
  ) {
    device.begin(at: now, under: settings.receivers[cohort], into: &effects)
  }

  func switchOff(_ device: inout TransferReceiver, into effects: inout [TransferReceiver.Effect]) {
    device.stop(into: &effects)
  }

  func deliver(
    _ message: TransferMessage, by addressing: Addressing, to device: inout TransferReceiver, cohort: Int,
    at now: Nanoseconds, into effects: inout [TransferReceiver.Effect]
  ) -> Reception {
    let payloadBytes = message.block.map(settings.file.bytes(of:)) ?? 0
    return
      switch device.receive(
        message, payloadBytes: payloadBytes, at: now, under: settings.receivers[cohort], into: &effects)
    {
    case .new: .new
    case .duplicate: .duplicate
    case .early, .other: .other
    }
  }

  func deadline(of device: TransferReceiver) -> ReceiverDeadline { ReceiverDeadline(time: device.deadline) }

  func fire(
    _ device: inout TransferReceiver, cohort: Int, at now: Nanoseconds, into effects: inout [TransferReceiver.Effect]
  ) {
    device.fire(at: now, under: settings.receivers[cohort], into: &effects)
  }

  func action(for effect: TransferReceiver.Effect) -> ReceiverAction<TransferMessage, RivalReceiverNote> {
    switch effect {
    case .send(let message, let leavesAt): .send(message, leavesAt: leavesAt)
    case .began: .note(.entered(.fetching))
    case .completed: .completed
    case .failed: .note(.entered(.failed))
    }
  }

  /// A unicast client hears no group.
  func hearing(of device: inout TransferReceiver, at now: Nanoseconds) -> Hearing<Never> { .nothing }
  func isOff(_ device: TransferReceiver) -> Bool { device.isOff }
  func isAtItsEnd(_ device: TransferReceiver) -> Bool { device.isComplete || device.failure != nil }

  // MARK: What it can do at once

  /// The ACK of a window is answered by the next one. The transfer's deadline moves away by it.
  func answerAtOnce(
    _ message: TransferMessage, from device: DeviceID, sender server: inout UnicastServer, at now: Nanoseconds
  )
    -> Answer<TransferMessage>?
  {
    guard case .acknowledgment(let block) = message,
      let answer = server.answer(ackOf: block, from: device, at: now)
    else { return nil }
    return Answer(.data(answer.window.lowerBound), through: answer.window.upperBound, leavesAt: answer.leavesAt)
  }

  /// The blocks of its window up to the last one, which it acknowledges; or those after a block that was lost, which it
  /// drops.
  func quietBlocks(of device: inout TransferReceiver, cohort: Int, from block: BlockNumber)
    -> QuietBlocks<TransferReceiver.Quiet>?
  {
    device.quietBlocks(from: block, under: settings.receivers[cohort]).map { quiet in
      QuietBlocks(
        count: quiet.count, reception: quiet.promise.isInOrder ? .new : .other, promise: quiet.promise)
    }
  }

  func take(
    _ quiet: TransferReceiver.Quiet, _ first: BlockNumber, through last: BlockNumber,
    receiver device: inout TransferReceiver, cohort: Int, at now: Nanoseconds
  ) -> AnswerAtOnce<TransferMessage> {
    let isAcknowledged = device.take(quiet, through: last, at: now, under: settings.receivers[cohort])
    return isAcknowledged
      ? .send(.acknowledgment(last), leavesAt: now + settings.receivers[cohort].answerDelay) : .nothing
  }

  /// The block that is due, but not the last one. The device's deadline moves away by it.
  func takeAtOnce(_ block: BlockNumber, receiver device: inout TransferReceiver, cohort: Int, at now: Nanoseconds)
    -> AnswerAtOnce<TransferMessage>?
  {
    guard let quiet = device.quietBlocks(from: block, under: settings.receivers[cohort]), quiet.promise.isInOrder
    else { return nil }
    return take(quiet.promise, block, through: block, receiver: &device, cohort: cohort, at: now)
  }
}

extension TransferMessage: NetworkMessage {
  /// The block whose DATA this is.
  public var block: BlockNumber? {
    @inline(__always) get { if case .data(let block) = self { block } else { nil } }
  }
}
