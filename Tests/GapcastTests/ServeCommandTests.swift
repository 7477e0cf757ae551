import ArgumentParser
import BootService
import LiveTransport
import Results
import TestSupport
import Testing

@testable import gapcast

@Suite("gapcast: the command line")
struct GapCastCommandTests {
  @Test("It says which version it is")
  func version() throws {
    let answer = #expect(throws: (any Error).self) { try GapCast.parseAsRoot(["--version"]) }
    expect(answer.map { GapCast.message(for: $0) }, equals: Program.version)
  }
}

@Suite("gapcast serve: the command line")
struct ServeCommandTests {
  private func configuration(_ arguments: [String]) throws -> LiveServerConfiguration {
    try ServeCommand.parse(arguments).configuration()
  }

  @Test("Without a directory only this machine may ask, on a port that needs no rights")
  func trial() throws {
    let configuration = try configuration([])
    expect(configuration.root, equals: ".")
    expect(configuration.listen, equals: Endpoint("127.0.0.1:6969"))
    expect(configuration.interface?.name, equals: "lo")
    #expect(configuration.user == nil)
  }

  @Test("With a directory it is TFTP's port, everywhere, and the usual groups")
  func directory() throws {
    let configuration = try configuration(["/srv/tftp"])
    expect(configuration.listen, equals: Endpoint("0.0.0.0:69"))
    expect(configuration.service.groups, equals: .usual)
    expect(configuration.rate, equals: 1_000_000_000)
    expect(configuration.user, equals: Privileges.isRoot ? "nobody" : nil)
  }

  @Test("Values arrive where they belong")
  func values() throws {
    let configuration = try configuration([
      "/srv", "--listen", "[2001:db8::1]:6969", "--rate", "500 Mbit/s", "--blksize", "1024", "--windowsize", "8",
      "--threshold", "2 MiB", "--hops", "3", "--no-segmentation", "--no-loopback", "--user", "tftp",
      "--mtftp", "a/b=c=239.192.8.1:1760,1761",
    ])
    expect(configuration.listen, equals: Endpoint("[2001:db8::1]:6969"))
    expect(configuration.service.groups?.hosts.lowerBound, equals: HostAddress("ff15::1:1"))
    expect(configuration.rate, equals: 500_000_000)
    expect(configuration.service.parameters.blockSize, equals: 1024)
    expect(configuration.service.limits.largestBlock, equals: 1024)
    expect(configuration.service.parameters.windowSize, equals: 8)
    expect(configuration.service.parameters.promotion.threshold, equals: 2 << 20)
    expect(configuration.hops, equals: 3)
    #expect(!configuration.usesSegments)
    #expect(!configuration.loopsBack)
    expect(configuration.user, equals: "tftp")
    let group = Endpoint(host: HostAddress(239, 192, 8, 1), port: 1760)
    expect(configuration.service.mtftp, equals: [MTFTPFile(fileName: "a/b=c", group: group, serverPort: 1761)])
    #expect(try self.configuration(["/srv", "--group", "none"]).service.groups == nil)
    #expect(try self.configuration(["/srv", "--rate", "unlimited"]).rate == nil)
  }

  @Test(
    "What makes no sense is refused with what would",
    arguments: [
      (["--listen", "0.0.0.0:69"], "gapcast serve DIRECTORY"), (["/srv", "--listen", "host"], "like 192.0.2.1:69"),
      (["/srv", "--rate", "5 Mbps"], "did you mean 'Mbit/s'"), (["/srv", "--rate", "1 bit/s"], "10 kbit/s"),
      (["/srv", "--interface", "l0"], "did you mean 'lo'"), (["/srv", "--group", "10.0.0.1"], "multicast addresses"),
      (["/srv", "--group", "239.0.0.9-239.0.0.1"], "a range"), (["/srv", "--group-port", "0"], "1 to 65535"),
      (["/srv", "--listen", "[::1]:69", "--group", "239.0.0.1"], "groups of IPv6"),
      (["/srv", "--blksize", "7"], "8…65464"), (["/srv", "--windowsize", "0"], "1…65535"),
      (["/srv", "--threshold", "2"], "no unit"), (["/srv", "--hops", "0"], "1 to 255"),
      (["/srv", "--mtftp", "=239.0.0.1:1"], "FILE=GROUP"), (["/srv", "--mtftp", "f=10.0.0.1:1"], "FILE=GROUP"),
      (["/srv", "--mtftp", "f=239.0.0.1:1,0"], "FILE=GROUP"),
    ] as [([String], String)])
  func refused(arguments: [String], words: String) throws {
    let error = try #require(throws: (any Error).self) { try configuration(arguments) }
    #expect(ServeCommand.message(for: error).contains(words))
  }

  @Test(
    "DHCP: a server's address, a group of IPv4, and a name that a configuration can hold",
    arguments: [
      (["host", "--mtftp", "f=239.0.0.1:1760"], "no IPv4 address"), (["192.0.2.1", "--mtftp", "f"], "FILE=GROUP"),
      (["192.0.2.1", "--mtftp", "a\"b=239.0.0.1:1760"], "quote"),
      (["192.0.2.1", "--mtftp", "f=[ff15::1]:1760"], "IPv4 alone"),
      (["192.0.2.1", "--mtftp", "f=239.0.0.1:1760", "--mtftp", "g=239.0.0.1:1760"], "given 2 times"),
    ] as [([String], String)])
  func dhcp(arguments: [String], words: String) throws {
    let error = try #require(throws: (any Error).self) { try DHCPOptionsCommand.parse(arguments).run() }
    #expect(DHCPOptionsCommand.message(for: error).contains(words))
  }
}
