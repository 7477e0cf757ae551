import BlockTransfer
import BootService
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

/// What a server sends to addresses under which somebody else sends.
struct Forger {
  var server: BootServer
  var now = Nanoseconds.zero
  /// Bytes of packets under a forged address, and what went to it alone, and how many packets these are.
  private(set) var bytesIn: UInt64 = 0
  private(set) var bytesOut: UInt64 = 0
  private(set) var packetsIn = 0
  private(set) var packetsOut: UInt64 = 0
  /// DATA for groups.
  private(set) var groupBytes: UInt64 = 0
  /// Bytes of the packets that went to single clients, by the second in which they went.
  private(set) var perSecond: [Int64: UInt64] = [:]
  /// The first packets that went out, to be looked at.
  private(set) var packets: [Packet] = []

  static let victim = Endpoint(host: HostAddress(192, 0, 2, 66), port: 4444)
  static let mtftp = MTFTPFile(
    fileName: "boot.img", group: Endpoint(host: HostAddress(239, 192, 1, 1), port: 1758))
  static let size: UInt64 = 10_000_000

  init(_ adjust: (inout BootServerSettings) -> Void = { _ in }) {
    var settings = BootServerSettings()
    settings.parameters.promotion.threshold = 1 << 40
    settings.mtftp = [Self.mtftp]
    adjust(&settings)
    server = BootServer(settings)
  }

  mutating func send(
    _ packet: Packet, from source: Endpoint = victim, on service: LocalEnd = .tftp,
    width: BlockNumberWidth = .bits16
  ) {
    guard let bytes = try? packet.encoded(blockNumbers: width) else { return }
    var effects: [BootServerEffect] = []
    server.receive(
      bytes, from: source, on: service, at: now,
      finding: { $0 == "boot.img" ? .found(FileID(rawValue: 1), size: Self.size) : .notFound }, into: &effects)
    bytesIn += UInt64(bytes.count)
    packetsIn += 1
    count(effects)
  }

  mutating func wait(_ time: Nanoseconds) {
    let end = now + time
    while server.deadline <= end {
      now = max(now, server.deadline)
      var effects: [BootServerEffect] = []
      server.fire(at: now, into: &effects)
      count(effects)
    }
    now = end
  }

  private mutating func count(_ effects: [BootServerEffect]) {
    for effect in effects {
      switch effect {
      case .send(let bytes, let endpoint, _) where !endpoint.host.isGroup:
        if packets.count < 100, let packet = try? Packet(decoding: bytes, blockNumbers: .bits16) {
          packets.append(packet)
        }
        add(UInt64(bytes.count), 1)
      case .sendData(let run, let endpoint, _):
        if endpoint.host.isGroup {
          groupBytes += run.packetBytes
        } else {
          add(run.packetBytes, UInt64(run.last - run.first) + 1)
        }
      case .send, .release, .event: continue
      }
    }
  }

  private mutating func add(_ bytes: UInt64, _ packets: UInt64) {
    bytesOut += bytes
    packetsOut += packets
    perSecond[now.count / 1_000_000_000, default: 0] += bytes
  }

  static func request(_ options: [TransferOption] = []) -> Packet {
    .readRequest(ReadRequest(fileName: "boot.img", options: Options(options)))
  }
  static let device = request([
    .blockSize(1428), .transferSize(0), .timeout(seconds: 1), .windowSize(1), .multicast(.request),
    .promotion(.request),
  ])
  static let report = request([
    .promotion(
      .report(
        GapReport(missingPackets: 7003, totalGapBytes: size, gaps: 1, largestGap: 7003, chains: 0, longestChain: 0)))
  ])
}

@Suite("Forged sources")
struct ForgedSourceTests {
  @Test("one request and nothing after it brings one packet of DATA, or an OACK and retries repeats of it")
  func oneRequest() {
    var plain = Forger()
    plain.send(Forger.request())
    plain.wait(s(60))
    #expect(plain.packetsOut == 1 && plain.bytesOut == 516)

    var options = Forger()
    options.send(Forger.request([.blockSize(65_464), .transferSize(0), .windowSize(65_535)]))
    options.wait(s(60))
    #expect(options.packetsOut == 6 && options.bytesOut < 7 * options.bytesIn)
  }

