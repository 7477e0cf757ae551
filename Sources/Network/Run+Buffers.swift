import BlockTransfer
import EventSimulation
import Timebase

// Devices that read what arrives out of a buffer (N11).
//
// A datagram that arrives is offered to the loss of the path, then to the buffer, and is read when it leaves that. The
// key of its reading has the sequence number of its arrival. A device that follows the log need not know what lies in
// its buffer: it takes what it has *read* before an event. So nothing is offered to its loss or its buffer before it
// would be read, as long as nothing else arrives, and nothing changes how it hears. Before either, all that has arrived
// goes into the buffer, and what is still unread there gets events of its own.
extension Run {
  /// A datagram arrives at a buffer.
  @inlinable @inline(never)
  mutating func putIntoBuffer(_ arrival: Arrival<S.Message>, at index: Int) {
    let payload = payload(of: arrival)
    guard let read = stations[index].takeIntoBuffer(payload: payload, at: now.time) else {
      observer.overran(arrival, at: DeviceID(index + 1), at: now.time)
      return lookInside(index)
    }
    queue.schedule(.reads(DeviceID(index + 1), arrival), as: EventKey(time: read, sequence: now.sequence), in: readLane)
  }

  @inlinable
  func payload(of arrival: Arrival<S.Message>) -> UInt64 {
    guard let block = arrival.message.block else { return strategy.payload(of: arrival.message) }
    return strategy.payload(ofData: strategy.file.bytes(of: block))
  }

  /// A device reads a datagram that waited in its buffer, unless it has been switched off or listens no more.
  @inlinable @inline(never)
  mutating func read(_ arrival: Arrival<S.Message>, at index: Int) {
    guard stations[index].isOn else { return }
    if arrival.addressing == .unicast {
      catchUp(DeviceID(index + 1))
      stations[index].counts.unread -= 1
      return hand(arrival, to: index)
    }
    let hearing = stations[index].hearing(by: strategy, at: now.time)
    // A DATA of the group changes nothing else at a device that only listens, and what arrived behind it is read later.
    if let block = arrival.message.block, case .onlyListens(let promise) = hearing, !acts(on: block, by: promise) {
      stations[index].counts.unread -= 1
      return listen(promise, to: block, of: arrival, at: index)
    }
    catchUp(DeviceID(index + 1))
    if hearing.isNothing { return }
    stations[index].counts.unread -= 1
    if arrival.message.block != nil { receive(arrival, at: index) } else { hand(arrival, to: index) }
  }

  /// A device that follows the log takes what it reads before `key`.
  @inlinable @inline(never)
  mutating func hearThroughBuffer(_ promise: S.OnlyListens, at index: Int, before key: EventKey) {
    let branch = stations[index].branch
    let device = DeviceID(index + 1)
    let latency = stations[index].latency
    let shortest = need(of: strategy.file.blocks, at: index).service
    let need = need(of: 1, at: index)
    let end = branches[branch].log.arrived(
      before: EventKey(time: key.time - min(shortest, need.service), sequence: key.sequence), latency: latency,
      device: device)
    guard end > stations[index].position else { return }
    // Where no two packets come closer than it takes to read one, each finds the buffer empty once it is so.
    let waits = need.room < .zero || need.service > branches[branch].log.leastDistance
    let readInTime = branches[branch].log.arrived(
      before: EventKey(time: key.time - need.service, sequence: key.sequence), latency: latency, device: device)
    while stations[index].position < end {
      if !waits, hearWithoutWaiting(promise, at: index, until: readInTime, delay: need.service) { continue }
      guard hearFromBuffer(promise, at: index, until: end, isEmptySoon: !waits, before: key) else { return }
    }
  }

  /// What a block of the file needs in a device's buffer.
  @inlinable
  mutating func need(of block: BlockNumber, at index: Int) -> ReceiveBuffer.Need {
    stations[index].need(ofPayload: strategy.payload(ofData: strategy.file.bytes(of: block)))
  }

