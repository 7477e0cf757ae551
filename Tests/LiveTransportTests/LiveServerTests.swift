import BootService
import Glibc
import Logging
import NIOCore
import Synchronization
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import LiveTransport

/// A server of a directory of its own, on a port that the system chooses.
final class LiveLab {
  let scratch: Scratch
  let root: String
  let server: LiveServer
  /// The address of its groups.
  let group: HostAddress
  private let seen: EventLog
  /// How many there were: each has a group of its own, for a client of RFC 2090 can't tell two servers of one host apart.
  private static let labs = Atomic<UInt8>(0)

  final class EventLog: Sendable {
    private let list = Mutex<[ServerEvent]>([])

    func append(_ event: ServerEvent) { list.withLock { $0.append(event) } }
    var events: [ServerEvent] { list.withLock { $0 } }
  }

  init(_ adjust: (inout LiveServerConfiguration) -> Void = { _ in }) throws {
    scratch = try Scratch()
    root = scratch.path("root")
    mkdir(root, 0o755)
    var configuration = LiveServerConfiguration(
      root: root, listen: Endpoint(host: HostAddress(127, 0, 0, 1), port: 0))
    configuration.rate = nil
    group = HostAddress(239, 192, 1, Self.labs.wrappingAdd(1, ordering: .relaxed).newValue)
    configuration.service.groups = GroupAddresses(group...group, port: 1758)
    adjust(&configuration)
    let seen = EventLog()
    self.seen = seen
    server = try LiveServer.start(configuration, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
      event, _ in seen.append(event)
    }
  }

  deinit { server.stop(saying: "the test is over") }

  var events: [ServerEvent] { seen.events }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let descriptor = open(root + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    expect(Glibc.write(descriptor, bytes, bytes.count), equals: bytes.count)
    chmod(root + "/" + name, 0o644)
  }
}

/// A client's socket that waits for each answer, up to two seconds. It hears nobody but the address and port that it asks.
final class PlainClient {
  private let socket: UDPSocket
  private let server: Endpoint

  init(of server: Endpoint) throws {
    self.server = server
    socket = try UDPSocket(bind: Endpoint(host: HostAddress(127, 0, 0, 1), port: 0))
    let connected = SocketAddress(server).withSockAddr { connect(socket.descriptor, $0, socklen_t($1)) }
    expect(connected, equals: 0)
  }

  deinit { socket.close() }

  func send(_ packet: Packet) throws {
    let bytes = try packet.encoded(blockNumbers: .bits16)
    expect(socket.send(bytes[...], size: bytes.count, to: server, segments: false), equals: .sent(1))
  }

  func receive() throws -> Packet {
    var descriptor = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
    try #require(poll(&descriptor, 1, 2000) == 1, "no answer in two seconds")
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket.descriptor, &bytes, bytes.count, 0)
    try #require(count >= 0)
    return try Packet(decoding: Array(bytes[..<count]), blockNumbers: .bits16)
  }

  /// Fetches a file by windows, and returns its bytes.
  func fetch(_ name: String, _ options: [TransferOption], blockSize: Int = 512, window: UInt32 = 1) throws -> [UInt8] {
    try send(.readRequest(ReadRequest(fileName: name, options: Options(options))))
    var file: [UInt8] = []
    var block: UInt32 = 0
    if !options.isEmpty {
      guard case .optionAcknowledgment = try receive() else { throw Refused() }
      try send(.acknowledgment(0))
    }
    while true {
      guard case .data(let number, let payload) = try receive() else { throw Refused() }
      expect(number, equals: (block + 1) & 0xFFFF)
      block += 1
      file += payload
      let isLast = payload.count < blockSize
      if isLast || block % window == 0 { try send(.acknowledgment(block & 0xFFFF)) }
      if isLast { return file }
    }
  }

  struct Refused: Error {}
}

