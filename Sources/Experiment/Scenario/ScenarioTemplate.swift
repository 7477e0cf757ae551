import Foundation

/// The scenario that `gapsim init` writes: every key with its documentation, those that are not needed commented out.
public enum ScenarioTemplate {
  /// The values that the template gives, by path; every other key is shown as a comment.
  private static let values = [
    "gapsim": "1", "name": "my-scenario", "description": "A lab of 50 devices boots one image by multicast.",
    "seed": "1", "replications": "10", "file.size": "48 MiB", "protocol.mode": "rfc2090", "protocol.blksize": "1428 B",
    "protocol.promotion.threshold": "256 KiB", "server.rate": "1 Gbit/s", "cohorts[].name": "desks",
    "cohorts[].count": "50", "cohorts[].join": "0 s", "cohorts[].loss": "{bernoulli: 1 %}",
  ]

  /// The template's text; `schema` is where an editor finds the JSON Schema.
  public static func yaml(schema: String = "gapsim.schema.json") -> String {
    "# yaml-language-server: $schema=\(schema)\n"
      + "# A scenario of gapsim. Lines that begin with '# ' and a key show its default, or an example where it has none.\n"
      + keys(of: "", indent: "")
  }

  private static func keys(of section: String, indent: String) -> String {
    ScenarioKeys.keys(of: section).map { key in
      let comment = wrapped(key.documentation.replacing("`", with: "'"), indent: indent)
      switch key.form {
      case .section: return "\n\(comment)\(indent)\(key.name):\n" + keys(of: key.path, indent: indent + "  ")
      case .sections:
        return "\n\(comment)\(indent)\(key.name):\n"
          + listed(keys(of: key.path + "[]", indent: indent + "    "), indent: indent)
      default: return comment + line(key, indent: indent)
      }
    }.joined()
  }

  /// The first key of a section in a list carries the dash.
  private static func listed(_ text: String, indent: String) -> String {
    guard let first = text.range(of: "\n\(indent)    name:") else { return text }
    return text.replacingCharacters(in: first, with: "\n\(indent)  - name:")
  }

  private static func line(_ key: ScenarioKey, indent: String) -> String {
    if let value = values[key.path] { return "\(indent)\(key.name): \(value)\n" }
    let isWritable = key.fallback.map { !$0.contains(" the ") && !$0.hasPrefix("the ") && $0 != "none" } ?? false
    return "\(indent)# \(key.name): \(isWritable ? key.fallback ?? key.example : key.example)\n"
  }

  private static func wrapped(_ text: String, indent: String) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + word.count + indent.count > 96 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.map { "\(indent)# \($0)\n" }.joined()
  }
}
