import BitCollections
import BlockTransfer
import EventSimulation
import Timebase

// A packet between the uplink and the devices: fan-out (N3), loss (N5), arrival.
extension Run {
  /// A packet of the group left the uplink, or will at `departure`, and no port is below it. It reaches the devices in
  /// the order of their numbers.
  ///
  /// The first DATA of each pass goes to all devices as events, and so does every packet that is no DATA. Any other
  /// DATA goes to the log, and as events to devices that do not just listen.
  @inlinable
  mutating func fanOut(_ message: S.Message, pass: UInt32, departure: Nanoseconds) {
    let sequence = queue.takeSequenceNumbers(UInt64(stations.count + 1))
    var arrival = Arrival(message: message, addressing: .multicast, pass: pass)
    if let block = message.block {
      arrival.opensPass = branches[0].opens(pass)
      if delivery == .byRuns, !arrival.opensPass {
        branches[0].log.append(
          MulticastRun(
            departure: departure, period: .zero, sequence: sequence, sequenceStep: 0, first: block, count: 1,
            pass: pass))
        lookAtThoseAwaiting(block, on: 0, departure: departure, sequence: sequence)
        for index in packetFollowers.members { schedule(arrival, to: index, departure: departure, sequence: sequence) }
        return
      }
    }
    deliver(arrival, to: 0, departure: departure, sequence: sequence)
  }

  @inlinable
  mutating func schedule(_ arrival: Arrival<S.Message>, to index: Int, departure: Nanoseconds, sequence: UInt64) {
    let device = DeviceID(index + 1)
    let time = arrivalTime(at: index, of: departure)
    queue.schedule(.reachesDevice(device, arrival), as: EventKey(time: time, sequence: sequence + UInt64(device)))
  }

  /// A packet continues its fan-out until another event comes first.
  @inlinable
  mutating func fanOut(_ arrival: Arrival<S.Message>, from start: UInt32) {
    let horizon = min(network.limits.time, observer.nextSample)
    var next = Int(start)
    let end = branches[stations[Int(fanOutOrder[next]) - 1].branch].order.upperBound
    let origin = origin(ofArrivalAt: fanOutOrder[next])
    while true {
      reach(Int(fanOutOrder[next]) - 1, with: arrival)  // no path has jitter
      next += 1
      guard next < end else { return }
      let key = key(ofArrivalAt: fanOutOrder[next], from: origin)
      if key.time > horizon || key.time >= nextLook || nextKey < key {
        queue.schedule(.fansOut(arrival, next: UInt32(next)), as: key)
        return
      }
      now = key
    }
  }

  /// When the packet that now arrives at a device left, with the sequence number before those of its arrivals.
  @inlinable
  func origin(ofArrivalAt device: DeviceID) -> EventKey {
    EventKey(time: now.time - stations[Int(device) - 1].latency, sequence: now.sequence - UInt64(device))
  }

  /// The key of a packet's arrival at a device.
  @inlinable @inline(__always)
  func key(ofArrivalAt device: DeviceID, from origin: EventKey) -> EventKey {
    EventKey(time: origin.time + stations[Int(device) - 1].latency, sequence: origin.sequence + UInt64(device))
  }

  /// A packet comes to the end of its path to a device, which may have jitter.
  @inlinable @inline(__always)
  mutating func reach(_ device: DeviceID, with arrival: Arrival<S.Message>) {
    let index = Int(device) - 1
    if stations[index].hasJitter { stations[index].undisturbed = stations[index].downJitter?.arrived() ?? now.time }
    reach(index, with: arrival)
  }

  /// A packet comes to the end of its path: nobody hears it, or it is lost, or the device gets it (N5).
  @inlinable @inline(__always)
  mutating func reach(_ index: Int, with arrival: Arrival<S.Message>) {
    if arrival.addressing == .unicast { executed += 1 }
    guard stations[index].isOn else { return }
    if arrival.addressing == .multicast, let block = arrival.message.block {
      hear(block, of: arrival, at: index)
    } else {
      take(arrival, at: index)
    }
  }

  /// A packet arrives that is no DATA of the group.
  @inlinable
  mutating func take(_ arrival: Arrival<S.Message>, at index: Int) {
    catchUp(DeviceID(index + 1))
    guard
      arrival.addressing == .unicast || !stations[index].hearing(by: strategy, at: now.time).isNothing
    else { return }
    guard !isLost(arrival, onTheWayTo: index) else { return }
    if hasBuffers, stations[index].hasBuffer { return putIntoBuffer(arrival, at: index) }
    hand(arrival, to: index)
  }

