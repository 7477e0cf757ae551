import BlockTransfer
import Network
import Timebase

/// The smallest strategy that is one: the server sends the file round and round, and a device leaves when it has everything.
///
/// It promises nothing that it could do at once, so each packet is an event. That the network runs it shows that it knows no
/// protocol.
struct Carousel: Strategy {
  enum Message: NetworkMessage {
    case join, data(BlockNumber), done

    var block: BlockNumber? { if case .data(let block) = self { block } else { nil } }
  }

  struct Sender: Sendable {
    var present: Set<DeviceID> = []
    var next: BlockNumber = 1
    var rounds = 0
    var sendsAt = Nanoseconds.never
  }

  struct Receiver: Sendable {
    var isOn = false
    var gaps: GapMap
  }

  struct SendBlock: Sendable {
    var block: BlockNumber
    var time: Nanoseconds
  }

  enum ReceiverEffect: Sendable {
    case send(Message, at: Nanoseconds)
    case completed
  }

  let file: FileLayout
  let pace: Nanoseconds

  func payload(ofData bytes: UInt32) -> UInt64 { 4 + UInt64(bytes) }
  func payload(of message: Message) -> UInt64 { 4 }

  func makeSender(expecting devices: Int) -> Sender { Sender() }

  func deliver(
    _ message: Message, from device: DeviceID, to sender: inout Sender, at now: Nanoseconds,
    into effects: inout [SendBlock]
  ) {
    if message == .join {
      if sender.sendsAt == .never { sender.sendsAt = now }
      sender.present.insert(device)
    } else {
      sender.present.remove(device)
      if sender.present.isEmpty { sender.sendsAt = .never }
    }
  }

  func deadline(of sender: Sender) -> Nanoseconds { sender.sendsAt }

  func fire(_ sender: inout Sender, at now: Nanoseconds, into effects: inout [SendBlock]) {
    guard sender.sendsAt <= now else { return }
    effects.append(SendBlock(block: sender.next, time: now))
    if sender.next == 1 { sender.rounds += 1 }
    sender.next = sender.next == file.blocks ? 1 : sender.next + 1
    sender.sendsAt = now + pace
  }

  func action(for effect: SendBlock) -> SenderAction<Message, Never> {
    .multicastData(first: effect.block, last: effect.block, leavesAt: effect.time)
  }

  func makeReceiver() -> Receiver { Receiver(gaps: GapMap(blocks: file.blocks)) }

  func switchOn(_ receiver: inout Receiver, cohort: Int, at now: Nanoseconds, into effects: inout [ReceiverEffect]) {
    receiver.isOn = true
    effects.append(.send(.join, at: now))
  }

  func switchOff(_ receiver: inout Receiver, into effects: inout [ReceiverEffect]) { receiver.isOn = false }

  func deliver(
    _ message: Message, by addressing: Addressing, to receiver: inout Receiver, cohort: Int, at now: Nanoseconds,
    into effects: inout [ReceiverEffect]
  ) -> Reception {
    guard let block = message.block else { return .other }
    guard receiver.gaps.fill(block, through: block).count > 0 else { return .duplicate }
    if receiver.gaps.isEmpty { effects += [.completed, .send(.done, at: now)] }
    return .new
  }

  func deadline(of receiver: Receiver) -> ReceiverDeadline { ReceiverDeadline(time: .never) }
  func fire(_ receiver: inout Receiver, cohort: Int, at now: Nanoseconds, into effects: inout [ReceiverEffect]) {}

  func action(for effect: ReceiverEffect) -> ReceiverAction<Message, Never> {
    if case .send(let message, let time) = effect { .send(message, leavesAt: time) } else { .completed }
  }

  func hearing(of receiver: Receiver, at now: Nanoseconds) -> Hearing<Never> {
    receiver.isOn && !receiver.gaps.isEmpty ? .acts : .nothing
  }

  func isOff(_ receiver: Receiver) -> Bool { !receiver.isOn }
  func isAtItsEnd(_ receiver: Receiver) -> Bool { receiver.gaps.isEmpty }
}

/// Counts what the network tells of a carousel.
struct CarouselObserver: Observer {
  typealias Observed = Carousel

  var sent = 0
  var arrived = 0
  var lost = 0
  var completed: [DeviceID: Nanoseconds] = [:]

  mutating func sent(_ packet: SentPacket<Carousel.Message>, departure: Nanoseconds, at now: Nanoseconds) { sent += 1 }
  mutating func arrived(
    _ arrival: Arrival<Carousel.Message>, at device: DeviceID, as reception: Reception, at now: Nanoseconds
  ) { arrived += 1 }
  mutating func lost(_ arrival: Arrival<Carousel.Message>, to device: DeviceID, at now: Nanoseconds) { lost += 1 }
  mutating func completed(_ device: DeviceID, at time: Nanoseconds) { completed[device] = time }
}
