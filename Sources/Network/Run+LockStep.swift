import BitCollections
import BlockTransfer
import EventSimulation
import Timebase

// Rounds of lock-step are skipped. `LockStep` has the argument for this.
//
// What the ports do in a round is worked out once, by ports like these that were idle before (`RoundShape`). It is the
// same in each round if all ports are idle when it begins.
extension Run {
  /// A window of the pass under way arrives at the uplink now. This skips as many rounds as possible; then a later
  /// window arrives at it, at a later `now`.
  @inlinable
  mutating func skipRounds(of datagram: inout Datagram<S.Message>) {
    guard let (driver, lockStep) = lockStep(of: datagram), let shape = roundShape,
      let reading = reading(of: shape, at: driver)
    else { return }
    let windowSize = Int(lockStep.windowSize)
    let answerDelay = network.cohorts[stations[driver].cohort].turnaround
    let latencyUp = stations[driver].latency + branches[stations[driver].branch].distance
    let lastReading = reading.first + reading.spacing * (windowSize - 1)
    let round = lastReading + answerDelay + latencyUp + network.service
    guard shape.idleAt <= round else { return }

    let horizon = min(nextKey.time, nextLook, observer.nextSample, network.limits.time)
    let budget = (network.limits.events - executed) / UInt64(windowSize + 1)
    let time = max(0, (horizon - now.time).count - 1) / round.count
    let possible = min(UInt64(lockStep.rounds), budget, UInt64(time))
    // If not even one is possible, a packet may be offered before the next one of this window.
    guard possible > 0 else { return }
    let rounds = min(
      possible, roundsWithoutLoss(of: shape, by: driver, askingAt: now.time + lastReading + answerDelay, every: round))
    guard rounds > 0 else { return }
    let skipped = SkippedRounds(
      device: DeviceID(driver + 1), pass: datagram.pass, first: lockStep.first, windowSize: windowSize,
      rounds: Int(rounds), start: now.time, period: round, bytes: shape.bytes, firstArrival: reading.first,
      spacing: reading.spacing, answerDelay: answerDelay, latencyUp: latencyUp)
    skip(skipped, of: lockStep, shape: shape, datagram: &datagram)
  }

  /// The device that drives the pass in lock-step, if nothing else goes on.
  @inlinable
  mutating func lockStep(of datagram: Datagram<S.Message>) -> (driver: Int, LockStep<S.Rounds>)? {
    guard delivery == .byRuns, packetFollowers.count == 1, awaited.isEmpty, let driver = packetFollowers.members.first,
      passes.isUnderWay(datagram.pass), let first = datagram.message.block,
      let lockStep = stations[driver].lockStep(by: strategy, with: sender),
      lockStep.first == first, lockStep.rounds > 0, datagram.lastBlock - first + 1 == lockStep.windowSize,
      stations[driver].isOn, !stations[driver].hasJitter, uplink.freeAt <= now.time, tree.idleAt <= now.time,
      branches.allSatisfy({ $0.openedPass == datagram.pass && $0.outOfStep.isEmpty })
    else { return nil }
    if shapedWindowSize != Int(lockStep.windowSize) {
      shapedWindowSize = Int(lockStep.windowSize)
      roundShape = makeRoundShape(windowSize: Int(lockStep.windowSize))
    }
    return (driver, lockStep)
  }

  /// How many rounds surely lose nothing.
  ///
  /// A process with a clock is asked about the instant of its next packet, and never goes back. So the way up is asked
  /// last: only if the window surely arrives is it known when the ask for the next one leaves.
  @inlinable
  mutating func roundsWithoutLoss(
    of shape: RoundShape, by driver: Int, askingAt ask: Nanoseconds, every round: Nanoseconds
  ) -> UInt64 {
    let (frames, branch) = (shape.frames, stations[driver].branch)
    let (first, last) = (now.time + shape.windows[branch].firstFrame, now.time + shape.windows[branch].last)
    let latency = stations[driver].latency
    let rounds = min(
      sharedLoss.sureRounds(
        of: frames, from: now.time + shape.firstFrame, to: now.time + shape.uplink.idleAt, every: round),
      isPlain ? .max : tree.sureRounds(of: frames, like: shape.passages, from: now.time, every: round),
      stations[driver].downLoss.sureRounds(of: frames, from: first + latency, to: last + latency, every: round))
    guard rounds > 0 else { return 0 }
    let up = stations[driver].upLoss.sureRounds(of: 1, from: ask + latency, to: ask + latency, every: round)
    guard !isPlain, up > 0 else { return min(rounds, up) }
    let arrival = ask + latency + branches[branch].distance
    return min(
      rounds, up, tree.sureRoundsUp(from: branches[branch].segment, arrivingAt: arrival, every: round))
  }

