import BootService
import Glibc
import NIOCore

/// The address of a host by its name.
package enum HostName {
  /// An address as it is written, or what the system's resolver knows under a name.
  ///
  /// A program that is linked statically has a resolver only where the shared libraries of its own libc are. Addresses
  /// always work.
  package static func resolve(_ name: String) throws(DownloadError) -> HostAddress {
    if let host = HostAddress(name) { return host }
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(name, nil, &hints, &list)
    guard code == 0, let first = list else {
      throw .unknownHost(name: name, reason: String(cString: gai_strerror(code)))
    }
    defer { freeaddrinfo(list) }
    for entry in sequence(first: first, next: { $0.pointee.ai_next }) {
      guard let address = entry.pointee.ai_addr else { continue }
      switch entry.pointee.ai_family {
      case AF_INET:
        let host = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { Endpoint(SocketAddress($0.pointee)) }
        if let host { return host.host }
      case AF_INET6:
        let host = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
          Endpoint(SocketAddress($0.pointee))
        }
        if let host { return host.host }
      default: continue
      }
    }
    throw .unknownHost(name: name, reason: "it has no address")
  }
}