  /// Takes packets each of which is read `delay` after its arrival, if the first of them finds the buffer empty. The last
  /// block of the file, which is shorter, is none of these. False if there is none.
  @inlinable
  mutating func hearWithoutWaiting(
    _ promise: S.OnlyListens, at index: Int, until end: Int, delay: Nanoseconds
  ) -> Bool {
    let position = stations[index].position
    let branch = stations[index].branch
    let end = min(end, branches[branch].log.packetOfLastBlock(from: position) ?? end)
    guard end > position, findsBufferEmpty(index) else { return false }
    hear(promise, at: index, until: end, readAfter: delay)
    if let lastHeard = stations[index].lastHeard, lastHeard >= position {
      let lastRead = stations[index].heardAt
      stations[index].buffer?.emptyAt = lastRead
    }
    return true
  }

  /// Whether the next packet of the log finds a device's buffer empty.
  @inlinable
  mutating func findsBufferEmpty(_ index: Int) -> Bool {
    let (branch, position) = (stations[index].branch, stations[index].position)
    let run = branches[branch].log.runs[branches[branch].log.run(of: position)]
    return stations[index].bufferEmptyAt() <= run.departure(at: position - run.start) + stations[index].latency
  }

  /// Takes packets one part after the other, at least one; with `isEmptySoon` until one finds the buffer empty. False if
  /// the next packet is not read before `key`.
  @inlinable
  mutating func hearFromBuffer(
    _ promise: S.OnlyListens, at index: Int, until end: Int, isEmptySoon: Bool, before key: EventKey
  ) -> Bool {
    let branch = stations[index].branch
    var isRead = true
    withLogPart(at: index) { run, part in
      repeat {
        let first = run.branches[branch].log.run(of: run.stations[index].position)
        isRead = run.hearFromFullBuffer(
          promise, &part, at: index, from: first, until: min(end, run.endOfPart(from: first, in: branch)), before: key)
      } while isRead && run.stations[index].position < end && !(isEmptySoon && run.findsBufferEmpty(index))
    }
    return isRead
  }

  /// Takes packets of one run that wait in the buffer for the one before, up to the next loss or overrun, or one of
  /// these. False if the next packet is not read before `key`.
  @inlinable
  mutating func hearFromFullBuffer(
    _ promise: S.OnlyListens, _ part: inout LogPart, at index: Int, from firstRun: Int, until end: Int,
    before key: EventKey
  ) -> Bool {
    let run = part.runs[firstRun]
    let position = stations[index].position
    let block = part.block(of: position, in: firstRun)
    let need = need(of: block, at: index)
    let first = run.arrivalKey(
      at: position - run.start, latency: stations[index].latency, device: DeviceID(index + 1))
    let begin = max(first.time, stations[index].bufferEmptyAt())
    let readFirst = EventKey(time: begin + need.service, sequence: first.sequence)
    guard readFirst < key else {
      // A shorter packet behind it may be read before `key` all the same, if this one is lost or does not fit.
      guard begin + self.need(of: strategy.file.blocks, at: index).service < key.time else { return false }
      takeIntoBuffer(promise, &part, at: index, from: firstRun)
      return true
    }
    let sure = packetsSureToPass(at: index, frames: run.frames, arrivingAt: first.time)
    guard sure > 0 else {
      loseOrTake(promise, &part, at: index, from: firstRun, need: need, readAt: readFirst.time)
      return true
    }
    guard begin - first.time <= need.room, min(end, run.end) - position > 8 else {
      hearOneByOne(
        promise, &part, at: index, from: firstRun, until: position + Int(min(UInt64(end - position), sure)), need: need,
        before: key)
      return true
    }
    var count = min(UInt64(min(end, run.end) - position), sure)
    if run.last == strategy.file.blocks, count > 1 { count = min(count, UInt64(run.last - block)) }
    let (service, period) = (need.service.count, run.period.count)
    if count > 1 {
      if service < period {
        count = min(count, UInt64((begin - first.time).count / (period - service)) + 1)
      } else if service > period {
        count = min(count, UInt64((need.room - (begin - first.time)).count / (service - period)) + 1)
      }
      let read = max(1, UInt64(max(0, (key.time - begin).count) / max(1, service)))
      count = min(count, read)
      let lastRead = EventKey(
        time: begin + need.service * Int(count), sequence: first.sequence + run.sequenceStep * (count - 1))
      if count > 1, lastRead >= key { count -= 1 }
    }
    passLoss(of: index, packets: count, frames: run.frames)
    stations[index].position += Int(count)
    part.take(from: position, until: position + Int(count))
    hear(
      promise, part, at: index, from: firstRun,
      read: Reading(first: position, begin: begin, service: need.service))
    let lastReading = stations[index].heardAt
    stations[index].buffer?.emptyAt = lastReading
    return true
  }

