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
}

// Which device drives the next session: R15, R16.
//
// Why several are asked at once: nothing in a request or in a report shows that its sender hears the server, so whoever
// can send can have any number of devices elected that never answer, and machines are switched off. Only the answer to an
// election shows it. Asked one after the other, each of these would cost all its repeats. Asked in rounds that grow, a
// thousand of them are asked within five timeouts, and whoever hears the server is among those who are asked by then.
// The first device is asked twice by itself: one lost packet makes no crowd.
extension Server {
  /// R15: ends a check phase that waits for no device. Then, if a device waits, elects the next active device.
  mutating func proceed(answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    if case .check(let check) = phase, check.awaited == 0 { phase = .idle }
    guard case .idle = phase else { return }
    elect(round: 0, answersAt: answersAt, into: &effects)
  }

  /// R15: asks one more round of devices to drive, if any wait.
  private mutating func elect(round number: Int, answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    guard waiting > 0 else { return }
    let devices = nextActive(most: ElectionRound.size(of: number))
    guard !devices.isEmpty else { return }
    for device in devices {
      move(device, to: .elected(round: number))
      effects.append(.unicast(.elected, to: device, leavesAt: answersAt))
    }
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
    if elected == 0 { electNobody() }
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

  /// R15: a device that was asked drives from now on.
  ///
  /// - Returns: the others that were asked.
  mutating func endElection(for winner: DeviceID) -> [DeviceID] {
    var others: [DeviceID] = []
    for round in electionRounds {
      for device in round.devices
      where device != winner && peerStanding(of: device) == .elected(round: round.number) {
        others.append(device)
      }
    }
    electionRounds = []
    return others
  }

  /// R15: devices that were asked, but answered too late or not at all, wait as before, and are told so. Their answers may
  /// be on their way; for a second nobody says it again.
  mutating func tellThatTheyDoNotDrive(
    _ devices: [DeviceID], at now: Nanoseconds, answersAt: Nanoseconds, into effects: inout [ServerEffect]
  ) {
    for device in devices {
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
  func nextActive(most: Int = 1) -> [DeviceID] {
    var best: (device: DeviceID, rank: UInt64)?
    var candidates: [(device: DeviceID, rank: UInt64, order: Int)] = []
    forEachRegistered { device, peer in
      guard peer.standing == .passive(queued: false) else { return }
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
