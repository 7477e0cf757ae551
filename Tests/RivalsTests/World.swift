import BlockTransfer
import Network
import PromotionEngine
import Testing

@testable import Runs

/// A network with one strategy and a file whose last block has half the bytes.
func world(
  _ strategy: StrategyName, blocks: UInt64, blockSize: UInt32 = 1000, _ cohorts: [Cohort],
  _ change: (inout SimulationConfiguration) -> Void = { _ in }
) throws -> SimulationConfiguration {
  let file = try #require(
    FileLayout(size: (blocks - 1) * UInt64(blockSize) + UInt64(blockSize / 2), blockSize: blockSize))
  var parameters = ProtocolParameters()
  parameters.blockSize = blockSize
  var configuration = SimulationConfiguration(parameters: parameters, file: file, cohorts: cohorts)
  configuration.strategy = strategy
  change(&configuration)
  return configuration
}
