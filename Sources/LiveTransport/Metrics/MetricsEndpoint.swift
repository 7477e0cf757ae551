import BootService
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server that answers `GET /metrics` with the text of a scrape, and nothing else.
package struct MetricsEndpoint: Sendable {
  /// The most connections at a time. Who asks for metrics needs one.
  private static let mostConnections = 32
  /// How long a connection may do nothing.
  private static let idleTime = TimeAmount.seconds(10)

  private let channel: any Channel

  /// The address and port that it listens at.
  package var address: SocketAddress? { channel.localAddress }

  /// Listens at an address. It waits until it does, so it must not be called on an event loop.
  ///
  /// - Parameter text: makes the text of a scrape, on any thread.
  /// - Throws: ``SystemError`` if the address cannot be used.
  package static func start(
    at endpoint: Endpoint, on group: any EventLoopGroup, text: @escaping @Sendable () -> String
  ) throws -> MetricsEndpoint {
    let guardian = ConnectionGuard(most: mostConnections)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 16)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard guardian.enter() else { throw ChannelError.ioOnClosedChannel }
          channel.closeFuture.whenComplete { _ in guardian.leave() }
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(IdleStateHandler(allTimeout: idleTime))
          try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
          try pipeline.addHandler(ScrapeHandler(text: text))
        }
      }
    do {
      return MetricsEndpoint(channel: try bootstrap.bind(to: SocketAddress(endpoint)).wait())
    } catch let error as IOError {
      throw SystemError("show metrics at \(endpoint)", code: error.errnoCode)
    }
  }

  /// Listens no more.
  package func stop() { try? channel.close().wait() }
}