  @Test("a request and an ACK of its OACK bring one window of at most 128 KiB, and no repeat by itself")
  func oneWindow() {
    var forger = Forger()
    forger.send(Forger.request([.blockSize(65_464), .windowSize(65_535)]))
    forger.send(.acknowledgment(0))
    let window = forger.bytesOut
    #expect(window < 132_000)
    forger.wait(s(60))
    expect(forger.bytesOut, equals: window)
  }

  @Test("ACKs of nothing but the OACK bring a window each half a timeout, however many come")
  func manyAcknowledgments() {
    var forger = Forger()
    forger.send(Forger.request([.blockSize(1428), .windowSize(4)]))
    for _ in 0..<10_000 {
      forger.send(.acknowledgment(0))
      forger.wait(ms(1))
    }
    #expect(forger.packetsOut <= 1 + 20 * 4)
  }

  @Test("an ACK of a block that was sent shows that its sender is there; of one that was not, it does not")
  func proof() {
    var forger = Forger()
    forger.send(Forger.request([.blockSize(1428)]))
    forger.send(.acknowledgment(0))
    for block in [9, 2, 65_535] as [BlockNumber] { forger.send(.acknowledgment(block)) }
    expect(forger.packetsOut, equals: 2)
    for block in 1...100 as ClosedRange<BlockNumber> { forger.send(.acknowledgment(block)) }
    expect(forger.packetsOut, equals: 102)
  }

  @Test("a request for a group and nothing after it brings its OACK, the asks of one check and no more")
  func silentDevice() {
    var forger = Forger()
    forger.send(Forger.device, from: ServerBench.client(1))
    forger.send(Forger.device)
    forger.send(.acknowledgment(7003), from: ServerBench.client(1))
    forger.wait(s(300))
    let toVictim = forger.packets.count - 1
    expect(toVictim, equals: 1 + 6)
    expect(forger.packets.last, equals: .optionAcknowledgment([.promotion(.check(session: 1))]))
  }

  @Test("a request, a report and ACKs without end bring a few blocks each half a timeout, not one each")
  func smartDevice() {
    var forger = Forger()
    forger.send(Forger.device, from: ServerBench.client(1))
    forger.send(Forger.device)
    forger.send(Forger.report)
    let before = forger.packetsOut
    for _ in 0..<10_000 {
      forger.send(.acknowledgment(0))
      forger.wait(ms(1))
    }
    // 10 s: twenty windows of eight blocks; the answers of other kinds are told once a second.
    #expect(forger.packetsOut - before <= 20 * 8 + 20)
    // Who asks for the next block has the first one.
    for block in 1...100 as ClosedRange<BlockNumber> { forger.send(.acknowledgment(block)) }
    #expect(forger.packetsOut - before >= 100)
  }

  @Test("who drives a session without having acknowledged a block moves the group by two windows each half a timeout")
  func activeDevice() {
    var forger = Forger()
    forger.send(Forger.device)
    for _ in 0..<2000 {
      forger.send(.acknowledgment(0))
      forger.wait(ms(1))
    }
    #expect(forger.groupBytes <= 2 * 4 * 1432)
    #expect(forger.groupBytes > 0)
  }

  @Test("opens and ACKs to an MTFTP port bring few blocks too", arguments: [false, true])
  func mtftp(opens: Bool) {
    var forger = Forger()
    let port = LocalEnd.mtftp(port: Forger.mtftp.serverPort)
    forger.send(Forger.request(), from: ServerBench.client(1), on: port)
    let before = (forger.packetsOut, forger.groupBytes)
    for _ in 0..<2000 {
      if opens {
        forger.send(Forger.request(), from: ServerBench.client(1), on: port)
      } else {
        forger.send(.acknowledgment(100), on: port)
      }
      forger.wait(ms(1))
    }
    #expect(forger.packetsOut - before.0 <= 4 * 8 + 2)
    #expect(forger.groupBytes - before.1 <= 8 * 516)
  }

