import Foundation
import NetworkModel

/// An experiment as a scenario file describes it: a network, how often it is run, and from which seed.
public struct Scenario: Hashable, Sendable {
  /// The name, as it stands in every row of the results.
  public var name: String
  /// What it shows, for people.
  public var description: String
  /// The seed of all random numbers.
  public var seed: UInt64
  /// How many times it is run.
  public var replications: Int
  /// The network, the protocol, the file and the limits.
  public var network: NetworkConfiguration
  /// What the results are expected to be.
  public var expectations: [Expectation]
  /// What `gapsim sweep` varies; nil if nothing is.
  package var sweep: SweepSettings?

  /// Describes an experiment; nothing is checked that ``parse(text:file:overrides:)`` would.
  public init(
    name: String,
    description: String = "",
    seed: UInt64 = 1,
    replications: Int = 10,
    network: NetworkConfiguration,
    expectations: [Expectation] = []
  ) {
    self.name = name
    self.description = description
    self.seed = seed
    self.replications = replications
    self.network = network
    self.expectations = expectations
  }

  /// The blocks of the file.
  public var blocks: UInt32 { network.file.blocks }
  /// The bytes of the file.
  public var bytes: UInt64 { network.file.size }
  /// The devices of all cohorts.
  public var devices: Int { network.deviceCount }
}

extension Scenario {
  /// Reads a scenario file.
  ///
  /// - Parameters:
  ///   - path: The file; trace files that it names are read relative to it.
  ///   - overrides: What takes the place of values in the file, each as `key.path=value`, the last one winning.
  ///   - varied: What a sweep varies, each as `key.path=values`, in place of all that the file varies.
  /// - Returns: The scenario and what looks wrong with it.
  /// - Throws: ``ScenarioError`` with everything that is wrong.
  public static func load(
    path: String,
    overrides: [String] = [],
    varied: [String] = []
  ) throws(ScenarioError) -> (scenario: Scenario, warnings: [ScenarioDiagnostic]) {
    let text: String
    do {
      text = try YAMLSource.decode(try ScenarioFile.read(path, largest: YAMLSource.largestFile), file: path)
    } catch {
      let diagnostic = error as? ScenarioDiagnostic
      let words = (error as? ScenarioReader.FileProblem)?.message ?? "cannot be read"
      throw ScenarioError(
        diagnostics: [diagnostic ?? ScenarioDiagnostic(.error, SourceOrigin(file: path), path: "", "the file \(words)")]
      )
    }
    return try parse(text: text, file: path, overrides: overrides, varied: varied)
  }

  /// Reads the text of a scenario; `file` is what messages call it, and where trace files are looked for.
  ///
  /// - Throws: ``ScenarioError`` with everything that is wrong.
  public static func parse(
    text: String,
    file: String,
    overrides: [String] = [],
    varied: [String] = []
  ) throws(ScenarioError) -> (scenario: Scenario, warnings: [ScenarioDiagnostic]) {
    let reader = ScenarioReader(file: file) { name throws(ScenarioReader.FileProblem) in
      try ScenarioFile.trace(name, besideScenario: file)
    }
    var root: SourceNode?
    do { root = try YAMLSource(file: file, text: text).root() } catch { reader.report(error) }
    if root == nil, !reader.failed {
      reader.error(
        SourceOrigin(file: file),
        "",
        "the file is empty; 'gapsim init' writes one to start from"
      )
    }
    var scenario: Scenario?
    if var root {
      for override in overrides {
        do { try ScenarioOverride(override).apply(to: &root) } catch { reader.report(error) }
      }
      do {
        for override in try ScenarioOverride.varying(varied) { try override.apply(to: &root) }
      } catch {
        reader.report(error)
      }
      scenario = reader.scenario(root, defaultName: ScenarioFile.stem(file))
    }
    let diagnostics = located(reader.diagnostics, file: file, text: text)
    guard let scenario, !reader.failed else { throw ScenarioError(diagnostics: diagnostics) }
    return (scenario, diagnostics)
  }

  /// In the order of the file, each with its line; what concerns an override or another file comes first.
  private static func located(_ diagnostics: [ScenarioDiagnostic], file: String, text: String) -> [ScenarioDiagnostic] {
    guard diagnostics.contains(where: { $0.line > 0 }) else { return diagnostics }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let filled = diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      if diagnostic.file == file, lines.indices.contains(diagnostic.line - 1) {
        diagnostic.sourceLine = String(lines[diagnostic.line - 1])
      }
      return diagnostic
    }
    return filled.enumerated().sorted {
      let (left, right) = ($0.element, $1.element)
      let (leftLine, rightLine) = (left.file == file ? left.line : 0, right.file == file ? right.line : 0)
      return (leftLine, leftLine == 0 ? 0 : left.column, $0.offset) < (
        rightLine, rightLine == 0 ? 0 : right.column, $1.offset
      )
    }.map(\.element)
  }
}

/// The files of a scenario.
enum ScenarioFile {
  /// The most bytes of a trace file.
  private static let largestTrace = 64 << 20

  /// The file's name without folders and extension; a name of a scenario has no control characters.
  static func stem(_ path: String) -> String {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    let plain = String(String.UnicodeScalarView(name.unicodeScalars.map { $0.isControl ? "_" : $0 }))
    return plain.isEmpty || plain == "/" ? "scenario" : plain
  }

  /// The bytes of an ordinary file of at most `largest` bytes.
  static func read(_ path: String, largest: Int) throws(ScenarioReader.FileProblem) -> Data {
    guard !path.isEmpty, !path.contains("\0"),
      let attributes = try? FileManager.default.attributesOfItem(
        atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      )
    else { throw ScenarioReader.FileProblem(message: "does not exist") }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw ScenarioReader.FileProblem(message: "is not an ordinary file")
    }
    guard let size = attributes[.size] as? NSNumber, size.intValue <= largest else {
      throw ScenarioReader.FileProblem(message: "is larger than \(Dimension.size.format(UInt64(largest)))")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ScenarioReader.FileProblem(message: "cannot be read; see its permissions")
    }
    return data
  }

  /// The text of a trace file that stands beside the scenario.
  static func trace(_ name: String, besideScenario file: String) throws(ScenarioReader.FileProblem) -> String {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    let data = try read(URL(fileURLWithPath: name, relativeTo: folder).path, largest: largestTrace)
    guard let text = String(validating: data, as: UTF8.self) else {
      throw ScenarioReader.FileProblem(message: "is not UTF-8 text")
    }
    return text
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}
