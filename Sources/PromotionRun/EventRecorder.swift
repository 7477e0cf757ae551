import BlockTransfer
import DequeModule
import Network
import PromotionEngine
import Timebase

/// Records every event that has an effect, as a value.
struct EventRecorder: Observer {
  typealias Observed = Promotion

  private(set) var events: Deque<TracedEvent> = []
  private let network: NetworkConfiguration

  init(_ network: NetworkConfiguration) { self.network = network }

  mutating func popFirst() -> TracedEvent? { events.popFirst() }

  static var looksInside: Bool { true }

  /// The device that the last event of the server was about.
  private var about: DeviceID?

  private mutating func record(_ happening: TracedEvent.Happening, of subject: TracedEvent.Subject, at now: Nanoseconds)
  {
    events.append(TracedEvent(time: now, subject: subject, happening: happening, state: .none))
  }

  private mutating func recordAtServer(
    _ happening: TracedEvent.Happening, about device: DeviceID?, at now: Nanoseconds
  ) {
    about = device
    record(happening, of: .server, at: now)
  }

  mutating func inside(_ device: DeviceID, receiver: Device) {
    events[events.count - 1].state = .device(receiver.state)
  }

  mutating func inside(_ server: Server) {
    events[events.count - 1].state = .server(server.state, about.map(server.standing))
  }

  mutating func switchedOn(_ device: DeviceID, at now: Nanoseconds) {
    record(.switchedOn, of: .device(device), at: now)
  }

  mutating func switchedOff(_ device: DeviceID, wasAtItsEnd: Bool, at now: Nanoseconds) {
    record(.switchedOff, of: .device(device), at: now)
  }

  mutating func timerFired(at device: DeviceID, at now: Nanoseconds) {
    record(.deadline, of: .device(device), at: now)
  }

  mutating func timerFiredAtServer(at now: Nanoseconds) { recordAtServer(.deadline, about: nil, at: now) }

  mutating func timerFiredAtServer(for device: DeviceID, at now: Nanoseconds) {
    recordAtServer(.placeDeadline(device), about: device, at: now)
  }

  mutating func turns(_ datagram: Datagram<Message>, at now: Nanoseconds) {
    let isWindow = datagram.destination == 0 && datagram.message.block != nil
    events.append(
      TracedEvent(
        time: now, subject: .uplink,
        happening: .sent(
          datagram.message.withoutSettings, last: isWindow ? datagram.lastBlock : 0, to: datagram.destination,
          TracedEvent.Fates()),
        state: .none))
  }

  mutating func dropped(_ packet: SentPacket<Message>, bytesSent: UInt64, at now: Nanoseconds) {
    withFates { $0.dropped += 1 }
  }

  mutating func lostBeforeFanOut(_ packet: SentPacket<Message>, departure: Nanoseconds) { withFates { $0.lost += 1 } }

  mutating func stopped(_ packet: SentPacket<Message>, for below: StoppedFor, cause: StopCause, at time: Nanoseconds) {
    switch below {
    case .segment(let segment): count(1, at: .segment(network.segments[segment].name), cause)
    case .links(let cohort, let except): count(network.cohorts[cohort].count - except.count, at: .links, cause)
    case .link: count(1, at: .links, cause)
    }
  }

  private mutating func count(_ packets: Int, at place: TracedEvent.Stop.Place, _ cause: StopCause) {
    withFates { fates in
      if let index = fates.stops.firstIndex(where: { $0.place == place && $0.cause == cause }) {
        fates.stops[index].packets += UInt64(packets)
      } else if packets > 0 {
        fates.stops.append(TracedEvent.Stop(place: place, cause: cause, packets: UInt64(packets)))
      }
    }
  }

  /// Changes the outcome of the datagram that arrived at the uplink last.
  private mutating func withFates(_ change: (inout TracedEvent.Fates) -> Void) {
    guard case .sent(let message, let last, let destination, var fates)? = events.last?.happening else { return }
    change(&fates)
    events[events.count - 1].happening = .sent(message, last: last, to: destination, fates)
  }

  mutating func overran(_ arrival: Arrival<Message>, at device: DeviceID, at now: Nanoseconds) {
    record(.overran(arrival.message.withoutSettings, arrival.addressing), of: .device(device), at: now)
  }

  mutating func lost(_ arrival: Arrival<Message>, to device: DeviceID, at now: Nanoseconds) {
    record(.missed(arrival.message.withoutSettings, arrival.addressing), of: .device(device), at: now)
  }

  mutating func arrived(
    _ arrival: Arrival<Message>, at device: DeviceID, as reception: Reception, at now: Nanoseconds
  ) {
    record(.received(arrival.message.withoutSettings, arrival.addressing), of: .device(device), at: now)
  }

  mutating func lost(_ message: Message, from device: DeviceID, at place: PlaceOfLoss, at now: Nanoseconds) {
    let segment: String? = if case .segment(let segment) = place { network.segments[segment].name } else { nil }
    recordAtServer(.lost(message, from: device, onSegment: segment), about: device, at: now)
  }

  mutating func arrived(_ message: Message, from device: DeviceID, at now: Nanoseconds) {
    recordAtServer(.arrived(message, from: device), about: device, at: now)
  }
}
