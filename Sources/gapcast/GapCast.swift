import ArgumentParser
import Results

/// `gapcast`: the promotion protocol on real sockets.
///
/// The commands are not asynchronous: of an asynchronous program the main thread ends, and what its process is, as a user
/// or in a list, is what that thread was.
@main
struct GapCast: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gapcast",
    abstract: "Brings boot images to many devices at once, by TFTP and multicast with promotion.",
    version: Program.version,
    subcommands: [ServeCommand.self, FetchCommand.self, GatherCommand.self, DHCPOptionsCommand.self])

  static func main() {
    StandardOutput.occupyClosedStreams()
    StandardOutput.checkAtExit()
    do {
      var command = try parseAsRoot()
      do { try command.run() } catch let error as ValidationError {
        Complaint.say(text(of: error, by: type(of: command)))
        throw Complaint.usage
      }
    } catch {
      exit(withError: error)
    }
  }

  /// What is said of a value that a command finds wrong while it runs. The parser, which does not know the command any
  /// more, would name no command in it.
  static func text(of error: ValidationError, by command: any ParsableCommand.Type) -> String {
    let names = [configuration.commandName, command.configuration.commandName].compactMap(\.self)
    return "Error: \(error.message)\nUsage: \(usageString(for: command))\n"
      + "  See '\(names.joined(separator: " ")) --help' for more information."
  }
}
