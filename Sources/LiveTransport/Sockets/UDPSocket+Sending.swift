import BootService
import CLinux
import Glibc
import NIOCore

extension UDPSocket {
  /// What became of datagrams.
  package enum Sending: Hashable, Sendable {
    /// So many were taken by the system.
    case sent(Int)
    /// The send buffer is full, and none was taken.
    case full
    /// The first one was refused, with the system's error number. The socket is as good as before.
    case failed(CInt)
  }

  /// The most datagrams of one call.
  package static let mostDatagrams = 64
  /// The most bytes of one call with segments.
  package static let mostSegmentBytes = 65_507

  /// Sends bytes to one address as datagrams of `size` bytes each, the last of which may be shorter. It never waits.
  ///
  /// - Parameters:
  ///   - local: what they leave from; nil lets the system choose.
  ///   - segments: whether the kernel or the interface divides them (GSO). They go through the network's layers once then.
  package func send(
    _ bytes: ArraySlice<UInt8>, size: Int, to endpoint: Endpoint, from local: LocalEnd? = nil, segments: Bool
  ) -> Sending {
    bytes.withUnsafeBytes { send($0, size: size, to: endpoint, from: local, segments: segments) }
  }

  /// Sends the bytes of a buffer.
  package func send(
    _ bytes: UnsafeRawBufferPointer, size: Int, to endpoint: Endpoint, from local: LocalEnd? = nil, segments: Bool
  ) -> Sending {
    let sent = SocketAddress(endpoint).withSockAddr { address, length in
      withUnsafePointer(to: linux_source(local, to: endpoint)) { source in
        linux_send_datagrams(
          descriptor, bytes.baseAddress, bytes.count, max(1, size), address, socklen_t(length),
          local?.host == nil ? nil : source, segments ? 1 : 0)
      }
    }
    if sent >= 0 { return .sent(Int(sent)) }
    return errno == EAGAIN || errno == EWOULDBLOCK ? .full : .failed(errno)
  }

  /// Closes a socket that no channel has.
  package func close() { _ = Glibc.close(descriptor) }
}

extension linux_source {
  /// The address that was asked; the interface for groups alone, for the way to a host is what its routes say.
  fileprivate init(_ local: LocalEnd?, to endpoint: Endpoint) {
    self.init()
    withUnsafeMutableBytes(of: &address) {
      $0.storeBytes(of: (local?.host?.bits ?? 0).bigEndian, as: UInt128.self)
    }
    interface = endpoint.host.isGroup ? local?.interface ?? 0 : 0
  }
}
