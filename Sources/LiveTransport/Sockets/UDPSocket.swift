import BootService
import CLinux
import Glibc
import NIOCore
import NIOPosix

/// A UDP socket, bound, with the options that multicast needs.
///
/// The system's own calls make it and send with it; SwiftNIO reads from it (``channel(on:datagramBytes:handlers:)``).
/// NIO's own writes are not used: a channel closes itself at any error of a write but two, so one forged request from an
/// address without a route (`ENETUNREACH`), or a firewall's `EPERM`, would close the server's only socket.
package struct UDPSocket: Sendable {
  /// The system's number of it. The channel closes it.
  package let descriptor: CInt
  /// The address that it is bound to, with the port that the system chose if 0 was asked for.
  package let local: Endpoint

  /// How a socket is made.
  package struct Options: Hashable, Sendable {
    /// Whether several sockets of this machine may be bound to the same port (a group's).
    package var sharesPort = false
    /// Bytes that the kernel keeps for reading, as far as it allows.
    package var receiveBuffer = 4 << 20
    /// Bytes that the kernel keeps for sending, as far as it allows.
    package var sendBuffer = 4 << 20

    /// A socket of its own port, with large buffers.
    package init() {}
  }

  /// Makes a socket and binds it.
  package init(bind endpoint: Endpoint, options: Options = Options()) throws(SystemError) {
    let family = endpoint.host.v4 == nil ? AF_INET6 : AF_INET
    let descriptor = try check(
      socket(family, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0),
      "make a UDP socket")
    do throws(SystemError) {
      if options.sharesPort { try Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1, "share port \(endpoint.port)") }
      Self.grow(descriptor, SO_RCVBUF, SO_RCVBUFFORCE, to: options.receiveBuffer)
      Self.grow(descriptor, SO_SNDBUF, SO_SNDBUFFORCE, to: options.sendBuffer)
      // Otherwise a socket bound to every address hears each group of its port that anybody on this machine has joined.
      if family == AF_INET || endpoint.host.isUnspecified {
        try Self.set(descriptor, CInt(IPPROTO_IP), IP_MULTICAST_ALL, 0, "hear joined groups only")
      }
      if family == AF_INET6 {
        try Self.set(descriptor, CInt(IPPROTO_IPV6), IPV6_MULTICAST_ALL, 0, "hear joined groups only")
      }
      let bound = SocketAddress(endpoint).withSockAddr { Glibc.bind(descriptor, $0, socklen_t($1)) }
      _ = try check(bound, "bind \(endpoint)")
      local = try Self.localEndpoint(of: descriptor)
    } catch {
      _ = Glibc.close(descriptor)
      throw error
    }
    self.descriptor = descriptor
  }

  /// Sends multicast by an interface, over this many routers, and to this machine's own listeners or not.
  package func sendMulticast(
    by interface: NetworkInterface?, hops: UInt8, loopsBack: Bool
  ) throws(SystemError) {
    // A socket of :: has the IPv4 of this machine too, and so its groups.
    if local.host.v4 != nil || local.host.isUnspecified {
      let level = CInt(IPPROTO_IP)
      if let interface {
        var request = ip_mreqn()
        request.imr_ifindex = CInt(interface.index)
        try Self.set(descriptor, level, IP_MULTICAST_IF, request, "send multicast by \(interface.name)")
      }
      try Self.set(descriptor, level, IP_MULTICAST_TTL, CInt(hops), "set multicast's time to live to \(hops)")
      try Self.set(descriptor, level, IP_MULTICAST_LOOP, CInt(loopsBack ? 1 : 0), "set multicast's loop")
    }
    if local.host.v4 == nil {
      let level = CInt(IPPROTO_IPV6)
      if let interface {
        try Self.set(
          descriptor, level, IPV6_MULTICAST_IF, CInt(interface.index), "send multicast by \(interface.name)")
      }
      try Self.set(descriptor, level, IPV6_MULTICAST_HOPS, CInt(hops), "set multicast's hops to \(hops)")
      try Self.set(descriptor, level, IPV6_MULTICAST_LOOP, CInt(loopsBack ? 1 : 0), "set multicast's loop")
    }
  }

  /// Gives the socket to NIO, which reads it, many datagrams with one call, and says which address each of them came to.
  ///
  /// - Parameter datagramBytes: the longest datagram that is read whole; what is longer is cut. NIO's own allocator would
  ///   divide its buffer of 2048 bytes among the datagrams of one call.
  package func channel(
    on loop: any EventLoop, datagramBytes: Int, handler: @escaping @Sendable () -> any ChannelInboundHandler & Sendable
  ) -> EventLoopFuture<any Channel> {
    let atOnce = 32
    return DatagramBootstrap(group: loop)
      .channelOption(.datagramVectorReadMessageCount, value: atOnce)
      .channelOption(
        .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: atOnce * datagramBytes)
      )
      .channelOption(.maxMessagesPerRead, value: 8)
      .channelOption(.receivePacketInfo, value: true)
      .channelInitializer { channel in channel.pipeline.addHandler(handler()) }
      .withBoundSocket(descriptor)
  }

  private static func localEndpoint(of descriptor: CInt) throws(SystemError) -> Endpoint {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    _ = try check(result, "ask for the socket's address")
    guard let endpoint = Endpoint(storage) else { throw SystemError("use the socket's address", code: EAFNOSUPPORT) }
    return endpoint
  }

  /// Asks for a buffer: beyond the system's limit, if we may, and up to it otherwise.
  private static func grow(_ descriptor: CInt, _ option: CInt, _ forced: CInt, to bytes: Int) {
    var value = CInt(clamping: bytes)
    let size = socklen_t(MemoryLayout<CInt>.size)
    if setsockopt(descriptor, SOL_SOCKET, forced, &value, size) != 0 {
      setsockopt(descriptor, SOL_SOCKET, option, &value, size)
    }
  }

  private static func set<Value: BitwiseCopyable>(
    _ descriptor: CInt, _ level: CInt, _ option: CInt, _ value: Value, _ step: String
  ) throws(SystemError) {
    let result = withUnsafeBytes(of: value) {
      setsockopt(descriptor, level, option, $0.baseAddress, socklen_t($0.count))
    }
    _ = try check(result, step)
  }
}

extension Endpoint {
  /// The endpoint in a socket's address; nil if it is of no IP network.
  package init?(_ storage: sockaddr_storage) {
    let family = CInt(storage.ss_family)
    let address: SocketAddress? = withUnsafePointer(to: storage) { pointer in
      switch family {
      case AF_INET: pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
      case AF_INET6: pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) }
      default: nil
      }
    }
    guard let address else { return nil }
    self.init(address)
  }
}
