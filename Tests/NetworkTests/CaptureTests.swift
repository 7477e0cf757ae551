import BlockTransfer
@testable import Network
@testable import PromotionRun
@testable import Runs
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@Suite struct CaptureTests {
  private func capture(
    _ configuration: SimulationConfiguration, seed: UInt64 = 1, delivery: Delivery = .byRuns,
    at point: CapturePoint = .server
  ) throws -> [UInt8] {
    var run = CapturedRun(
      configuration, seed: seed, replication: 1, delivery: delivery, at: point, title: "small")
    var bytes: [UInt8] = []
    _ = try run.write { bytes += $0 }
    return bytes
  }

  private func points(of configuration: SimulationConfiguration) -> [CapturePoint] {
    [.server, .group] + (1...configuration.deviceCount).map { .device(DeviceID($0)) }
  }

  /// The first words at the server of a device alone: its request after 100 µs, the answer a service later; the OACK has
  /// 160 bytes on the wire and so leaves after 1280 ns; then the first ask.
  @Test func theFirstPacketsAreThoseOfTheProtocol() throws {
    let configuration = SmallWorld.configuration(devices: 1, blocks: 3)
    let frames = try CapturedFrame.all(in: capture(configuration), blockNumbers: .bits16)
    expect(frames.map(\.time.count).prefix(4), equals: [100_000, 120_000, 341_272, 361_272])
    expect(frames.map(\.source).prefix(2), equals: ["10.0.0.1:49152", "192.168.0.1:69"])
    expect(
      frames.map(\.destination).prefix(4),
      equals: [
        "192.168.0.1:69", "10.0.0.1:49152", "192.168.0.1:69", "239.192.0.1:1758",
      ])
    expect(frames[0].message, equals: .request(Proposal(configuration.parameters)))
    expect(frames[3].message, equals: .data(1))
    let bytes = try capture(configuration, at: .group)
    // Behind the section's and the interface's block, and 28 bytes of the packet's: the group's address by RFC 1112.
    let first = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x01, 0x00, 0x5E, 0x40, 0x00, 0x01]) })
    #expect(bytes[(first + 6)...].starts(with: [0x02, 0x00, 192, 168, 0, 1, 8, 0]))
  }

  @Test(arguments: [1, 2, 8, 30])
  func aLongSessionIsTheSameInBothDeliveries(window: UInt32) throws {
    var configuration = SmallWorld.configuration(
      devices: 3, blocks: 150, threshold: 100_000, losing: [[], [4], [9, 10, 77]])
    configuration.parameters.windowSize = window
    for point in points(of: configuration) {
      let bytes = try capture(configuration, at: point)
      try expect(bytes, equals: capture(configuration, delivery: .packetByPacket, at: point), "\(point)")
      let frames = try CapturedFrame.all(in: bytes, blockNumbers: .bits16)
      #expect(frames.count > 100)
      #expect(zip(frames, frames.dropFirst()).allSatisfy { $0.time <= $1.time })
    }
  }

  /// Any scenario: both deliveries write the same bytes, and they are what the log says.
  @Test(arguments: [UInt64(1)..<16, 16..<31])
  func bothDeliveriesWriteTheSameBytesAsTheLog(seeds: Range<UInt64>) throws {
    for seed in seeds {
      var scenario = RandomScenario(seed: seed)
      var configuration = scenario.configuration()
      configuration.limits.events = min(configuration.limits.events, 2_000)
      for point in [.server, .group, .device(1), .device(DeviceID(configuration.deviceCount))] as [CapturePoint] {
        let bytes = try capture(configuration, seed: seed, at: point)
        try expect(
          bytes, equals: capture(configuration, seed: seed, delivery: .packetByPacket, at: point),
          "seed \(seed), \(point)")
        let width: BlockNumberWidth = configuration.parameters.wideBlockNumbers ? .bits32 : .bits16
        let frames = try CapturedFrame.all(in: bytes, blockNumbers: width)
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $0.time <= $1.time })
        let logged = logged(configuration, seed: seed, at: point)
        let seen = frames.filter { point.isToldByTheLog($0) }
        expect(seen.map(\.time), equals: logged.map(\.time), "seed \(seed), \(point)")
        expect(seen.map { $0.message.map(\.comparable) }, equals: logged.map(\.message), "seed \(seed), \(point)")
      }
    }
  }

  private func logged(
    _ configuration: SimulationConfiguration, seed: UInt64, at point: CapturePoint
  ) -> [(time: Nanoseconds, message: Message?)] {
    var run = TracedRun(configuration, seed: seed, replication: 1)
    var packets: [(time: Nanoseconds, message: Message?)] = []
    while let event = run.next() {
      switch (point, event.subject, event.happening) {
      case (.server, .uplink, .sent(let message, let last, _, let fates)),
        (.group, .uplink, .sent(let message, let last, to: 0, let fates)):
        let blocks = message.block.map { $0...max($0, last) } ?? 1...1
        for block in blocks.dropLast(Int(fates.dropped)) {
          packets.append((event.time, message.block == nil ? message.comparable : .data(block)))
        }
      case (.server, .server, .arrived(let message, _)): packets.append((event.time, message.comparable))
      case (.device(let device), .device(let subject), .received(let message, _)) where subject == device:
        packets.append((event.time, message.comparable))
      default: break
      }
    }
    return packets
  }

  @Test func pointsAreReadAsTheyAreWritten() {
    for text in ["server", "group", "device:17"] { expect(CapturePoint(text)?.description, equals: text) }
    for text in ["", "device", "device:", "device:0", "device:-1", "device:x", "Server"] {
      #expect(CapturePoint(text) == nil, "\(text)")
    }
  }
}

extension CapturePoint {
  /// The log does not say when a device sends.
  fileprivate func isToldByTheLog(_ frame: CapturedFrame) -> Bool {
    if case .device = self { frame.destination != "192.168.0.1:69" } else { true }
  }
}

extension Message {
  /// What a log and a packet have in common.
  fileprivate var comparable: Message { withoutSettings }
}
