/// Who told what a record says. Of a simulated run everything is known. On real wires the server knows what it saw, a
/// device what came to it, and nobody what was lost on the way.
public struct Knowledge: OptionSet, Hashable, Sendable, BitwiseCopyable {
  /// The set as bits.
  public let rawValue: UInt8

  /// A set by its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Sessions, and what was sent.
  public static let server = Knowledge(rawValue: 1)
  /// What came to the devices, and what they sent.
  public static let devices = Knowledge(rawValue: 2)
  /// What became of packets on their way: offered, lost, dropped, without room.
  public static let paths = Knowledge(rawValue: 4)
  /// All of it, as in a simulated run.
  public static let everything: Knowledge = [.server, .devices, .paths]
}
