import BlockTransfer
import Network
import PromotionEngine
import Timebase

// What a device does not get, and why it misses a block.

/// What the uplink did with the blocks of the group.
struct UplinkNotes: Sendable {
  /// When each block turned to the uplink last, and was taken; before 0 if it never was.
  private var sentAt: [Nanoseconds]
  /// Blocks that found the queue full. It is only looked up, never iterated.
  private var dropped: Set<BlockNumber> = []

  init(blocks: BlockNumber) { sentAt = [Nanoseconds](repeating: Nanoseconds(-1), count: Int(blocks) + 1) }

  mutating func take(_ block: BlockNumber, at now: Nanoseconds) { sentAt[Int(block)] = now }

  mutating func drop(_ block: BlockNumber) { dropped.insert(block) }

  /// Whether all packets with the block that it took turned to it before an instant, and there was one.
  func tookLast(_ block: BlockNumber, before time: Nanoseconds) -> Bool {
    sentAt[Int(block)] >= .zero && sentAt[Int(block)] < time
  }

  /// Whether it took no packet with the block, because there was no room.
  func onlyDropped(_ block: BlockNumber) -> Bool { sentAt[Int(block)] < .zero && dropped.contains(block) }
}

extension StoryNotes {
  /// What became of packets with a block that the device did not get.
  struct Fates: OptionSet, Sendable {
    var rawValue: UInt8
    static let ownPath = Fates(rawValue: 1)
    static let beforeFanOut = Fates(rawValue: 2)
    static let queue = Fates(rawValue: 4)
    static let link = Fates(rawValue: 8)
    static let buffer = Fates(rawValue: 16)
    static let ownPathInBurst = Fates(rawValue: 32 | ownPath.rawValue)
    static let beforeFanOutInBurst = Fates(rawValue: 64 | beforeFanOut.rawValue)
  }

  /// A segment that a packet did not pass, and why.
  struct SegmentStop: Hashable, Sendable {
    var segment: Int
    var cause: StopCause
    var isInBurst: Bool
  }

  /// A packet that was stopped on its way.
  struct Stop: Sendable {
    var place: DeviceStory.Losses.Place
    var isInBurst: Bool
    /// When it came to that place.
    var time: Nanoseconds
    var isToGroup: Bool
    /// Its block; nil if it is no DATA.
    var block: BlockNumber?
    /// The session that sent it; 0 for none.
    var session: UInt32

    init(of packet: SentPacket<Message>, at place: DeviceStory.Losses.Place, time: Nanoseconds) {
      self.place = place
      self.time = time
      isInBurst = packet.isInBurst
      isToGroup = packet.destination == 0
      block = packet.message.block
      session = packet.pass
    }
  }

  // MARK: Packets

  /// A packet to the device, or to the group, was stopped, or will be: ports work out at once what comes to them later.
  ///
  /// Whether the device listens by then, or is at its end, is not known yet. Even whether it is complete by now may not
  /// be, for a device that follows the log is told of that late. So the packet waits for ``settle(before:)``.
  mutating func miss(_ stop: Stop) {
    if !isAtItsEnd || hearsGroup(at: stop.time) { pending.append(stop) }
  }

  /// Counts the packets that were stopped before an instant up to which it is known whether the device listened.
  mutating func settle(before time: Nanoseconds) {
    guard !pending.isEmpty else { return }
    let due = pending.filter { $0.time < time }
    pending.removeAll { $0.time < time }
    for stop in due where !stop.isToGroup || hearsGroup(at: stop.time) {
      if stop.isToGroup, let block = stop.block {
        lose(block, of: stop.session, at: stop.place, isInBurst: stop.isInBurst)
      } else {
        loseMessage(with: stop.block, at: stop.place, isInBurst: stop.isInBurst, time: stop.time)
      }
    }
  }

