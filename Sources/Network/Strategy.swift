import BlockTransfer
import Timebase

/// What the two ends of a protocol say to each other on the network.
///
/// A message without references (`BitwiseCopyable`) costs no reference count on its way.
public protocol NetworkMessage: Hashable, Sendable {
  /// DATA of a block.
  static func data(_ block: BlockNumber) -> Self
  /// The block whose DATA this is; nil for any other message.
  var block: BlockNumber? { get }
}

/// A protocol that brings one file to many devices: its two ends, what they say, and how long that is on the wire.
///
/// A strategy is a value with the settings of a scenario. It drives a ``Sender`` (one, at the server) and a
/// ``Receiver`` for each device. An input goes in (a message, a timer that fired, the time), effects come out, and the
/// ``Run`` carries them out. An end has no clock, no socket and no random numbers.
///
/// A strategy may also say what it *can do at once*. Each such capability has its own file, with the argument why it
/// changes nothing: ``OnlyListens`` (the log), climbs, acts when complete, awaits blocks, ``Rounds`` (lock-step),
/// answers at once (the repair), ``Quiet`` (windows to one device), ``Decision`` (forks). Every capability has a plain
/// default that is always right: then each packet is an event. The types of the capabilities are `Never` by default, so
/// a strategy cannot claim one without bringing what it needs.
public protocol Strategy: Sendable {
  /// What the two ends say to each other.
  associatedtype Message: NetworkMessage
  /// The server's end.
  associatedtype Sender: Sendable
  /// A device's end.
  associatedtype Receiver: Sendable
  /// What the server's end wants done after an input.
  associatedtype SenderEffect: Sendable
  /// What a device's end wants done after an input.
  associatedtype ReceiverEffect: Sendable
  /// What the server's end reports to an ``Observer``: a pass began, a decision was taken.
  associatedtype SenderNote: Sendable
  /// What a device's end reports to an ``Observer``: a role was entered, a check was made.
  associatedtype ReceiverNote: Sendable
  /// The promise that a device only listens; see ``Hearing``.
  associatedtype OnlyListens: Sendable = Never
  /// The promise that a session repeats rounds; see ``LockStep``.
  associatedtype Rounds: Sendable = Never
  /// The promise that a device takes its own DATA quietly; see ``QuietBlocks``.
  associatedtype Quiet: Sendable = Never
  /// On what an input decides; see ``decision(on:from:to:)``.
  associatedtype Decision: Sendable = Never

  /// The file that all devices want.
  var file: FileLayout { get }
  /// The UDP payload, in bytes, of DATA with this many bytes of the file.
  func payload(ofData bytes: UInt32) -> UInt64
  /// The UDP payload of any other message.
  func payload(of message: Message) -> UInt64
  /// Whether devices ask for random delays (``ReceiverAction/drawDelay(upTo:)``).
  var drawsDelays: Bool { get }

  // MARK: The server's end

  /// A server that has heard no device.
  func makeSender(expecting devices: Int) -> Sender
  /// A message of a device arrives.
  func deliver(
    _ message: Message, from device: DeviceID, to sender: inout Sender, at now: Nanoseconds,
    into effects: inout [SenderEffect])
  /// When ``fire(_:at:into:)`` is due.
  func deadline(of sender: Sender) -> Nanoseconds
  /// The server's deadline has come. Firing early or twice does nothing.
  func fire(_ sender: inout Sender, at now: Nanoseconds, into effects: inout [SenderEffect])
  /// When ``fire(_:for:at:into:)`` is due; never, by default.
  func deadline(of sender: Sender, for device: DeviceID) -> Nanoseconds
  /// The server's deadline for one device has come.
  func fire(_ sender: inout Sender, for device: DeviceID, at now: Nanoseconds, into effects: inout [SenderEffect])
  /// What the network must do for an effect.
  func action(for effect: SenderEffect) -> SenderAction<Message, SenderNote>

  // MARK: A device's end

