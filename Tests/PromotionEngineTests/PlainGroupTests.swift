import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

/// Whole groups over bytes, judged by what is sent.
@Suite("R14: groups in which not everybody speaks of promotion, over bytes")
struct PlainGroupTests {
  /// Who of six devices speaks of promotion, and whether the server does.
  struct Group: CustomTestStringConvertible, Sendable {
    var speakers: Set<DeviceID>
    var serverSpeaks: Bool
    var testDescription: String {
      "devices \(speakers.sorted()) speak, the server \(serverSpeaks ? "too" : "does not")"
    }

    static let all = [Set<DeviceID>(), [1, 3, 5], [2, 4, 6], [4], [1, 2, 3, 4, 5, 6]].flatMap { speakers in
      [true, false].map { Group(speakers: speakers, serverSpeaks: $0) }
    }
  }

  private static func scripted(_ way: Lab.Way, _ device: DeviceID, _ number: Int) -> Bool {
    switch way {
    case .down: number % (5 + Int(device) * 2) == 3
    case .up: number % 9 == 4
    }
  }

  private func lab(
    _ group: Group, isLost: @escaping (Lab.Way, DeviceID, Int) -> Bool,
    _ adjust: (inout ProtocolParameters) -> Void = { _ in }
  ) -> Lab {
    Lab(size: 16 * 40 + 1, devices: 6, isLost: isLost, speakers: group.speakers, serverSpeaks: group.serverSpeaks) {
      $0.promotion.threshold = 16 * 12
      adjust(&$0)
    }
  }

  @Test("everyone completes; only who speaks, to a server that speaks, reports or is promoted", arguments: Group.all)
  func everyone(group: Group) throws {
    var lab = lab(group, isLost: Self.scripted)
    try lab.run(spread: .zero)
    #expect(lab.everyoneHasTheFile)
    let reporting = group.serverSpeaks ? group.speakers : []
    for packet in lab.sent {
      switch packet.message {
      case .report: #expect(reporting.contains(packet.device))
      case .request(let proposal):
        expect(proposal.options.contains(.promotion), equals: group.speakers.contains(packet.device))
      case .acceptance(let acceptance): expect(acceptance.promotion != nil, equals: reporting.contains(packet.device))
      case .check where packet.addressing == .multicast: #expect(!reporting.isEmpty)
      case .check, .smart, .wait: #expect(reporting.contains(packet.device))
      case .data where packet.addressing == .unicast: #expect(reporting.contains(packet.device))
      case .open: Issue.record("no open without MTFTP")
      case .data, .acknowledgment, .notActive, .elected, .error: break
      }
    }
    expect(lab.sent.contains { $0.message.isReport }, equals: !reporting.isEmpty)
    expect(lab.promotions > 0, equals: !reporting.isEmpty)
  }

  @Test("a group that nobody has told of promotion sends exactly what RFC 2090 says", arguments: [UInt32(1), 4])
  func exactly(windowSize: UInt32) throws {
    // Device 2 loses DATA 3 and 5, device 3 loses DATA 5 and 9; packet 1 is the OACK.
    let lost: [DeviceID: Set<Int>] = [2: [4, 6], 3: [6, 10]]
    var lab = Lab(
      size: 16 * 10, devices: 3,
      isLost: { way, device, number in way == .down && lost[device]?.contains(number) ?? false },
      speakers: [], serverSpeaks: false
    ) { $0.windowSize = windowSize }
    try lab.run(spread: .zero)
    #expect(lab.everyoneHasTheFile && lab.sessions == 3)
    let data = lab.sent.compactMap { packet -> BlockNumber? in
      if case .data(let block) = packet.message, packet.device == 1 { block } else { nil }
    }
    // All eleven blocks; then what device 2 misses, with what a window brings beside it; then what device 3 still misses.
    let second: [BlockNumber] = windowSize == 1 ? [3, 5] : [3, 4, 5, 6]
    expect(data, equals: Array(1...11) + second + (windowSize == 1 ? [9] : [9, 10, 11]))
    let words = lab.sent.filter { !$0.message.isData && !$0.message.isAcknowledgment }.map(\.message.kind)
    expect(words, equals: ["RRQ", "RRQ", "RRQ", "OACK", "OACK", "OACK", "elected", "elected"])
  }

  @Test("who misses nothing answers its election with ACK(n), and drives no session")
  func nobodyMisses() throws {
    var lab = Lab(size: 16 * 10, devices: 5, isLost: { _, _, _ in false }, speakers: [], serverSpeaks: false) { _ in }
    try lab.run(spread: .zero)
    #expect(lab.everyoneHasTheFile && lab.sessions == 1)
    let ends = lab.sent.filter { $0.message == .acknowledgment(11) }.map(\.device)
    expect(ends, equals: [1, 2, 3, 4, 5])
    expect(lab.sent.count { $0.message == .elected }, equals: 4)
  }

  @Test(
    "a server that is gone is given up: nobody waits for ever, and nobody reports",
    arguments: [Set<DeviceID>(), [1, 2, 3]])
  func serverGone(speakers: Set<DeviceID>) throws {
    // From a device's fifth packet on everything to the server is lost.
    var lab = Lab(
      size: 16 * 10, devices: 3, isLost: { way, _, number in way == .up && number > 4 }, speakers: speakers,
      serverSpeaks: false
    ) { _ in }
    try lab.run(spread: .zero)
    #expect(lab.devices.allSatisfy { $0.role == .failed })
    #expect(lab.now < s(60))
    #expect(!lab.sent.contains { $0.message.isReport })
  }

  @Test("who does not report outlasts elections that nobody answers")
  func deadElections() throws {
    // Devices 2 to 9 are never heard again after their RRQ. Device 10 lost DATA 3, and is asked with the last of them.
    var lab = Lab(
      size: 16 * 10, devices: 10,
      isLost: { way, device, number in
        way == .up ? (2...9).contains(device) && number > 1 : device == 10 && number == 4
      }, speakers: [], serverSpeaks: false
    ) { _ in }
    try lab.run(spread: .zero)
    expect(lab.devices[9].role, equals: .complete)
    expect(lab.sent.filter { $0.message == .elected }.map(\.device).prefix(6), equals: [2, 2, 2, 3, 4, 5])
  }

  @Test("MTFTP: nobody is smart, and everyone completes by sessions", arguments: [true, false])
  func mtftp(serverSpeaks: Bool) throws {
    var lab = lab(Group(speakers: [], serverSpeaks: serverSpeaks), isLost: Self.scripted) { $0.mode = .pxeMTFTP }
    try lab.run(spread: ms(3))
    #expect(lab.everyoneHasTheFile)
    #expect(lab.promotions == 0 && lab.sessions > 1)
    let unicast = lab.sent.filter { $0.addressing == .unicast && $0.message.isData }.map(\.message)
    #expect(unicast.allSatisfy { $0 == .data(1) }, "but for the block that tells a device that it is active")
  }
}

extension Message {
  fileprivate var isReport: Bool { if case .report = self { true } else { false } }
  fileprivate var isData: Bool { if case .data = self { true } else { false } }
  fileprivate var isAcknowledgment: Bool { if case .acknowledgment = self { true } else { false } }

  fileprivate var kind: String {
    switch self {
    case .request: "RRQ"
    case .acceptance: "OACK"
    case .elected: "elected"
    default: "\(self)"
    }
  }
}
