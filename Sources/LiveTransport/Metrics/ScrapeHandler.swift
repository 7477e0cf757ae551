import NIOCore
import NIOHTTP1
import Synchronization

/// Counts connections up to a limit.
final class ConnectionGuard: Sendable {
  private let most: Int
  private let open = Mutex(0)

  init(most: Int) { self.most = most }

  /// Whether there is room for another one, which is counted then.
  func enter() -> Bool {
    open.withLock { count in
      guard count < most else { return false }
      count += 1
      return true
    }
  }

  func leave() { open.withLock { $0 -= 1 } }
}

/// Answers one request, and closes.
final class ScrapeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let text: @Sendable () -> String
  private var request: HTTPRequestHead?

  init(text: @escaping @Sendable () -> String) { self.text = text }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): request = head
    // What comes with a request is not kept.
    case .body: break
    case .end:
      guard let request else { return }
      answer(request, context)
      self.request = nil
    }
  }

  private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let path = request.uri.split(separator: "?", maxSplits: 1).first.map(String.init) ?? ""
    let isRead = request.method == .GET || request.method == .HEAD
    let (status, body): (HTTPResponseStatus, String) =
      if !isRead {
        (.methodNotAllowed, "only GET\n")
      } else if path == "/metrics" {
        (.ok, text())
      } else {
        (.notFound, "the metrics are at /metrics\n")
      }
    var headers = HTTPHeaders()
    headers.add(name: "content-type", value: "text/plain; version=0.0.4; charset=utf-8")
    headers.add(name: "content-length", value: "\(body.utf8.count)")
    headers.add(name: "connection", value: "close")
    if !isRead { headers.add(name: "allow", value: "GET, HEAD") }
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    if request.method != .HEAD {
      context.write(wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(string: body)))), promise: nil)
    }
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
