/// What a figure counts or measures, as the reference page says it.
package enum MetricUnit: String, Sendable {
  case text
  case number
  case seconds = "s"
  case bytes
  case blocks
  case packets
  case frames
  case devices
  case sessions
  case replications
  case gaps
  case chains
  case megabitsPerSecond = "Mbit/s"
  case bitsPerSecond = "bit/s"
  case fraction = "fraction of 1"
  case metric = "the metric's"
  case parameter = "the key's"
  case objective = "the objective's"

  /// The unit for tables; nil for text and for numbers that count nothing.
  package var symbol: String? { self == .text || self == .number ? nil : rawValue }
}