  /// A device that is switched off.
  func makeReceiver() -> Receiver
  /// The device is switched on.
  func switchOn(
    _ receiver: inout Receiver, cohort: Int, at now: Nanoseconds, into effects: inout [ReceiverEffect])
  /// The device is switched off.
  func switchOff(_ receiver: inout Receiver, into effects: inout [ReceiverEffect])
  /// A message of the server arrives, alone or with the group's traffic.
  func deliver(
    _ message: Message, by addressing: Addressing, to receiver: inout Receiver, cohort: Int, at now: Nanoseconds,
    into effects: inout [ReceiverEffect]
  ) -> Reception
  /// When ``fire(_:cohort:at:into:)`` is due, and what for.
  func deadline(of receiver: Receiver) -> ReceiverDeadline
  /// The device's deadline has come. Firing early or twice does nothing.
  func fire(_ receiver: inout Receiver, cohort: Int, at now: Nanoseconds, into effects: inout [ReceiverEffect])
  /// Passes on the delay that the device asked for by ``ReceiverAction/drawDelay(upTo:)``.
  func delay(_ receiver: inout Receiver, by delay: Nanoseconds)
  /// What the network must do for an effect.
  func action(for effect: ReceiverEffect) -> ReceiverAction<Message, ReceiverNote>
  /// How the device hears the group at `now`. This changes nothing; it is passed so that the device is not copied.
  func hearing(of receiver: inout Receiver, at now: Nanoseconds) -> Hearing<OnlyListens>
  /// Whether the device has not been switched on yet.
  func isOff(_ receiver: Receiver) -> Bool
  /// Whether the device is complete or has failed, so that switching it off changes nothing.
  func isAtItsEnd(_ receiver: Receiver) -> Bool

  // MARK: What it can do at once

  /// The longest silence of the group that no device notices; see ``Hearing``. Never by default.
  var unnoticedSilence: Nanoseconds { get }
  /// Takes blocks of the group, in one call for a stretch. The last of them arrives at `now`; see ``Hearing``.
  func listen(
    _ promise: OnlyListens, to first: BlockNumber, through last: BlockNumber,
    except lost: UnsafeBufferPointer<Gap>, at now: Nanoseconds, receiver: inout Receiver
  ) -> Listened
  /// Whether a device that only listens takes climbs; see ``Climb``. False by default. It takes several at once
  /// (``Coverage``) only if ``firstMissing(after:_:)`` says what it misses; a block that comes twice must count once then.
  var takesClimbs: Bool { get }
  /// Takes blocks of the group, some of which are left out. The last that the device received arrives at `now`; see
  /// ``Climb`` and ``Coverage``.
  func listen(
    _ promise: OnlyListens, to received: inout some ReceivedBlocks, at now: Nanoseconds, receiver: inout Receiver
  ) -> Listened
  /// Reserves room for the expected gaps. It has no other effect.
  func makeRoom(forGaps count: Int, in receiver: inout Receiver)
  /// Whether a device that only listens acts when it has everything; see `DecisiveBlock.swift`. False by default.
  var actsWhenComplete: Bool { get }
  /// A block that the device misses, for one that acts when it has everything; 0 if there is none. If it can be foreseen,
  /// it is the last one to come after `block` (0 if none has come).
  func decisiveBlock(of receiver: Receiver, after block: BlockNumber) -> BlockNumber
  /// Lets the device act if it has everything; false if it misses something.
  func actWhenComplete(
    _ receiver: inout Receiver, cohort: Int, at now: Nanoseconds, into effects: inout [ReceiverEffect]
  ) -> Bool
  /// Whether devices that otherwise only listen may await blocks; see `AwaitedBlocks.swift`. False by default.
  var awaitsBlocks: Bool { get }
  /// Up to which block a device awaits what it misses; 0 if it awaits nothing, and by default.
  func awaitsThrough(_ promise: OnlyListens) -> BlockNumber
  /// The first block behind another one that a device misses that awaits blocks or takes climbs; nil if there is none,
  /// or if the strategy does not say. This changes nothing; the device is passed so that it is not copied.
  func firstMissing(after block: BlockNumber, _ receiver: inout Receiver) -> BlockNumber?
  /// A device that awaits blocks took others of the group that it missed, the last of them at `time`.
  func tookUnasked(_ receiver: inout Receiver, at time: Nanoseconds)
  /// The lock-step of a device with the server; nil by default, and for a device without one. See ``LockStep``.
  func lockStep(of receiver: Receiver, device: DeviceID, with sender: Sender) -> LockStep<Rounds>?
  /// Moves both ends on by rounds of lock-step; see ``LockStep``.
  func skip(
    _ rounds: UInt32, of lockStep: LockStep<Rounds>, receiver: inout Receiver, cohort: Int, askedAt: Nanoseconds,
    sender: inout Sender, heardAt: Nanoseconds)
  /// How many blocks of its own DATA, from this one on, a device takes quietly; nil by default, and if it is not so. See
  /// ``QuietBlocks``. This changes nothing; it is passed so that the device is not copied.
  func quietBlocks(of receiver: inout Receiver, cohort: Int, from block: BlockNumber) -> QuietBlocks<Quiet>?
  /// Takes quiet blocks, the last of which arrives at `now`.
  func take(
    _ promise: Quiet, _ first: BlockNumber, through last: BlockNumber, receiver: inout Receiver, cohort: Int,
    at now: Nanoseconds
  ) -> AnswerAtOnce<Message>
  /// Takes a message that the server answers at once with one datagram to the device, or one window. Nil by default,
  /// and for any other message; then it changes nothing. See `AnswersAtOnce.swift`.
  func answerAtOnce(_ message: Message, from device: DeviceID, sender: inout Sender, at now: Nanoseconds)
    -> Answer<Message>?
  /// Takes DATA that the device answers at once, or not at all. Nil by default, and for any other DATA. See
  /// `AnswersAtOnce.swift`.
  func takeAtOnce(_ block: BlockNumber, receiver: inout Receiver, cohort: Int, at now: Nanoseconds)
    -> AnswerAtOnce<Message>?
  /// Whether DATA changes nothing at a device that does not only listen, because it has the block; false by default. See
  /// `AnswersAtOnce.swift`. It changes nothing; the device is passed so that it is not copied.
  func ignores(_ block: BlockNumber, receiver: inout Receiver) -> Bool
  /// What the server would decide on if this message arrived; nil if nothing, and by default.
  ///
  /// Runs that differ only in the bound of their decisions are one run up to the first decision that they take
  /// differently. So a run may be copied before it, and the copies go on with bounds on either side.
  func decision(on message: Message, from device: DeviceID, to sender: Sender) -> Decision?
  /// Whether a device may decide when its timer fires; false by default.
  var decidesWhenFired: Bool { get }
  /// What the device would decide on if its timer fired at `now`; nil if nothing, and by default.
  func decision(firing receiver: Receiver, cohort: Int, at now: Nanoseconds) -> Decision?
}

