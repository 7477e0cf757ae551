import BitCollections
import BlockTransfer
import EventSimulation
import Timebase

// Links: the port of one device, the last on its way (N10).
//
// All links of a cohort are alike, and all get each frame to the group. So they do the same, and one port, the twin in
// the tree, stands for all that are in step with it. What a frame to one device does:
// 1. If it finds the link idle, and has left before another frame comes, nothing tells the link from the twin any more.
//    Such a frame is *lone*, and is only remembered until the group's next frame comes.
// 2. Otherwise the device's link goes out of step. It becomes a port of its own, with the lone frame, or with all that the
//    twin had taken by then.
// 3. While it is out of step, its frames are worked out one by one, and the group's DATA comes to the device as events.
// 4. When a packet to the group finds both the link and the twin idle, nothing tells one from the other any more, and
//    the link is in step again.
// Packet-by-packet delivery knows no twin: every link is out of step for the whole run, and writes the same bytes.
extension Run {
  /// Sends one frame to a device over its link. Returns when it has left; nil if it found the queue full.
  @inlinable
  mutating func carryOverLink(of index: Int, bytes: UInt64, kind: Port.Kind, at arrival: Nanoseconds) -> Nanoseconds? {
    if stations[index].ownLink < 0 {
      let branch = stations[index].branch
      let node = branches[branch].node
      if let departure = tree.carryLone(bytes: bytes, over: node, at: arrival) {
        let frame = LoneFrame(
          index: index, bytes: bytes, kind: kind, arrival: arrival, departure: departure,
          droppedBefore: tree.nodes[node].port.dropped)
        if branches[branch].take(frame) { return departure }
      }
      leaveStep(index)
    }
    return links.carryFrame(bytes: bytes, kind: kind, over: stations[index].ownLink, at: arrival)
  }

  /// A packet to the group comes to the links of a branch. Those that still send a lone frame go out of step.
  @inlinable @inline(never)
  mutating func meetLoneFrames(on branch: Int) {
    let first = tree.firstTime(at: branches[branch].segment)
    guard first != .never else { return }
    branches[branch].forgetLoneFrames(leftBy: first)
    for frame in branches[branch].lone { leaveStep(frame.index) }
    branches[branch].lone.removeAll(keepingCapacity: true)
  }

  /// Gives the device a link of its own.
  @inlinable @inline(never)
  mutating func leaveStep(_ index: Int) {
    guard stations[index].ownLink < 0 else { return }
    catchUp(DeviceID(index + 1))
    let branch = stations[index].branch
    let twin = tree.nodes[branches[branch].node].port
    let frame = branches[branch].loneFrame(to: index)
    stations[index].counts.linkDrops += (frame?.droppedBefore ?? twin.dropped) - stations[index].droppedBefore
    let link = OwnLink(like: twin, with: frame, openedPass: branches[branch].openedPass)
    stations[index].ownLink = links.take(link)
    branches[branch].outOfStep.insert(index)
    // What is in flight came in step. A device that does not listen yet may begin to before it arrives.
    if stations[index].following.isNothing {
      stations[index].position = firstInFlight(to: index)
      scheduleInFlight(to: DeviceID(index + 1))
    }
    followAgain(index)
  }

  /// The device's link does what the twin does from now on.
  @inlinable @inline(never)
  mutating func enterStep(_ index: Int) {
    let branch = stations[index].branch
    let link = stations[index].ownLink
    stations[index].counts.linkDrops += links[link].port.dropped
    stations[index].droppedBefore = tree.nodes[branches[branch].node].droppedBefore
    links.release(link)
    stations[index].ownLink = -1
    stations[index].firstInStep = branches[branch].log.packets
    if stations[index].following.isNothing { stations[index].position = branches[branch].log.packets }
    branches[branch].outOfStep.remove(index)
    followAgain(index)
  }

  /// Packet-by-packet delivery has no twins.
  @inlinable
  mutating func takeAllLinksOutOfStep() {
    for index in stations.indices where branches[stations[index].branch].hasLinks { leaveStep(index) }
  }

  /// Counts what a device's link has dropped, at the end of a run.
  @inlinable
  mutating func settleLink(_ index: Int) {
    let branch = stations[index].branch
    guard branches[branch].hasLinks else { return }
    let link = stations[index].ownLink
    let dropped = link < 0 ? tree.nodes[branches[branch].node].port.dropped : links[link].port.dropped
    stations[index].counts.linkDrops += dropped - (link < 0 ? stations[index].droppedBefore : 0)
  }

  /// The first packet of the log that has not arrived at a device, and came in step.
  @inlinable
  mutating func firstInFlight(to index: Int) -> Int {
    if stations[index].hasJitter {
      passArrived(index)
      return stations[index].position
    }
    let arrived = branches[stations[index].branch].log.arrived(
      before: now, latency: stations[index].latency, device: DeviceID(index + 1))
    return max(arrived, stations[index].firstInStep)
  }

  @inlinable
  mutating func followAgain(_ index: Int) {
    foreseeNothing(of: index)
    follow(index)
    watch(index)
  }

