import Foundation
import TestSupport
import Testing

/// The program as a user runs it: another process, built beside the tests.
@Suite("gapcast: the program among streams, and words that it does not know")
struct GapcastProgramTests {
  private let scratch: Scratch
  private static let announcement = "dhcp-options 192.0.2.1 --mtftp boot.0=239.192.8.1:1760"

  init() throws { scratch = try Scratch() }

  /// What a shell prints of a script, in which `$gapcast` is the program.
  private func shell(_ script: String) throws -> (status: Int32, output: String) {
    let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "gapcast").path
    return try TestSupport.shell(script, ["gapcast": program], in: scratch.url)
  }

  @Test(
    "What cannot be printed is an error",
    arguments: ["--help", "--version", "fetch --help", "--generate-completion-script bash", announcement])
  func unprinted(words: String) throws {
    let full = try shell("$gapcast \(words) > /dev/full")
    expect(full.status, equals: 74)
    #expect(full.output.contains("error: cannot write the standard output"), "\(full.output)")
    try expect(shell("$gapcast \(words) >&-").status, equals: 74)
    try expect(shell("$gapcast \(words) > /dev/null").status, equals: 0)
  }

  /// Starts a server of a file `tiny`, with streams as they are given, and runs a script with its address in `$at`.
  private func served(_ streams: String = "2> log", _ script: String) throws -> (status: Int32, output: String) {
    try scratch.write("a file\n", to: "root/tiny")
    return try shell(
      """
      port=$((20000 + RANDOM % 12000)); at=127.0.0.1:$port
      $gapcast serve root --listen $at --group none $([ "$(id -u)" = 0 ] && echo --user root) \(streams) & server=$!
      for i in $(seq 100); do $gapcast fetch tftp://$at/tiny -o probe 2> /dev/null > /dev/null && break; sleep 0.1; done
      \(script)
      status=$?; kill $server; wait $server; exit $status
      """)
  }

  @Test("A file for a closed standard output is no success")
  func closedOutput() throws {
    let outcome = try served(
      "2> log", "$gapcast fetch tftp://$at/tiny -o - | cat; $gapcast fetch tftp://$at/tiny -o - >&-")
    expect(outcome.status, equals: 74)
    #expect(outcome.output.contains("a file\n"), "\(outcome.output)")
    #expect(outcome.output.contains("cannot write the standard output"), "\(outcome.output)")
  }

  @Test("Nothing is opened in place of a closed stream", arguments: ["2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
  func closedErrors(streams: String) throws {
    let outcome = try served(streams, "readlink /proc/$server/fd/2")
    expect(outcome.output, equals: "/dev/null\n")
  }

  @Test("A user that there is not is a wrong command line, and nothing is made for it")
  func unknownUser() throws {
    let outcome = try shell("mkdir root; $gapcast serve root --listen 127.0.0.1:0 --user nosuch --results made")
    expect(outcome.status, equals: 64)
    #expect(outcome.output.contains("--user 'nosuch': /etc/passwd has no such user"), "\(outcome.output)")
    try expect(scratch.names(), equals: ["root"])
  }

  @Test(
    "What is wrong with a value names the command",
    arguments: [
      ("serve . --listen host", "serve"), ("fetch tftp://192.0.2.1/", "fetch"),
      ("fetch tftp://192.0.2.1/%+9img", "fetch"),
      ("dhcp-options host --mtftp f=239.0.0.1:1760", "dhcp-options"),
      ("\(announcement) --mtftp g=239.0.0.1:1", "dhcp-options"),
    ])
  func named(words: String, command: String) throws {
    let outcome = try shell("$gapcast \(words)")
    expect(outcome.status, equals: 64)
    #expect(outcome.output.hasPrefix("Error: "), "\(outcome.output)")
    #expect(outcome.output.contains("\nUsage: gapcast \(command) "), "\(outcome.output)")
    #expect(
      outcome.output.hasSuffix("\n  See 'gapcast \(command) --help' for more information.\n"), "\(outcome.output)")
  }
}
