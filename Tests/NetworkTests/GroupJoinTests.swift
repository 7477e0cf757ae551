import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

/// A device that is told of its group needs time to join it (N4).
@Suite struct GroupJoinTests {
  /// All devices join the group as long as each other, so all that follows the OACKs comes that much later.
  @Test(arguments: [1, 20_000, 1_000_000] as [Int64]) func aDelayOfAllDevicesPutsTheSessionOff(delay: Int64) throws {
    var configuration = SmallWorld.configuration(devices: 3, blocks: 6)
    let before = try run(configuration)
    configuration.cohorts[0].groupJoinDelay = Nanoseconds(delay)
    let record = try run(configuration)
    expect(record.devices.map(\.completed), equals: before.devices.map { $0.completed.map { $0 + Nanoseconds(delay) } })
    expect(record.sessions.map(\.begin), equals: before.sessions.map { $0.begin.map { $0 + Nanoseconds(delay) } })
    expect(record.devices.map(\.roles), equals: before.devices.map(\.roles))
    expect(record.serverBytes, equals: before.serverBytes)
  }

  /// Device 2 gets its OACK at 222 544, and hears the group from 1 222 544 on. DATA k arrives at 469 272 and 248 000 for
  /// each block before it: DATA 4 at 1 213 272 is the last that it misses.
  @Test func whatIsSentMeanwhileIsMissing() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 9)
    var late = configuration.cohorts[0]
    late.name = "late"
    late.groupJoinDelay = .milliseconds(1)
    configuration.cohorts.append(late)
    let record = try run(configuration)
    expect(record.devices[1].firstCheck?.missingPackets, equals: 4)
    expect(record.devices[1].firstCheck?.gaps, equals: 1)
    expect(record.devices[1].roles, equals: [.passive, .active, .complete])
    expect(record.sessions.map(\.activeDevice), equals: [1, 2])
    configuration.cohorts[1].groupJoinDelay = Nanoseconds(1_213_272 - 222_544)
    try expect(
      run(configuration).devices[1].firstCheck?.missingPackets, equals: 3, "what arrives at that instant is heard")
  }

  /// The server gives up an active device that is longer at it than `session_timeout`; the device learns that by its
  /// first ask (R8a).
  @Test func aDriverThatIsTooLateIsStruckOff() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 3)
    configuration.cohorts[0].groupJoinDelay = .seconds(7)
    let record = try run(configuration)
    expect(record.sessions.map(\.ended), equals: [.abandoned, .complete])
    #expect(record.devices[0].completed != nil)
  }
}
