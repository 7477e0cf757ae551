import BlockTransfer
import BootService
import NIOCore
import NIOPosix
import TFTPWire
import Timebase

/// What a download needs besides the client's settings.
package struct DownloadPlan: Sendable {
  /// What is asked for, and how.
  package var client: ClientSettings
  /// The interface on which groups are joined; nil for the one that leads to the server.
  package var interface: NetworkInterface?
  /// The SHA-256 that the file must have, in lower-case hexadecimal.
  package var digest: String?
  /// What the kernel should keep of what arrives while nobody reads, in bytes.
  package var receiveBufferBytes = 8 << 20

  /// A download that checks only the file's size.
  package init(_ client: ClientSettings) { self.client = client }
}

/// What is told of a download while it goes on. All of it is called from one thread.
package protocol DownloadObserver: Sendable {
  /// It begins, from this address and port.
  func begins(from own: Endpoint)
  /// Something happened.
  func happened(_ event: ClientEvent, at time: Nanoseconds, to client: BootClient)
  /// Some time has passed.
  func goesOn(_ client: BootClient, at time: Nanoseconds)
  /// Something does not stop the download, but whoever looks after the machine should know it.
  func warn(_ words: String)
}

/// A ``BootClient`` on real sockets.
///
/// It lives on one event loop, and only ``interrupt(_:)`` may be called from elsewhere.
package final class Download: @unchecked Sendable {
  private let plan: DownloadPlan
  private let file: DownloadFile
  private let observer: any DownloadObserver
  private let loop: any EventLoop
  private let start = NIODeadline.now()
  private let result: EventLoopPromise<BootClient>
  private var client: BootClient
  private var effects: [ClientEffect] = []
  private var unicast: (any Channel)?
  private var group: (channel: any Channel, descriptor: Int32)?
  private var timer: (deadline: Nanoseconds, scheduled: Scheduled<Void>)?
  private var ticks: RepeatedTask?
  private var server: (endpoint: Endpoint, address: SocketAddress)
  private var writing = WriteBuffer()
  private var failure: DownloadError?
  private var isEnded = false
  private var isFinishing = false
  private var isOver = false
  private var drops: UInt64 = 0

  /// A timer that is due later than this after the start comes too early, and is set again.
  private static let longestWait = Nanoseconds.seconds(86_400 * 365)
  /// The time between two calls of ``DownloadObserver/goesOn(_:at:)``.
  private static let tick = TimeAmount.milliseconds(250)

  /// Prepares a download. ``run()`` does it.
  package init(_ plan: DownloadPlan, into file: DownloadFile, on loop: any EventLoop, observer: any DownloadObserver) {
    self.plan = plan
    self.file = file
    self.observer = observer
    self.loop = loop
    client = BootClient(plan.client)
    server = (plan.client.server, SocketAddress(plan.client.server))
    result = loop.makePromise()
  }

  /// Downloads the file. The result is the client at its end; a ``DownloadError`` if there is no file.
  package func run() -> EventLoopFuture<BootClient> {
    loop.execute { [self] in
      do throws(DownloadError) {
        let socket = try ReceivingSocket(
          towards: plan.client.server, port: plan.client.clientPort, bufferBytes: plan.receiveBufferBytes)
        listen(at: socket.descriptor, by: .unicast) { [self] channel in
          guard !isEnded else { return channel.close(promise: nil) }
          unicast = channel
          observer.begins(from: own(channel))
          ticks = loop.scheduleRepeatedTask(initialDelay: Self.tick, delay: Self.tick) { [weak self] _ in self?.lookUp()
          }
          input { client, now, effects in client.begin(at: now, into: &effects) }
        }
      } catch {
        end(because: error)
      }
    }
    return result.futureResult
  }

  /// The address and port that the server sees, unless somebody between them changes it.
  private func own(_ channel: any Channel) -> Endpoint {
    let port = UInt16(channel.localAddress?.port ?? 0)
    return Endpoint(host: NetworkInterface.localHost(towards: plan.client.server) ?? HostAddress(v4: 0), port: port)
  }

  /// Ends the download from any thread. The server is told.
  package func interrupt(_ reason: String) {
    loop.execute { [self] in
      input { client, now, effects in client.cancel(.undefined, message: reason, at: now, into: &effects) }
    }
  }
}

