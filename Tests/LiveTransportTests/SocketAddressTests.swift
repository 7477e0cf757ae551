import BootService
import LiveTransport
import NIOCore
import TestSupport
import Testing

@Suite("Socket addresses")
struct SocketAddressTests {
  @Test(
    "An endpoint is the same after the way through a socket's address", arguments: ["192.0.2.1:69", "[2001:db8::7]:1"])
  func roundTrip(text: String) throws {
    let endpoint = try #require(Endpoint(text))
    let address = SocketAddress(endpoint)
    expect(Endpoint(address), equals: endpoint)
    expect(address.ipAddress, equals: endpoint.host.description)
    expect(address.port, equals: Int(endpoint.port))
  }
}
