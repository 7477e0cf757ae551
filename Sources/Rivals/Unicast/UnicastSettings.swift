import BlockTransfer
import Network
import Runs
import TFTPTransfer
import TFTPWire
import Timebase

/// The settings of unicast transfers.
struct UnicastSettings: Sendable {
  let file: FileLayout
  /// How the server's transfers behave.
  let sender: TransferSender.Settings
  /// How a device behaves, by cohort.
  let receivers: [TransferReceiver.Settings]
  /// How many transfers there are at a time.
  let places: Int
  /// What the packets carry.
  let context: TransferContext
  /// The bytes of TFTP's header of DATA.
  let headerBytes: UInt64

  init(_ configuration: SimulationConfiguration) {
    let parameters = configuration.parameters
    file = configuration.file
    sender = TransferSender.Settings(
      timeout: parameters.timeout, silence: parameters.sessionTimeout, answerDelay: configuration.service)
    var asks: TransferOptions = [.blockSize(parameters.blockSize), .transferSize(0)]
    if let timeout = TransferOption.timeout(roundingUpNanoseconds: parameters.timeout.count) { asks.append(timeout) }
    asks.append(.windowSize(parameters.windowSize))
    if parameters.wideBlockNumbers { asks.append(.wideBlockNumbers) }
    let patience = TransferPatience(
      timeout: parameters.timeout, retries: parameters.retries, backoff: parameters.backoff,
      maxTimeout: parameters.maxTimeout)
    receivers = configuration.cohorts.map { [asks] in
      TransferReceiver.Settings(asks: asks, patience: patience, answerDelay: $0.turnaround)
    }
    places = configuration.rivals.maxTransfers ?? .max
    context = TransferContext(blockNumbers: asks.blockNumbers)
    headerBytes = UInt64(DataHeader.encodedLength(blockNumbers: asks.blockNumbers))
  }
}
