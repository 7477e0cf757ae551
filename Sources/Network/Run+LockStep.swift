import BitCollections
import BlockTransfer
import EventSimulation
import Timebase

// Rounds of lock-step are skipped. `LockStep` has the argument for this.
extension Run {
  /// A window of the pass under way arrives at the uplink now. This skips as many rounds as possible; then a later
  /// window arrives at it, at a later `now`.
  @inlinable
  mutating func skipRounds(of datagram: inout Datagram<S.Message>) {
    guard let (driver, lockStep) = lockStep(of: datagram) else { return }
    let windowSize = Int(lockStep.windowSize)
    let latency = stations[driver].latency
    let answerDelay = network.cohorts[stations[driver].cohort].turnaround
    let bytes = strategy.bytesOnTheWire(ofData: strategy.file.blockSize)
    let packetTime = uplink.duration(bytes: bytes)
    let toServer = latency + answerDelay + latency
    let round = packetTime * windowSize + toServer + network.service

    let horizon = min(queue.first?.time ?? .never, nextLook, observer.nextSample, network.limits.time)
    let budget = (network.limits.events - executed) / UInt64(windowSize + 1)
    let time = max(0, (horizon - now.time).count - 1) / round.count
    let possible = min(UInt64(lockStep.rounds), budget, UInt64(time))
    // If not even one is possible, a packet may be offered before the next one of this window.
    guard possible > 0 else { return }
    let (first, last) = (now.time + packetTime, now.time + packetTime * windowSize)
    let rounds = min(
      possible,
      sharedLoss.sureRounds(of: windowSize, from: first, to: last, every: round),
      stations[driver].downLoss.sureRounds(of: windowSize, from: first + latency, to: last + latency, every: round),
      stations[driver].upLoss.sureRounds(of: 1, from: last + toServer, to: last + toServer, every: round))
    guard rounds > 0 else { return }
    let skipped = SkippedRounds(
      device: DeviceID(driver + 1), pass: datagram.pass, first: lockStep.first, windowSize: windowSize,
      rounds: Int(rounds), start: now.time, period: round, bytes: bytes, packetTime: packetTime, latency: latency,
      answerDelay: answerDelay)
    skip(skipped, of: lockStep, datagram: &datagram)
  }

  /// The device that drives the pass in lock-step, if nothing else goes on.
  @inlinable
  mutating func lockStep(of datagram: Datagram<S.Message>) -> (driver: Int, LockStep<S.Rounds>)? {
    guard delivery == .byRuns, packetFollowers.count == 1, let driver = packetFollowers.members.first,
      passes.isFannedOut(datagram.pass), let first = datagram.message.block,
      let lockStep = stations[driver].lockStep(by: strategy, with: sender),
      lockStep.first == first, lockStep.rounds > 0, datagram.lastBlock - first + 1 == lockStep.windowSize,
      stations[driver].isOn, !stations[driver].hasJitter, uplink.takes(Int(lockStep.windowSize), at: now.time)
    else { return nil }
    return (driver, lockStep)
  }

  @inlinable
  mutating func skip(_ skipped: SkippedRounds, of lockStep: LockStep<S.Rounds>, datagram: inout Datagram<S.Message>) {
    let (rounds, windowSize) = (skipped.rounds, skipped.windowSize)
    let packets = rounds * windowSize
    let driver = Int(skipped.device) - 1
    let arrivals = UInt64(stations.count + 1)
    // One more for the ask, and one for the window that answers it.
    let sequenceNumbersOfRound = arrivals * UInt64(windowSize) + 2
    let sequence = queue.takeSequenceNumbers(sequenceNumbersOfRound * UInt64(rounds))

    passes.send(through: skipped.blocks.upperBound, in: skipped.pass)
    uplink.skip(rounds, of: windowSize, bytes: skipped.bytes, from: now.time, every: skipped.period)
    log.append(
      rounds: rounds,
      of: MulticastRun(
        departure: now.time + skipped.packetTime, period: skipped.packetTime, sequence: sequence,
        sequenceStep: arrivals, first: skipped.first, count: windowSize, pass: skipped.pass),
      every: skipped.period, sequenceNumbersOfRound: sequenceNumbersOfRound)

    let end = now.time + skipped.period * rounds
    sharedLoss.skip(UInt64(packets))
    stations[driver].downLoss.skip(UInt64(packets))
    stations[driver].upLoss.skip(UInt64(rounds))
    stations[driver].offered += UInt64(packets)
    observer.skipped(skipped)
    let lastWindow = sequence + sequenceNumbersOfRound * UInt64(rounds - 1)
    stations[driver].timer.see(lastWindow + arrivals * UInt64(windowSize - 1) + UInt64(skipped.device))
    strategy.skip(
      UInt32(rounds), of: lockStep, receiver: &stations[driver].receiver, cohort: stations[driver].cohort,
      askedAt: end - network.service - skipped.latency, sender: &sender, heardAt: end - network.service)

    executed += UInt64(packets + rounds)
    now = EventKey(time: end, sequence: sequence + sequenceNumbersOfRound * UInt64(rounds) - 1)
    datagram.message = .data(skipped.first + UInt32(packets))
    datagram.lastBlock += UInt32(packets)
  }
}
