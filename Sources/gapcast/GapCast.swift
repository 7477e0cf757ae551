import ArgumentParser

/// `gapcast`: the promotion protocol on real sockets.
@main
struct GapCast: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gapcast",
    abstract: "Brings boot images to many devices at once, by TFTP and multicast with promotion.")
}
