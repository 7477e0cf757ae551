import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// Going from event to event and saying what each was; an ordinary run passes nothing of this.
extension Simulation {
  /// Whether a step would be taken by ``run()`` too.
  var hasNext: Bool {
    mutating get {
      guard breach == nil, events <= configuration.limits.events, let first = queue.first else { return false }
      return first.time <= configuration.limits.time
    }
  }

  /// Executes the next event, at one device if it fans out, and says what it was; nil if nobody noticed.
  mutating func stepTracing() -> TracedEvent? {
    guard let (key, event) = queue.popFirst() else { return nil }
    let witness = witness(event, at: key)
    if case .fansOut(let arrival, let next) = event {
      now = key
      fanOutOnce(arrival, to: Int(next))
    } else {
      queue.schedule(event, as: key)
      step()
    }
    return witness.flatMap { traced($0, at: key.time) }
  }

  /// A packet comes to one device of its fan-out; the others follow under the keys that they have anyway.
  private mutating func fanOutOnce(_ arrival: Arrival, to index: Int) {
    guard let fanOutOrder else { return }
    reach(fanOutOrder[index], with: arrival)
    guard index + 1 < fanOutOrder.count else { return }
    let origin = origin(ofArrivalAt: fanOutOrder[index])
    queue.schedule(
      .fansOut(arrival, next: UInt32(index + 1)), as: key(ofArrivalAt: fanOutOrder[index + 1], from: origin))
  }
}

/// What is to be known of an event before it is executed.
private enum Witness {
  case join(DeviceID)
  case leave(DeviceID)
  case deadline(DeviceID)
  case serverDeadline
  case placeDeadline(DeviceID)
  case uplink(Datagram, dropped: UInt64, sharedLoss: LossProcess)
  case server(DeviceID, Message, isLost: Bool)
  case device(DeviceID, Arrival, lost: UInt64, received: UInt64)
}

extension Simulation {
  /// What an event is about to do; nil if nobody will notice.
  private func witness(_ event: Event, at key: EventKey) -> Witness? {
    switch event {
    case .join(let device):
      return self[device].device.role == .joining ? .join(device) : nil
    case .leave(let device):
      return .leave(device)
    case .deviceAlarm(let device):
      let station = self[device]
      let isDue =
        station.alarm.isPending(at: key)
        && station.alarm.key(of: station.device.deadline(under: settings[station.cohort])) <= key
      return isDue ? .deadline(device) : nil
    case .serverAlarm:
      return serverAlarm.isPending(at: key) && server.deadline <= key.time ? .serverDeadline : nil
    case .placeAlarm(let device):
      return self[device].placeAlarm.isPending(at: key) && server.deadline(of: device) <= key.time
        ? .placeDeadline(device) : nil
    case .uplink(let datagram):
      return .uplink(datagram, dropped: uplink.dropped, sharedLoss: sharedLoss)
    case .leavesDevice:
      return nil
    case .reachesServer(let device, let message):
      var loss = self[device].upLoss
      return .server(device, message, isLost: loss.loses())
    case .reachesDevice(let device, let arrival):
      return witness(arrival, at: device)
    case .fansOut(let arrival, let next):
      return fanOutOrder.flatMap { witness(arrival, at: $0[Int(next)]) }
    }
  }

  private func witness(_ arrival: Arrival, at device: DeviceID) -> Witness? {
    let tally = self[device].tally
    return self[device].isOn ? .device(device, arrival, lost: tally.lost, received: tally.received) : nil
  }

  private subscript(device: DeviceID) -> Station { stations[Int(device) - 1] }

  /// What an event did; nil if nobody noticed.
  private func traced(_ witness: Witness, at time: Nanoseconds) -> TracedEvent? {
    func event(of device: DeviceID, _ happening: TracedEvent.Happening) -> TracedEvent {
      TracedEvent(
        time: time, subject: .device(device), happening: happening, state: .device(self[device].device.state))
    }
    func event(ofServerAnd device: DeviceID?, _ happening: TracedEvent.Happening) -> TracedEvent {
      TracedEvent(
        time: time, subject: .server, happening: happening,
        state: .server(server.state, device.map(server.standing)))
    }
    switch witness {
    case .join(let device): return event(of: device, .switchedOn)
    case .leave(let device): return event(of: device, .switchedOff)
    case .deadline(let device): return event(of: device, .deadline)
    case .serverDeadline: return event(ofServerAnd: nil, .deadline)
    case .placeDeadline(let device): return event(ofServerAnd: device, .placeDeadline(device))
    case .server(let device, let message, let isLost):
      return event(ofServerAnd: device, isLost ? .lost(message, from: device) : .arrived(message, from: device))
    case .device(let device, let arrival, let lost, let received):
      let message = arrival.message.withoutSettings
      if self[device].tally.lost > lost { return event(of: device, .missed(message, arrival.channel)) }
      return self[device].tally.received > received ? event(of: device, .received(message, arrival.channel)) : nil
    case .uplink(let datagram, let dropped, let sharedLoss):
      return TracedEvent(
        time: time, subject: .uplink,
        happening: sending(of: datagram, dropped: uplink.dropped - dropped, sharedLoss: sharedLoss), state: .none)
    }
  }

  /// What the uplink took; what of it was lost before the fan-out is drawn once more from the loss as it was before.
  private func sending(of datagram: Datagram, dropped: UInt64, sharedLoss: LossProcess) -> TracedEvent.Happening {
    var (last, packets): (BlockNumber, UInt64) = (0, 1)
    if datagram.destination == 0, case .data(let first) = datagram.message {
      last = datagram.lastBlock
      packets = UInt64(last - first) + 1
    }
    var lost: UInt64 = 0
    if datagram.destination == 0 {
      var loss = sharedLoss
      for _ in 0..<packets - dropped where loss.loses() { lost += 1 }
    }
    return .sent(
      datagram.message.withoutSettings, last: last, to: datagram.destination, dropped: dropped, lost: lost)
  }
}
