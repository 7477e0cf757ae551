import BootService
import Foundation
import LiveRecords
import Logging
import NIOPosix
import PromotionEngine
import Results
import TestSupport
import Testing
import Timebase

@testable import LiveTransport

/// What a server and devices on this machine write down, joined.
struct RecordsTests {
  private let scratch: Scratch
  private let contents = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8) })
  private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  private let parameters: ProtocolParameters

  init() throws {
    scratch = try Scratch()
    var parameters = ProtocolParameters()
    parameters.windowSize = 8
    parameters.promotion.threshold = 100_000
    self.parameters = parameters
  }

  /// A server of one file, with its records.
  private func start() throws -> (server: LiveServer, records: ServerRecords) {
    try FileManager.default.createDirectory(atPath: scratch.path("root"), withIntermediateDirectories: true)
    try contents.write(to: URL(filePath: scratch.path("root/boot.img")))
    var configuration = LiveServerConfiguration(
      root: scratch.path("root"), listen: Endpoint(host: HostAddress(127, 0, 0, 1), port: 0))
    configuration.interface = try NetworkInterface(named: "lo")
    configuration.service = BootServerSettings(parameters: parameters)
    let records = ServerRecords(
      in: scratch.path("server"), scenario: nil, parameters: parameters, rate: configuration.rate,
      server: configuration.listen, log: log)
    return (try LiveServer.start(configuration, log: log) { records.note($0, at: $1) }, records)
  }

  private func download(_ number: Int, from server: Endpoint, on loop: MultiThreadedEventLoopGroup) throws
    -> (Download, DeviceRecords)
  {
    let settings = ClientSettings(server: server, fileName: "boot.img", parameters: parameters)
    var plan = DownloadPlan(settings)
    plan.interface = try NetworkInterface(named: "lo")
    let records = DeviceRecords(in: scratch.path("devices"), scenario: nil, client: settings, log: log)
    let file = try DownloadFile(.file(scratch.path("out-\(number)")))
    return (Download(plan, into: file, on: loop.next(), observer: records), records)
  }

  private func column(_ name: String, of file: String) throws -> [String] {
    let table = try CSVTable(contentsOf: scratch.path(file))
    let index = try table.column(name)
    return table.rows.map { $0[index] }
  }

  @Test func aServerAndItsDevicesLeaveRecordsThatJoin() throws {
    let (server, records) = try start()
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    defer { try? loops.syncShutdownGracefully() }
    let downloads = try (1...3).map { try download($0, from: server.local, on: loops) }
    let ends = downloads.map { $0.0.run() }
    for (end, (_, records)) in zip(ends, downloads) {
      _ = try end.wait()
      records.finish()
    }
    server.stop(saying: "the test is over")
    records.finish(saying: "the test is over", at: server.clock.now)
    for number in 1...3 { try expect(Data(contentsOf: URL(filePath: scratch.path("out-\(number)"))), equals: contents) }

    let gathering = try Gathering([scratch.path("server"), scratch.path("devices")])
    expect(gathering.notes, equals: [])
    try gathering.write(to: scratch.path("lab"))
    try expect(column("completed_devices", of: "lab/runs.csv"), equals: ["3"])
    try expect(column("ended", of: "lab/runs.csv"), equals: ["complete"])
    #expect(try column("device_packets", of: "lab/runs.csv").allSatisfy { (Int($0) ?? 0) > 3 })
    let blocks = 300_000 / 1428 + 1
    let multicast = try column("multicast_blocks", of: "lab/devices.csv").compactMap { Int($0) }
    let unicast = try column("unicast_blocks", of: "lab/devices.csv").compactMap { Int($0) }
    expect(zip(multicast, unicast).map { $0 + $1 }, equals: [blocks, blocks, blocks])
    #expect(try column("roles", of: "lab/devices.csv").allSatisfy { $0.hasSuffix("complete") })
    let sent = try column("multicast_data_packets", of: "lab/runs.csv").compactMap { Int($0) }
    #expect(sent.allSatisfy { $0 >= multicast.max() ?? 0 })
    // The server took its own devices for complete as well.
    try expect(column("completed_devices", of: "server/boot.img-1/runs.csv"), equals: ["3"])
  }

  /// A client whose server never answers has nothing to write down.
  @Test func nobodyAnswersSoThereIsNoRecord() throws {
    let settings = ClientSettings(
      server: Endpoint(host: HostAddress(127, 0, 0, 1), port: 9), fileName: "boot.img", parameters: parameters)
    let device = DeviceRecords(in: scratch.path("devices"), scenario: nil, client: settings, log: log)
    let client = BootClient(settings)
    device.begins(from: Endpoint(host: HostAddress(127, 0, 0, 1), port: 4000))
    device.happened(.requested, at: .zero, to: client)
    device.happened(.entered(.failed), at: .seconds(6), to: client)
    device.happened(.ended(.failed(.noAnswer)), at: .seconds(6), to: client)
    device.finish()
    #expect(!FileManager.default.fileExists(atPath: scratch.path("devices")))
  }

  /// A server that is stopped in the middle leaves a run that is not over.
  @Test func aServerThatStopsLeavesAnInterruptedRun() throws {
    let records = ServerRecords(
      in: scratch.path("server"), scenario: nil, parameters: parameters, rate: nil,
      server: Endpoint(host: HostAddress(127, 0, 0, 1), port: 69), log: log)
    let terms = GroupTerms(blockSize: 1428, windowSize: 8, wideBlockNumbers: false)
    let layout = try #require(terms.layout(ofSize: 300_000))
    let address = Endpoint(host: HostAddress(239, 192, 0, 1), port: 1758)
    let client = Endpoint(host: HostAddress(10, 0, 0, 1), port: 4000)
    let description = GroupDescription(
      fileName: "boot.img", layout: layout, terms: terms, mode: .rfc2090, address: address)
    let events: [ServerEvent] = [
      .groupOpened(1, description), .joined(1, of: 1, client, knowsPromotion: true),
      .sessionOpened(1, session: 1, active: 1), .standing(1, of: 1, .active), .sessionBegan(1, session: 1),
      .sentToGroup(1, first: 1, last: 8, payloadBytes: 8 * 1428), .groupClosed(1),
    ]
    for (index, event) in events.enumerated() { records.note(event, at: .milliseconds(Int64(index))) }
    records.finish(saying: "the server was stopped", at: .seconds(1))
    try expect(column("ended", of: "server/boot.img-1/runs.csv"), equals: ["interrupted"])
    try expect(column("data_packets", of: "server/boot.img-1/sessions.csv"), equals: ["8"])
    try expect(column("completed_s", of: "server/boot.img-1/devices.csv"), equals: [""])
  }

  /// A stranger who asks and reports without end does not fill the disk.
  @Test func aDevicesRecordIsBounded() throws {
    let records = ServerRecords(
      in: scratch.path("server"), scenario: nil, parameters: parameters, rate: nil,
      server: Endpoint(host: HostAddress(127, 0, 0, 1), port: 69), log: log)
    let terms = GroupTerms(blockSize: 1428, windowSize: 8, wideBlockNumbers: false)
    let layout = try #require(terms.layout(ofSize: 300_000))
    let description = GroupDescription(
      fileName: "boot.img", layout: layout, terms: terms, mode: .rfc2090,
      address: Endpoint(host: HostAddress(239, 192, 0, 1), port: 1758))
    records.note(.groupOpened(1, description), at: .zero)
    let client = Endpoint(host: HostAddress(10, 0, 0, 1), port: 4000)
    records.note(.joined(1, of: 1, client, knowsPromotion: true), at: .zero)
    records.note(.sessionOpened(1, session: 1, active: 1), at: .zero)
    records.note(.sessionBegan(1, session: 1), at: .zero)
    for number in 0..<5000 { records.note(.askedAgain(1, of: 1), at: .milliseconds(Int64(number))) }
    records.finish(saying: "the server was stopped", at: .seconds(10))
    #expect(try column("event", of: "server/boot.img-1/events.csv").count < 520)
  }

  /// Forged requests open groups, and nobody answers: there is nothing to keep.
  @Test func aGroupInWhichNobodyAnswersLeavesNothing() throws {
    let records = ServerRecords(
      in: scratch.path("server"), scenario: nil, parameters: parameters, rate: nil,
      server: Endpoint(host: HostAddress(127, 0, 0, 1), port: 69), log: log)
    let terms = GroupTerms(blockSize: 1428, windowSize: 8, wideBlockNumbers: false)
    let layout = try #require(terms.layout(ofSize: 300_000))
    for group in 1...50 as ClosedRange<GroupID> {
      let description = GroupDescription(
        fileName: "boot.img", layout: layout, terms: terms, mode: .rfc2090,
        address: Endpoint(host: HostAddress(239, 192, 0, 1), port: 1758))
      records.note(.groupOpened(group, description), at: .zero)
      for device in 1...100 as ClosedRange<UInt32> {
        let client = Endpoint(host: HostAddress(10, 0, 0, UInt8(device)), port: 4000)
        records.note(.joined(device, of: group, client, knowsPromotion: true), at: .zero)
        records.note(.standing(device, of: group, .passive), at: .zero)
        records.note(.standing(device, of: group, .struckOff), at: .seconds(6))
      }
      records.note(.groupClosed(group), at: .seconds(60))
    }
    records.finish(saying: "the server was stopped", at: .seconds(61))
    #expect(!FileManager.default.fileExists(atPath: scratch.path("server")))
  }
}
