import BlockTransfer
import TFTPWire
import Timebase

/// Devices that were asked at one instant to drive the next session (R15).
struct ElectionRound: Hashable, Sendable {
  /// How many rounds the election had before it.
  let number: Int
  /// Those that were asked. An entry counts while its device stands as elected in this round.
  var devices: [DeviceID]
  var patience: Patience

  /// The most devices that a round asks: 1, 8, 64 and so on.
  static func size(of number: Int) -> Int { 1 << min(3 * number, 32) }

  /// The number of a round that asks all at once.
  static let all = 11
}

// Which device drives the next session: R15, R16.
//
// Why several are asked at once: nothing in a request or in a report shows that its sender hears the server, so whoever
// can send can have any number of devices elected that never answer, and machines are switched off. Only the answer to an
// election shows it. Asked one after the other, each of these would cost all its repeats. Asked in rounds that grow, a
// thousand of them are asked within five timeouts, and whoever hears the server is among those who are asked by then.
// The first device is asked twice by itself: one lost packet makes no crowd. Whoever comes while many are asked is told to
// drive at once, by its acceptance.
extension Server {
  /// R15: ends a check phase that waits for no device. Then, if a device waits, elects the next active device.
  mutating func proceed(answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    if case .check(let check) = phase, check.awaited == 0 { phase = .idle }
    guard case .idle = phase else { return }
    elect(round: isAfterSilence ? Self.roundAfterSilence : 0, answersAt: answersAt, into: &effects)
  }

  /// R15: whether so many are silent that others are asked too, and whoever waits may drive.
  var isAskingMany: Bool {
    if case .election = phase { nextElectionRound > 1 } else { false }
  }

  /// How often a device that its acceptance made active may repeat itself before others are asked (R8).
  static let repeatsOfAcceptance: UInt32 = 3

  /// R8: the device that its acceptance made active has been silent for three timeouts, and others wait. It stands as the
  /// first one of an election from now on, one timeout behind, so the next 64 are asked with it.
  mutating func standAside(_ session: Session, at now: Nanoseconds, into effects: inout [ServerEffect]) {
    countSession(.abandoned, into: &effects)
    move(session.active, to: .elected(round: 0))
    phase = .election
    electionRounds = [
      ElectionRound(
        number: 0, devices: [session.active],
        patience: Patience(from: now, after: Self.repeatsOfAcceptance, under: parameters))
    ]
    nextElectionRound = Self.roundAfterSilence
  }

  /// R8: a device is about to wait. For one that has been silent for long nobody begins to wait.
  mutating func makeWay(at now: Nanoseconds, into effects: inout [ServerEffect]) {
    guard case .session(let session) = phase, !session.hasBegun, silenceEnd(of: session) <= now, now < .never
    else { return }
    standAside(session, at: now, into: &effects)
  }

  /// R15: the round that comes next when one device has been silent for three timeouts, and the first one after an
  /// election of many that nobody answered.
  static let roundAfterSilence = 2

  /// R15: asks one more round of devices to drive, if any wait. Those of a silent crowd are asked when nobody else is left,
  /// and then many at once.
  mutating func elect(round number: Int, answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    guard waiting > 0 else { return }
    var number = number
    var devices = nextActive(most: ElectionRound.size(of: number))
    if devices.isEmpty {
      number = max(number, Self.roundAfterSilence)
      devices = nextActive(most: ElectionRound.size(of: number), silent: true)
    }
    guard !devices.isEmpty else { return }
    beginRound(number, of: devices, answersAt: answersAt)
    for device in devices { effects.append(.unicast(.elected, to: device, leavesAt: answersAt)) }
  }

  /// R15: these devices are asked to drive, or told so by their acceptance.
  mutating func beginRound(_ number: Int, of devices: [DeviceID], answersAt: Nanoseconds) {
    for device in devices { move(device, to: .elected(round: number)) }
    phase = .election
    electionRounds.append(
      ElectionRound(
        number: number, devices: devices, patience: Patience(from: answersAt, timeout: parameters.timeout)))
    nextElectionRound = number + 1
  }

