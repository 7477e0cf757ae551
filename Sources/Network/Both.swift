import BlockTransfer
import Timebase

// ``Observer`` documents what the two are told.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// Two observers of one run.
public struct Both<First: Observer, Second: Observer>: Observer where First.Observed == Second.Observed {
  /// The protocol that both observe.
  public typealias Observed = First.Observed

  /// Hears of everything before ``second``.
  public var first: First
  /// Hears of everything after ``first``.
  public var second: Second

  /// Puts two observers together.
  @inlinable
  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  @inlinable public var hasSeenEnough: Bool { first.hasSeenEnough || second.hasSeenEnough }
  @inlinable public var nextSample: Nanoseconds { min(first.nextSample, second.nextSample) }
  @inlinable public var wantsLastSample: Bool { first.wantsLastSample || second.wantsLastSample }
  @inlinable public static var looksInside: Bool { First.looksInside || Second.looksInside }
  @inlinable public static var wantsBursts: Bool { First.wantsBursts || Second.wantsBursts }

  @inlinable
  public mutating func sample(at time: Nanoseconds, busy: Nanoseconds, totals: Port.Totals, segments: [UInt64]) {
    first.sample(at: time, busy: busy, totals: totals, segments: segments)
    second.sample(at: time, busy: busy, totals: totals, segments: segments)
  }

  @inlinable
  public mutating func expected(_ device: DeviceID, cohort: Int, join: Nanoseconds) {
    first.expected(device, cohort: cohort, join: join)
    second.expected(device, cohort: cohort, join: join)
  }

  @inlinable
  public mutating func switchedOn(_ device: DeviceID, at now: Nanoseconds) {
    first.switchedOn(device, at: now)
    second.switchedOn(device, at: now)
  }

  @inlinable
  public mutating func switchedOff(_ device: DeviceID, wasAtItsEnd: Bool, at now: Nanoseconds) {
    first.switchedOff(device, wasAtItsEnd: wasAtItsEnd, at: now)
    second.switchedOff(device, wasAtItsEnd: wasAtItsEnd, at: now)
  }

  @inlinable
  public mutating func timerFired(at device: DeviceID, at now: Nanoseconds) {
    first.timerFired(at: device, at: now)
    second.timerFired(at: device, at: now)
  }

  @inlinable
  public mutating func timerFiredAtServer(at now: Nanoseconds) {
    first.timerFiredAtServer(at: now)
    second.timerFiredAtServer(at: now)
  }

  @inlinable
  public mutating func timerFiredAtServer(for device: DeviceID, at now: Nanoseconds) {
    first.timerFiredAtServer(for: device, at: now)
    second.timerFiredAtServer(for: device, at: now)
  }

  @inlinable
  public mutating func turns(_ datagram: Datagram<Observed.Message>, at now: Nanoseconds) {
    first.turns(datagram, at: now)
    second.turns(datagram, at: now)
  }

  @inlinable
  public mutating func sent(_ packet: SentPacket<Observed.Message>, departure: Nanoseconds, at now: Nanoseconds) {
    first.sent(packet, departure: departure, at: now)
    second.sent(packet, departure: departure, at: now)
  }

  @inlinable
  public mutating func dropped(_ packet: SentPacket<Observed.Message>, bytesSent: UInt64, at now: Nanoseconds) {
    first.dropped(packet, bytesSent: bytesSent, at: now)
    second.dropped(packet, bytesSent: bytesSent, at: now)
  }

  @inlinable
  public mutating func stopped(
    _ packet: SentPacket<Observed.Message>, for below: StoppedFor, cause: StopCause, at time: Nanoseconds
  ) {
    first.stopped(packet, for: below, cause: cause, at: time)
    second.stopped(packet, for: below, cause: cause, at: time)
  }

  @inlinable
  public mutating func overran(_ arrival: Arrival<Observed.Message>, at device: DeviceID, at now: Nanoseconds) {
    first.overran(arrival, at: device, at: now)
    second.overran(arrival, at: device, at: now)
  }

