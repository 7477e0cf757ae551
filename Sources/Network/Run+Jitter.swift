import BlockTransfer
import EventSimulation
import Timebase

// Devices whose paths have jitter (N3).
//
// What is drawn for a path goes by the order in which packets are sent to it, and no packet overtakes another. So a
// device that follows the log, or does not listen, need not draw for a packet of the log until something looks at it. Then
// it draws for one packet after the other, as if each had been an event. What it is sent in another way draws too, and
// before that all that was logged must have drawn. Arrivals that are still to come wait at the path (`Jitter.drawn`).
extension Run {
  /// When a packet that leaves the last port at `departure` arrives at a device as an event (N3).
  @inlinable @inline(__always)
  mutating func arrivalTime(at index: Int, of departure: Nanoseconds) -> Nanoseconds {
    stations[index].hasJitter ? disturbedArrival(at: index, of: departure) : departure + stations[index].latency
  }

  @inlinable @inline(never)
  mutating func disturbedArrival(at index: Int, of departure: Nanoseconds) -> Nanoseconds {
    if drawsByLog(index) { drawLogged(for: index) }
    let undisturbed = departure + stations[index].latency
    return stations[index].downJitter?.arrival(undisturbed) ?? undisturbed
  }

  /// Whether the DATA of the group comes to the device over the log, or would if it listened.
  @inlinable
  func drawsByLog(_ index: Int) -> Bool {
    delivery == .byRuns && stations[index].ownLink < 0 && !stations[index].following.isPackets
  }

  /// All that was logged draws. A device that follows the log catches up with what has arrived by now; one that does not
  /// listen passes over it.
  @inlinable @inline(never)
  mutating func drawLogged(for index: Int) {
    if stations[index].following.isLog { catchUp(DeviceID(index + 1), before: now) } else { passArrived(index) }
    drawRest(for: index)
  }

  @inlinable
  mutating func drawRest(for index: Int) {
    let branch = stations[index].branch
    let latency = stations[index].latency
    var next = stations[index].position + (stations[index].downJitter?.countWaiting() ?? 0)
    while next < branches[branch].log.packets {
      stations[index].downJitter?.drawAhead(branches[branch].log.departure(of: next) + latency)
      next += 1
    }
  }

  /// A device that does not listen passes over what has arrived by now.
  @inlinable
  mutating func passArrived(_ index: Int) {
    let (branch, latency) = (stations[index].branch, stations[index].latency)
    while stations[index].position < branches[branch].log.packets {
      let position = stations[index].position
      let run = branches[branch].log.runs[branches[branch].log.run(of: position)]
      let passed =
        stations[index].downJitter?.pass(
          run, from: position - run.start, latency: latency, device: DeviceID(index + 1), before: now) ?? run.count
      stations[index].position += passed
      if stations[index].position < run.end { return }
    }
  }

  /// A device that follows the log takes what arrives before `key`.
  @inlinable @inline(never)
  mutating func hearThroughJitter(_ promise: S.OnlyListens, at index: Int, before key: EventKey) {
    let branch = stations[index].branch
    let latency = stations[index].latency
    withUnsafeTemporaryAllocation(of: Nanoseconds.self, capacity: 256) { arrivals in
      withLogPart(at: index) { run, part in
        while run.stations[index].position < run.branches[branch].log.packets {
          let start = run.stations[index].position
          let first = run.branches[branch].log.run(of: start)
          let most = min(run.endOfPart(from: first, in: branch), start + arrivals.count)
          var (end, of) = (start, first)
          while end < most {
            of = part.run(of: end, from: of)
            let logged = part.runs[of]
            let last = min(most, logged.end)
            end +=
              run.stations[index].downJitter?.take(
                logged, from: end - logged.start, until: last - logged.start, latency: latency,
                device: DeviceID(index + 1), before: key,
                into: UnsafeMutableBufferPointer(rebasing: arrivals[(end - start)...])) ?? 0
            if end < last { break }
          }
          let reading = Reading(times: UnsafePointer(arrivals.baseAddress), first: start)
          while run.stations[index].position < end {
            let firstRun = part.run(of: run.stations[index].position, from: first)
            run.offer(&part, at: index, from: firstRun, until: end)
            run.hear(promise, part, at: index, from: firstRun, read: reading)
          }
          if end < most { return }
        }
      }
    }
  }

  /// Whether something that was logged arrives after `time` at a device whose path has jitter.
  @inlinable @inline(never)
  mutating func isUnderWay(withJitterAfter time: Nanoseconds) -> Bool {
    for branch in branches.indices {
      for index in branches[branch].withJitter where drawsByLog(index) {
        drawLogged(for: index)
        if stations[index].downJitter?.isAnythingUnderWay(after: time) ?? false { return true }
      }
    }
    return false
  }
}
