import TestSupport
import Testing

@testable import Scenarios

/// What is warned of queues and buffers that a window overflows, and what is not: each by the rules of the run (N10–N12).
@Suite struct WindowWarningTests {
  /// Windows of 16 frames come through `a` at 100 Mbit/s, which is the slowest port, and then through `b`.
  private static let base = """
    file: {size: 1 MiB}
    protocol: {timeout: 250 ms, windowsize: 16}
    segments: {a: {rate: 100 Mbit/s}, b: {parent: a}}
    cohorts: [{name: c, count: 4, segment: b}]
    """
  /// Blocks of three frames; a file of 10 KB is two of them and one of two frames.
  private static let fragments = """
    file: {size: 10 KB}
    protocol: {windowsize: 8, blksize: 4000 B, block_numbers: 32}
    segments: {a: {rate: 100 Mbit/s}}
    cohorts: [{count: 3, segment: a, link: {rate: 50 Mbit/s}}]
    """

  private func warnings(_ text: String, _ overrides: [String]) throws -> [String] {
    try Scenario.parse(text: text, file: "window.yaml", overrides: overrides).warnings.map(\.description)
  }

  @Test(arguments: [
    ["segments.b.queue=3"], ["cohorts[0].link={rate: 100 Mbit/s, queue: 1}"],
    ["cohorts[0].link={rate: 1 Gbit/s, queue: 1}"], ["server.queue=15"], ["segments.a.queue=14"],
    ["server.queue=100", "file.size=20 KiB"],
    // The group's frames are spread out before.
    ["segments.a.multicast_rate=6 Mbit/s", "segments.b.rate=10 Mbit/s", "segments.b.queue=1"],
    // Each device is sent a window of its own, at the other rate.
    ["protocol.strategy=unicast", "segments.b.multicast_rate=6 Mbit/s", "segments.b.queue=1"],
    // 100 Mbit/s on the wire are 95.6 Mbit/s of payload.
    ["cohorts[0].receiver={rate: 50 Mbit/s, buffer: 12100 B}"],
    ["cohorts[0].receiver={rate: 97 Mbit/s, buffer: 1500 B}"],
    [
      "cohorts[0].receiver={rate: 60 Mbit/s, buffer: 1500 B}", "file.size=100 KiB", "protocol.blksize=64 B",
      "protocol.windowsize=64",
    ],
    // The last of 16 packets finds 15 × (1432 − 749) bytes: 749 are read from one packet to the next.
    ["cohorts[0].receiver={rate: 50 Mbit/s, buffer: 11677 B}", "file.size=22848 B"],
    ["cohorts[0].receiver={rate: 50 Mbit/s, buffer: 1 KiB}", "file.size=500 B"],
  ])
  func nothingIsSaidWhereNothingIsDropped(overrides: [String]) throws {
    try expect(warnings(Self.base, overrides), equals: [])
  }

  @Test(arguments: [
    (
      ["server.queue=3"],
      "server.queue: holds 3 frames, and 16 frames of a window come to the port at once: it drops 12 of"
    ),
    (
      ["server.queue=14"],
      "server.queue: holds 14 frames, and 16 frames of a window come to the port at once: it drops 1 of"
    ),
    // While 16 frames come, one has left and one is being sent.
    (
      ["segments.a.queue=13"],
      "segments.a.queue: holds 13 frames, and 16 frames of a window come to the port faster than"
    ),
    (["segments.a.queue=3"], "faster than it sends: it drops 11 of them"),
    // What the uplink drops does not come there.
    (["server.queue=3", "segments.a.queue=4"], "server.queue: holds 3 frames"),
    // Every second frame finds room, once the queue is full.
    (
      ["cohorts[0].link={rate: 50 Mbit/s, queue: 1}"], "cohorts[0].link.queue: holds 1 frame, and 16 frames of a window"
    ),
    (["cohorts[0].link={rate: 50 Mbit/s, queue: 1}"], "it drops 7 of them, even if it was idle"),
    (["segments.b.multicast_rate=6 Mbit/s", "segments.b.queue=3"], "segments.b.queue: holds 3 frames"),
    (
      ["protocol.strategy=unicast", "segments.b.rate=10 Mbit/s", "segments.b.queue=3"],
      "segments.b.queue: holds 3 frames"
    ),
    (
      ["cohorts[0].receiver={rate: 50 Mbit/s, buffer: 11676 B}", "file.size=22848 B"],
      "overflows in each window that comes at the rate of the slowest port before it: a window has 16 packets"
    ),
    (["cohorts[0].receiver={rate: 50 Mbit/s, buffer: 11676 B}"], " with 22_912 B, and 1 of them finds no room"),
    (["cohorts[0].receiver={rate: 50 Mbit/s, buffer: 1 KiB}"], "less than a DATA packet of 1432 B"),
  ])
  func oneWarningSaysWhatIsDropped(overrides: [String], words: String) throws {
    let warnings = try warnings(Self.base, overrides)
    expect(warnings.count, equals: 1)
    #expect(warnings.first?.contains(words) == true, "\(warnings)")
  }

  /// The last block is shorter, and so has fewer frames.
  @Test(arguments: [
    (["cohorts[0].link.queue=7"], 0), (["server.queue=7"], 0), (["server.queue=6"], 1), (["server.queue=8"], 0),
    (["server.queue=8", "file.size=100 KB"], 1), (["segments.a.queue=1"], 1),
  ])
  func theFramesOfTheLargestWindowOfTheFileCount(overrides: [String], warnings: Int) throws {
    try expect(self.warnings(Self.fragments, overrides).count, equals: warnings)
  }

