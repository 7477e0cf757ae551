import BlockTransfer
import EventSimulation
import Timebase

// Packets on their way between the server and single devices. Most come in the order of time, since the uplink is served
// first come, first served, and most paths take equally long. So each of the three parts of their way has events of its own,
// in the order of their keys. What comes out of order goes to the queue.
extension Run {
  /// The key of the next event; ``EventKey/afterAll`` if there is none.
  @inlinable
  var nextKey: EventKey {
    @inline(__always)
    mutating get {
      let other = queue.first ?? .afterAll
      return firstUnderWay < other ? firstUnderWay : other
    }
  }

  /// The key of a packet that comes at `time`, behind all that was scheduled for that instant before.
  @inlinable @inline(__always)
  mutating func nextKey(at time: Nanoseconds) -> EventKey {
    precondition(time >= now.time, "a packet comes before what has happened")
    return EventKey(time: time, sequence: queue.takeSequenceNumbers())
  }

  /// Finds the first packet that comes in order, after one was removed.
  @inlinable @inline(__always)
  mutating func findFirstUnderWay() {
    let first = toServer.first < toUplink.first ? toServer.first : toUplink.first
    firstUnderWay = toDevices.first < first ? toDevices.first : first
  }

  /// A packet was added that comes in order.
  @inlinable @inline(__always)
  mutating func noteUnderWay(_ key: EventKey) {
    if key < firstUnderWay { firstUnderWay = key }
  }

  /// A datagram of the server arrives at the uplink at `time`. Those to the group, and windows, go to the queue.
  @inlinable @inline(__always)
  mutating func schedule(_ datagram: Datagram<S.Message>, at time: Nanoseconds) {
    let key = nextKey(at: time)
    guard datagram.destination != 0, datagram.lastBlock == 0, toUplink.takes(key) else {
      return queue.schedule(.uplink(datagram), as: key, in: uplinkLane)
    }
    toUplink.append(datagram, as: key)
    noteUnderWay(key)
  }

  /// A message of a device would arrive at the server at `time`.
  @inlinable @inline(__always)
  mutating func schedule(_ message: S.Message, from device: DeviceID, at time: Nanoseconds) {
    let key = nextKey(at: time)
    guard toServer.takes(key) else { return queue.schedule(.reachesServer(device, message), as: key) }
    toServer.append(Sent(message: message, device: device), as: key)
    noteUnderWay(key)
  }

  /// A message to one device would arrive there at `time`.
  @inlinable @inline(__always)
  mutating func schedule(_ arrival: Arrival<S.Message>, at device: DeviceID, _ time: Nanoseconds) {
    let key = nextKey(at: time)
    guard toDevices.takes(key) else { return queue.schedule(.reachesDevice(device, arrival), as: key) }
    toDevices.append(
      Arriving(message: arrival.message, device: device, pass: arrival.pass, frames: arrival.frames), as: key)
    noteUnderWay(key)
  }

  /// Lets packets arrive as long as they come in order and nothing else comes before them. True if `pauses` held before one.
  @inlinable @inline(never)
  mutating func arriveAll(until horizon: Nanoseconds, unless pauses: (inout Self) -> Bool) -> Bool {
    defer { queue.pass(now) }
    while true {
      guard firstUnderWay.time <= horizon, firstUnderWay.time < nextLook, queue.isBehind(firstUnderWay),
        !hasReachedEventLimit(), !observer.hasSeenEnough
      else { return false }
      if pauses(&self) { return true }
      arriveNext()
    }
  }

  /// The first packet that comes in order does what it is under way for.
  @inlinable @inline(__always)
  mutating func arriveNext() {
    now = firstUnderWay
    if now.sequence == toServer.first.sequence {
      let sent = toServer.removeFirst()
      findFirstUnderWay()
      reachServer(sent.message, from: sent.device)
    } else if now.sequence == toUplink.first.sequence {
      let datagram = toUplink.removeFirst()
      findFirstUnderWay()
      sendToDevice(datagram)
    } else {
      let arriving = toDevices.removeFirst()
      findFirstUnderWay()
      reach(arriving)
    }
  }

  /// A packet to one device comes to the end of its path.
  @inlinable @inline(__always)
  mutating func reach(_ arriving: Arriving) {
    reach(
      arriving.device,
      with: Arrival(
        message: arriving.message, addressing: .unicast, pass: arriving.pass, frames: arriving.frames))
  }

  /// A message of a device on its way to the server.
  @usableFromInline
  struct Sent: Sendable {
    @usableFromInline var message: S.Message
    @usableFromInline var device: DeviceID

    @inlinable
    init(message: S.Message, device: DeviceID) {
      self.message = message
      self.device = device
    }
  }

  /// A message on its way to one device; see ``Arrival``.
  @usableFromInline
  struct Arriving: Sendable {
    @usableFromInline var message: S.Message
    @usableFromInline var device: DeviceID
    @usableFromInline var pass: UInt32
    @usableFromInline var frames: UInt32

    @inlinable
    init(message: S.Message, device: DeviceID, pass: UInt32, frames: UInt32) {
      self.message = message
      self.device = device
      self.pass = pass
      self.frames = frames
    }
  }
}