  /// When the driving device reads the packets of a window, from the round's beginning on; nil if not at even distances.
  @inlinable
  mutating func reading(of shape: RoundShape, at driver: Int) -> (first: Nanoseconds, spacing: Nanoseconds)? {
    let window = shape.windows[stations[driver].branch]
    let first = window.first + stations[driver].latency
    guard stations[driver].hasBuffer else { return (first, window.spacing) }
    guard let buffer = stations[driver].buffer, buffer.emptyAt <= now.time else { return nil }
    return buffer.reading(
      of: shape.windowSize, payload: strategy.payload(ofData: strategy.file.blockSize), from: first,
      spacing: window.spacing)
  }

  @inlinable
  mutating func skip(
    _ skipped: SkippedRounds, of lockStep: LockStep<S.Rounds>, shape: RoundShape, datagram: inout Datagram<S.Message>
  ) {
    let (rounds, windowSize) = (skipped.rounds, skipped.windowSize)
    let packets = rounds * windowSize
    let driver = Int(skipped.device) - 1
    let arrivals = UInt64(stations.count + 1)
    // One more for the ask, and one for the window that answers it.
    let sequenceNumbersOfRound = arrivals * UInt64(windowSize) + 2
    let sequence = queue.takeSequenceNumbers(sequenceNumbersOfRound * UInt64(rounds))

    let repeated = passes.repeats(among: skipped.blocks, in: skipped.pass)
    passes.send(through: skipped.blocks.upperBound, in: skipped.pass)
    uplink.skip(rounds, of: shape.uplink, from: now.time, every: skipped.period)
    uplink.noteRepeated(repeated * shape.bytes)
    tree.skip(rounds, of: shape.ports, frames: shape.frames, from: now.time, every: skipped.period)
    for branch in branches.indices {
      let window = shape.windows[branch]
      branches[branch].log.append(
        rounds: rounds,
        of: MulticastRun(
          departure: now.time + window.first, period: window.spacing, sequence: sequence, sequenceStep: arrivals,
          first: skipped.first, count: windowSize, pass: skipped.pass, frames: window.frames),
        every: skipped.period, sequenceNumbersOfRound: sequenceNumbersOfRound)
    }

    let end = now.time + skipped.period * rounds
    sharedLoss.skip(UInt64(rounds * shape.frames))
    stations[driver].downLoss.skip(UInt64(rounds * shape.frames))
    stations[driver].upLoss.skip(UInt64(rounds))
    for node in branches[stations[driver].branch].path where tree.nodes[node].hasLoss {
      tree.skipUp(UInt64(rounds), at: node)
    }
    stations[driver].offered += UInt64(packets)
    if stations[driver].hasBuffer {
      stations[driver].buffer?.emptyAt = skipped.arrival(of: windowSize - 1, in: rounds - 1)
    }
    observer.skipped(skipped)
    let lastWindow = sequence + sequenceNumbersOfRound * UInt64(rounds - 1)
    stations[driver].timer.see(lastWindow + arrivals * UInt64(windowSize - 1) + UInt64(skipped.device))
    strategy.skip(
      UInt32(rounds), of: lockStep, receiver: &stations[driver].receiver, cohort: stations[driver].cohort,
      askedAt: end - network.service - skipped.latencyUp, sender: &sender, heardAt: end - network.service)

    executed += UInt64(packets + rounds)
    now = EventKey(time: end, sequence: sequence + sequenceNumbersOfRound * UInt64(rounds) - 1)
    datagram.message = .data(skipped.first + UInt32(packets))
    datagram.lastBlock += UInt32(packets)
  }