  /// Takes packets that pass the loss of the path, some of which may not fit into the buffer. The first of them would be
  /// read before `key`.
  @inlinable
  mutating func hearOneByOne(
    _ promise: S.OnlyListens, _ part: inout LogPart, at index: Int, from firstRun: Int, until end: Int,
    need: ReceiveBuffer.Need, before key: EventKey
  ) {
    let position = stations[index].position
    let (latency, device) = (stations[index].latency, DeviceID(index + 1))
    var emptyAt = stations[index].bufferEmptyAt()
    var (packet, run, overruns) = (position, firstRun, 0)
    withUnsafeTemporaryAllocation(of: Nanoseconds.self, capacity: 256) { times in
      while packet < end, packet - position < times.count, overruns < part.lost.count {
        run = part.run(of: packet, from: run)
        let logged = part.runs[run]
        let arrival = logged.arrivalKey(at: packet - logged.start, latency: latency, device: device)
        // Others go another way: the last block of the file, which needs less, and what finds the buffer empty.
        let isAnother =
          logged.frames != part.runs[firstRun].frames || part.block(of: packet, in: run) == strategy.file.blocks
        if packet > position, isAnother || emptyAt <= arrival.time { break }
        let begin = max(arrival.time, emptyAt)
        guard EventKey(time: begin + need.service, sequence: arrival.sequence) < key else { break }
        if begin - arrival.time > need.room {
          part.lost.initializeElement(at: overruns, to: packet)
          overruns += 1
          times.initializeElement(at: packet - position, to: arrival.time)
        } else {
          emptyAt = begin + need.service
          times.initializeElement(at: packet - position, to: emptyAt)
        }
        packet += 1
      }
      passLoss(of: index, packets: UInt64(packet - position), frames: part.runs[firstRun].frames)
      stations[index].position = packet
      stations[index].counts.overruns += UInt64(overruns)
      stations[index].buffer?.emptyAt = emptyAt
      part.take(from: position, until: packet, of: firstRun, overruns: overruns)
      let reading = Reading(times: UnsafePointer(times.baseAddress), first: position)
      hear(promise, part, at: index, from: firstRun, read: reading)
    }
  }

  /// How many packets of one run surely pass the loss of a device's path, from one that arrives at `time` on.
  @inlinable
  mutating func packetsSureToPass(at index: Int, frames pattern: UInt32, arrivingAt time: Nanoseconds) -> UInt64 {
    let frames = patterns.all[Int(pattern)]
    let sure = stations[index].downLoss.sureToPass(at: time - frames[0])
    guard sure.until > time else { return 0 }
    // A process with a clock is asked for each packet.
    return stations[index].downLoss.hasClock
      ? min(1, sure.frames / UInt64(frames.count)) : sure.frames / UInt64(frames.count)
  }

  @inlinable
  mutating func passLoss(of index: Int, packets: UInt64, frames pattern: UInt32) {
    stations[index].downLoss.skip(packets * UInt64(patterns.frames(of: pattern)))
  }

  /// One packet whose fate is open: it is lost, or does not fit, or is read.
  @inlinable
  mutating func loseOrTake(
    _ promise: S.OnlyListens, _ part: inout LogPart, at index: Int, from firstRun: Int, need: ReceiveBuffer.Need,
    readAt: Nanoseconds
  ) {
    let position = stations[index].position
    let lastHeard = part.lastHeard
    offer(&part, at: index, from: firstRun, until: position + 1)
    if part.lostCount > 0 {
      return hear(promise, part, at: index, from: firstRun, read: Reading())
    }
    if readAt - need.service - arrival(of: position, in: firstRun, part, at: index) > need.room {
      stations[index].position = position
      part.lastHeard = lastHeard
      stations[index].counts.overruns += 1
      return overrun(promise, &part, at: index, from: firstRun)
    }
    hear(
      promise, part, at: index, from: firstRun,
      read: Reading(first: position, begin: readAt - need.service, service: need.service))
    stations[index].buffer?.emptyAt = readAt
  }

