import PromotionEngine
import Quantities

/// The place of a value, which takes reports about errors in it.
struct Place {
  let reader: ScenarioReader
  /// The path of the key, with the numbers of elements (`cohorts[0].loss`).
  var path: String
  /// How many devices the value is for.
  var devices = 1
  /// The number of the element, from 0, if the value is one of a list.
  var index = 0

  /// The place of a key below.
  func key(_ name: String) -> Place {
    var place = self
    place.path = path.isEmpty ? name : "\(path).\(name)"
    return place
  }

  /// The place of an element.
  func element(_ index: Int) -> Place {
    var place = self
    place.path = "\(path)[\(index)]"
    place.index = index
    return place
  }

  func error(_ origin: SourceOrigin, _ message: @autoclosure () -> String, suggestion: @autoclosure () -> String? = nil)
  { reader.error(origin, path, message(), suggestion: suggestion()) }

  func warn(_ origin: SourceOrigin, _ message: @autoclosure () -> String) { reader.warn(origin, path, message()) }

  /// Warns about the value that is given here.
  func warnAsGiven(_ message: @autoclosure () -> String) { warn(reader.origin(of: path), message()) }

  /// Checks the value here after the whole scenario has been read.
  func afterwards(_ check: @escaping (ScenarioDraft) -> Void) { reader.afterwards(check) }

  /// Warns about a key that the scenario's mode does not know.
  func warn(_ origin: SourceOrigin, unless mode: MulticastMode) {
    afterwards { draft in
      let other = draft.network.parameters.mode
      guard other != mode else { return }
      warn(origin, "has no effect in mode \(other.rawValue); only \(mode.rawValue) knows it")
    }
  }

  /// Reports what is wrong with a value; the result is no value.
  func refuse<Value>(
    _ node: SourceNode, _ message: @autoclosure () -> String, suggestion: @autoclosure () -> String? = nil
  ) -> Value? {
    error(node.origin, message(), suggestion: suggestion())
    return nil
  }

  /// Reports that something else is expected than the given value.
  func mismatch<Value>(_ node: SourceNode, expected: @autoclosure () -> String) -> Value? {
    refuse(node, node.isNot(expected()))
  }

  /// The value of a conversion. A failure becomes an error at this position.
  func unwrap<Value>(_ result: Result<Value, QuantityError>, _ node: SourceNode, allowed: String? = nil) -> Value? {
    switch result {
    case .success(let value): return value
    case .failure(let problem):
      let range = allowed.map { "; allowed: \($0)" } ?? ""
      return refuse(
        node, problem.message + (problem.message.contains("allowed") ? "" : range), suggestion: problem.suggestion)
    }
  }
}
