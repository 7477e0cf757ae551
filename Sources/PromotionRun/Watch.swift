import BlockTransfer
import Network
import PromotionEngine
import Timebase

/// What somebody wants to see of a run besides its figures: its events, its packets, or the stories of devices.
///
/// One observer for all of them, because every type of observer has the compiler make the whole run once more. What is
/// nil costs a question. So a run that nobody watches has no such observer.
struct Watch: Observer {
  typealias Observed = Promotion

  var recorder: EventRecorder?
  var capture: PacketCapture?
  var stories: DeviceStories?

  static var looksInside: Bool { EventRecorder.looksInside }

  static var wantsBursts: Bool { DeviceStories.wantsBursts }

  mutating func inside(_ device: DeviceID, receiver: Device) { recorder?.inside(device, receiver: receiver) }

  mutating func inside(_ server: Server) { recorder?.inside(server) }

  // MARK: The uplink

  mutating func turns(_ datagram: Datagram<Message>, at now: Nanoseconds) { recorder?.turns(datagram, at: now) }

  mutating func sent(_ packet: SentPacket<Message>, departure: Nanoseconds, at now: Nanoseconds) {
    capture?.sent(packet, departure: departure, at: now)
    stories?.sent(packet, departure: departure, at: now)
  }

  mutating func dropped(_ packet: SentPacket<Message>, bytesSent: UInt64, at now: Nanoseconds) {
    recorder?.dropped(packet, bytesSent: bytesSent, at: now)
    stories?.dropped(packet, bytesSent: bytesSent, at: now)
  }

  mutating func stopped(_ packet: SentPacket<Message>, for below: StoppedFor, cause: StopCause, at time: Nanoseconds) {
    recorder?.stopped(packet, for: below, cause: cause, at: time)
    stories?.stopped(packet, for: below, cause: cause, at: time)
  }

  mutating func lostBeforeFanOut(_ packet: SentPacket<Message>, departure: Nanoseconds) {
    recorder?.lostBeforeFanOut(packet, departure: departure)
    stories?.lostBeforeFanOut(packet, departure: departure)
  }

  mutating func skipped(_ rounds: SkippedRounds) {
    capture?.skipped(rounds)
    stories?.skipped(rounds)
  }

  // MARK: The server

  mutating func timerFiredAtServer(at now: Nanoseconds) { recorder?.timerFiredAtServer(at: now) }

  mutating func timerFiredAtServer(for device: DeviceID, at now: Nanoseconds) {
    recorder?.timerFiredAtServer(for: device, at: now)
  }

  mutating func lost(_ message: Message, from device: DeviceID, at place: PlaceOfLoss, at now: Nanoseconds) {
    recorder?.lost(message, from: device, at: place, at: now)
    stories?.lost(message, from: device, at: place, at: now)
  }

  mutating func arrived(_ message: Message, from device: DeviceID, at now: Nanoseconds) {
    recorder?.arrived(message, from: device, at: now)
    capture?.arrived(message, from: device, at: now)
  }

  mutating func noted(_ note: ServerNote, at now: Nanoseconds) { stories?.noted(note, at: now) }

  // MARK: Devices

  mutating func expected(_ device: DeviceID, cohort: Int, join: Nanoseconds) {
    stories?.expected(device, cohort: cohort, join: join)
  }

  mutating func switchedOn(_ device: DeviceID, at now: Nanoseconds) {
    recorder?.switchedOn(device, at: now)
    stories?.switchedOn(device, at: now)
  }

  mutating func switchedOff(_ device: DeviceID, wasAtItsEnd: Bool, at now: Nanoseconds) {
    recorder?.switchedOff(device, wasAtItsEnd: wasAtItsEnd, at: now)
    stories?.switchedOff(device, wasAtItsEnd: wasAtItsEnd, at: now)
  }

  mutating func timerFired(at device: DeviceID, at now: Nanoseconds) {
    recorder?.timerFired(at: device, at: now)
    stories?.timerFired(at: device, at: now)
  }

  mutating func overran(_ arrival: Arrival<Message>, at device: DeviceID, at now: Nanoseconds) {
    recorder?.overran(arrival, at: device, at: now)
    stories?.overran(arrival, at: device, at: now)
  }

  mutating func lost(_ arrival: Arrival<Message>, to device: DeviceID, at now: Nanoseconds) {
    recorder?.lost(arrival, to: device, at: now)
    stories?.lost(arrival, to: device, at: now)
  }

  mutating func arrived(
    _ arrival: Arrival<Message>, at device: DeviceID, as reception: Reception, at now: Nanoseconds
  ) {
    recorder?.arrived(arrival, at: device, as: reception, at: now)
    capture?.arrived(arrival, at: device, as: reception, at: now)
    stories?.arrived(arrival, at: device, as: reception, at: now)
  }

  mutating func heard(_ stretch: Stretch) {
    capture?.heard(stretch)
    stories?.heard(stretch)
  }

  mutating func completed(_ device: DeviceID, at time: Nanoseconds) { stories?.completed(device, at: time) }

  mutating func departs(_ message: Message, from device: DeviceID, at time: Nanoseconds) {
    capture?.departs(message, from: device, at: time)
    stories?.departs(message, from: device, at: time)
  }

  mutating func noted(_ note: DeviceNote, of device: DeviceID, receiver: Device, at now: Nanoseconds) {
    stories?.noted(note, of: device, receiver: receiver, at: now)
  }
}
