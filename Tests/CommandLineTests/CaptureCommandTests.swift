import Foundation
import TestSupport
import Testing

/// The dissector of others, if it is installed.
private let tshark = ["/usr/bin/tshark", "/usr/local/bin/tshark"].first(where: FileManager.default.isExecutableFile)

@Suite struct CaptureCommandTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let small = ["Scenarios/late-joiners.yaml", "--set", "file.size=40 KiB", "--set", "cohorts[0].count=3"]
  private let more = ["--set", "cohorts[1].count=2", "--set", "protocol.promotion.threshold=20 KiB"]

  private func run(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["run"] + small + more + ["-o", folder.path("results"), "--replications", "2"] + arguments)
  }

  @Test func bothDeliveriesWriteTheSameFileAndItIsWholeOrAbsent() throws {
    let (one, two) = (folder.path("one.pcapng"), folder.path("two.pcapng"))
    let outcome = try run("--pcap", one, "--pcap-at", "device:4")
    expect(outcome.status, equals: 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("captured at device:4: "), "\(outcome.output)")
    #expect(outcome.output.contains(" of replication 1 of 2, in \(one)"), "\(outcome.output)")
    #expect(try run("--pcap", two, "--pcap-at", "device:4", "--packet-by-packet", "--quiet").output.isEmpty)
    try expect(Data(contentsOf: URL(fileURLWithPath: one)), equals: Data(contentsOf: URL(fileURLWithPath: two)))
    let other = try run("--pcap", two, "--pcap-replication", "2", "--json")
    #expect(try JSONSerialization.jsonObject(with: Data(other.output.utf8)) is [String: Any])
    #expect(try Data(contentsOf: URL(fileURLWithPath: one)) != Data(contentsOf: URL(fileURLWithPath: two)))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    expect(Set(files), equals: ["one.pcapng", "two.pcapng", "results"])
  }

  @Test func whatCannotBeCapturedIsRefused() throws {
    for (arguments, status) in [
      (["--pcap", folder.path("x"), "--pcap-at", "device:6"], Int32(64)),
      (["--pcap", folder.path("x"), "--pcap-at", "me"], 64),
      (["--pcap", ""], 64), (["--pcap-at", "server"], 64), (["--pcap", "-", "--json"], 64),
      (["--pcap", folder.path("x"), "--pcap-replication", "0"], 64), (["--pcap", folder.path("none/x")], 73),
      (["--pcap", folder.path("x"), "--pcap-replication", "99"], 64),
    ] {
      let outcome = try Program.run(["run"] + small + more + ["-o", folder.path("refused")] + arguments)
      expect(outcome.status, equals: status, "\(arguments): \(outcome.errors)")
      #expect(!outcome.errors.isEmpty)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  /// Wireshark's own dissector reads every packet as TFTP, finds nothing wrong, and its times are those of the log.
  @Test(.enabled(if: tshark != nil, "tshark is not installed"))
  func tsharkReadsEveryPacketAndItsTimesAreTheLogs() throws {
    let capture = folder.path("server.pcapng")
    try expect(run("--pcap", capture, "--quiet").status, equals: 0)
    let packets = try dissect(capture)
    #expect(packets.allSatisfy { $0.problems.isEmpty }, "\(packets.filter { !$0.problems.isEmpty }.prefix(3))")

    let log = try Program.run(["log"] + small + more)
    expect(log.status, equals: 0, "\(log.errors)")
    let logged = log.output.split(separator: "\n").flatMap { LoggedPacket.all(in: $0) }
    expect(Set(logged.map(\.kind)), equals: ["RRQ", "OACK", "DATA", "ACK"])
    expect(packets.map(\.time), equals: logged.map(\.time))
    expect(packets.map(\.kind), equals: logged.map(\.kind))
    expect(packets.map(\.block), equals: logged.map(\.block))
    for packet in packets where packet.kind == "OACK" || packet.kind == "RRQ" {
      #expect(packet.options.contains("promotion") || packet.options.contains("multicast"), "\(packet)")
    }
    let acceptance = try #require(packets.first { $0.kind == "OACK" })
    expect(acceptance.options, equals: "blksize,tsize,timeout,windowsize,multicast,promotion")
    #expect(acceptance.values.hasSuffix(",239.192.0.1,1758,1,20480,1,0"), "\(acceptance.values)")
  }

  /// A packet as Wireshark's dissector understands it.
  private struct DissectedPacket {
    var time: String
    var kind: String
    var block: String
    var options: String
    var values: String
    var problems: String
  }

  private func dissect(_ capture: String) throws -> [DissectedPacket] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(tshark))
    let fields = [
      "frame.time_epoch", "tftp.opcode", "tftp.block", "tftp.option.name", "tftp.option.value", "_ws.malformed",
      "_ws.expert.severity", "ip.checksum.status", "udp.checksum.status", "_ws.expert.message",
    ]
    process.arguments =
      [
        "-n", "-r", capture, "-d", "udp.port==1758,tftp", "-o", "udp.check_checksum:TRUE", "-o",
        "ip.check_checksum:TRUE",
      ]
      + ["-T", "fields"] + fields.flatMap { ["-e", $0] }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    expect(process.terminationStatus, equals: 0)
    return text.split(separator: "\n").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let kinds = ["1": "RRQ", "3": "DATA", "4": "ACK", "6": "OACK"]
      // 1 says that a checksum is right.
      let isGood = fields[5].isEmpty && fields[6].isEmpty && fields[7] == "1" && fields[8] == "1"
      return DissectedPacket(
        time: fields[0], kind: kinds[fields[1]] ?? fields[1], block: fields[2], options: fields[3], values: fields[4],
        problems: isGood ? "" : String(line))
    }
  }

  /// A packet that passes the server, by the words of an event log.
  private struct LoggedPacket {
    var time: String
    var kind: String
    var block: String

    static func all(in line: Substring) -> [LoggedPacket] {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 5, fields[2] == "uplink" || (fields[2] == "server" && fields[3].hasPrefix("gets ")) else {
        return []
      }
      let words = fields[3].split(separator: " ")
      let kind = words[1] == "gap" ? "RRQ" : String(words[1])
      let blocks = kind == "DATA" || kind == "ACK" ? words[2].split(whereSeparator: { $0 == "…" || $0 == "," }) : []
      guard let first = blocks.first.flatMap({ Int($0) }), let last = blocks.last.flatMap({ Int($0) }) else {
        return [LoggedPacket(time: String(fields[1]), kind: kind, block: "")]
      }
      return (first...last).map { LoggedPacket(time: String(fields[1]), kind: kind, block: "\($0)") }
    }
  }
}
