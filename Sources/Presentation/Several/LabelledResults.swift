import FoundationEssentials
import Quantities
import Results
import Scenarios

/// A directory of results under the name that a page of several has for it.
struct LabelledResults: Sendable {
  let label: String
  let folder: ResultsFolder
  let scenario: Scenario

  /// Opens directories, each given as DIR or LABEL=DIR. Without a label its name is one.
  ///
  /// - Throws: a ``PresentationError`` if two labels are the same, if they are not of one kind, or for a tuning; a
  ///   ``ResultsFolderError`` for a directory that cannot be read.
  static func all(_ arguments: [String]) throws -> [LabelledResults] {
    let places = arguments.map(place)
    for (index, place) in places.enumerated() {
      guard !place.label.isEmpty else {
        throw PresentationError.labels("'\(arguments[index].excerpt)' has an empty label; write LABEL=DIR")
      }
      if let first = places[..<index].firstIndex(where: { $0.label == place.label }) {
        throw PresentationError.labels(
          "\(arguments[first].excerpt) and \(arguments[index].excerpt) are both called '\(place.label.excerpt)'; "
            + "give one another name, as in before=\(place.path.excerpt)")
      }
    }
    let results = try places.map { label, path in
      let folder = try ResultsFolder(at: path, extent: .kept)
      return LabelledResults(label: label, folder: folder, scenario: try folder.scenario())
    }
    try check(results)
    return results
  }

  /// The label and the directory of an argument. What is a directory as it stands has no label.
  private static func place(_ argument: String) -> (label: String, path: String) {
    if !FileManager.default.fileExists(atPath: argument), let sign = argument.firstIndex(of: "=") {
      return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }
    return (ResolvedPath.name(of: argument), argument)
  }

  private static func check(_ results: [LabelledResults]) throws {
    func words(_ one: LabelledResults) -> String { "\(one.folder.path) is a \(one.folder.kind.rawValue)" }
    for other in results where other.folder.kind == .tune {
      throw PresentationError.notAlike(
        "\(words(other)): tunings have no figures in common; make the page of each, or compare runs of what they chose")
    }
    for other in results.dropFirst() where other.folder.kind != results[0].folder.kind {
      throw PresentationError.notAlike("\(words(results[0])), and \(words(other)): give results of one kind")
    }
    let keys = results.map { $0.folder.manifest.sweep?.varied ?? [] }
    for (other, varied) in zip(results, keys).dropFirst() where varied != keys[0] {
      throw PresentationError.notAlike(
        "\(results[0].folder.path) varies \(keys[0].joined(separator: ", ")), and \(other.folder.path) "
          + "\(varied.joined(separator: ", ")): give sweeps of the same keys")
    }
  }
}

extension LabelledResults {
  /// What was run, in a sentence.
  var what: String { scenario.what(isLive: folder.isLive, kind: folder.kind) }
}

extension Scenario {
  /// What was run, in a sentence.
  func what(isLive: Bool, kind: ResultsFolder.Kind) -> String {
    let promotes = kind != .sweep && network.strategy.promotes
    let threshold = Double(network.parameters.promotion.threshold)
    return "a file of \(DisplayUnit.size(Double(bytes))) for \(HumanUnits.plural(devices, "device"))"
      + (promotes ? ", threshold \(DisplayUnit.size(threshold))" : "")
      + (isLive ? ", on real wires" : "")
  }
}
