import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

@Suite struct FaultTests {
  /// Device 1 is switched off at 600 000. Its ACK(1) was at the server at 589 272; six seconds later the session is
  /// abandoned, and the notice leaves at once: 688 ns, 100 000 ns. Device 2 has blocks 1 and 2; its report is at the
  /// server 120 000 ns later, at 6 000 809 960; it is elected 20 000 + 672 + 776 + 100 000 later; ACK(2) is at the server at
  /// 6 001 051 408, DATA 3 arrives at 6 001 179 408, the empty DATA 4 240 672 ns later.
  @Test func aSessionWhoseActiveDeviceDiesIsAbandonedAndTheNextOneElected() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.cohorts[0].leave = .devices([DeviceLeave(device: 1, at: .microseconds(600))])
    let record = try run(configuration)
    expect(
      record.devices,
      equals: [
        DeviceRecord(
          1,
          roles: [.active, .failed],
          sessionsHeard: 1,
          firstCheck: nil,
          completed: nil,
          multicast: 1,
          offered: 2,
          left: true
        ),
        DeviceRecord(
          2,
          roles: [.passive, .active, .complete],
          sessionsHeard: 2,
          firstCheck: .lastTwoMissing,
          completed: 6_001_420_080,
          multicast: 4,
          offered: 8
        ),
      ])
    expect(
      record.sessions,
      equals: [
        SessionRecord(
          1,
          active: 1,
          begin: 341_272,
          end: 6_000_589_272,
          ended: .abandoned,
          data: 2,
          firstSet: 1,
          secondSet: 1
        ),
        SessionRecord(
          2,
          active: 2,
          begin: 6_001_051_408,
          end: 6_001_540_080,
          data: 2,
          firstSet: 0,
          secondSet: 0
        ),
      ])
  }

  /// Device 1 is off before its OACK arrives: the session that waited for it from 100 000 on never began, and after three
  /// timeouts the other one is asked.
  @Test func aSessionWhoseActiveDeviceNeverSpeaksHasNoBeginning() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.cohorts[0].leave = .devices([DeviceLeave(device: 1, at: .microseconds(200))])
    let record = try run(configuration)
    expect(record.devices[0].roles, equals: [.failed])
    expect(record.devices[0].offeredPackets, equals: 0)
    expect(
      record.sessions.first,
      equals: SessionRecord(
        1,
        active: 1,
        begin: nil,
        end: 3_000_100_000,
        ended: .abandoned,
        data: 0,
        firstSet: 0,
        secondSet: 1
      ))
    expect(record.devices[1].roles, equals: [.passive, .active, .complete])
  }

  /// R3: the RRQ and its five repeats, a second apart, and a second after the last the device has failed.
  @Test func whoIsNeverAnsweredFails() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 4, up: [[1, 2, 3, 4, 5, 6]])
    configuration.timelineStep = .milliseconds(500)
    let record = try run(configuration)
    expect(record.ended, equals: .complete)
    expect(record.devices[0].roles, equals: [.failed])
    #expect(record.sessions.isEmpty)
    expect(record.serverBytes, equals: 0)
    expect(record.timeline.last?.time, equals: .seconds(6))
    #expect(record.timeline.dropLast().allSatisfy { $0.joining == 1 })
    expect(record.timeline.last?.failed, equals: 1)
  }

  /// The only device is complete at 841 944 or so, and never later than a second.
  @Test func whoIsSwitchedOffWhenCompleteHasNotLeft() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.cohorts[0].leave = .at(.constant(.seconds(1)))
    let devices = try run(configuration).devices
    #expect(devices.allSatisfy { $0.completed != nil && !$0.left && $0.roles.last == .complete })
  }

  @Test func whoIsSwitchedOffBeforeItsJoinHasLeft() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.cohorts[0].join = .list([.zero, .seconds(3)])
    configuration.cohorts[0].leave = .devices([DeviceLeave(device: 2, at: .seconds(2))])
    try expect(run(configuration).devices.map(\.left), equals: [false, true])
  }

  @Test func whoHasFailedAndIsSwitchedOffFailsOnce() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 4, up: [[1, 2, 3, 4, 5, 6]])
    configuration.cohorts[0].leave = .at(.constant(.seconds(10)))
    let device = try run(configuration).devices[0]
    expect(device.roles, equals: [.failed])
    #expect(!device.left)
  }

  /// DATA 1 and DATA 2 leave at 369 272 and 617 272 and arrive 100 000 ns later; what leaves at the limit counts.
  @Test(arguments: [(Int64(617_271), UInt64(1), UInt64(2)), (617_272, 2, 2), (717_271, 2, 2), (717_272, 2, 3)])
  func theTimeLimitCountsUpToItsInstant(limit: Int64, left: UInt64, offered: UInt64) throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.limits.time = Nanoseconds(limit)
    let record = try run(configuration)
    expect(record.ended, equals: .timeLimit)
    expect(record.multicastDataPackets, equals: left)
    expect(record.devices.map(\.offeredPackets), equals: [offered, offered])
    #expect(record.serverBytes == 2 * 159 + left * 1000)
    expect(
      record.sessions,
      equals: [
        SessionRecord(1, active: 1, begin: 341_272, end: nil, data: left, firstSet: 1, secondSet: 0)
      ])
    #expect(record.devices.allSatisfy { $0.completed == nil })
  }

  /// Joins that follow each other at distances of years are cut at ten years, as every drawn time is.
  @Test func joinsBeyondTenYearsAreCutThere() throws {
    var configuration = SmallWorld.configuration(devices: 400, blocks: 4)
    configuration.cohorts[0].join = .every(.constant(.seconds(365 * 24 * 3600)), start: .zero)
    let record = try run(configuration)
    expect(record.ended, equals: .timeLimit)
    #expect(record.devices[8].join == .seconds(9 * 365 * 24 * 3600))
    #expect(record.devices[9...].allSatisfy { $0.join == .seconds(10 * 365 * 24 * 3600) && $0.roles.isEmpty })
  }

  /// A limit ends a run with the first event beyond it; a run that needs no more of them is complete (R16).
  @Test func theEventLimitEndsARunThatNeedsMoreEvents() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    let whole = try run(configuration)
    var ends: [RunEnd] = []
    for limit in 0...whole.events {
      configuration.limits.events = limit
      let record = try run(configuration)
      expect(record.events, equals: min(limit + 1, whole.events))
      if record.ended == .complete { #expect(record.differences(from: whole).isEmpty) }
      ends.append(record.ended)
    }
    #expect(ends.dropLast().allSatisfy { $0 == .eventLimit } && ends.count > 20)
    expect(ends.last, equals: .complete)
  }

  /// Samples at 0, 300, 600, 900, 1200, 1500 µs; everybody is complete at 1 205 944, so that of 1500 µs is the last.
  /// The uplink sends two OACKs of 1272 ns by then, and DATA 1–3 at 361 272, 609 272 and 857 272 for 8000 ns each,
  /// DATA 4 at 1 105 272 for 672, the notice at 1 345 944 for 688.
  @Test func theTimelineEndsWithTheFirstStepAtWhichAllAreComplete() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.timelineStep = .microseconds(300)
    let record = try run(configuration)
    expect(record.timeline.map(\.time.count), equals: [0, 300_000, 600_000, 900_000, 1_200_000, 1_500_000])
    expect(record.timeline.map(\.uplinkBusy.count), equals: [0, 2544, 8000, 16_000, 672, 688])
    expect(record.timeline.map(\.joining), equals: [2, 0, 0, 0, 0, 0])
    expect(record.timeline.map(\.active), equals: [0, 1, 1, 1, 1, 0])
    expect(record.timeline.map(\.passive), equals: [0, 1, 1, 1, 1, 0])
    expect(record.timeline.map(\.complete), equals: [0, 0, 0, 0, 0, 2])
  }
}