  @inlinable
  public mutating func lostBeforeFanOut(_ packet: SentPacket<Observed.Message>, departure: Nanoseconds) {
    first.lostBeforeFanOut(packet, departure: departure)
    second.lostBeforeFanOut(packet, departure: departure)
  }

  @inlinable
  public mutating func neverLeft(_ kind: Port.Kind) {
    first.neverLeft(kind)
    second.neverLeft(kind)
  }

  @inlinable
  public mutating func outlivedTrace(_ device: DeviceID) {
    first.outlivedTrace(device)
    second.outlivedTrace(device)
  }

  @inlinable
  public mutating func reached(_ device: DeviceID, byFirstDataOf pass: UInt32) {
    first.reached(device, byFirstDataOf: pass)
    second.reached(device, byFirstDataOf: pass)
  }

  @inlinable
  public mutating func lost(_ arrival: Arrival<Observed.Message>, to device: DeviceID, at now: Nanoseconds) {
    first.lost(arrival, to: device, at: now)
    second.lost(arrival, to: device, at: now)
  }

  @inlinable
  public mutating func arrived(
    _ arrival: Arrival<Observed.Message>, at device: DeviceID, as reception: Reception, at now: Nanoseconds
  ) {
    first.arrived(arrival, at: device, as: reception, at: now)
    second.arrived(arrival, at: device, as: reception, at: now)
  }

  @inlinable
  public mutating func heard(_ stretch: Stretch) {
    first.heard(stretch)
    second.heard(stretch)
  }

  @inlinable
  public mutating func completed(_ device: DeviceID, at time: Nanoseconds) {
    first.completed(device, at: time)
    second.completed(device, at: time)
  }

  @inlinable
  public mutating func departs(_ message: Observed.Message, from device: DeviceID, at time: Nanoseconds) {
    first.departs(message, from: device, at: time)
    second.departs(message, from: device, at: time)
  }

  @inlinable
  public mutating func lost(
    _ message: Observed.Message, from device: DeviceID, at place: PlaceOfLoss, at now: Nanoseconds
  ) {
    first.lost(message, from: device, at: place, at: now)
    second.lost(message, from: device, at: place, at: now)
  }

  @inlinable
  public mutating func arrived(_ message: Observed.Message, from device: DeviceID, at now: Nanoseconds) {
    first.arrived(message, from: device, at: now)
    second.arrived(message, from: device, at: now)
  }

  @inlinable
  public mutating func skipped(_ rounds: SkippedRounds) {
    first.skipped(rounds)
    second.skipped(rounds)
  }

  @inlinable
  public mutating func inside(_ device: DeviceID, receiver: Observed.Receiver) {
    if First.looksInside { first.inside(device, receiver: receiver) }
    if Second.looksInside { second.inside(device, receiver: receiver) }
  }

  @inlinable
  public mutating func inside(_ sender: Observed.Sender) {
    if First.looksInside { first.inside(sender) }
    if Second.looksInside { second.inside(sender) }
  }

  @inlinable
  public mutating func noted(
    _ note: Observed.ReceiverNote, of device: DeviceID, receiver: Observed.Receiver, at now: Nanoseconds
  ) {
    first.noted(note, of: device, receiver: receiver, at: now)
    second.noted(note, of: device, receiver: receiver, at: now)
  }

  @inlinable
  public mutating func noted(_ note: Observed.SenderNote, at now: Nanoseconds) {
    first.noted(note, at: now)
    second.noted(note, at: now)
  }

  @inlinable
  public mutating func check(
    _ device: DeviceID, offered: UInt64, counts: PathCounts, receiver: Observed.Receiver
  ) {
    first.check(device, offered: offered, counts: counts, receiver: receiver)
    second.check(device, offered: offered, counts: counts, receiver: receiver)
  }

  @inlinable
  public mutating func check(_ sender: Observed.Sender, taken: Port.Totals, at now: Nanoseconds) {
    first.check(sender, taken: taken, at: now)
    second.check(sender, taken: taken, at: now)
  }
}
