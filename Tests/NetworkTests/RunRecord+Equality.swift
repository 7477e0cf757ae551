import PromotionRun
import Runs

extension RunRecord {
  /// The names of the fields in which two records differ.
  func differences(from other: RunRecord) -> [String] {
    var names: [String] = []
    func compare<Value: Equatable>(_ name: String, _ field: KeyPath<RunRecord, Value>) {
      if self[keyPath: field] != other[keyPath: field] { names.append(name) }
    }
    compare("replication", \.replication)
    compare("ended", \.ended)
    compare("devices", \.devices)
    compare("sessions", \.sessions)
    compare("gapSizes", \.gapSizes)
    compare("sessionOneLoss", \.sessionOneLoss)
    compare("multicastDataPackets", \.multicastDataPackets)
    compare("unicastDataPackets", \.unicastDataPackets)
    compare("serverBytes", \.serverBytes)
    compare("timeline", \.timeline)
    compare("events", \.events)
    compare("outlivedTraces", \.outlivedTraces)
    compare("uplink", \.uplink)
    compare("segments", \.segments)
    return names
  }
}
