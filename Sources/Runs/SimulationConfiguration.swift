import BlockTransfer
import Network
import PromotionEngine

/// A network with a server and devices, and their protocol: everything that determines a run, except the seed.
///
/// Properties of the ``network`` can be named without it: `configuration.cohorts`.
@dynamicMemberLookup
public struct SimulationConfiguration: Hashable, Sendable {
  /// The network.
  public var network: NetworkConfiguration
  /// How the file gets to the devices.
  public var strategy = StrategyName.promotion
  /// The protocol.
  public var parameters: ProtocolParameters
  /// The settings that only other strategies have.
  public var rivals = RivalParameters()
  /// The boot image.
  public var file: FileLayout

  /// A network on which nothing gets lost.
  public init(parameters: ProtocolParameters, file: FileLayout, cohorts: [Cohort]) {
    network = NetworkConfiguration(cohorts: cohorts)
    self.parameters = parameters
    self.file = file
  }

  /// What is of the network.
  public subscript<Value>(dynamicMember path: WritableKeyPath<NetworkConfiguration, Value>) -> Value {
    get { network[keyPath: path] }
    set { network[keyPath: path] = newValue }
  }

  /// What follows from the network.
  public subscript<Value>(dynamicMember path: KeyPath<NetworkConfiguration, Value>) -> Value {
    network[keyPath: path]
  }
}