/// What DATA was to a device.
public enum Reception: Hashable, Sendable, BitwiseCopyable {
  /// A block that it missed.
  case new
  /// A block that it had.
  case duplicate
  /// No DATA, or none of its file.
  case other
}

/// When a device's timer fires.
public struct ReceiverDeadline: Hashable, Sendable, BitwiseCopyable {
  /// The instant.
  public var time: Nanoseconds
  /// Whether it is only a silence of the group. What the device hears postpones it, and brings no other deadline
  /// nearer. For a device that only listens; see ``Hearing``.
  public var isSilence: Bool

  /// A deadline.
  @inlinable
  public init(time: Nanoseconds, isSilence: Bool = false) {
    self.time = time
    self.isSilence = isSilence
  }
}

/// What the network does for the server.
public enum SenderAction<Message: Sendable, Note: Sendable>: Sendable {
  /// Send a message to one device, no earlier than `leavesAt`.
  case unicast(Message, to: DeviceID, leavesAt: Nanoseconds)
  /// Send DATA `first…last` to one device, one after the other.
  case unicastData(first: BlockNumber, last: BlockNumber, to: DeviceID, leavesAt: Nanoseconds)
  /// Send a message to the group.
  case multicast(Message, leavesAt: Nanoseconds)
  /// Send DATA `first…last` to the group, one after the other.
  case multicastData(first: BlockNumber, last: BlockNumber, leavesAt: Nanoseconds)
  /// The server's deadline for this device was set.
  case watch(DeviceID)
  /// A pass over the file begins, and observers are told. What is sent from now on belongs to it.
  case passOpened(Note)
  /// The pass is over. Observers are told when all devices have caught up.
  case passEnded(Note)
  /// Observers hear of it.
  case note(Note)
}

/// What the network does for a device.
public enum ReceiverAction<Message: Sendable, Note: Sendable>: Sendable {
  /// Send a message to the server, no earlier than `leavesAt`.
  case send(Message, leavesAt: Nanoseconds)
  /// Draw a delay from 0 to this, uniformly, and pass it on by ``Strategy/delay(_:by:)``.
  case drawDelay(upTo: Nanoseconds)
  /// The device has everything.
  case completed
  /// Observers hear of it.
  case note(Note)
}

