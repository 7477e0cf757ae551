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
}
