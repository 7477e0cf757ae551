import BlockTransfer

/// How a device hears the group.
///
/// **Only listens** is a capability: such a device does one thing with DATA of the group, it notes the block and the
/// instant. It sends nothing, sets no timer earlier, and shows the block to no other part. So its driver may pass it
/// such DATA late and in stretches (``Strategy/listen(_:to:through:except:at:receiver:)``): the ``Run`` keeps a log of
/// what the group was sent, and a device catches up with it before anything else concerns it.
///
/// What a strategy promises with `onlyListens`:
/// 1. One call for a stretch of blocks does what a message for each block would do, whatever their order.
/// 2. The device is complete when its last missing block has come. A stretch can have no other effect.
/// 3. What it hears postpones its deadline, and never brings it nearer. If the deadline is a silence
///    (``ReceiverDeadline/isSilence``), it is ``Strategy/unnoticedSilence`` after the last packet of the group.
///
/// A device may only listen to some blocks, and act on others, which it awaits: see `AwaitedBlocks.swift`.
///
/// A value of the promise's type is the proof: only the protocol's engine makes one. A strategy without the capability
/// has `Never` there, and its run has no log.
public enum Hearing<OnlyListens: Sendable>: Sendable {
  /// Not at all.
  case nothing
  /// What it hears may make it act: each packet is an event.
  case acts
  /// It only listens.
  case onlyListens(OnlyListens)

  /// Whether the device does not hear the group.
  @inlinable public var isNothing: Bool { if case .nothing = self { true } else { false } }
}

/// The effect of a stretch of the group's packets on a device that only listens.
public struct Listened: Hashable, Sendable, BitwiseCopyable {
  /// The blocks of it that the device missed, and has now.
  public var filled: GapMap.Filled
  /// Whether the device has become complete.
  public var isComplete: Bool

  /// What a stretch brought.
  @inlinable
  public init(filled: GapMap.Filled, isComplete: Bool) {
    self.filled = filled
    self.isComplete = isComplete
  }
}