  @Test("one host begins a few things that nobody goes on with, from any ports, and this machine as many as it likes")
  func halfOpen() {
    var forger = Forger()
    for port in 1000..<2000 as Range<UInt16> {
      forger.send(
        Forger.request([.blockSize(1428)]), from: Endpoint(host: Forger.victim.host, port: port))
    }
    expect(forger.packetsOut, equals: 16)
    forger.wait(s(10))
    let before = forger.packetsOut
    forger.send(Forger.request([.blockSize(1428)]), from: Endpoint(host: Forger.victim.host, port: 9))
    expect(forger.packetsOut, equals: before + 1, "what ended counts no longer")

    var local = Forger()
    for port in 1000..<1100 as Range<UInt16> {
      local.send(
        Forger.request([.blockSize(1428)]), from: Endpoint(host: HostAddress(127, 0, 0, 1), port: port))
    }
    expect(local.packetsOut, equals: 100)
  }

  @Test("a host that goes on with what it began, or completes, begins as much as it likes", arguments: [false, true])
  func goesOn(asDevice: Bool) {
    var forger = Forger()
    if asDevice { forger.send(Forger.device, from: ServerBench.client(1)) }
    for port in 1000..<1200 as Range<UInt16> {
      let client = Endpoint(host: HostAddress(192, 0, 2, 7), port: port)
      let before = forger.packetsOut
      forger.send(asDevice ? Forger.device : Forger.request([.blockSize(1428)]), from: client)
      expect(forger.packetsOut, equals: before + 1)
      if asDevice {
        forger.send(.acknowledgment(7003), from: client)
      } else {
        forger.send(.acknowledgment(0), from: client)
        forger.send(.acknowledgment(1), from: client)
      }
      forger.wait(ms(100))
    }
  }

