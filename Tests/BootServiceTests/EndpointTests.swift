import BootService
import TestSupport
import Testing

@Suite("Addresses")
struct EndpointTests {
  @Test(
    "An address reads back as it is written",
    arguments: ["192.0.2.1:69", "0.0.0.0:0", "[::1]:1758", "[2001:db8::1]:65535", "[fe80::1:0:0:1]:1", "[::]:69"])
  func readsBack(text: String) throws {
    try expect(#require(Endpoint(text)).description, equals: text)
  }

  @Test(
    "The shortest form is written (RFC 5952)",
    arguments: [
      ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
      ("::ffff:192.0.2.1", "192.0.2.1"), ("0:0:0:0:0:0:0:0", "::"), ("ff15::", "ff15::"),
    ])
  func isShort(text: String, short: String) throws {
    try expect(#require(HostAddress(text)).description, equals: short)
  }

  @Test(
    "What is no address is refused",
    arguments: [
      "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.+4", ":::", "1::2::3", "12345::", "::+1",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9", "::1.2.3", "fe80::1%eth0", "boot",
    ])
  func refuses(text: String) { #expect(HostAddress(text) == nil) }

  @Test(
    "What is no endpoint is refused",
    arguments: ["192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "::1:69", "[192.0.2.1]:69", "[]:1", ":69"])
  func refusesEndpoint(text: String) { #expect(Endpoint(text) == nil) }

  @Test("A group's address is known for one")
  func groups() throws {
    #expect(try #require(HostAddress("239.192.0.1")).isGroup)
    #expect(try #require(HostAddress("ff15::1")).isGroup)
    #expect(!HostAddress(192, 0, 2, 1).isGroup)
    #expect(HostAddress(127, 0, 0, 1).isLoopback)
  }
}
