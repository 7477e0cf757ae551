import ArgumentParser
import BootService
import LiveTransport
import Logging
import NIOPosix
import PromotionEngine
import Quantities
import Synchronization
import TFTPWire
import Timebase

/// `gapcast fetch`: brings one file.
struct FetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Fetch a file by TFTP, together with others who want it if the server knows multicast.",
    discussion: """
      It asks for multicast with promotion, and takes what the server grants: promotion, RFC 2090 alone, or plain TFTP. \
      The file is written beside its place as OUT.part, and gets its name when it is whole and, with --sha256, right.

      Exit codes: 0 the file is there; 64 the command line is wrong; 65 what came is not the file; 66 the server has no \
      such file; 68 the server's name is unknown; 69 the server does not answer, or does not do it; 71 a socket can't be \
      used; 73 OUT can't be created; 74 OUT can't be written; 75 the server went away, try again; 76 the server breaks \
      the protocol; 77 the server does not allow it.

      Examples:
        gapcast fetch tftp://192.0.2.1/boot.img
        gapcast fetch tftp://192.0.2.1/boot.img -o /run/image --sha256 "$SUM" --interface eth0
        gapcast fetch tftp://192.0.2.1:6969/boot.img --scenario lab.yaml
        gapcast fetch tftp://192.0.2.1/config.txt --mode tftp -o - | less
        gapcast fetch tftp://192.0.2.1:1759/boot.img --mode mtftp --group 239.192.0.2:1760 --size 67108864
      """)

  @Argument(help: "Where the file is: tftp://SERVER[:PORT]/FILE.")
  var address: TFTPAddress

  @Option(
    name: [.short, .customLong("output")],
    help: "Where it goes; '-' for the standard output. FILE's last part, in this folder, if not given.",
    completion: .file())
  var output: String?

  @Option(help: "The SHA-256 that the file must have, in hexadecimal.")
  var sha256: SHA256Text?

  @Option(
    help: ArgumentHelp(
      "Write what this device saw into a directory of its own below this one; 'gapcast gather' joins it with the server's.",
      valueName: "dir"), completion: .directory)
  var results: String?

  @OptionGroup(title: "How it is asked for")
  var terms: FetchTerms

  func run() throws {
    let plan = try terms.plan(for: address, digest: sha256?.hexadecimal)
    let progress = FetchProgress(of: address.file)
    let records = try records(of: plan.client)
    do {
      let file = try DownloadFile(try target())
      defer { records?.finish() }
      let client = try download(plan, into: file, FetchObservers(progress: progress, records: records))
      progress.clear()
      let line = progress.lastLine(of: client)
      if output == "-" { Complaint.say(line) } else { print(line) }
    } catch let error as DownloadError {
      progress.clear()
      let failure = FetchFailure(error, for: plan)
      Complaint.say("error: \(failure.words)")
      throw failure.code
    }
  }

  private func records(of client: ClientSettings) throws -> DeviceRecords? {
    guard let results else { return nil }
    var log = Logger(label: "gapcast") { StreamLogHandler.standardError(label: $0) }
    log.logLevel = .warning
    return DeviceRecords(in: results, scenario: try terms.base(), client: client, log: log)
  }

  private func target() throws -> DownloadFile.Target {
    if output == "-" { return .standardOutput }
    if let output { return .file(output) }
    if let name = address.lastPart { return .file(name) }
    throw ValidationError("'\(address.file.printable)' ends in no name for the file here; give one by -o")
  }

  private func download(
    _ plan: DownloadPlan, into file: DownloadFile, _ observers: FetchObservers
  ) throws -> BootClient {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    defer { try? group.syncShutdownGracefully() }
    let download = Download(plan, into: file, on: group.next(), observer: observers)
    let signal = Mutex<Int32>(0)
    let interruption = Interruption { number in
      signal.withLock { $0 = number }
      download.interrupt("the client was interrupted")
    }
    defer { withExtendedLifetime(interruption) {} }
    do {
      return try download.run().wait()
    } catch {
      let number = signal.withLock { $0 }
      guard number != 0 else { throw error }
      observers.progress.clear()
      observers.records?.finish()
      Complaint.say("interrupted; nothing was kept")
      Interruption.die(of: number)
    }
  }
}

/// A SHA-256 as people write it.
struct SHA256Text: ExpressibleByArgument {
  /// In lower case.
  let hexadecimal: String

  init?(argument: String) {
    let digits = argument.lowercased()
    guard digits.utf8.count == 64, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
    hexadecimal = digits
  }
}