// MARK: - Inputs

extension Download {
  private var now: Nanoseconds { Nanoseconds(Int64(clamping: (NIODeadline.now() - start).nanoseconds)) }

  /// Hands an input to the client and does what it wants.
  private func input(_ body: (inout BootClient, Nanoseconds, inout [ClientEffect]) -> Void) {
    guard !isEnded else { return }
    body(&client, now, &effects)
    carryOut()
    flush()
  }

  /// The same for one datagram of a batch, after which ``flush()`` is due.
  fileprivate func receive(_ envelope: AddressedEnvelope<ByteBuffer>, by addressing: Addressing) {
    guard !isEnded, let sender = Endpoint(envelope.remoteAddress) else { return }
    envelope.data.withUnsafeReadableBytes { bytes in
      client.receive(bytes.bytes, from: sender, by: addressing, at: now, into: &effects)
      carryOut(of: bytes)
    }
  }

  private func carryOut(of datagram: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)) {
    var next = 0
    while next < effects.count {  // what is done may have more effects
      apply(effects[next], of: datagram)
      next += 1
    }
    effects.removeAll(keepingCapacity: true)
    if isEnded { endIfDone() }
  }

  /// Does what is due once after a batch: sends, writes and sets the timer.
  fileprivate func flush() {
    unicast?.flush()
    writeOut()
    carryOut()
    arm()
  }

  /// Writes the blocks that came last.
  private func writeOut() {
    do throws(DownloadError) {
      try writing.flush(to: file)
    } catch {
      giveUp(because: error)
    }
  }

  /// The file can't be written: tells the server.
  private func giveUp(because error: DownloadError) {
    failure = failure ?? error
    client.cancel(.diskFull, message: "the file can not be written", at: now, into: &effects)
  }

  /// Sets a timer for the client's deadline. One that comes too early sets the next, so that a deadline that moves away
  /// costs nothing.
  private func arm() {
    let deadline = client.deadline
    guard deadline != .never else { return }
    if let timer {
      guard deadline < timer.deadline else { return }
      timer.scheduled.cancel()
    }
    let instant = start + .nanoseconds(min(deadline.count, Self.longestWait.count))
    timer = (deadline, loop.scheduleTask(deadline: instant) { [weak self] in self?.fire() })
  }

  private func fire() {
    timer = nil
    input { client, now, effects in client.fire(at: now, into: &effects) }
  }

  private func lookUp() {
    observer.goesOn(client, at: now)
    guard let group else { return }
    let drops = ReceivingSocket.drops(of: group.descriptor)
    if self.drops == 0, drops > 0 {
      observer.warn("the kernel drops datagrams, because they are not read in time; see net.core.rmem_max")
    }
    self.drops = drops
  }
}

// MARK: - Effects

extension Download {
  private func apply(_ effect: ClientEffect, of datagram: UnsafeRawBufferPointer) {
    switch effect {
    case .send(let bytes, let endpoint): send(bytes, to: endpoint)
    case .join(let group): join(group)
    case .leave: leave()
    case .write(let offset, let payload):
      do throws(DownloadError) {
        try writing.add(UnsafeRawBufferPointer(rebasing: datagram[payload]), at: offset, to: file)
      } catch {
        giveUp(because: error)
      }
    case .drawReportDelay(let most):
      client.delayReport(by: Nanoseconds(Int64.random(in: 0...max(0, most.count))))
    case .event(let event, let time):
      observer.happened(event, at: time, to: client)
      switch event {
      case .completed(let size):
        writeOut()
        if failure == nil { finish(size: size) }
      case .ended: isEnded = true
      default: break
      }
    }
  }

  private func send(_ bytes: [UInt8], to endpoint: Endpoint) {
    if endpoint != server.endpoint { server = (endpoint, SocketAddress(endpoint)) }
    unicast?.write(AddressedEnvelope(remoteAddress: server.address, data: ByteBuffer(bytes: bytes)), promise: nil)
  }

