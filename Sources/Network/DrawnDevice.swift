import BlockTransfer
import RandomStreams
import Timebase

/// What is drawn for a device before a run: its path, its loss, and when it joins and leaves.
@usableFromInline
struct DrawnDevice: Sendable {
  @usableFromInline let number: DeviceID
  @usableFromInline let cohort: Int
  @usableFromInline let latency: Nanoseconds
  @usableFromInline let downLoss: LossProcess
  @usableFromInline let upLoss: LossProcess
  @usableFromInline let downJitter: Jitter?
  @usableFromInline let upJitter: Jitter?
  @usableFromInline let delays: RandomStream?
  @usableFromInline let join: Nanoseconds
  @usableFromInline let leave: Nanoseconds
}

/// The random streams of a replication, and the devices drawn from them.
@usableFromInline
struct Draws {
  let seed: UInt64
  let replication: Int

  @usableFromInline
  init(seed: UInt64, replication: Int) {
    self.seed = seed
    self.replication = replication
  }

  /// The process of the loss before the fan-out (N5).
  @usableFromInline
  func sharedLoss(_ model: LossModel) -> LossProcess {
    LossProcess(model, .shared(seed: seed, replication: replication))
  }

  /// The processes of a segment's loss, on the way down and up (N10).
  @usableFromInline
  func segmentLoss(_ model: LossModel, segment: Int) -> (down: LossProcess, up: LossProcess) {
    let place = UInt32(2 * segment + 1)
    return (
      LossProcess(model, .shared(seed: seed, replication: replication, place: place)),
      LossProcess(model, .shared(seed: seed, replication: replication, place: place + 1))
    )
  }

  private func stream(_ device: DeviceID, _ purpose: Purpose) -> RandomStream {
    RandomStream(
      StreamKey(seed: seed, replication: UInt32(truncatingIfNeeded: replication), device: device, purpose: purpose)
    )
  }

  /// Calls `body` with the devices of all cohorts, in the order of their numbers.
  @usableFromInline
  func forEachDevice(of network: NetworkConfiguration, drawsDelays: Bool, _ body: (DrawnDevice) -> Void) {
    var device: DeviceID = 0
    for (cohortIndex, cohort) in network.cohorts.enumerated() {
      var lastJoin = Nanoseconds.zero
      let leaves = listedLeaves(of: cohort)
      for index in 0..<cohort.count {
        device += 1
        lastJoin = join(of: device, index: index, in: cohort, after: lastJoin)
        let downLoss = LossProcess(
          cohort.downLoss, index: index, from: lastJoin,
          .down(seed: seed, replication: replication, device: device))
        let upLoss = LossProcess(
          cohort.upLoss, index: index, from: lastJoin, .up(seed: seed, replication: replication, device: device))
        body(
          DrawnDevice(
            number: device,
            cohort: cohortIndex,
            latency: once(cohort.latency, device, .latency),
            downLoss: downLoss,
            upLoss: upLoss,
            downJitter: cohort.jitter.map {
              Jitter($0, stream: stream(device, .downJitter), isTimed: downLoss.hasClock)
            },
            upJitter: cohort.jitter.map { Jitter($0, stream: stream(device, .upJitter), isTimed: upLoss.hasClock) },
            delays: drawsDelays ? stream(device, .reportDelay) : nil,
            join: lastJoin,
            leave: leaves?[index] ?? leave(of: device, in: cohort)
          )
        )
      }
    }
  }

  private func once(_ model: TimeModel, _ device: DeviceID, _ purpose: Purpose) -> Nanoseconds {
    if case .constant(let value) = model { return value }
    var stream = stream(device, purpose)
    return model.value(from: &stream)
  }

  /// N7.
  private func join(of device: DeviceID, index: Int, in cohort: Cohort, after last: Nanoseconds) -> Nanoseconds {
    switch cohort.join {
    case .at(let time): once(time, device, .join)
    case .every(let interval, let start):
      min((index == 0 ? start : last) + once(interval, device, .join), Distribution.longestTime)
    case .list(let times): times[index]
    }
  }

  /// N8: the times of a list, by index in the cohort; nil if the cohort has none.
  private func listedLeaves(of cohort: Cohort) -> [Nanoseconds]? {
    guard case .devices(let list) = cohort.leave else { return nil }
    var times = [Nanoseconds](repeating: .never, count: cohort.count)
    for leave in list where times.indices.contains(leave.device - 1) { times[leave.device - 1] = leave.at }
    return times
  }

  /// N8: the time of a device that is not listed.
  private func leave(of device: DeviceID, in cohort: Cohort) -> Nanoseconds {
    switch cohort.leave {
    case .never, .devices: .never
    case .at(let time): once(time, device, .leave)
    }
  }
}
