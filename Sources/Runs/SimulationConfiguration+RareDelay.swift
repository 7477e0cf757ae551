import Timebase

extension SimulationConfiguration {
  /// By how much a time may jump in rare replications: by a timeout, where a packet was lost that somebody waits for. Where a
  /// device gives up after one repeat (R3), two losses in a row are enough for a session's timeout.
  package var rareDelay: Nanoseconds { parameters.retries > 1 ? parameters.timeout : longestDelay }

  /// By how much a time may jump at most, by one timer.
  package var longestDelay: Nanoseconds { max(parameters.timeout, parameters.sessionTimeout) }
}
