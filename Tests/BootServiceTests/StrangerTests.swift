import BootService
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@Suite("Packets that belong to nothing")
struct StrangerTests {
  let client = ServerBench.client(1)

  @Test("An ACK of nobody is answered by ERROR 5, an ERROR by nothing")
  func unknownTransfer() {
    var bench = ServerBench()
    let answer = Packet.error(code: .unknownTransfer, message: "unknown transfer")
    expect(bench.hear(.acknowledgment(7), from: client), equals: [.packet(answer, to: client)])
    expect(bench.hear(.error(code: .undefined, message: "?"), from: client), equals: [])
    expect(bench.hear(.optionAcknowledgment([]), from: client), equals: [])
  }

  @Test("An ACK with a number of 32 bits is an ACK too")
  func unknownWideTransfer() {
    var bench = ServerBench()
    expect(
      bench.hear(.acknowledgment(70_000), from: client, width: .bits32),
      equals: [.packet(.error(code: .unknownTransfer, message: "unknown transfer"), to: client)])
  }

  @Test("A report of a device that the server does not know is answered by ERROR 5, so that it asks anew")
  func unknownReport() {
    var bench = ServerBench()
    let report = GapReport(
      missingPackets: 1, totalGapBytes: 1428, gaps: 1, largestGap: 1, chains: 0, longestChain: 0)
    let answer = Packet.error(code: .unknownTransfer, message: "unknown transfer")
    expect(
      bench.hear(ServerBench.request([.promotion(.report(report))]), from: client),
      equals: [.packet(answer, to: client)])
    #expect(bench.lookups.isEmpty)
  }

  @Test("Strangers get no more ERRORs than the budget has")
  func budget() {
    var bench = ServerBench { $0.strayAnswers = 10 }
    func answers(at time: Nanoseconds) -> Int {
      (0..<100).reduce(0) { count, host in
        count + bench.hear(.acknowledgment(1), from: ServerBench.client(UInt8(host)), at: time).count
      }
    }
    expect(answers(at: .zero), equals: 10)
    expect(answers(at: ms(500)), equals: 5)
    expect(answers(at: s(100)), equals: 10)
  }

  @Test(
    "What is no packet gets the code of what is wrong with it",
    arguments: [
      ([0, 2] + Array("f\0octet\0".utf8), ErrorCode.illegalOperation), ([0, 9], .illegalOperation),
      ([0, 1] + Array("f\0octet\0promotion\0x\0".utf8), .optionNegotiation), ([], .illegalOperation),
    ] as [([UInt8], ErrorCode)])
  func malformed(bytes: [UInt8], code: ErrorCode) {
    var bench = ServerBench()
    expect(
      bench.hear(bytes: bytes, from: client), equals: [.packet(.error(code: code, message: code.words), to: client)])
  }

  @Test("A malformed packet does not disturb a transfer")
  func transferLives() {
    var bench = ServerBench()
    bench.hear(ServerBench.request(), from: client)
    expect(bench.hear(bytes: [0, 9, 1], from: client, at: ms(1)), equals: [])
    expect(bench.hear(.acknowledgment(1), from: client, at: ms(1)), equals: [.data(2...2, to: client)])
  }

  @Test("No bytes trap the server, and it never keeps what has no end", arguments: 0..<40 as Range<UInt64>)
  func hostile(seed: UInt64) {
    var random = SplitMix(state: seed)
    var bench = ServerBench(files: [
      "boot.img": .found(FileID(rawValue: 1), size: 100_000), "empty": .found(FileID(rawValue: 2), size: 0),
      "huge": .found(FileID(rawValue: 3), size: .max), "secret": .notAllowed,
    ]) {
      $0.mostTransfers = 8
      $0.mostDevices = 8
      $0.mostGroups = 2
    }
    for _ in 0..<400 {
      let client = ServerBench.client(UInt8.random(in: 1...6, using: &random), port: .random(in: 1...2, using: &random))
      bench.now += Nanoseconds(.random(in: 0...300_000_000, using: &random))
      bench.wait(until: bench.now)
      bench.hear(bytes: Self.datagram(using: &random), from: client)
    }
    bench.wait(until: bench.now + s(1200))
    expect(bench.server.deadline, equals: .never, "everything ends by itself")
    let opened = bench.events.count { if case .groupOpened = $0 { true } else { false } }
    let closed = bench.events.count { if case .groupClosed = $0 { true } else { false } }
    expect(opened, equals: closed)
    let begun = bench.events.count { if case .transferBegan = $0 { true } else { false } }
    let ended = bench.events.count { if case .transferEnded = $0 { true } else { false } }
    expect(begun, equals: ended)
  }

  private static func datagram(using random: inout SplitMix) -> [UInt8] {
    var bytes: [UInt8]
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in .random(in: .min ... .max, using: &random) }
    case 1: bytes = [0, 4, 0, UInt8.random(in: 0...80, using: &random)]
    case 2: bytes = [0, 5, 0, UInt8.random(in: 0...9, using: &random), 0]
    default: bytes = request(using: &random)
    }
    if Int.random(in: 0..<5, using: &random) == 0, let index = bytes.indices.randomElement(using: &random) {
      bytes[index] = .random(in: .min ... .max, using: &random)
    }
    return bytes
  }

  private static func request(using random: inout SplitMix) -> [UInt8] {
    var text = ["boot.img", "empty", "huge", "secret", "no", "../x"].randomElement(using: &random) ?? ""
    text += "\0octet\0"
    let options = [
      "blksize\u{0}1428\0", "blksize\u{0}8\0", "blksize\u{0}0\0", "tsize\u{0}0\0", "timeout\u{0}1\0",
      "windowsize\u{0}65535\0", "multicast\0\0", "multicast\u{0}1,2\0", "promotion\0\0", "promotion\u{0}1,2,3,4,5,6\0",
      "blocknumbers\u{0}32\0", "x\u{0}y\0",
    ]
    for _ in 0..<Int.random(in: 0...5, using: &random) { text += options.randomElement(using: &random) ?? "" }
    return [0, 1] + Array(text.utf8)
  }
}

/// Numbers that are the same in each run of a test.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