  @Test(
    "all that has not shown that it receives gets its share of the rate together, whatever it sends",
    arguments: 0..<5 as Range<Int>)
  func share(kind: Int) {
    var forger = Forger { $0.strangerBytes = 50_000 }
    for step in 0..<5000 as Range<UInt32> {
      let source = Endpoint(host: HostAddress(v4: 0x0A00_0000 + step % 2500), port: 4444)
      switch kind {
      case 0: forger.send(Forger.request(), from: source)
      case 1: forger.send(Forger.request([.blockSize(1428)]), from: source)
      case 2:
        forger.send(Forger.request([.blockSize(1428), .windowSize(8)]), from: source)
        forger.send(.acknowledgment(0), from: source)
      case 3:
        forger.send(Forger.device, from: source)
        forger.send(Forger.report, from: source)
        forger.send(.acknowledgment(0), from: source)
      default: forger.send(.readRequest(ReadRequest(fileName: "none")), from: source)
      }
      forger.wait(.microseconds(500))
    }
    forger.wait(s(30))
    // A second has its share, what was saved up before, and at most one window more.
    for (second, bytes) in forger.perSecond { #expect(bytes <= 2 * 50_000 + 12_000, "second \(second)") }
    let total = forger.perSecond.values.reduce(0, +)
    #expect(total <= UInt64(forger.perSecond.count + 1) * 50_000 + 12_000)
    #expect(total > 50_000)
  }

  @Test("while tables are full of forged requests, somebody who is there gets the file", arguments: [false, true])
  func honest(asDevice: Bool) {
    var forger = Forger {
      $0.mostTransfers = 64
      $0.mostGroups = 4
    }
    for step in 0..<5000 as Range<UInt32> {
      let source = Endpoint(host: HostAddress(v4: 0x0A00_0000 + step), port: 4444)
      let block = UInt32(512 + step % 900)
      forger.send(
        Forger.request([.blockSize(block)] + (step % 2 == 0 ? [.multicast(.request)] : [])), from: source)
      forger.wait(ms(2))
    }
    let client = ServerBench.client(9)
    forger.send(asDevice ? Forger.device : Forger.request([.blockSize(1428)]), from: client)
    let before = forger.packetsOut
    for block in 0...7002 as ClosedRange<BlockNumber> { forger.send(.acknowledgment(block), from: client) }
    #expect(forger.packetsOut - before >= 7003 || forger.groupBytes >= Forger.size)
  }

  @Test(
    "ten thousand forged addresses that ask again each second leave a share to who was sent less",
    arguments: [false, true])
  func comesNew(asDevice: Bool) {
    var forger = Forger {
      $0.strangerBytes = 250_000
      $0.parameters.retries = 2
    }
    func flood(seconds: Int) {
      for step in 0..<UInt32(seconds * 10_000) {
        let number = step % 10_000
        let source = Endpoint(host: HostAddress(v4: 0x0A09_0000 + number), port: 4444)
        forger.send(
          number % 3 == 0
            ? Forger.device : Forger.request([.blockSize(1428)] + (number % 3 == 1 ? [.multicast(.request)] : [])),
          from: source)
        if step % 10 == 0 { forger.wait(ms(1)) }
      }
    }
    flood(seconds: 2)
    for number in 0..<3 as Range<UInt8> {
      let client = ServerBench.client(number + 10)
      let before = forger.packetsOut
      forger.send(asDevice ? Forger.device : Forger.request([.blockSize(1428), .windowSize(16)]), from: client)
      expect(forger.packetsOut, equals: before + 1, "its OACK")
      guard !asDevice else { continue }
      forger.send(.acknowledgment(0), from: client)
      expect(forger.packetsOut, equals: before + 1 + 16, "its first window")
      flood(seconds: 1)
      forger.send(.acknowledgment(16), from: client)
      #expect(forger.packetsOut >= before + 1 + 32, "it has its place yet, and is no stranger any more")
    }
  }

  /// A room that boots twice within a minute is no newcomer the second time, and a flood must not hold that against it.
  @Test("who has acknowledged DATA is answered under a flood when it asks for the next file, as if it came new")
  func comesAgain() {
    var forger = Forger { $0.strangerBytes = 5000 }
    let client = ServerBench.client(1)
    for _ in 0..<9 {
      forger.send(Forger.request([.blockSize(1428)]), from: client)
      forger.wait(ms(20))
      forger.send(.acknowledgment(0), from: client)
      forger.send(.acknowledgment(1), from: client)
      forger.send(.error(code: .undefined, message: ""), from: client)
      forger.wait(s(1))
    }
    for step in 0..<UInt32(12_000) {
      let source = Endpoint(host: HostAddress(v4: 0x0A09_0000 + step % 200), port: 4444)
      forger.send(Forger.request([.blockSize(1428)]), from: source)
      forger.wait(ms(1))
    }
    let before = forger.packetsOut
    forger.send(Forger.request([.blockSize(1428)]), from: client)
    expect(forger.packetsOut, equals: before + 1, "its OACK")
  }

  @Test("no host sends from such an address, so nothing is answered there")
  func impossible() {
    var forger = Forger()
    for host in [HostAddress(239, 192, 0, 1), HostAddress(0, 0, 0, 0), HostAddress(255, 255, 255, 255)] {
      forger.send(Forger.request(), from: Endpoint(host: host, port: 4444))
    }
    forger.send(Forger.request(), from: Endpoint(host: HostAddress(192, 0, 2, 1), port: 0))
    #expect(forger.packetsOut == 0 && forger.groupBytes == 0)
  }

  @Test("what the server sends, sent back to it, keeps nothing going")
  func echo() {
    var forger = Forger()
    forger.send(Forger.request([.blockSize(1428)]))
    forger.send(Forger.device)
    forger.send(Forger.request())
    forger.send(.readRequest(ReadRequest(fileName: "none")))
    var returned = 0
    while returned < forger.packets.count, returned < 50 {
      forger.send(forger.packets[returned])
      returned += 1
    }
    #expect(returned < 10)
  }
}
