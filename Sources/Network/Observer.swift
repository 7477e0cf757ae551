import BitCollections
import BlockTransfer
import Timebase

/// An observer is told what happens in a run, and cannot change it.
///
/// An observer is a value of the run, so a copy of the run has its own. Every method has a default that does nothing,
/// and a method that does nothing compiles to nothing. Two observers can be combined (``Both``).
///
/// An observer is told what one place of the network sees (the uplink, the server, each device) in the order of time. A
/// device that follows the log hears its packets in stretches, when it catches up. So between places the order of calls
/// may differ from that of time. With packet-by-packet delivery it does not.
public protocol Observer<Observed>: Sendable {
  /// The protocol that is observed.
  associatedtype Observed: Strategy

  /// Whether the run is to end now.
  var hasSeenEnough: Bool { get }
  /// When ``sample(at:busy:totals:)`` is due next; never, by default.
  var nextSample: Nanoseconds { get }
  /// Whether to take one more sample if a run is complete before the sample was due; false by default.
  var wantsLastSample: Bool { get }
  /// Everything up to `time` has happened, that instant included, and all devices have caught up.
  ///
  /// - Parameters:
  ///   - busy: how long the uplink has been sending.
  ///   - totals: the bytes that have left it.
  ///   - segments: the bytes that have left each segment, in the order of the configuration.
  mutating func sample(at time: Nanoseconds, busy: Nanoseconds, totals: Port.Totals, segments: [UInt64])

  /// A device will be switched on at `join`; called for every device before the run, in the order of their numbers.
  mutating func expected(_ device: DeviceID, cohort: Int, join: Nanoseconds)
  /// A device is switched on, or off; `wasAtItsEnd` if it was complete or had failed.
  mutating func switchedOn(_ device: DeviceID, at now: Nanoseconds)
  mutating func switchedOff(_ device: DeviceID, wasAtItsEnd: Bool, at now: Nanoseconds)
  /// A timer fired at a device, at the server, or at the server for one device.
  mutating func timerFired(at device: DeviceID, at now: Nanoseconds)
  mutating func timerFiredAtServer(at now: Nanoseconds)
  mutating func timerFiredAtServer(for device: DeviceID, at now: Nanoseconds)

  /// A datagram, or a window of DATA, arrives at the uplink.
  mutating func turns(_ datagram: Datagram<Observed.Message>, at now: Nanoseconds)
  /// The uplink took a packet of it, whose last bit leaves at `departure`.
  mutating func sent(_ packet: SentPacket<Observed.Message>, departure: Nanoseconds, at now: Nanoseconds)
  /// A packet of it found the queue full. If it has several frames, some of them, with so many bytes, left all the same.
  mutating func dropped(_ packet: SentPacket<Observed.Message>, bytesSent: UInt64, at now: Nanoseconds)
  /// A packet to the group was lost before the fan-out.
  mutating func lostBeforeFanOut(_ packet: SentPacket<Observed.Message>, departure: Nanoseconds)
  /// A packet did not pass a port below the uplink (N10).
  ///
  /// - Parameters:
  ///   - below: who does not get it.
  ///   - cause: why.
  ///   - time: when it came to that port, which may not be yet: ports work out at once what turns to the uplink.
  mutating func stopped(
    _ packet: SentPacket<Observed.Message>, for below: StoppedFor, cause: StopCause, at time: Nanoseconds)
  /// A packet was sent that has not left the uplink at the end of the run.
  mutating func neverLeft(_ kind: Port.Kind)
  /// At the end: packets were offered to a trace of loss on the way to a device, or from it, after its end.
  mutating func outlivedTrace(_ device: DeviceID)

  /// A device is the first to hear of a pass, or hears its first DATA, which may be lost on its way yet.
  mutating func reached(_ device: DeviceID, byFirstDataOf pass: UInt32)
  /// Whether the observer wants to know of losses in the bad state of a chain: of ``Arrival/isInBurst``,
  /// ``SentPacket/isInBurst`` and ``Stretch/isInBurst(_:)``. False by default, because it takes time.
  static var wantsBursts: Bool { get }
  /// A message was lost on its way to a device.
  mutating func lost(
    _ arrival: Arrival<Observed.Message>, to device: DeviceID, at now: Nanoseconds)
  /// A message did not fit into a device's buffer (N11).
  mutating func overran(_ arrival: Arrival<Observed.Message>, at device: DeviceID, at now: Nanoseconds)
  /// A message arrived at a device, which has taken it.
  mutating func arrived(
    _ arrival: Arrival<Observed.Message>, at device: DeviceID, as reception: Reception,
    at now: Nanoseconds)
  /// A device that only listens has caught up with a stretch of what the group was sent.
  mutating func heard(_ stretch: Stretch)
  /// A device has everything since `time`, which may be in the past when it catches up.
  mutating func completed(_ device: DeviceID, at time: Nanoseconds)
  /// A device sends a message to the server.
  mutating func departs(_ message: Observed.Message, from device: DeviceID, at time: Nanoseconds)
  /// A message was lost on its way to the server.
  mutating func lost(
    _ message: Observed.Message, from device: DeviceID, at place: PlaceOfLoss, at now: Nanoseconds)
  /// A message arrived at the server, which has taken it.
  mutating func arrived(
    _ message: Observed.Message, from device: DeviceID, at now: Nanoseconds)
  /// Rounds of lock-step were skipped.
  mutating func skipped(_ rounds: SkippedRounds)