  @inlinable
  func arrival(of packet: Int, in run: Int, _ part: LogPart, at index: Int) -> Nanoseconds {
    part.runs[run].departure(at: packet - part.runs[run].start) + stations[index].latency
  }

  /// The next packet passed the loss of the path and does not fit into the buffer.
  @inlinable
  mutating func overrun(_ promise: S.OnlyListens, _ part: inout LogPart, at index: Int, from firstRun: Int) {
    let position = stations[index].position
    stations[index].position += 1
    part.overrun(position)
    hear(promise, part, at: index, from: firstRun, read: Reading())
  }

  /// Offers packets of the log to the loss of a device's path, up to the `end`-th or until many are lost.
  @inlinable @inline(__always)
  mutating func offer(_ part: inout LogPart, at index: Int, from run: Int, until end: Int) {
    if hasFragments {
      stations[index].offerFragments(&part, from: run, until: end, patterns: patterns)
    } else {
      stations[index].offer(&part, from: run, until: end, notesBursts: O.wantsBursts)
    }
  }

  /// All that arrived at a device before `key` goes into its buffer. What is read later gets events.
  @inlinable @inline(never)
  mutating func takeIntoBuffer(_ index: Int, before key: EventKey) {
    guard case .log(let promise) = stations[index].following else { return }
    let branch = stations[index].branch
    let device = DeviceID(index + 1)
    let latency = stations[index].latency
    let end = branches[branch].log.arrived(before: key, latency: latency, device: device)
    guard end > stations[index].position else { return }
    withLogPart(at: index) { run, part in
      while run.stations[index].position < end {
        let first = run.branches[branch].log.run(of: run.stations[index].position)
        run.takeIntoBuffer(promise, &part, at: index, from: first)
      }
    }
  }

  /// The next packet of the log is lost, or does not fit into the buffer, or goes into it and gets an event.
  @inlinable
  mutating func takeIntoBuffer(_ promise: S.OnlyListens, _ part: inout LogPart, at index: Int, from firstRun: Int) {
    let device = DeviceID(index + 1)
    let position = stations[index].position
    let logged = part.runs[firstRun]
    let block = part.block(of: position, in: firstRun)
    let arrival = logged.arrivalKey(at: position - logged.start, latency: stations[index].latency, device: device)
    let lastHeard = part.lastHeard
    offer(&part, at: index, from: firstRun, until: position + 1)
    guard part.lostCount == 0 else { return hear(promise, part, at: index, from: firstRun, read: Reading()) }
    let payload = strategy.payload(ofData: strategy.file.bytes(of: block))
    guard let read = stations[index].takeIntoBuffer(payload: payload, at: arrival.time) else {
      stations[index].position = position
      part.lastHeard = lastHeard
      return overrun(promise, &part, at: index, from: firstRun)
    }
    stations[index].offered += 1
    queue.schedule(
      .reads(
        device, Arrival(message: .data(block), addressing: .multicast, pass: logged.pass, frames: logged.frames)),
      as: EventKey(time: read, sequence: arrival.sequence))
  }
}

/// When a device reads the packets of a part of the log.
@usableFromInline
struct Reading {
  /// How long after its arrival.
  @usableFromInline var delay = Nanoseconds.zero
  /// The first of packets that are read one after the other, and when the buffer began with it; -1 for none.
  @usableFromInline var first = -1
  @usableFromInline var begin = Nanoseconds.zero
  @usableFromInline var service = Nanoseconds.zero
  /// When each of them is read, if that is not at even distances.
  @usableFromInline var times: UnsafePointer<Nanoseconds>?

  /// At once.
  @inlinable
  init() {}

  /// Some time after their arrival.
  @inlinable
  init(delay: Nanoseconds) { self.delay = delay }

  /// One after the other.
  @inlinable
  init(first: Int, begin: Nanoseconds, service: Nanoseconds) {
    self.first = first
    self.begin = begin
    self.service = service
  }

  /// Each at its own time.
  @inlinable
  init(times: UnsafePointer<Nanoseconds>?, first: Int) {
    self.times = times
    self.first = first
  }

  @inlinable @inline(__always)
  func time(of packet: Int, arrivingAt arrival: Nanoseconds) -> Nanoseconds {
    if first < 0 { return arrival + delay }
    if let times { return times[packet - first] }
    return begin + service * (packet - first + 1)
  }
}