  /// A device takes what is no DATA of the group.
  @inlinable @inline(__always)
  mutating func hand(_ arrival: Arrival<S.Message>, to index: Int) {
    if let block = arrival.message.block, takeAtOnce(block, of: arrival, at: index) { return }
    receive(arrival, at: index)
  }

  /// A device receives a message, and its effects are carried out.
  @inlinable @inline(never)
  mutating func receive(_ arrival: Arrival<S.Message>, at index: Int) {
    let reception = strategy.deliver(
      arrival.message, by: arrival.addressing, to: &stations[index].receiver, cohort: stations[index].cohort,
      at: now.time, into: &receiverEffects)
    observer.arrived(
      arrival, at: DeviceID(index + 1), as: reception, at: now.time)
    lookInside(index)
    settle(index)
  }

  /// Offers one packet to the loss of a device's path. What was foreseen for the log did not include it.
  @inlinable @inline(__always)
  mutating func isLost(_ arrival: Arrival<S.Message>, onTheWayTo index: Int) -> Bool {
    foreseeNothing(of: index)
    guard arrival.frames == 0 ? stations[index].loses(at: now.time) : losesFragment(arrival.frames, onTheWayTo: index)
    else { return false }
    if O.wantsBursts, stations[index].lossIsInBurst(ofFrames: arrival.frames) {
      var lost = arrival
      lost.frames |= 1 << 31
      observer.lost(lost, to: DeviceID(index + 1), at: now.time)
    } else {
      observer.lost(arrival, to: DeviceID(index + 1), at: now.time)
    }
    lookInside(index)
    return true
  }

  @inlinable @inline(never)
  mutating func losesFragment(_ pattern: UInt32, onTheWayTo index: Int) -> Bool {
    stations[index].loses(at: now.time, frames: patterns.all[Int(pattern)])
  }

  /// DATA of the group reaches the end of its path.
  @inlinable
  mutating func hear(_ block: BlockNumber, of arrival: Arrival<S.Message>, at index: Int) {
    if stations[index].following.isLog { catchUp(DeviceID(index + 1)) }
    hearNext(block, of: arrival, at: index)
  }

  /// The same at a device that has caught up with what came before.
  @inlinable @inline(__always)
  mutating func hearNext(_ block: BlockNumber, of arrival: Arrival<S.Message>, at index: Int) {
    let hearing = stations[index].hearing(by: strategy, at: now.time)
    if hearing.isNothing { return stopFollowing(index) }
    if arrival.opensPass {
      observer.reached(DeviceID(index + 1), byFirstDataOf: arrival.pass)
      followPass(index)
    }
    if isLost(arrival, onTheWayTo: index) { return }
    if hasBuffers, stations[index].hasBuffer { return putIntoBuffer(arrival, at: index) }
    if case .onlyListens(let promise) = hearing, !acts(on: block, by: promise) {
      listen(promise, to: block, of: arrival, at: index)
    } else if !takeAtOnce(block, of: arrival, at: index) {
      receive(arrival, at: index)
    }
  }

  /// A device that only listens takes one block.
  @inlinable @inline(__always)
  mutating func listen(_ promise: S.OnlyListens, to block: BlockNumber, of arrival: Arrival<S.Message>, at index: Int) {
    let heard = stations[index].listen(by: strategy, promise, to: block, at: now)
    observer.arrived(
      arrival, at: DeviceID(index + 1), as: heard.filled.count > 0 ? .new : .duplicate,
      at: now.time)
    lookInside(index)
    if heard.filled.count > 0, strategy.awaitsThrough(promise) > 0 {
      strategy.tookUnasked(&stations[index].receiver, at: now.time)
    }
    if heard.isComplete {
      observer.completed(DeviceID(index + 1), at: now.time)
    }
    guard !actIfComplete(index, after: block) else { return }
    #if DEBUG
      check(index)
    #endif
  }

  /// A message of a device enters a path with jitter.
  @inlinable
  mutating func leave(_ device: DeviceID, message: S.Message) {
    let index = Int(device) - 1
    let undisturbed = now.time + stations[index].latency
    let time = stations[index].upJitter?.arrival(undisturbed) ?? undisturbed
    schedule(message, from: device, at: time + branches[stations[index].branch].distance)
  }
}
