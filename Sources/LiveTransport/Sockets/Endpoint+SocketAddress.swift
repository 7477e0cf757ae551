import BootService
import Glibc
import NIOCore

extension Endpoint {
  /// The endpoint of an address that a socket gave; nil if it is of no IP network.
  package init?(_ address: SocketAddress) {
    switch address {
    case .v4(let address):
      let host = HostAddress(v4: UInt32(bigEndian: address.address.sin_addr.s_addr))
      self.init(host: host, port: UInt16(bigEndian: address.address.sin_port))
    case .v6(let address):
      let bits = withUnsafeBytes(of: address.address.sin6_addr) { $0.loadUnaligned(as: UInt128.self).bigEndian }
      self.init(host: HostAddress(bits: bits), port: UInt16(bigEndian: address.address.sin6_port))
    case .unixDomainSocket: return nil
    }
  }
}

extension SocketAddress {
  /// The address of an endpoint, of the family that its host has.
  package init(_ endpoint: Endpoint) {
    if let v4 = endpoint.host.v4 {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = v4.bigEndian
      address.sin_port = endpoint.port.bigEndian
      self.init(address)
    } else {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      withUnsafeMutableBytes(of: &address.sin6_addr) {
        $0.storeBytes(of: endpoint.host.bits.bigEndian, as: UInt128.self)
      }
      address.sin6_port = endpoint.port.bigEndian
      self.init(address)
    }
  }
}
