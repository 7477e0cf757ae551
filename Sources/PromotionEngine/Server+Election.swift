import BlockTransfer
import TFTPWire
import Timebase

/// A device that was asked to drive the next session (R15).
struct Election: Hashable, Sendable, BitwiseCopyable {
  let device: DeviceID
  var patience: Patience
}

// Which device drives the next session: R15, R16.
extension Server {
  /// R15: ends a check phase that waits for no device. Then, if a device waits, elects the next active device.
  mutating func proceed(answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    if case .check(let check) = phase, check.awaited == 0 { phase = .idle }
    guard case .idle = phase, waiting > 0, let device = nextActive() else { return }
    move(device, to: .elected)
    phase = .election(
      Election(device: device, patience: Patience(from: answersAt, timeout: parameters.timeout)))
    effects.append(.unicast(.elected, to: device, leavesAt: answersAt))
  }

  /// R15: repeats the election, or strikes the device off and elects the next.
  mutating func repeatElection(_ election: Election, at now: Nanoseconds, into effects: inout [ServerEffect]) {
    var election = election
    if election.patience.repeats(at: now, under: parameters) {
      phase = .election(election)
      effects.append(.unicast(.elected, to: election.device, leavesAt: now))
    } else {
      strikeOff(election.device)
      phase = .idle
      proceed(answersAt: now, into: &effects)
    }
  }

  /// The first by `active_order` among the devices that wait and are not queued. Ties go to the device that registered
  /// first.
  func nextActive() -> DeviceID? {
    var best: (device: DeviceID, rank: UInt64)?
    forEachRegistered { device, peer in
      guard peer.standing == .passive(queued: false) else { return }
      let rank = rank(of: peer)
      if best.map({ rank < $0.rank }) ?? true { best = (device, rank) }
    }
    return best?.device
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
