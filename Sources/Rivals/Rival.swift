import BlockTransfer
import Network
import Runs
import Timebase

/// What a device of a rival tells observers.
package enum RivalReceiverNote: Sendable {
  /// It entered a role, but not that it is complete.
  case entered(DeviceRole)
  /// It was asked for the first time what it misses of the whole file, or asked itself.
  case checked
}

/// What the server of a rival tells observers.
package enum RivalSenderNote: Sendable {
  /// A pass over the file begins, driven by a device or by the server itself.
  case passBegan(driver: DeviceID?)
  /// The pass is over.
  case passEnded
}

/// A strategy other than the promotion protocol: its engine, bound to the network.
///
/// The engine of a rival is pure, as the promotion protocol's is. What it brings besides a ``Strategy`` is what counters and
/// invariants need to know.
package protocol Rival: Strategy where ReceiverNote == RivalReceiverNote, SenderNote == RivalSenderNote {
  /// The settings of a scenario.
  init(_ configuration: SimulationConfiguration)
  /// The blocks that a device misses; nil while it does not know the file.
  func gaps(of receiver: Receiver) -> GapMap?
  /// What does not hold for the server; nil by default.
  func breach(of sender: Sender) -> String?
}

extension Rival {
  package func breach(of sender: Sender) -> String? { nil }
}
