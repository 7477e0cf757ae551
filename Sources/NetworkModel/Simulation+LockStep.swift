import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// A session in which nothing is lost goes round and round: a window leaves the uplink, reaches the active device, its ask
// reaches the server, the next window turns to the uplink. What a round changes is known, so that many cost no more than one:
// a session costs what is lost of it, not what it sends.
//
// Why this changes nothing: rounds are skipped only while nothing else can happen. No event, look or sample comes before the
// last of them ends; nobody but the active device gets the group's packets as events; no packet of theirs is lost; the uplink
// stands idle between them. The engine says what a round does to its two ends (`LockStep`); times, places and counts are those
// that the rounds would have had. `--packet-by-packet` skips none and must write the same bytes.
extension Simulation {
  /// A window of the session under way turns to the uplink now: skips as many rounds as can be, so that it is a later window
  /// that turns to it, at a later `now`.
  mutating func skipRounds(of datagram: inout Datagram) {
    guard let (active, lockStep) = lockStep(of: datagram) else { return }
    let windowSize = Int(lockStep.windowSize)
    let latency = stations[active].latency
    let answerDelay = configuration.cohorts[stations[active].cohort].turnaround
    let bytes = wireBytes(ofData: configuration.file.blockSize)
    let packetTime = uplink.duration(bytes: bytes)
    let toServer = latency + answerDelay + latency
    let round = packetTime * windowSize + toServer + configuration.service

    let horizon = min(queue.first?.time ?? .never, nextLook, nextSample, configuration.limits.time)
    let lossless = min(stations[active].downLoss.passing, sharedLoss.passing) / UInt64(windowSize)
    let budget = (configuration.limits.events - events) / UInt64(windowSize + 1)
    let time = max(0, (horizon - now.time).count - 1) / round.count
    let rounds = min(UInt64(lockStep.rounds), lossless, stations[active].upLoss.passing, budget, UInt64(time))
    guard rounds > 0 else { return }
    skip(
      Int(rounds), of: lockStep, by: active, taking: round,
      packet: (bytes: bytes, time: packetTime), askedBefore: configuration.service + latency, datagram: &datagram)
  }

  /// The device that drives the session in lock-step, if that is all that goes on. Mutating, though it changes nothing, so that the
  /// simulation is read where it stands.
  private mutating func lockStep(of datagram: Datagram) -> (active: Int, Device.LockStep)? {
    guard delivery == .byRuns, packetFollowers.count == 1, let device = server.activeDevice,
      packetFollowers.contains(Int(device) - 1), ledger.isFannedOut(session: datagram.session),
      case .data(let first) = datagram.message, let lockStep = stations[Int(device) - 1].device.lockStep,
      lockStep.first == first, lockStep.rounds > 0, datagram.lastBlock - first + 1 == lockStep.windowSize,
      stations[Int(device) - 1].isOn, !stations[Int(device) - 1].hasJitter,
      uplink.takes(Int(lockStep.windowSize), at: now.time)
    else { return nil }
    return (Int(device) - 1, lockStep)
  }

  private mutating func skip(
    _ rounds: Int, of lockStep: Device.LockStep, by active: Int, taking round: Nanoseconds,
    packet: (bytes: UInt64, time: Nanoseconds), askedBefore: Nanoseconds, datagram: inout Datagram
  ) {
    let windowSize = Int(lockStep.windowSize)
    let packets = rounds * windowSize
    let first = lockStep.first
    let last = first + UInt32(packets - 1)
    let arrivals = UInt64(stations.count + 1)
    let placesOfRound = arrivals * UInt64(windowSize) + 2  // one more for the ask, one for the window that answers it
    let place = queue.takePlaces(placesOfRound * UInt64(rounds))

    ledger.count(bytes: packet.bytes * UInt64(packets), isUnicastData: false)
    ledger.countData(first...last, session: datagram.session)
    uplink.skip(rounds, of: windowSize, bytes: packet.bytes, from: now.time, every: round)
    log.append(
      rounds: rounds,
      of: MulticastRun(
        departure: now.time + packet.time, period: packet.time, place: place, placeStep: arrivals, first: first,
        count: windowSize, session: datagram.session),
      every: round, placesOfRound: placesOfRound)

    let end = now.time + round * rounds
    sharedLoss.skip(UInt64(packets))
    stations[active].downLoss.skip(UInt64(packets))
    stations[active].upLoss.skip(UInt64(rounds))
    stations[active].tally.offered += UInt64(packets)
    stations[active].tally.countMulticast(UInt64(packets), new: UInt64(packets), session: datagram.session)
    stations[active].tally.countBytes(of: UInt64(packets), lastBlock: false, of: configuration.file)
    let lastWindow = place + placesOfRound * UInt64(rounds - 1)
    stations[active].alarm.see(lastWindow + arrivals * UInt64(windowSize - 1) + UInt64(stations[active].number))
    stations[active].device.skip(
      rounds: UInt32(rounds), of: lockStep, askedAt: end - askedBefore,
      under: settings[stations[active].cohort])
    server.skipRounds(heardAt: end - configuration.service)

    events += UInt64(packets + rounds)
    now = EventKey(time: end, place: place + placesOfRound * UInt64(rounds) - 1)
    datagram.message = .data(first + UInt32(packets))
    datagram.lastBlock += UInt32(packets)
  }
}