  /// Whether the observer wants to look at an end of the protocol after each of these calls that concern one: a device
  /// switched on or off, a timer that fired, a message lost or arrived. False by default, because it takes time.
  static var looksInside: Bool { get }
  /// How a device stands after what the observer was told last.
  mutating func inside(_ device: DeviceID, receiver: Observed.Receiver)
  /// How the server stands after what the observer was told last.
  mutating func inside(_ sender: Observed.Sender)

  /// What an end tells.
  mutating func noted(
    _ note: Observed.ReceiverNote, of device: DeviceID, receiver: Observed.Receiver, at now: Nanoseconds)
  mutating func noted(_ note: Observed.SenderNote, at now: Nanoseconds)
  /// An input of a device, or of the server, has been carried out. It is told how many packets were offered to the loss
  /// of the device's path so far, what else happened on its way, and how much the uplink has taken. Called only in debug
  /// builds, and at the end of a run.
  mutating func check(_ device: DeviceID, offered: UInt64, counts: PathCounts, receiver: Observed.Receiver)
  mutating func check(_ sender: Observed.Sender, taken: Port.Totals, at now: Nanoseconds)
}

/// Who does not get a packet that was stopped below the uplink (N10).
public enum StoppedFor: Sendable {
  /// All devices below a segment, by its index.
  case segment(Int)
  /// All devices of a cohort, by its index, at their links; but for some, by their numbers less one.
  case links(cohort: Int, except: BitSet)
  /// One device, at its link.
  case link(DeviceID)
}

/// Where a message was lost on its way to the server.
public enum PlaceOfLoss: Hashable, Sendable {
  /// On the device's own path (N5).
  case ownPath
  /// On a segment, by its index (N10).
  case segment(Int)
}

/// Why a packet was stopped.
public enum StopCause: Hashable, Sendable {
  /// The queue was full.
  case queue
  /// It was lost before the fan-out.
  case loss
}

/// A packet that arrives at the uplink.
public struct SentPacket<Message: Sendable>: Sendable {
  /// What it says.
  public var message: Message
  /// Whether a loss took it that is in the bad state of a chain (``Observer/wantsBursts``).
  public var isInBurst = false
  /// The device, or 0 for the group.
  public var destination: DeviceID
  /// The pass that sends it, counted from 1; 0 if it belongs to none.
  public var pass: UInt32
  /// Its UDP payload in bytes.
  public var payload: UInt64
  /// Its bytes on the wire (N1, N12).
  public var bytes: UInt64

  @inlinable
  init(message: Message, destination: DeviceID, pass: UInt32, payload: UInt64, bytes: UInt64) {
    self.payload = payload
    self.message = message
    self.destination = destination
    self.pass = pass
    self.bytes = bytes
  }
}

/// Rounds of lock-step that were skipped: in each a window is sent, arrives whole, and its ask arrives at the server.
public struct SkippedRounds: Sendable {
  /// The device that drives.
  public var device: DeviceID
  /// The pass.
  public var pass: UInt32
  /// The first block of the first window.
  public var first: BlockNumber
  /// Blocks of a window.
  public var windowSize: Int
  /// How many rounds.
  public var rounds: Int
  /// When the first window turned to the uplink.
  public var start: Nanoseconds
  /// The time from one round to the next.
  public var period: Nanoseconds
  /// Bytes of a packet on the wire.
  public var bytes: UInt64
  /// The time from a round's beginning until the device has read the first packet of the window.
  public var firstArrival: Nanoseconds
  /// The time from one packet of a window to the next, at the device.
  public var spacing: Nanoseconds
  /// The time from a window's last arrival to the departure of the ask.
  public var answerDelay: Nanoseconds
  /// The time from the ask's departure to its arrival at the server.
  public var latencyUp: Nanoseconds

  @inlinable
  init(
    device: DeviceID, pass: UInt32, first: BlockNumber, windowSize: Int, rounds: Int, start: Nanoseconds,
    period: Nanoseconds, bytes: UInt64, firstArrival: Nanoseconds, spacing: Nanoseconds, answerDelay: Nanoseconds,
    latencyUp: Nanoseconds
  ) {
    self.device = device
    self.pass = pass
    self.first = first
    self.windowSize = windowSize
    self.rounds = rounds
    self.start = start
    self.period = period
    self.bytes = bytes
    self.firstArrival = firstArrival
    self.spacing = spacing
    self.answerDelay = answerDelay
    self.latencyUp = latencyUp
  }

  /// All blocks.
  public var blocks: ClosedRange<BlockNumber> { first...first + UInt32(rounds * windowSize - 1) }