// MARK: - The plain defaults: every packet is an event

extension Strategy {
  /// No random delays.
  @inlinable public var drawsDelays: Bool { false }
  /// The server waits for no single device.
  @inlinable public func deadline(of sender: Sender, for device: DeviceID) -> Nanoseconds { .never }
  /// Nothing is due for a single device.
  @inlinable
  public func fire(
    _ sender: inout Sender, for device: DeviceID, at now: Nanoseconds, into effects: inout [SenderEffect]
  ) {}
  /// No device asks for a delay.
  @inlinable public func delay(_ receiver: inout Receiver, by delay: Nanoseconds) {}
  /// Nothing to make room for.
  @inlinable public func makeRoom(forGaps count: Int, in receiver: inout Receiver) {}
  /// No device waits for a silence.
  @inlinable public var unnoticedSilence: Nanoseconds { .never }
  /// No device acts when it has everything.
  @inlinable public var actsWhenComplete: Bool { false }
  /// No device ignores what it has.
  @inlinable public func ignores(_ block: BlockNumber, receiver: inout Receiver) -> Bool { false }
  /// No block is decisive.
  @inlinable public func decisiveBlock(of receiver: Receiver, after block: BlockNumber) -> BlockNumber { 0 }
  /// It does not act.
  @inlinable
  public func actWhenComplete(
    _ receiver: inout Receiver, cohort: Int, at now: Nanoseconds, into effects: inout [ReceiverEffect]
  ) -> Bool { false }
  /// No device awaits blocks.
  @inlinable public var awaitsBlocks: Bool { false }
  /// None.
  @inlinable public func awaitsThrough(_ promise: OnlyListens) -> BlockNumber { 0 }
  /// Never called.
  @inlinable public func firstMissing(after block: BlockNumber, _ receiver: inout Receiver) -> BlockNumber? { nil }
  /// Never called.
  @inlinable public func tookUnasked(_ receiver: inout Receiver, at time: Nanoseconds) {}
  /// No lock-step.
  @inlinable
  public func lockStep(of receiver: Receiver, device: DeviceID, with sender: Sender) -> LockStep<Rounds>? { nil }
  /// No device takes its DATA quietly.
  @inlinable
  public func quietBlocks(of receiver: inout Receiver, cohort: Int, from block: BlockNumber) -> QuietBlocks<Quiet>? {
    nil
  }
  /// Nothing is answered at once.
  @inlinable
  public func answerAtOnce(_ message: Message, from device: DeviceID, sender: inout Sender, at now: Nanoseconds)
    -> Answer<Message>?
  { nil }
  /// Nothing is taken at once.
  @inlinable
  public func takeAtOnce(_ block: BlockNumber, receiver: inout Receiver, cohort: Int, at now: Nanoseconds)
    -> AnswerAtOnce<Message>?
  { nil }
  /// Nothing is decided.
  @inlinable
  public func decision(on message: Message, from device: DeviceID, to sender: Sender) -> Decision? { nil }
  /// No device decides.
  @inlinable public var decidesWhenFired: Bool { false }
  /// Nothing is decided.
  @inlinable
  public func decision(firing receiver: Receiver, cohort: Int, at now: Nanoseconds) -> Decision? { nil }
}

extension Strategy where OnlyListens == Never {
  /// No device only listens.
  @inlinable
  public func listen(
    _ promise: Never, to first: BlockNumber, through last: BlockNumber, except lost: UnsafeBufferPointer<Gap>,
    at now: Nanoseconds, receiver: inout Receiver
  ) -> Listened {}
}

extension Strategy where Quiet == Never {
  /// No device takes its DATA quietly.
  @inlinable
  public func take(
    _ promise: Never, _ first: BlockNumber, through last: BlockNumber, receiver: inout Receiver, cohort: Int,
    at now: Nanoseconds
  ) -> AnswerAtOnce<Message> {}
}

extension Strategy where Rounds == Never {
  /// There is no lock-step.
  @inlinable
  public func skip(
    _ rounds: UInt32, of lockStep: LockStep<Never>, receiver: inout Receiver, cohort: Int, askedAt: Nanoseconds,
    sender: inout Sender, heardAt: Nanoseconds
  ) {}
}
