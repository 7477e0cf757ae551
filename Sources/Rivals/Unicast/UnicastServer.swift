import BlockTransfer
import DequeModule
import TFTPTransfer
import Timebase

/// A server with a transfer for each device that asks for the file, and at most so many at a time.
///
/// When all places are taken a request waits, unanswered, in the order of arrival. Its device repeats it, which does not
/// change its place in the queue. A device that has not been heard for a `session_timeout` has given up and is passed
/// over. So is one that gave up later: it does not answer the OACK, and its place is free again after a
/// `session_timeout`.
struct UnicastServer: Sendable {
  /// What the network is to do.
  enum Effect: Sendable, BitwiseCopyable {
    case send(TransferMessage, to: DeviceID, leavesAt: Nanoseconds)
    /// Send DATA `first…last`, one after the other.
    case sendData(first: BlockNumber, last: BlockNumber, to: DeviceID, leavesAt: Nanoseconds)
    /// The deadline of a device was set that has not sent anything now.
    case watch(DeviceID)
  }

  /// A request that waits.
  private struct Request: Sendable, BitwiseCopyable {
    var device: DeviceID
    var options: TransferOptions
  }

  private let settings: UnicastSettings
  /// The transfers under way, in places that are used again.
  private var transfers: ContiguousArray<TransferSender?> = []
  private var freePlaces: [UInt32] = []
  /// By the device's number less one: the place of its transfer plus one; 0 if it has none.
  private var placeOf: ContiguousArray<UInt32>
  private var queue: Deque<Request> = []
  /// By the device's number less one: when it was heard last while it waits in the queue; nil if it does not.
  private var heardWaiting: ContiguousArray<Nanoseconds?>
  private var transferEffects: [TransferSender.Effect] = []

  init(_ settings: UnicastSettings, devices: Int) {
    self.settings = settings
    placeOf = ContiguousArray(repeating: 0, count: devices)
    heardWaiting = ContiguousArray(repeating: nil, count: devices)
  }

  /// How many transfers are under way.
  var underWay: Int { transfers.count - freePlaces.count }
  /// How many requests wait.
  var waiting: Int { queue.count }

  func deadline(of device: DeviceID) -> Nanoseconds {
    let place = placeOf[Int(device) - 1]
    guard place > 0, let transfer = transfers[Int(place) - 1] else { return .never }
    return transfer.deadline(under: settings.sender)
  }

  mutating func receive(
    _ message: TransferMessage, from device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    let place = placeOf[Int(device) - 1]
    if place > 0 {
      transfers[Int(place) - 1]?.receive(message, at: now, under: settings.sender, into: &transferEffects)
      carryOut(for: device, at: now, into: &effects)
    } else if case .request(let options) = message {
      receive(Request(device: device, options: options), at: now, into: &effects)
    }
  }

  /// The ACK of a transfer that goes on: its next window, and when that leaves. Nil for any other; then nothing has
  /// changed.
  @inline(__always)
  mutating func answer(ackOf block: BlockNumber, from device: DeviceID, at now: Nanoseconds)
    -> (window: ClosedRange<BlockNumber>, leavesAt: Nanoseconds)?
  {
    let place = placeOf[Int(device) - 1]
    guard place > 0,
      let next = transfers[Int(place) - 1]?.acknowledgeAtOnce(block, at: now, under: settings.sender)
    else { return nil }
    return (next, now + settings.sender.answerDelay)
  }

  mutating func fire(for device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]) {
    let place = placeOf[Int(device) - 1]
    guard place > 0 else { return }
    transfers[Int(place) - 1]?.fire(at: now, under: settings.sender, into: &transferEffects)
    carryOut(for: device, at: now, into: &effects)
  }

  private mutating func receive(_ request: Request, at now: Nanoseconds, into effects: inout [Effect]) {
    guard underWay >= settings.places || !queue.isEmpty else { return begin(request, at: now, into: &effects) }
    if heardWaiting[Int(request.device) - 1] == nil { queue.append(request) }
    heardWaiting[Int(request.device) - 1] = now
  }

  private mutating func begin(_ request: Request, at now: Nanoseconds, into effects: inout [Effect]) {
    guard let terms = TransferTerms(asked: request.options, size: settings.file.size, under: TransferLimits()) else {
      return  // a scenario has no such file
    }
    let transfer = TransferSender(terms, at: now, under: settings.sender, into: &transferEffects)
    if let place = freePlaces.popLast() {
      transfers[Int(place)] = transfer
      placeOf[Int(request.device) - 1] = place + 1
    } else {
      transfers.append(transfer)
      placeOf[Int(request.device) - 1] = UInt32(transfers.count)
    }
    carryOut(for: request.device, at: now, into: &effects)
  }

  /// Turns what a transfer wants done into what the network is to do.
  private mutating func carryOut(for device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]) {
    var hasEnded = false
    for effect in transferEffects {
      switch effect {
      case .send(let message, let leavesAt): effects.append(.send(message, to: device, leavesAt: leavesAt))
      case .sendData(let first, let last, let leavesAt):
        effects.append(.sendData(first: first, last: last, to: device, leavesAt: leavesAt))
      case .ended: hasEnded = true
      }
    }
    transferEffects.removeAll(keepingCapacity: true)
    if hasEnded { giveUpPlace(of: device, at: now, into: &effects) }
  }

  private mutating func giveUpPlace(of device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]) {
    let place = placeOf[Int(device) - 1] - 1
    placeOf[Int(device) - 1] = 0
    transfers[Int(place)] = nil
    freePlaces.append(place)
    while underWay < settings.places, let next = queue.popFirst() {
      let heard = heardWaiting[Int(next.device) - 1] ?? .zero
      heardWaiting[Int(next.device) - 1] = nil
      guard now < heard + settings.sender.silence else { continue }
      begin(next, at: now, into: &effects)
      effects.append(.watch(next.device))
    }
  }
}

extension UnicastServer {
  /// What does not hold; nil if all does.
  var breach: String? {
    if underWay > settings.places {
      return "\(underWay) transfers are under way, and there are \(settings.places) places"
    }
    if !queue.isEmpty, underWay < settings.places { return "\(queue.count) requests wait while a place is free" }
    return nil
  }
}