@Suite("A live server")
struct LiveServerTests {
  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
  }

  @Test(
    "A file comes as it is, whatever its size, its blocks and its windows",
    arguments: [0, 1, 511, 512, 5000, 1468 * 20], [(8, 1), (512, 1), (1468, 4), (1468, 64), (65464, 2)])
  func fetches(size: Int, terms: (blockSize: UInt32, window: UInt32)) throws {
    let lab = try LiveLab()
    let content = Self.bytes(size)
    try lab.write("f", content)
    let client = try PlainClient(of: lab.server.local)
    let file = try client.fetch(
      "f", [.blockSize(terms.blockSize), .windowSize(terms.window)], blockSize: Int(terms.blockSize),
      window: terms.window)
    expect(file, equals: content)
  }

  @Test("A server of every address answers from the one that was asked", arguments: [true, false], [1, 2, 77])
  func addresses(segments: Bool, asked: UInt8) throws {
    let lab = try LiveLab {
      $0.listen.host = HostAddress(v4: 0)
      $0.usesSegments = segments
    }
    let content = Self.bytes(20_000)
    try lab.write("f", content)
    let client = try PlainClient(of: Endpoint(host: HostAddress(127, 0, 0, asked), port: lab.server.local.port))
    try expect(client.fetch("f", [.blockSize(1468), .windowSize(4)], blockSize: 1468, window: 4), equals: content)
  }

  @Test("Block numbers begin again after 65 535, with segments and without", arguments: [true, false])
  func wraps(segments: Bool) throws {
    let lab = try LiveLab { $0.usesSegments = segments }
    let content = Self.bytes(8 * 66_000)
    try lab.write("f", content)
    let client = try PlainClient(of: lab.server.local)
    try expect(client.fetch("f", [.blockSize(8), .windowSize(60)], blockSize: 8, window: 60), equals: content)
  }

  @Test("A file that changes while it is served ends its transfer with ERROR, and no byte of the other content is sent")
  func changes() throws {
    let lab = try LiveLab()
    try lab.write("f", Self.bytes(5000))
    let client = try PlainClient(of: lab.server.local)
    try client.send(.readRequest(ReadRequest(fileName: "f")))
    guard case .data(1, _) = try client.receive() else {
      Issue.record("no DATA")
      return
    }
    try lab.write("f", Array(repeating: 0, count: 5000))
    try client.send(.acknowledgment(1))
    try expect(client.receive(), equals: .error(code: .undefined, message: "the file has changed"))
  }

  @Test("When the server stops, a client is told")
  func stops() throws {
    let lab = try LiveLab()
    try lab.write("f", Self.bytes(5000))
    let client = try PlainClient(of: lab.server.local)
    try client.send(.readRequest(ReadRequest(fileName: "f")))
    _ = try client.receive()
    lab.server.stop(saying: "the server stops")
    try expect(client.receive(), equals: .error(code: .undefined, message: "the server stops"))
    expect(lab.events.last, equals: .transferEnded(1, .ended(.cancelled(.undefined))))
  }

  @Test("A rate is kept")
  func paces() throws {
    let lab = try LiveLab { $0.rate = 20_000_000 }
    let content = Self.bytes(500_000)
    try lab.write("f", content)
    let client = try PlainClient(of: lab.server.local)
    let begin = ContinuousClock.now
    let file = try client.fetch("f", [.blockSize(1468), .windowSize(32)], blockSize: 1468, window: 32)
    let bits = Double((341 * (1472 + 66)) * 8)
    // The first burst comes at once.
    #expect(ContinuousClock.now - begin > .seconds((bits - 640_000) / 20_000_000 * 0.95))
    expect(file, equals: content)
  }

  @Test("A group that this machine hears gets DATA from the same socket as the OACK")
  func group() throws {
    let lab = try LiveLab { $0.interface = try? NetworkInterface(named: "lo") }
    try lab.write("f", Self.bytes(1000))
    let client = try PlainClient(of: lab.server.local)
    try client.send(.readRequest(ReadRequest(fileName: "f", options: [.multicast(.request)])))
    let answer = Options([.multicast(.reply(address: "\(lab.group)", port: 1758, isActive: true))])
    try expect(client.receive(), equals: .optionAcknowledgment(answer))
    try client.send(.acknowledgment(2))
    #expect(lab.events.contains { if case .joined = $0 { true } else { false } })
  }

  @Test("A port that is taken is an error that names it")
  func portIsTaken() throws {
    let lab = try LiveLab()
    let taken = lab.server.local
    #expect { try LiveLab { $0.listen = taken } } throws: {
      ($0 as? SystemError)?.code == EADDRINUSE && "\($0)".contains("\(taken)")
    }
  }
}