  /// A round takes 16 frames at the slowest port, 11 984 ns at each of the two others, and 240 µs: 84.03 Mbit/s of payload.
  @Test(arguments: [("84.1 Mbit/s", 0), ("83.8 Mbit/s", 1)])
  func aFrameIsStoredAtEachPort(rate: String, warnings: Int) throws {
    let overrides = [
      "file.size=48 MiB", "cohorts=[{name: fast, segment: b}, {segment: b, receiver: {rate: \(rate), buffer: 64 KiB}}]",
    ]
    let all = try self.warnings(Self.base, overrides)
    expect(all.count, equals: warnings)
    #expect(all.allSatisfy { $0.contains("with 84 Mbit/s of payload: these devices read more slowly") }, "\(all)")
  }

  /// A session that another device drives comes no faster than the port of the devices lets it.
  @Test(arguments: [("9.8 Mbit/s", 0), ("9 Mbit/s", 1)])
  func aSlowPortKeepsASessionFromABuffer(rate: String, warnings: Int) throws {
    let text = """
      file: {size: 48 MiB}
      protocol: {windowsize: 4}
      segments: {cell: {rate: 10 Mbit/s}}
      cohorts: [{name: fast}, {name: slow, segment: cell, receiver: {rate: \(rate), buffer: 64 KiB}}]
      """
    let all = try self.warnings(text, [])
    expect(all.count, equals: warnings)
    #expect(all.allSatisfy { $0.contains("with 9559 kbit/s of payload: these devices read more slowly") }, "\(all)")
  }

  // MARK: - Smart devices (R14)

  /// A smart device asks for 32 blocks at once, and a session for 4.
  private static let smart = """
    file: {size: 400 KiB}
    protocol: {windowsize: 4, timeout: 250 ms, promotion: {threshold: 300 KiB, smart_window: 32}}
    segments: {a: {rate: 100 Mbit/s}}
    cohorts: [{name: first}, {name: late, join: 5 ms, segment: a}]
    """

  @Test(arguments: [
    (["server.queue=8"], "server.queue: holds 8 frames, and 32 frames of a smart device's full window (smart_window)"),
    (["server.queue=8"], "come to the port at once: it drops 23 of them"), (["server.queue=30"], "it drops 1 of them"),
    (["segments.a.queue=8"], "segments.a.queue: holds 8 frames, and 32 frames of a smart device's full window"),
    (["cohorts[late].link={rate: 50 Mbit/s, queue: 8}"], "cohorts[1].link.queue: holds 8 frames, and 32 frames of a"),
    // It goes at the rate of unicast.
    (["segments.a.multicast_rate=1 Gbit/s", "segments.a.queue=24"], "segments.a.queue: holds 24 frames"),
    // Both overflow it, which is said once.
    (["server.queue=2"], "4 frames of a window come to the port at once: it drops 1 of them"),
    (
      ["cohorts[late].receiver={rate: 50 Mbit/s, buffer: 8 KB}"],
      "overflows in each smart device's full window (smart_window) that comes at the rate of the slowest port before it: "
        + "a window has 32 packets with 45_824 B"
    ),
    (["server.queue=8", "protocol.mode=pxe-mtftp", "protocol.windowsize=1"], "smart device's full window"),
    (["server.queue=8", "cohorts[0].promotion=off"], "it drops 23 of them"),
    // A device that misses 12 blocks and the last one is below the threshold.
    (["server.queue=8", "protocol.promotion.threshold=18329 B"], "13 frames of a smart device's full window"),
    (["server.queue=8", "protocol.promotion.threshold=18328 B"], "12 frames of a smart device's full window"),
    (["server.queue=8", "cohorts[1].jitter={exponential: {mean: 1 us}}"], "it drops 23 of them"),
  ])
  func theWindowOfASmartDeviceIsSentToo(overrides: [String], words: String) throws {
    let warnings = try warnings(Self.smart, overrides).filter { !$0.contains("has no effect in mode") }
    expect(warnings.count, equals: 1)
    #expect(warnings.first?.contains(words) == true, "\(warnings)")
  }

  @Test(arguments: [
    ["server.queue=31"], ["server.queue=8", "protocol.promotion.smart_window=8"], ["segments.a.queue=29"],
    // Nobody is smart, or nobody who misses so much.
    ["server.queue=8", "protocol.promotion.threshold=0 B", "protocol.promotion.smart_window=1"],
    ["server.queue=8", "protocol.promotion.threshold=10 KB"], ["server.queue=8", "protocol.strategy=rfc2090"],
    [
      "server.queue=8", "protocol.promotion.max_gaps=2", "protocol.promotion.max_largest_gap=4",
    ],
    ["server.queue=8", "cohorts=[{name: alone, segment: a}]"],
    // Those below the port do not speak of promotion, or ask one after the other.
    ["segments.a.queue=8", "cohorts[late].promotion=off"],
    ["cohorts[late].link={rate: 50 Mbit/s, queue: 8}", "cohorts[late].promotion=off"],
    ["cohorts[0].link={rate: 50 Mbit/s, queue: 8}", "cohorts[0].promotion=off"],
    ["segments.a.queue=8", "cohorts[late].jitter={exponential: {mean: 5 ms}}"],
    ["segments.a.multicast_rate=6 Mbit/s", "segments.a.rate=1 Gbit/s", "segments.a.queue=3"],
  ])
  func nothingIsSaidOfSmartDevicesThatOverflowNothing(overrides: [String]) throws {
    let warnings = try warnings(Self.smart, overrides).filter { !$0.contains("without a threshold nobody is promoted") }
    expect(warnings, equals: [])
  }
}