  /// What came to the end of the device's path was lost there, or found no room in its buffer.
  mutating func lose(_ arrival: Arrival<Message>, at place: DeviceStory.Losses.Place, time: Nanoseconds) {
    if arrival.addressing == .multicast, let block = arrival.message.block {
      lose(block, of: arrival.pass, at: place, isInBurst: arrival.isInBurst)
    } else {
      loseMessage(with: arrival.message.block, at: place, isInBurst: arrival.isInBurst, time: time)
    }
  }

  /// The device does not get a message to it alone, with a block if that is DATA, or a notice. After its end it waits for
  /// none.
  private mutating func loseMessage(
    with block: BlockNumber?, at place: DeviceStory.Losses.Place, isInBurst: Bool, time: Nanoseconds
  ) {
    guard isUnderWay(at: time) else { return }
    troubles.lostToIt.count(at: place, isInBurst: isInBurst)
    if let block { note(place, isInBurst: isInBurst, of: block) }
  }

  /// The device does not get a packet with a block of the group.
  mutating func lose(
    _ block: BlockNumber, of session: UInt32, at place: DeviceStory.Losses.Place, isInBurst: Bool
  ) {
    note(place, isInBurst: isInBurst, of: block)
    withHeard(session) { $0.losses.count(at: place, isInBurst: isInBurst) }
  }

  // MARK: Blocks

  private mutating func note(_ place: DeviceStory.Losses.Place, isInBurst: Bool, of block: BlockNumber) {
    let fate: Fates
    switch place {
    case .ownPath: fate = isInBurst ? .ownPathInBurst : .ownPath
    case .beforeFanOut: fate = isInBurst ? .beforeFanOutInBurst : .beforeFanOut
    case .queue: fate = .queue
    case .link: fate = .link
    case .buffer: fate = .buffer
    case .segment(let segment, let cause):
      let stop = SegmentStop(segment: segment, cause: cause, isInBurst: isInBurst)
      if segmentStops[block] == nil { segmentStops[block] = stop }
      return
    }
    fates[Int(block)].insert(fate)
  }

  /// Where a packet with the block was stopped that the device would have heard, the first of the causes that apply; nil
  /// if none was.
  private func place(of block: BlockNumber) -> (place: DeviceStory.Losses.Place, isInBurst: Bool)? {
    let fates = fates[Int(block)]
    if fates.contains(.ownPath) { return (.ownPath, fates.contains(.ownPathInBurst)) }
    if fates.contains(.beforeFanOut) { return (.beforeFanOut, fates.contains(.beforeFanOutInBurst)) }
    if fates.contains(.queue) { return (.queue, false) }
    if let stop = segmentStops[block] { return (.segment(stop.segment, stop.cause), stop.isInBurst) }
    if fates.contains(.link) { return (.link, false) }
    return fates.contains(.buffer) ? (.buffer, false) : nil
  }

  /// Why each block is missing.
  func causes(of gaps: borrowing GapMap, _ uplink: UplinkNotes) -> DeviceStory.Causes {
    var causes = DeviceStory.Causes()
    gaps.forEachGap { gap in
      for block in gap.first...gap.last {
        if let (place, isInBurst) = place(of: block) {
          causes.losses.count(at: place, isInBurst: isInBurst)
        } else if uplink.tookLast(block, before: listensSince) {
          causes.notListening += 1
        } else if uplink.onlyDropped(block) {
          causes.losses.count(at: .queue, isInBurst: false)
        } else {
          causes.notSent += 1
        }
      }
    }
    return causes
  }

  /// Notes what the device misses at an instant, if it misses anything.
  mutating func fallShort(
    _ occasion: DeviceStory.Shortfall.Occasion, _ receiver: Device, _ uplink: UplinkNotes, at now: Nanoseconds
  ) {
    guard let file = receiver.file, !receiver.gaps.isEmpty else { return }
    settle(before: now)
    shortfalls.append(
      DeviceStory.Shortfall(
        time: now, occasion: occasion,
        figures: receiver.gaps.statistics(of: file, continuity: parameters.promotion.continuity),
        causes: causes(of: receiver.gaps, uplink)))
  }
}