  /// Works out what the ports do with a window of whole blocks, if all are idle before; nil if a queue is full, or if
  /// packets do not leave each port at even distances.
  @inlinable
  mutating func makeRoundShape(windowSize: Int) -> RoundShape? {
    let sizes = framing.frames(ofPayload: strategy.payload(ofData: strategy.file.blockSize))
    let kind = Port.Kind.multicastData(pass: passes.current, isRepeated: false)
    var round = (uplink: uplink.unused, tree: tree.unused)
    var passages = [RoundShape.Passage](repeating: RoundShape.Passage(), count: tree.nodes.count)
    var firstFrame = Nanoseconds.never
    var windows = [RoundShape.Window?](repeating: nil, count: branches.count)
    round.tree.begin(frames: sizes.count, at: .zero)
    for packet in 0..<windowSize {
      for frame in 0..<sizes.count {
        let departure = round.uplink.offer(
          bytes: sizes.bytes(of: frame), kind: kind, endsPacket: frame == sizes.count - 1, at: .zero)
        guard let departure else { return nil }
        round.tree.setTime(departure, ofFrame: frame)
      }
      round.tree.carryToGroup(sizes, kind: kind, isWhole: true)
      guard round.tree.passedEverywhere else { return nil }
      for node in tree.nodes.indices {
        let times = round.tree.times(at: node)
        if packet == 0 { passages[node].first = times.first ?? .never }
        passages[node].last = times.last ?? .never
      }
      if packet == 0 { firstFrame = round.tree.firstTime(at: -1) }
      for branch in branches.indices {
        let node = branches[branch].node
        let departure = round.tree.departure(at: node)
        let frames = patterns.number(of: round.tree.times(at: node))
        guard var window = windows[branch] else {
          windows[branch] = RoundShape.Window(
            firstFrame: round.tree.firstTime(at: node), first: departure, frames: frames)
          continue
        }
        window.last = departure
        if packet == 1 { window.spacing = departure - window.first }
        guard frames == window.frames, departure == window.first + window.spacing * packet else { return nil }
        windows[branch] = window
      }
    }
    return RoundShape(
      windowSize: windowSize, frames: windowSize * sizes.count, bytes: sizes.bytes, firstFrame: firstFrame,
      uplink: round.uplink.round(), ports: round.tree.rounds(), passages: passages,
      idleAt: max(round.uplink.freeAt, round.tree.idleAt),
      windows: windows.compactMap(\.self))
  }
}

/// What the ports do in a round of lock-step, which begins at 0 with all of them idle.
@usableFromInline
struct RoundShape: Sendable {
  /// A window at the fan-out of a branch.
  @usableFromInline
  struct Window: Sendable {
    /// When its first frame leaves.
    @usableFromInline let firstFrame: Nanoseconds
    /// When its first packet has left, and when its last one has.
    @usableFromInline let first: Nanoseconds
    @usableFromInline var last: Nanoseconds
    /// The time from one packet to the next.
    @usableFromInline var spacing = Nanoseconds.zero
    /// The pattern of frames of each.
    @usableFromInline let frames: UInt32

    @usableFromInline
    init(firstFrame: Nanoseconds, first: Nanoseconds, frames: UInt32) {
      self.firstFrame = firstFrame
      (self.first, last) = (first, first)
      self.frames = frames
    }
  }

  /// When the first and the last frame of a window come to the fan-out of a port.
  @usableFromInline
  struct Passage: Sendable {
    @usableFromInline var first = Nanoseconds.zero
    @usableFromInline var last = Nanoseconds.zero

    @usableFromInline
    init() {}
  }

  @usableFromInline let windowSize: Int
  /// Frames of a window.
  @usableFromInline let frames: Int
  /// The bytes of a packet on the wire.
  @usableFromInline let bytes: UInt64
  /// When the first frame leaves the uplink.
  @usableFromInline let firstFrame: Nanoseconds
  @usableFromInline let uplink: Port.Round
  /// By port.
  @usableFromInline let ports: [Port.Round]
  @usableFromInline let passages: [Passage]
  /// When all ports are idle again.
  @usableFromInline let idleAt: Nanoseconds
  /// By branch.
  @usableFromInline let windows: [Window]

  @usableFromInline
  init(
    windowSize: Int, frames: Int, bytes: UInt64, firstFrame: Nanoseconds, uplink: Port.Round, ports: [Port.Round],
    passages: [Passage], idleAt: Nanoseconds, windows: [Window]
  ) {
    self.firstFrame = firstFrame
    self.passages = passages
    self.windowSize = windowSize
    self.frames = frames
    self.bytes = bytes
    self.uplink = uplink
    self.ports = ports
    self.idleAt = idleAt
    self.windows = windows
  }
}
