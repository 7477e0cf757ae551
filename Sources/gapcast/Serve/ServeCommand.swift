import ArgumentParser
import BootService
import Glibc
import LiveTransport
import Logging
import Quantities
import Results

/// `gapcast serve`: a boot server.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the files of a directory: plain TFTP, multicast TFTP, and multicast with promotion.",
    discussion: """
      Who asks for nothing but a file gets it by plain TFTP, any number at once. Who asks for multicast gets the group \
      of those who want the same file on the same terms: with promotion if it knows the option (gapcast fetch), and by \
      RFC 2090 alone if not. Only regular files below ROOT that everybody may read are served.

      Without ROOT it serves the current directory to this machine alone, on an unprivileged port: to try it.

      Examples:
        gapcast serve
        gapcast serve /srv/tftp --interface eth0
        gapcast serve /srv/tftp --scenario lab.yaml --rate '500 Mbit/s'
        gapcast serve /srv/tftp --listen 192.0.2.1:6969 --group 239.192.7.1-239.192.7.16 --blksize 1468
        gapcast serve /srv/tftp --mtftp boot.img=239.192.8.1:1760
        gapcast serve /srv/tftp --group none
        gapcast serve /srv/tftp --results /var/lib/gapcast/results --metrics 9469

      Exit codes: 0 it was stopped by SIGTERM or SIGINT; 64 the command line is wrong; 65 the scenario is wrong; 66 ROOT \
      or the scenario is not there; 71 a socket can't be had; 73 the directory of results can't be made; 77 not without root's rights.
      """)

  @Argument(help: "The directory to serve. (default: the current one, to this machine alone)", completion: .directory)
  var root: String?

  @OptionGroup(title: "Network") var network: ServeNetwork
  @OptionGroup(title: "Protocol") var terms: ServeTerms
  @OptionGroup(title: "Outputs") var outputs: ServeOutputs

  @Option(help: "The least that is logged: trace, debug, info, notice, warning, error.")
  var logLevel: Logger.Level = .info

  func run() throws {
    let configuration = try configuration()
    try network.checkUser(of: configuration)
    if root == nil { explain(configuration) }
    let level = logLevel
    LoggingSystem.bootstrap { label in
      var handler = StreamLogHandler.standardError(label: label)
      handler.logLevel = level
      return handler
    }
    let log = Logger(label: "gapcast")
    let observers = try self.observers(configuration, log)
    let server = try start(configuration, log, observers)
    try observers.check(outputs, configuration)
    let interruption = Interruption { _ in server.stop(saying: "the server stops") }
    server.waitUntilClosed()
    withExtendedLifetime(interruption) {}
    observers.finish(at: server.clock.now)
    log.info("stopped")
  }

  func configuration() throws -> LiveServerConfiguration {
    var configuration = LiveServerConfiguration(
      root: root ?? ".", listen: try network.listen(isTrial: root == nil))
    configuration.service = try terms.settings()
    try network.apply(to: &configuration, isTrial: root == nil)
    configuration.service.groups = try network.groups(for: configuration.listen)
    return configuration
  }

  private func observers(_ configuration: LiveServerConfiguration, _ log: Logger) throws -> ServeObservers {
    do {
      return try ServeObservers(outputs, configuration, scenario: try terms.base(), log: log)
    } catch let error as ValidationError {
      throw error
    } catch let error as ExitCode {
      throw error
    } catch {
      Complaint.say("error: \(error)")
      throw error is ResultsError ? Complaint.cannotCreate : Complaint.system
    }
  }

  private func start(
    _ configuration: LiveServerConfiguration, _ log: Logger, _ observers: ServeObservers
  ) throws -> LiveServer {
    do {
      let server = try LiveServer.start(configuration, log: log) { observers.note($0, at: $1) }
      log.info(
        "serving",
        metadata: [
          "root": "\(configuration.root.printable)", "address": "\(server.local)",
          "rate": "\(configuration.rate.map(Quantity.rate.format) ?? "unlimited")",
          "user": "\(configuration.user ?? "unchanged")",
        ])
      return server
    } catch let error as SystemError {
      Complaint.say("error: \(error)" + hint(for: error, configuration))
      throw code(of: error)
    }
  }

  private func hint(for error: SystemError, _ configuration: LiveServerConfiguration) -> String {
    switch error.code {
    case EACCES,
      EPERM where error.step.hasPrefix("bind"):
      "; ports below 1024 need root's rights or CAP_NET_BIND_SERVICE: try --listen \(configuration.listen.host):6969"
    case EADDRINUSE: "; another server has this port: see 'ss -lunp'"
    case ENOSYS: "; it needs Linux 5.6"
    case EACCES:
      "; the user '\(configuration.user ?? "that runs it")' may not look into it: allow it ('chmod o+x'), or name "
        + "another with --user"
    default: ""
    }
  }

  private func code(of error: SystemError) -> ExitCode {
    switch error.code {
    case ENOENT, ENOTDIR: Complaint.noInput
    case EACCES, EPERM: Complaint.notAllowed
    default: Complaint.system
    }
  }

  private func explain(_ configuration: LiveServerConfiguration) {
    Complaint.say(
      """
      No directory was named, so the current one is served, at \(configuration.listen) to this machine alone. Try

        gapcast fetch tftp://\(configuration.listen)/FILE
        curl -O tftp://\(configuration.listen)/FILE

      A network is served with 'gapcast serve DIRECTORY', as root, for TFTP's port is 69. 'gapcast serve --help' says \
      more. Ctrl-C ends it.
      """)
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
