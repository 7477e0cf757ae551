import ArgumentParser
import BootService
import LiveTransport
import Quantities
import TFTPWire

/// What is said when a download fails, and the exit code.
struct FetchFailure {
  let words: String
  let code: ExitCode

  private init(words: String, code: ExitCode) {
    self.words = words
    self.code = code
  }

  init(_ error: DownloadError, for plan: DownloadPlan) {
    let server = plan.client.server
    switch error {
    case .transfer(let failure): self.init(failure, for: plan.client)
    case .wrongDigest(let wanted, let found):
      self.init(
        words: "the file is not the one wanted, and was thrown away: its SHA-256 is \(found), not \(wanted)",
        code: Complaint.dataError)
    case .cannotCreate(let path, let reason):
      self.init(words: "cannot create \(path.printable): \(reason)", code: Complaint.cannotCreate)
    case .cannotWrite(let path, let reason):
      self.init(words: "cannot write \(path.printable): \(reason)", code: Complaint.inputOutput)
    case .socket(let step, let reason):
      self.init(words: "cannot \(step), to reach \(server): \(reason)", code: Complaint.system)
    case .unknownHost(let name, let reason):
      self.init(
        words: "the server '\(name.printable)' is unknown: \(reason); its address works without a resolver",
        code: Complaint.noHost)
    }
  }

  private init(_ failure: ClientFailure, for client: ClientSettings) {
    let (server, file) = (client.server, client.fileName.printable)
    switch failure {
    case .badRequest(let error):
      words = "'\(file)' can't be asked for: \(error)"
      code = Complaint.usage
    case .noAnswer:
      words = "\(server) does not answer; is a TFTP server there, and does a firewall let UDP through?"
      code = Complaint.unavailable
    case .silent:
      words = "\(server) has become silent before '\(file)' was whole"
      code = Complaint.tryAgain
    case .refused(let error, let message):
      words = "\(server) refuses '\(file)': \(message.printable) (ERROR \(error.rawValue))"
      code = Self.code(of: error)
    case .badAnswer(let found):
      words = "the answer of \(server) breaks the protocol: it has \(found.printable)"
      code = Complaint.badProtocol
    case .notGranted(let way):
      words = "\(server) does not grant \(Self.words(for: way)) of '\(file)'; '--mode auto' takes what it grants"
      code = Complaint.unavailable
    case .tooManyBlocks(let blockSize):
      words = "'\(file)' has more blocks of \(blockSize) bytes than are counted; ask for larger ones by --blksize"
      code = Complaint.usage
    case .wrongSize:
      words = "'\(file)' is not as long as \(server) said, or changed while it was sent"
      code = Complaint.dataError
    case .notJoined(let reason):
      words = "cannot \(reason.printable); see --interface"
      code = Complaint.system
    case .nothingOfGroup(let group):
      words =
        "\(server) answers, but sends nothing of '\(file)' to \(group); is it a server of MTFTP with this group, and does "
        + "multicast reach this machine?"
      code = Complaint.unavailable
    case .stopped:
      words = "interrupted"
      code = Complaint.tryAgain
    }
  }

  private static func code(of error: ErrorCode) -> ExitCode {
    switch error {
    case .fileNotFound: Complaint.noInput
    case .accessViolation: Complaint.notAllowed
    case .undefined: Complaint.tryAgain  // a server that ends says so by it
    default: Complaint.unavailable
    }
  }

  private static func words(for way: TransferWay) -> String {
    switch way {
    case .promotion: "promotion"
    case .rfc2090: "multicast"
    case .mtftp: "MTFTP"
    case .tftp: "a transfer"
    }
  }
}
