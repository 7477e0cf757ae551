import BootService
import LiveTransport
import NIOCore
import NIOPosix
import TestSupport
import Testing

@Suite("UDP sockets")
struct UDPSocketTests {
  /// Gathers datagrams until there are enough.
  private final class Gatherer: ChannelInboundHandler, Sendable {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    let stream: AsyncStream<[UInt8]>.Continuation

    init(_ stream: AsyncStream<[UInt8]>.Continuation) { self.stream = stream }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      stream.yield(Array(unwrapInboundIn(data).data.readableBytesView))
    }
  }

  @Test(
    "What one socket sends as many datagrams another one reads whole", arguments: [true, false], ["127.0.0.1", "::1"])
  func sendsAndReads(segments: Bool, host: String) async throws {
    let any = Endpoint(host: try #require(HostAddress(host)), port: 0)
    let receiver = try UDPSocket(bind: any)
    let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let channel = try await receiver.channel(on: loop, datagramBytes: 2048) { Gatherer(continuation) }.get()
    let sender = try UDPSocket(bind: any)
    let bytes = (0..<2500).map { UInt8(truncatingIfNeeded: $0) }
    expect(sender.send(bytes[...], size: 1000, to: receiver.local, segments: segments), equals: .sent(3))
    var received: [[UInt8]] = []
    for await datagram in stream {
      received.append(datagram)
      if received.count == 3 { break }
    }
    expect(received.map(\.count), equals: [1000, 1000, 500])
    expect(received.flatMap(\.self), equals: bytes)
    sender.close()
    try await channel.close()
  }

  @Test("An address without a route is an error of this datagram, and the socket lives")
  func survivesErrors() throws {
    let socket = try UDPSocket(bind: Endpoint(host: HostAddress(127, 0, 0, 1), port: 0))
    // A socket of the loopback interface can send nowhere else.
    let elsewhere = Endpoint(host: HostAddress(192, 0, 2, 1), port: 9)
    guard case .failed = socket.send([1, 2, 3][...], size: 3, to: elsewhere, segments: false) else {
      Issue.record("nothing failed")
      return
    }
    expect(socket.send([1][...], size: 1, to: socket.local, segments: false), equals: .sent(1))
    socket.close()
  }

  @Test("An interface that is not there is an error with the names of those that are")
  func unknownInterface() {
    #expect { try NetworkInterface(named: "nosuch0") } throws: {
      ($0 as? UnknownInterface)?.known.contains("lo") == true
    }
  }
}