  /// Joins a group. Its packets wait in the socket until it is read, so nothing is lost between joining and reading.
  private func join(_ endpoint: Endpoint) {
    do throws(DownloadError) {
      let interface = plan.interface ?? NetworkInterface.towards(plan.client.server)
      let socket = try ReceivingSocket(in: endpoint, on: interface, bufferBytes: plan.receiveBufferBytes)
      if socket.bufferBytes < plan.receiveBufferBytes {
        observer.warn(
          "the kernel keeps \(socket.bufferBytes / 1024) KiB of what arrives, not \(plan.receiveBufferBytes / 1024) "
            + "KiB; net.core.rmem_max is the limit")
      }
      listen(at: socket.descriptor, by: .multicast) { [self] channel in
        guard !isEnded else { return channel.close(promise: nil) }  // it was ended meanwhile
        group = (channel, socket.descriptor)
        loop.execute { [self] in input { client, now, effects in client.joined(at: now, into: &effects) } }
      }
    } catch {
      let words = if case .socket(let step, let reason) = error { "\(step): \(reason)" } else { "\(error)" }
      loop.execute { [self] in
        input { client, now, effects in client.notJoined(words, at: now, into: &effects) }
      }
    }
  }

  private func leave() {
    guard let group else { return }
    group.channel.close(promise: nil)
    self.group = nil
    // A socket that closes while it is read does not say that reading is over.
    loop.execute { [self] in flush() }
  }

  /// Checks the file and names it, on another thread: the group may still need this client.
  private func finish(size: UInt64) {
    isFinishing = true
    let (file, digest) = (file, plan.digest)
    NIOSingletons.posixBlockingThreadPool.runIfActive(eventLoop: loop) { () -> DownloadError? in
      do throws(DownloadError) {
        try file.finish(size: size, digest: digest)
        return nil
      } catch { return error }
    }.whenComplete { [self] result in
      isFinishing = false
      switch result {
      case .success(let error): failure = failure ?? error
      case .failure(let error): failure = failure ?? .cannotWrite(path: file.name, reason: "\(error)")
      }
      endIfDone()
    }
  }

  private func endIfDone() {
    guard let outcome = client.outcome, !isFinishing else { return }
    if case .failed(let reason) = outcome { failure = failure ?? .transfer(reason) }
    end(because: failure)
  }

  private func end(because error: DownloadError?) {
    guard !isOver else { return }
    isOver = true
    ticks?.cancel()
    timer?.scheduled.cancel()
    leave()
    unicast?.flush()
    unicast?.close(promise: nil)
    unicast = nil
    if let error {
      file.discard()
      result.fail(error)
    } else {
      result.succeed(client)
    }
  }
}

// MARK: - Channels

extension Download {
  /// Reads a socket from now on.
  private func listen(
    at descriptor: Int32, by addressing: Addressing, then body: @escaping @Sendable (any Channel) -> Void
  ) {
    // One read takes many datagrams into one buffer, in equal parts. NIO's own buffers would cut each to 64 bytes.
    let slot = max(2048, Int(plan.client.parameters.blockSize) + 64)
    let count = max(1, min(64, (1 << 17) / slot))
    DatagramBootstrap(group: loop)
      .channelOption(.datagramVectorReadMessageCount, value: count)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: count * slot))
      .channelOption(.maxMessagesPerRead, value: 16)
      .channelInitializer { [self] channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Inlet(self, addressing))
        }
      }
      .withBoundSocket(descriptor)
      .whenComplete { [self] result in
        switch result {
        case .success(let channel): body(channel)
        case .failure(let error): end(because: .socket(step: "read a socket", reason: "\(error)"))
        }
      }
  }

  /// Hands what a socket reads to the download.
  private final class Inlet: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let download: Download
    private let addressing: Addressing

    init(_ download: Download, _ addressing: Addressing) {
      self.download = download
      self.addressing = addressing
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      download.receive(unwrapInboundIn(data), by: addressing)
    }

    func channelReadComplete(context: ChannelHandlerContext) { download.flush() }

    /// An ICMP error of an earlier packet, for example. The client's own patience decides.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
  }
}

extension ClientSettings {
  /// The port that the client sends from; 0 for any. A server of MTFTP sends block 1 to the port of its clients (PXE 2.1),
  /// not to where the open came from.
  fileprivate var clientPort: UInt16 {
    switch mode {
    case .mtftp(let terms): terms.group.port
    case .auto, .promotion, .rfc2090, .tftp: 0
    }
  }
}
