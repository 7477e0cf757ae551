import BootService
import Logging
import NIOCore
import NIOPosix
import Timebase

/// A boot server on this machine's sockets.
package final class LiveServer: Sendable {
  /// Takes what happens, with the time since the server was started. It is called on the server's event loop.
  package typealias Observer = @Sendable (ServerEvent, Nanoseconds) -> Void

  /// The longest datagram that is read whole. A request has 512 bytes at most, and is the longest that a client sends.
  private static let datagramBytes = 1024

  /// The address and port of TFTP.
  package let local: Endpoint
  /// The server's clock, which its events tell the time of.
  package let clock: LiveClock
  private let loop: NIOLoopBound<ServerLoop>
  private let eventLoop: any EventLoop
  private let channels: [any Channel]

  private init(
    local: Endpoint, clock: LiveClock, loop: NIOLoopBound<ServerLoop>, on eventLoop: any EventLoop,
    channels: [any Channel]
  ) {
    self.local = local
    self.clock = clock
    self.loop = loop
    self.eventLoop = eventLoop
    self.channels = channels
  }

  /// Binds the sockets, opens the directory, gives up root's rights if that is asked for, and serves. It waits until all
  /// that is done, so it must not be called on an event loop.
  ///
  /// - Throws: ``SystemError`` if something cannot be had.
  package static func start(
    _ configuration: LiveServerConfiguration, log: Logger, observer: @escaping Observer = { _, _ in }
  ) throws -> LiveServer {
    let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    let files = try FileCatalogue(root: configuration.root)
    let sockets = try bind(configuration)
    if let user = configuration.user { try Privileges.drop(to: user) }
    try files.probe(root: configuration.root)
    let clock = LiveClock()
    let loop = try eventLoop.submit {
      let transmitter = Transmitter(
        rate: configuration.rate, usesSegments: configuration.usesSegments, at: clock.now)
      return NIOLoopBound(
        ServerLoop(
          BootServer(configuration.service), files: files, transmitter: transmitter, sockets: sockets, clock: clock,
          loop: eventLoop, log: log, observe: observer), eventLoop: eventLoop)
    }.wait()
    var channels: [any Channel] = []
    for (service, socket) in sockets {
      channels.append(
        try socket.channel(on: eventLoop, datagramBytes: datagramBytes) {
          DatagramReader(service, followsRequests: configuration.interface == nil, loop: loop, log: log)
        }.wait())
    }
    guard let local = sockets[.tftp]?.local else { preconditionFailure("the TFTP socket is bound first") }
    return LiveServer(local: local, clock: clock, loop: loop, on: eventLoop, channels: channels)
  }

  /// Ends sessions and transfers with an ERROR that says why, and closes the sockets.
  package func stop(saying reason: String) {
    let loop = loop
    try? eventLoop.submit { loop.value.stop(saying: reason) }.wait()
    for channel in channels { try? channel.close().wait() }
  }

  /// Waits until the server is stopped.
  package func waitUntilClosed() { for channel in channels { try? channel.closeFuture.wait() } }

  /// What was sent and lost so far.
  package var counters: TransmissionCounters {
    let loop = loop
    // The loop ends with the process.
    return (try? eventLoop.submit { loop.value.counters }.wait()) ?? TransmissionCounters()
  }

  private static func bind(_ configuration: LiveServerConfiguration) throws(SystemError) -> [Service: UDPSocket] {
    var sockets: [Service: UDPSocket] = [:]
    do throws(SystemError) {
      sockets[.tftp] = try socket(at: configuration.listen, configuration)
      for file in configuration.service.mtftp where sockets[.mtftp(port: file.serverPort)] == nil {
        let endpoint = Endpoint(host: configuration.listen.host, port: file.serverPort)
        sockets[.mtftp(port: file.serverPort)] = try socket(at: endpoint, configuration)
      }
    } catch {
      for socket in sockets.values { socket.close() }
      throw error
    }
    return sockets
  }

  private static func socket(
    at endpoint: Endpoint, _ configuration: LiveServerConfiguration
  ) throws(SystemError) -> UDPSocket {
    let socket = try UDPSocket(bind: endpoint)
    do throws(SystemError) {
      try socket.sendMulticast(
        by: configuration.interface, hops: configuration.hops, loopsBack: configuration.loopsBack)
    } catch {
      socket.close()
      throw error
    }
    return socket
  }
}
