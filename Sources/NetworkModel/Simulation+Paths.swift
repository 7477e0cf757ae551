import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// What becomes of a packet between the uplink and the devices: fan-out (N3), loss (N5), arrival.
extension Simulation {
  /// A packet of the group left the uplink, or will at `departure`; it reaches the devices in the order of their numbers.
  ///
  /// The first DATA of each session goes to all devices as events, and so does what is no DATA; any other DATA goes to
  /// the log, and as events to those who do not just listen.
  mutating func fanOut(_ message: Message, session: UInt32, departure: Nanoseconds) {
    let place = queue.takePlaces(UInt64(stations.count + 1))
    var arrival = Arrival(message: message, channel: .multicast, session: session)
    if case .data(let block) = message {
      arrival.opensSession = ledger.opensFanOut(session: session)
      if delivery == .byRuns, !arrival.opensSession {
        log.append(
          MulticastRun(
            departure: departure, period: .zero, place: place, placeStep: 0, first: block, count: 1, session: session))
        for index in packetFollowers.members { schedule(arrival, to: index, departure: departure, place: place) }
        return
      }
    }
    if let fanOutOrder {
      guard let first = fanOutOrder.first else { return }
      queue.schedule(
        .fansOut(arrival, next: 0), as: key(ofArrivalAt: first, from: EventKey(time: departure, place: place)))
    } else {
      for index in stations.indices { schedule(arrival, to: index, departure: departure, place: place) }
    }
  }

  private mutating func schedule(_ arrival: Arrival, to index: Int, departure: Nanoseconds, place: UInt64) {
    let device = DeviceID(index + 1)
    let time = stations[index].arrival(of: departure)
    queue.schedule(.reachesDevice(device, arrival), as: EventKey(time: time, place: place + UInt64(device)))
  }

  /// A packet goes on through its fan-out until another event comes first.
  mutating func fanOut(_ arrival: Arrival, from start: UInt32) {
    guard let fanOutOrder else { return }
    let horizon = min(configuration.limits.time, nextSample)
    var next = Int(start)
    let origin = origin(ofArrivalAt: fanOutOrder[next])
    while true {
      if next + 1 < fanOutOrder.count { prefetchStation(of: fanOutOrder[next + 1]) }
      reach(fanOutOrder[next], with: arrival)
      next += 1
      guard next < fanOutOrder.count else { return }
      let key = key(ofArrivalAt: fanOutOrder[next], from: origin)
      if key.time > horizon || key.time >= nextLook || queue.first.map({ $0 < key }) ?? false {
        queue.schedule(.fansOut(arrival, next: UInt32(next)), as: key)
        return
      }
      now = key
    }
  }

  /// When the packet left that arrives at a device now, with the place before those of its arrivals.
  func origin(ofArrivalAt device: DeviceID) -> EventKey {
    EventKey(time: now.time - stations[Int(device) - 1].latency, place: now.place - UInt64(device))
  }

  /// The key of a packet's arrival at a device.
  @inline(__always)
  func key(ofArrivalAt device: DeviceID, from origin: EventKey) -> EventKey {
    EventKey(time: origin.time + stations[Int(device) - 1].latency, place: origin.place + UInt64(device))
  }

  /// A packet comes to the end of its path to a device: nobody's, lost, or the device's (N5).
  @inline(__always)
  mutating func reach(_ device: DeviceID, with arrival: Arrival) {
    let index = Int(device) - 1
    if arrival.channel == .unicast { events += 1 }
    guard stations[index].isOn else { return }
    if arrival.channel == .multicast, case .data(let block) = arrival.message {
      hear(block, of: arrival, at: index)
    } else {
      take(arrival, at: index)
    }
  }

