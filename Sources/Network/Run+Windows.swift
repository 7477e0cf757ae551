import BlockTransfer
import EventSimulation
import Timebase

// Windows of DATA to one device. `QuietBlocks.swift` has the argument for stretches of them.
extension Run {
  /// A window for one device arrives at the uplink: several packets at once.
  @inlinable @inline(never)
  mutating func sendWindow(_ datagram: Datagram<S.Message>) {
    guard let first = datagram.message.block else { return }
    let (device, pass) = (datagram.destination, datagram.pass)
    guard takesStretches(Int(device) - 1) else {
      for block in first...datagram.lastBlock {
        sendToDevice(Datagram(message: .data(block), destination: device, pass: pass))
      }
      return
    }
    var underWay = sendTrainToDevice(of: datagram, from: first)
    for block in (underWay.map { $0.window.last + 1 } ?? first)..<datagram.lastBlock + 1 {
      executed += 1
      observer.turns(Datagram(message: .data(block), destination: device, pass: pass), at: now.time)
      let packet = packet(
        S.Message.data(block), to: device, pass: pass,
        payload: strategy.payload(ofData: strategy.file.bytes(of: block)))
      guard let departure = offer(packet, kind: .unicastData) else { continue }
      if var sent = underWay {
        if sent.window.add(block, at: departure - sent.last) {
          sent.last = departure
          underWay = sent
          continue
        }
        schedule(sent.window, to: device, departure: sent.first)
      }
      underWay = (WindowArrival(block, pass: pass), departure, departure)
    }
    if let underWay { schedule(underWay.window, to: device, departure: underWay.first) }
  }

  /// Whether what is sent to a device arrives in the order of sending, a packet one frame, and may be taken in stretches.
  @inlinable
  func takesStretches(_ index: Int) -> Bool {
    delivery == .byRuns && isPlain && !hasFragments && !stations[index].hasJitter && !stations[index].hasBuffer
      && Self.takesQuietly
  }

  /// Whether devices may take blocks quietly. An observer that looks inside devices would see them late.
  @inlinable @inline(__always)
  static var takesQuietly: Bool { S.Quiet.self != Never.self && !O.looksInside }

  /// A window, whose first packet leaves the uplink at `departure`, is on its way.
  @inlinable
  mutating func schedule(_ window: WindowArrival, to device: DeviceID, departure: Nanoseconds) {
    let sequence = queue.takeSequenceNumbers(UInt64(window.count))
    let key = EventKey(time: departure + stations[Int(device) - 1].latency, sequence: sequence)
    queue.schedule(.windowReachesDevice(device, window), as: key, in: windowLane)
  }

  /// The next packet of a window would arrive at a device, or the last one of a stretch does.
  @inlinable @inline(never)
  mutating func reach(_ device: DeviceID, with window: WindowArrival) {
    let index = Int(device) - 1
    var rest = window
    if window.stretch > 0 {
      guard window.epoch == stretchEpoch else { return }
      inStretches -= UInt64(window.stretch)
      rest = take(window.stretch, of: window, last: now, at: index)
    } else {
      rest.stretch = stretch(of: window, at: index)
      guard rest.stretch == 0 else { return begin(rest, at: device) }
      reach(index, with: Arrival(message: .data(window.first), addressing: .unicast, pass: window.pass))
      rest.first += 1
    }
    if rest.first <= rest.last { queue.schedule(.windowReachesDevice(device, rest), as: rest.key(1, after: now)) }
  }

  /// How many packets of a window, from the one that arrives now, the device takes in one stretch; 0 if not several.
  @inlinable
  mutating func stretch(of window: WindowArrival, at index: Int) -> UInt32 {
    guard window.count > 1, stations[index].isOn,
      let quiet = strategy.quietBlocks(
        of: &stations[index].receiver, cohort: stations[index].cohort, from: window.first)
    else { return 0 }
    let sure = stations[index].downLoss.sureToPass(at: now.time)
    let count = min(quiet.count, window.count, UInt32(clamping: sure.frames))
    guard count > 1 else { return 0 }
    let end = window.key(count - 1, after: now).time
    guard end < min(sure.until, stations[index].leave, stations[index].deadline(by: strategy).time),
      end <= min(network.limits.time, observer.nextSample),
      executed + inStretches + UInt64(count) <= network.limits.events
    else { return 0 }
    return count
  }

  /// A stretch begins. Its event is the last arrival.
  @inlinable
  mutating func begin(_ window: WindowArrival, at device: DeviceID) {
    var window = window
    window.epoch = stretchEpoch
    inStretches += UInt64(window.stretch)
    queue.schedule(
      .windowReachesDevice(device, window), as: window.key(window.stretch - 1, after: now), in: stretchLane)
  }

  /// A device takes the first packets of a stretch. Returns what is still to arrive of the window.
  ///
  /// - Parameter last: the key of the last of these arrivals.
  @inlinable
  mutating func take(_ count: UInt32, of window: WindowArrival, last: EventKey, at index: Int) -> WindowArrival {
    guard
      let quiet = strategy.quietBlocks(
        of: &stations[index].receiver, cohort: stations[index].cohort, from: window.first)
    else { preconditionFailure("a device does not take the blocks that it promised to take") }
    executed += UInt64(count)
    foreseeNothing(of: index)
    stations[index].offered += UInt64(count)
    stations[index].downLoss.skip(UInt64(count))
    let answer = strategy.take(
      quiet.promise, window.first, through: window.first + (count - 1), receiver: &stations[index].receiver,
      cohort: stations[index].cohort, at: last.time)
    for packet in 0..<count {
      observer.arrived(
        Arrival(message: .data(window.first + packet), addressing: .unicast, pass: window.pass),
        at: DeviceID(index + 1), as: quiet.reception, at: window.key(count - 1 - packet, before: last).time)
    }
    if case .send(let message, let leavesAt, _) = answer { send(message, from: index, leavesAt: leavesAt) }
    stations[index].timer.see(last.sequence)
    #if DEBUG
      check(index)
    #endif
    var rest = window
    rest.first += count
    rest.stretch = 0
    return rest
  }

  /// Whether the limit on events is reached. Near it, stretches are taken apart, for each packet counts.
  @inlinable @inline(__always)
  mutating func hasReachedEventLimit() -> Bool {
    guard executed + (Self.takesQuietly ? inStretches : 0) > network.limits.events else { return false }
    takeStretchesApart()
    return executed > network.limits.events
  }

  /// Of each stretch the device takes what has arrived by now; the rest arrives packet by packet.
  @inlinable @inline(never)
  mutating func takeStretchesApart() {
    var begun: [(device: DeviceID, window: WindowArrival, end: EventKey)] = []
    _ = queue.contains { key, event in
      if case .windowReachesDevice(let device, let window) = event, window.stretch > 0, window.epoch == stretchEpoch {
        begun.append((device, window, key))
      }
      return false
    }
    stretchEpoch += 1
    inStretches = 0
    for (device, window, end) in begun {
      let first = window.key(window.stretch - 1, before: end)
      var arrived: UInt32 = 0
      while window.key(arrived, after: first) <= now { arrived += 1 }
      var rest = window
      rest.stretch = 0
      if arrived > 0 {
        rest = take(arrived, of: window, last: window.key(arrived - 1, after: first), at: Int(device) - 1)
      }
      queue.schedule(.windowReachesDevice(device, rest), as: window.key(arrived, after: first))
    }
  }
}
