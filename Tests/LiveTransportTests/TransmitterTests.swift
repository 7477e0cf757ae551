import BootService
import Testing
import Timebase

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
}