  /// When the next of those who were asked are asked again, or struck off.
  var electionDeadline: Nanoseconds {
    var next = Nanoseconds.never
    for round in electionRounds { next = min(next, round.patience.deadline) }
    return next
  }

  /// R15: repeats the election of those who have not answered for a timeout, or strikes them off; and asks the next ones.
  mutating func repeatElection(at now: Nanoseconds, into effects: inout [ServerEffect]) {
    for index in electionRounds.indices where electionRounds[index].patience.deadline <= now {
      let isAsked = electionRounds[index].patience.repeats(at: now, under: parameters)
      let round = electionRounds[index]
      for device in round.devices where peerStanding(of: device) == .elected(round: round.number) {
        if isAsked {
          effects.append(.unicast(.elected, to: device, leavesAt: now))
        } else {
          strikeOff(device)
        }
      }
      if !isAsked { electionRounds[index].devices = [] }
    }
    electionRounds.removeAll { $0.devices.isEmpty }
    if electionRounds.first.map({ $0.number > 0 || $0.patience.repeats > 1 }) ?? true {
      elect(round: nextElectionRound, answersAt: now, into: &effects)
    }
    if elected == 0 {
      isAfterSilence = nextElectionRound > Self.roundAfterSilence
      electNobody()
    }
  }

  /// A device that was asked is not there, or misses nothing. If nobody else is asked, the next one is elected.
  mutating func electAnother(answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    guard elected == 0 else { return }
    electNobody()
    proceed(answersAt: answersAt, into: &effects)
  }

  private mutating func electNobody() {
    electionRounds = []
    phase = .idle
  }

  /// R15: the first device that asks for a block drives from now on. The others that were asked wait as before, and are
  /// told so. Their answers may be on their way; for a second nobody says it again.
  mutating func endElection(
    by block: BlockNumber, from winner: DeviceID, at now: Nanoseconds, answersAt: Nanoseconds,
    into effects: inout [ServerEffect]
  ) {
    var others: [DeviceID] = []
    for round in electionRounds {
      for device in round.devices
      where device != winner && peerStanding(of: device) == .elected(round: round.number) {
        others.append(device)
      }
    }
    electionRounds = []
    move(winner, to: .active)
    openSession(active: winner, at: now, into: &effects)
    answerActive(block, at: now, answersAt: answersAt, into: &effects)
    for device in others {
      move(device, to: .passive(queued: false))
      self[device].nextAnswer = now.later(by: Self.answerInterval)
      effects.append(.unicast(.notActive, to: device, leavesAt: answersAt))
    }
  }

  /// The device that was asked first, of those that have not answered.
  var firstElected: DeviceID? {
    for round in electionRounds {
      for device in round.devices where peerStanding(of: device) == .elected(round: round.number) { return device }
    }
    return nil
  }

  /// The first ones by `active_order` among the devices that wait and are not queued. Ties go to the device that registered
  /// first.
  ///
  /// - Parameter silent: whether they are of a silent crowd.
  func nextActive(most: Int = 1, silent: Bool = false) -> [DeviceID] {
    var best: (device: DeviceID, rank: UInt64)?
    var candidates: [(device: DeviceID, rank: UInt64, order: Int)] = []
    forEachRegistered { device, peer in
      guard peer.standing == .passive(queued: false), peer.isSilent == silent else { return }
      let rank = rank(of: peer)
      if most > 1 {
        candidates.append((device, rank, peer.order))
      } else if best.map({ rank < $0.rank }) ?? true {
        best = (device, rank)
      }
    }
    if let best { return [best.device] }
    candidates.sort { ($0.rank, $0.order) < ($1.rank, $1.order) }
    return candidates.prefix(most).map(\.device)
  }

  /// What `active_order` compares; the smallest comes first. A device without a report misses everything, as one gap.
  private func rank(of peer: Peer) -> UInt64 {
    let totalGap = peer.report?.totalGapBytes ?? file.size
    return switch parameters.activeOrder {
    case .arrival: 0
    case .largestGap: .max - totalGap
    case .smallestGap: totalGap
    case .mostGaps: .max - UInt64(peer.report?.gaps ?? 1)
    }
  }
}