  /// The blocks of one round; rounds are counted from 0.
  public func window(of round: Int) -> ClosedRange<BlockNumber> {
    let first = first + UInt32(round * windowSize)
    return first...first + UInt32(windowSize - 1)
  }

  /// When the window of a round turns to the uplink.
  public func turn(of round: Int) -> Nanoseconds { start + period * round }

  /// When a packet of a round's window arrives at the device; packets are counted from 0.
  public func arrival(of packet: Int, in round: Int) -> Nanoseconds {
    turn(of: round) + firstArrival + spacing * packet
  }

  /// When the device sends the ask of a round.
  public func askDeparture(of round: Int) -> Nanoseconds { arrival(of: windowSize - 1, in: round) + answerDelay }

  /// When the ask of a round arrives at the server.
  public func askArrival(of round: Int) -> Nanoseconds { askDeparture(of: round) + latencyUp }
}

// MARK: - Nothing

// The protocol documents these.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Observer {
  @inlinable public var hasSeenEnough: Bool { false }
  @inlinable public var nextSample: Nanoseconds { .never }
  @inlinable public var wantsLastSample: Bool { false }
  @inlinable
  public mutating func sample(at time: Nanoseconds, busy: Nanoseconds, totals: Port.Totals, segments: [UInt64]) {}
  @inlinable public mutating func expected(_ device: DeviceID, cohort: Int, join: Nanoseconds) {}
  @inlinable
  public mutating func switchedOn(_ device: DeviceID, at now: Nanoseconds) {}
  @inlinable
  public mutating func switchedOff(
    _ device: DeviceID, wasAtItsEnd: Bool, at now: Nanoseconds
  ) {}
  @inlinable
  public mutating func timerFired(at device: DeviceID, at now: Nanoseconds) {}
  @inlinable public mutating func timerFiredAtServer(at now: Nanoseconds) {}
  @inlinable
  public mutating func timerFiredAtServer(for device: DeviceID, at now: Nanoseconds) {}
  @inlinable public mutating func turns(_ datagram: Datagram<Observed.Message>, at now: Nanoseconds) {}
  @inlinable
  public mutating func sent(_ packet: SentPacket<Observed.Message>, departure: Nanoseconds, at now: Nanoseconds) {}
  @inlinable
  public mutating func dropped(_ packet: SentPacket<Observed.Message>, bytesSent: UInt64, at now: Nanoseconds) {}
  @inlinable
  public mutating func lostBeforeFanOut(_ packet: SentPacket<Observed.Message>, departure: Nanoseconds) {}
  @inlinable
  public mutating func stopped(
    _ packet: SentPacket<Observed.Message>, for below: StoppedFor, cause: StopCause, at time: Nanoseconds
  ) {}
  @inlinable public mutating func neverLeft(_ kind: Port.Kind) {}
  @inlinable public mutating func outlivedTrace(_ device: DeviceID) {}
  @inlinable public mutating func reached(_ device: DeviceID, byFirstDataOf pass: UInt32) {}
  @inlinable
  public mutating func lost(
    _ arrival: Arrival<Observed.Message>, to device: DeviceID, at now: Nanoseconds
  ) {}
  @inlinable
  public mutating func overran(_ arrival: Arrival<Observed.Message>, at device: DeviceID, at now: Nanoseconds) {}
  @inlinable
  public mutating func arrived(
    _ arrival: Arrival<Observed.Message>, at device: DeviceID, as reception: Reception,
    at now: Nanoseconds
  ) {}
  @inlinable public mutating func heard(_ stretch: Stretch) {}
  @inlinable public mutating func completed(_ device: DeviceID, at time: Nanoseconds) {}
  @inlinable public mutating func departs(_ message: Observed.Message, from device: DeviceID, at time: Nanoseconds) {}
  @inlinable
  public mutating func lost(
    _ message: Observed.Message, from device: DeviceID, at place: PlaceOfLoss, at now: Nanoseconds
  ) {}
  @inlinable
  public mutating func arrived(
    _ message: Observed.Message, from device: DeviceID, at now: Nanoseconds
  ) {}
  @inlinable public mutating func skipped(_ rounds: SkippedRounds) {}
  @inlinable public static var looksInside: Bool { false }
  @inlinable public static var wantsBursts: Bool { false }
  @inlinable public mutating func inside(_ device: DeviceID, receiver: Observed.Receiver) {}
  @inlinable public mutating func inside(_ sender: Observed.Sender) {}
  @inlinable
  public mutating func noted(
    _ note: Observed.ReceiverNote, of device: DeviceID, receiver: Observed.Receiver, at now: Nanoseconds
  ) {}
  @inlinable public mutating func noted(_ note: Observed.SenderNote, at now: Nanoseconds) {}
  @inlinable public mutating func check(
    _ device: DeviceID, offered: UInt64, counts: PathCounts, receiver: Observed.Receiver
  ) {}
  @inlinable public mutating func check(_ sender: Observed.Sender, taken: Port.Totals, at now: Nanoseconds) {}
}

/// No observer.
public struct NoObserver<Observed: Strategy>: Observer {
  /// No observer.
  @inlinable
  public init() {}
}
