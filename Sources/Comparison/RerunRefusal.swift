/// Why results cannot be compared with what their scenario comes to now.
package enum RerunRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// They are those of a tuning.
  case tuning(path: String)
  /// Runs on real wires would be replaced by simulated ones.
  case live(path: String)

  package var description: String {
    switch self {
    case .tuning(let path):
      "\(path) holds a tuning, and compare --run runs runs, sweeps and races again; tune once more, and compare tune.csv"
    case .live(let path):
      "\(path) holds runs on real wires, which --run --accept would replace by simulated ones; leave --accept away"
    }
  }
}
