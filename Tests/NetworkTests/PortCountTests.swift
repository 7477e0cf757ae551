import PromotionRun
import Runs
import TestSupport
import Testing
import Timebase

@testable import Network

/// What ports have counted at an instant in the middle of a run.
@Suite struct PortCountTests {
  /// Windows of 16 over a trunk to a floor, both as fast as the uplink; a queue makes a port look at what has left.
  private static let configuration: SimulationConfiguration = {
    var configuration = SmallWorld.configuration(devices: 3, blocks: 200)
    configuration.parameters.windowSize = 16
    configuration.segments = [Segment(name: "trunk"), Segment(name: "floor")]
    configuration.segments[1].parent = "trunk"
    configuration.segments[1].queue = 100
    configuration.cohorts[0].segment = "floor"
    return configuration
  }()

  /// A port works out far ahead when its frames leave, but they count from then on only.
  @Test func noPortHasSentMoreThanThePortAbove() throws {
    var configuration = Self.configuration
    configuration.timelineStep = .microseconds(7)
    let record = try run(configuration)
    #expect(record.timeline.count > 300)
    for sample in record.timeline {
      let sent = sample.sent.multicastData + sample.sent.unicastData + sample.sent.control
      #expect(sample.segmentBytes[0] <= sent && sample.segmentBytes[1] <= sample.segmentBytes[0], "\(sample.time)")
    }
    expect(record.segments[1].bytes, equals: record.serverBytes)
  }

  /// A frame counts in the step in which it has left, so a step has at most one more than fits: here 1000 bytes, 8 ns each.
  @Test(arguments: [Int64(7), 50]) func aStepHasAtMostOneFrameMoreThanFits(microseconds: Int64) throws {
    var configuration = Self.configuration
    configuration.timelineStep = .microseconds(microseconds)
    let samples = try run(configuration).timeline
    var most: Int64 = 0
    for (before, sample) in zip(samples, samples.dropFirst()) {
      let length = (sample.time - before.time).count
      for (sent, earlier) in zip(sample.segmentBytes, before.segmentBytes) {
        most = max(most, 8 * Int64(sent - earlier) - length)
      }
    }
    #expect(most > 0 && most <= 8_000)
  }

  @Test(arguments: Array(stride(from: Int64(300), to: 2_000, by: 37)))
  func aLimitEndsTheCountsOfAllPorts(microseconds: Int64) throws {
    var configuration = Self.configuration
    configuration.limits.time = .microseconds(microseconds)
    let record = try run(configuration)
    expect(record.ended, equals: .timeLimit)
    #expect(record.segments[0].bytes <= record.uplink.bytes && record.segments[1].bytes <= record.segments[0].bytes)
    for port in [record.uplink] + record.segments {
      #expect(port.busy <= port.lastDeparture && port.lastDeparture <= configuration.limits.time)
      // 8 ns a byte.
      #expect(port.busy.count >= Int64(port.bytes) * 8)
    }
  }
}