  /// Sends a packet to the group through the links of a branch that are out of step.
  @inlinable @inline(never)
  mutating func carryToOwnLinks(
    of branch: Int, _ packet: SentPacket<S.Message>, _ sizes: Frames, kind: Port.Kind, arrivesWhole: Bool,
    sequence: UInt64
  ) {
    let segment = branches[branch].segment
    let first = tree.firstTime(at: segment)
    guard first != .never else { return }
    let twinWasIdle = tree.nodes[branches[branch].node].wasIdle
    for index in branches[branch].outOfStep {
      let link = stations[index].ownLink
      if delivery == .byRuns, twinWasIdle, links[link].port.freeAt <= first,
        links[link].openedPass == branches[branch].openedPass
      {
        enterStep(index)
        continue
      }
      guard let departure = links.carry(sizes, kind: kind, over: link, from: tree.times(at: segment)) else {
        if arrivesWhole {
          observer.stopped(
            packet, for: .link(DeviceID(index + 1)), cause: .queue, at: tree.departure(at: segment))
        }
        continue
      }
      guard arrivesWhole else { continue }
      var arrival = Arrival(
        message: packet.message, addressing: .multicast, pass: packet.pass,
        frames: patterns.number(of: links.times[...]))
      if packet.message.block != nil { arrival.opensPass = links.opens(packet.pass, at: link) }
      schedule(arrival, to: index, departure: departure, sequence: sequence)
    }
  }
}

/// The link of one device that is out of step.
@usableFromInline
struct OwnLink: Sendable {
  @usableFromInline var port: Port
  /// The last pass of which DATA left it.
  @usableFromInline var openedPass: UInt32

  /// A link that was in step until a lone frame came, if any did.
  @usableFromInline
  init(like twin: Port, with frame: LoneFrame?, openedPass: UInt32) {
    if let frame {
      port = twin.unused
      _ = port.offer(bytes: frame.bytes, kind: frame.kind, at: frame.arrival)
    } else {
      port = twin
      port.dropped = 0
    }
    self.openedPass = openedPass
  }
}

/// A frame to one device that found its link idle.
@usableFromInline
struct LoneFrame: Sendable, BitwiseCopyable {
  /// The device's number less one.
  @usableFromInline let index: Int
  @usableFromInline let bytes: UInt64
  @usableFromInline let kind: Port.Kind
  /// When it came to the link, and when it has left it.
  @usableFromInline let arrival: Nanoseconds
  @usableFromInline let departure: Nanoseconds
  /// What the twin had dropped by then.
  @usableFromInline let droppedBefore: UInt64

  @inlinable
  init(
    index: Int, bytes: UInt64, kind: Port.Kind, arrival: Nanoseconds, departure: Nanoseconds, droppedBefore: UInt64
  ) {
    self.index = index
    self.bytes = bytes
    self.kind = kind
    self.arrival = arrival
    self.departure = departure
    self.droppedBefore = droppedBefore
  }
}

extension Branch {
  /// A frame comes to a link like the twin, which is idle. False if the link itself still sends a lone frame.
  @usableFromInline
  mutating func take(_ frame: LoneFrame) -> Bool {
    forgetLoneFrames(leftBy: frame.arrival)
    guard lone.isEmpty || loneFrame(to: frame.index) == nil else { return false }
    lone.append(frame)
    return true
  }

  /// Frames come to the links in the order of time, so one that has left by then meets no other.
  @inlinable
  mutating func forgetLoneFrames(leftBy time: Nanoseconds) {
    while let last = lone.last, last.departure <= time { lone.removeLast() }
    if lone.count > 1 { lone.removeAll { $0.departure <= time } }
  }

  /// Whether no link still sends a lone frame at `time`.
  @inlinable
  func meetsNoLoneFrame(at time: Nanoseconds) -> Bool { lone.allSatisfy { $0.departure <= time } }

  /// The lone frame that the link of a device still sends.
  @inlinable
  func loneFrame(to index: Int) -> LoneFrame? { lone.last { $0.index == index } }
}

/// The links that are out of step.
@usableFromInline
struct OwnLinks: Sendable {
  private var all: ContiguousArray<OwnLink> = []
  private var free: [Int] = []
  /// When the frames of the last packet left the link that it was carried over; never, if they did not.
  @usableFromInline private(set) var times: ContiguousArray<Nanoseconds> = []

  @usableFromInline
  init() {}

  @usableFromInline
  subscript(link: Int) -> OwnLink { all[link] }

  /// Keeps a link, and returns its index.
  @usableFromInline
  mutating func take(_ link: OwnLink) -> Int {
    guard let index = free.popLast() else {
      all.append(link)
      return all.count - 1
    }
    all[index] = link
    return index
  }

  @usableFromInline
  mutating func release(_ link: Int) { free.append(link) }

  /// Whether all links are idle at `now`.
  @usableFromInline
  func areIdle(at now: Nanoseconds) -> Bool { all.allSatisfy { $0.port.freeAt <= now } }

  /// Whether DATA of a pass is the first that left a link.
  @usableFromInline
  mutating func opens(_ pass: UInt32, at link: Int) -> Bool {
    guard pass > all[link].openedPass else { return false }
    all[link].openedPass = pass
    return true
  }

  /// Sends one frame over a link. Returns when it has left; nil if it found the queue full.
  @usableFromInline
  mutating func carryFrame(bytes: UInt64, kind: Port.Kind, over link: Int, at arrival: Nanoseconds) -> Nanoseconds? {
    all[link].port.offer(bytes: bytes, kind: kind, at: arrival)
  }

  /// Sends the frames that came over a link. Returns when the packet has left it; nil if any of them found the queue
  /// full, or had not come.
  @usableFromInline
  mutating func carry(
    _ sizes: Frames, kind: Port.Kind, over link: Int, from arrivals: ArraySlice<Nanoseconds>
  ) -> Nanoseconds? {
    times.removeAll(keepingCapacity: true)
    var isWhole = true
    for (frame, arrival) in arrivals.enumerated() {
      let departure =
        arrival == .never
        ? nil
        : all[link].port.offer(
          bytes: sizes.bytes(of: frame), kind: kind, endsPacket: frame == sizes.count - 1, at: arrival)
      if departure == nil { isWhole = false }
      times.append(departure ?? .never)
    }
    return isWhole ? times.last : nil
  }
}