  /// A packet comes that is no DATA of the group.
  private mutating func take(_ arrival: Arrival, at index: Int) {
    catchUp(DeviceID(index + 1))
    guard
      arrival.channel == .unicast
        || stations[index].device.hearing(at: now.time, smartListens: smartListens) != .nothing
    else { return }
    guard !isLost(onTheWayTo: index) else { return }
    stations[index].tally.received += 1
    if case .data(let block) = arrival.message {
      if !fetch(block, at: index) { receive(block, of: arrival, at: index) }
    } else {
      if arrival.channel == .unicast { prefetchStation(of: DeviceID(index + 2)) }
      receive(arrival, at: index)
      settle(index)
    }
  }

  /// A device receives unicast DATA.
  @inline(never)
  private mutating func receive(_ block: BlockNumber, of arrival: Arrival, at index: Int) {
    let before = stations[index].device.gaps.missing
    receive(arrival, at: index)
    if stations[index].device.gaps.missing < before {
      stations[index].tally.countRepair(of: block, in: configuration.file)
    } else if !stations[index].device.gaps.contains(block) {
      stations[index].tally.duplicates += 1
    }
    settle(index)
  }

  /// Offers one packet to the loss of a device's path. What was foreseen of the log was without it.
  @inline(__always)
  private mutating func isLost(onTheWayTo index: Int) -> Bool {
    foreseeNothing(of: index)
    stations[index].tally.offered += 1
    guard stations[index].downLoss.loses() else { return false }
    stations[index].tally.lost += 1
    return true
  }

  /// DATA of the group comes to the end of its path.
  private mutating func hear(_ block: BlockNumber, of arrival: Arrival, at index: Int) {
    if stations[index].following == .log { catchUp(DeviceID(index + 1)) }
    let hearing = stations[index].device.hearing(at: now.time, smartListens: smartListens)
    if hearing == .nothing { return stopFollowing(index) }
    if arrival.opensSession { countFirstData(of: arrival.session, at: index) }
    if isLost(onTheWayTo: index) {
      if arrival.session == 1 { stations[index].tally.sessionOneLost += 1 }
      return
    }
    if hearing == .onlyListens {
      let filled = stations[index].device.receive(block, through: block, at: now.time)
      stations[index].alarm.see(now.place)
      count(block, isNew: filled.count > 0, session: arrival.session, at: index)
      if filled.count > 0, stations[index].device.isComplete { stations[index].complete(at: now.time) }
      #if DEBUG
        checkInvariants(of: index)
      #endif
      return
    }
    let before = stations[index].device.gaps.missing
    receive(arrival, at: index)
    let isNew = stations[index].device.gaps.missing < before
    count(block, isNew: isNew, session: arrival.session, at: index)
    settle(index)
  }

  /// Counts a DATA of the group that arrived.
  @inline(__always)
  private mutating func count(_ block: BlockNumber, isNew: Bool, session: UInt32, at index: Int) {
    stations[index].tally.countMulticast(1, new: isNew ? 1 : 0, session: session)
    guard isNew else { return }
    stations[index].tally.countBytes(of: 1, lastBlock: block == configuration.file.blocks, of: configuration.file)
  }

  /// Who listens when the first DATA of a session would arrive is of its first set, and of the test of N9.
  private mutating func countFirstData(of session: UInt32, at index: Int) {
    if stations[index].device.role == .passive {
      ledger.countFirstHearing(DeviceID(index + 1), &stations[index].tally, session: session)
    }
    if session == 1 { stations[index].tally.isInUniformityTable = true }
  }

  /// A message of a device turns to a path with jitter.
  mutating func leave(_ device: DeviceID, message: Message) {
    let index = Int(device) - 1
    let undisturbed = now.time + stations[index].latency
    let time = stations[index].upJitter?.arrival(undisturbed) ?? undisturbed
    queue.schedule(.reachesServer(device, message), at: time)
  }
}

extension Station {
  /// When a packet that leaves the uplink at `departure` arrives (N3).
  mutating func arrival(of departure: Nanoseconds) -> Nanoseconds {
    hasJitter ? downJitter?.arrival(departure + latency) ?? departure + latency : departure + latency
  }
}
