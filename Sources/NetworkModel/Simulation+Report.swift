import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// What is seen from outside: samples of the timeline, and the record of a run that ended.
extension Simulation {
  /// Takes a sample of the roles at `time`, with all that happens then, and sets the next one.
  mutating func sample(at time: Nanoseconds) {
    catchUpAll(before: .after(time))
    var sample = TimelineSample(
      time: time, joining: 0, active: 0, passive: 0, smart: 0, complete: 0, failed: 0, uplinkBusy: .zero)
    for index in stations.indices {  // a station is large, and would be copied
      switch stations[index].device.role {
      case .joining: sample.joining += 1
      case .active: sample.active += 1
      case .passive: sample.passive += 1
      case .smart: sample.smart += 1
      case .complete: sample.complete += 1
      case .failed: sample.failed += 1
      }
    }
    let busy = uplink.busy(until: time)
    sample.uplinkBusy = busy - busyAtLastSample
    busyAtLastSample = busy
    sample.sent = SentBytes(uplink.totals(at: time))
    timeline.append(sample)
    nextSample = time + (configuration.timelineStep ?? .never)
  }

  /// Ends a run: everybody catches up, what had not left the uplink is not counted, and the invariants are checked.
  mutating func finish(_ ended: RunEnd) throws(InvariantBreach) -> RunRecord {
    let end: EventKey =
      switch ended {
      case .complete: .after(.never)
      case .timeLimit: .after(configuration.limits.time)
      case .eventLimit: now
      }
    catchUpAll(before: end)
    if configuration.timelineStep != nil, ended == .complete { endTimeline() }
    let totals = uplink.totals(at: end.time)
    for packet in uplink.multicastDataUnderWay {
      ledger.discountData(session: packet.session, isRepeated: packet.isRepeated)
    }
    checkInvariants(totals: totals)
    if let breach {
      throw InvariantBreach(invariant: breach, seed: seed, replication: replication, event: events)
    }
    return RunRecord(
      replication: replication, ended: ended, devices: deviceRecords,
      sessions: ledger.passes.map(\.record), gapSizes: ledger.gapSizes, sessionOneLoss: sessionOneLoss,
      multicastDataPackets: totals.multicastData, unicastDataPackets: totals.unicastData, serverBytes: totals.bytes,
      timeline: timeline, events: events, firstGaps: firstGaps ?? [])
  }

  /// The timeline of a whole run ends with the first step at which every device is complete or failed.
  private mutating func endTimeline() {
    let devices = stations.count
    let isLast = { (sample: TimelineSample) in sample.complete + sample.failed == devices }
    if let last = timeline.firstIndex(where: isLast) {
      timeline.removeSubrange((last + 1)...)
    } else {
      sample(at: nextSample)
    }
  }

  /// The records of the devices, without the rest of the simulation.
  private var deviceRecords: DeviceRecords {
    DeviceRecords(count: stations.count) { [stations = self.stations] in stations[$0].record }
  }

  private var sessionOneLoss: [SessionOneLoss] {
    stations.indices.compactMap { index in
      let tally = stations[index].tally
      guard tally.isInUniformityTable else { return nil }
      return SessionOneLoss(device: index + 1, received: tally.sessionOneReceived, lost: tally.sessionOneLost)
    }
  }
}

extension Station {
  fileprivate var record: DeviceRecord {
    DeviceRecord(
      device: Int(number), cohort: cohort, join: join, roles: tally.roles.all,
      sessionsHeard: tally.sessionsHeard, firstCheck: tally.firstCheck, missedAtCheck: tally.missedAtCheck,
      promoted: tally.promoted, completed: tally.completed, multicastBlocks: tally.multicastBlocks,
      unicastBlocks: tally.unicastBlocks, duplicatePackets: tally.duplicates, offeredPackets: tally.offered,
      lostPackets: tally.lost, left: tally.left)
  }
}
