import BootService
import Glibc
import NIOCore

extension NetworkInterface {
  /// The interface through which packets to a host leave; nil if that can't be found out.
  static func towards(_ endpoint: Endpoint) -> NetworkInterface? {
    guard let local = localHost(towards: endpoint), let devices = try? System.enumerateDevices() else { return nil }
    return devices.first { $0.address.flatMap(Endpoint.init)?.host == local }
      .flatMap { try? NetworkInterface(named: $0.name) }
  }

  /// The address that packets to a host have. A UDP socket that is connected sends nothing.
  static func localHost(towards endpoint: Endpoint) -> HostAddress? {
    let family = endpoint.host.v4 == nil ? AF_INET6 : AF_INET
    let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let connected = SocketAddress(endpoint).withSockAddr { address, size in
      connect(descriptor, address, socklen_t(size))
    }
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let named = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard connected == 0, named == 0 else { return nil }
    return withUnsafePointer(to: storage) { storage in
      if storage.pointee.ss_family == sa_family_t(AF_INET) {
        storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          Endpoint(SocketAddress($0.pointee))?.host
        }
      } else {
        storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
          Endpoint(SocketAddress($0.pointee))?.host
        }
      }
    }
  }
}
