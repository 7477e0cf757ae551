import BlockTransfer
import TestSupport
import Testing
import Timebase

@testable import BootService
@testable import LiveTransport

@Suite("What waits to be sent")
struct TransmitterTests {
  @Test("is at most what the rate sends in two seconds, or 16 MiB; more is dropped")
  func backlog() throws {
    let socket = try UDPSocket(bind: Endpoint(host: HostAddress(127, 0, 0, 1), port: 0))
    defer { socket.close() }
    let transmitter = Transmitter(rate: 10_000, usesSegments: false, at: .zero)
    let way = Way(to: socket.local, from: .tftp, by: socket)
    let packet = [UInt8](repeating: 0, count: 60_000)
    let fitting = Int(Transmitter.leastBacklog) / packet.count + 1
    for _ in 0..<fitting + 7 { transmitter.enqueue(packet, on: way) }
    #expect(transmitter.counters.dropped == 7)
    #expect(transmitter.backlog == UInt64(fitting * packet.count))
    _ = transmitter.send(at: .zero)
    #expect(transmitter.backlog < UInt64(fitting * packet.count), "what left makes room")
    transmitter.enqueue(packet, on: way)
    #expect(transmitter.counters.dropped == 7)
  }

  /// The answer to an ask waits for longer than the timeout, so the ask comes again and again. Each copy would make the
  /// queue longer, until nothing but copies is sent.
  @Test("A run that still waits, whole or in part, is not queued again; once it has left, it is")
  func repeats() throws {
    let here = try Scratch()
    try here.write(String(repeating: "x", count: 200_000), to: "file")
    var files = try FileCatalogue(root: here.path(""))
    guard case .found(let id, _) = files.find("file") else { Issue.record("no file"); return }
    let file = try #require(files[id])
    let socket = try UDPSocket(bind: Endpoint(host: HostAddress(127, 0, 0, 1), port: 0))
    defer { socket.close() }
    let way = Way(to: socket.local, from: .tftp, by: socket)
    let layout = try #require(FileLayout(size: 200_000, blockSize: 1000))
    let run = DataRun(file: id, layout: layout, first: 1, last: 150, blockNumbers: .bits16)
    let transmitter = Transmitter(rate: 8_000_000, usesSegments: false, at: .zero)
    transmitter.enqueue(run, of: file, on: way)
    transmitter.enqueue(run, of: file, on: way)
    var now = Nanoseconds.zero
    #expect(transmitter.send(at: now) != nil, "the rate lets only some of it go")
    transmitter.enqueue(run, of: file, on: way)
    var another = run
    another.last = 149
    transmitter.enqueue(another, of: file, on: way)
    #expect(transmitter.counters.repeated == 2)
    while let pause = transmitter.send(at: now) { now += pause }
    #expect(transmitter.counters.datagrams == 150 + 149)
    #expect(transmitter.backlog == 0)
    transmitter.enqueue(run, of: file, on: way)
    #expect(transmitter.counters.repeated == 2)
    #expect(transmitter.backlog == 150_000)
  }
}
