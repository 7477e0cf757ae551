/// The scenario that `gapsim init` writes: every key with its documentation; keys that are not needed are commented
/// out.
package enum ScenarioTemplate {
  /// The values that the template gives, by path. Every other key is a comment. That includes the name: by default it
  /// is the file's name, so each file has its own results directory.
  private static let values = [
    "gapsim": "1", "description": "A lab of 60 devices boots one image by multicast.",
    "seed": "1", "replications": "10", "file.size": "48 MiB", "protocol.mode": "rfc2090", "protocol.blksize": "1428 B",
    "protocol.windowsize": "16", "protocol.timeout": "250 ms", "protocol.session_timeout": "2 s",
    "protocol.group_timeout": "2.5 s", "protocol.promotion.threshold": "32 KiB", "protocol.promotion.smart_window": "4",
    "server.rate": "1 Gbit/s", "cohorts[].name": "desks", "cohorts[].count": "50", "cohorts[].join": "0 s",
    "cohorts[].loss": "{bernoulli: 0.1 %}",
  ]

  /// A second cohort, so that the file shows how a lab has more than one kind of device.
  private static let latecomers = """

      # Devices that are switched on while the others load.
      - name: late
        count: 10
        join: {at: {uniform: {low: 200 ms, high: 1 s}}}
        loss: {bernoulli: 0.1 %}

    """

  /// The template's text. An editor finds the JSON Schema at `schema`.
  package static func yaml(schema: String = "gapsim.schema.json") -> String {
    "# yaml-language-server: $schema=\(schema)\n"
      + "# A scenario of gapsim. A line that begins with '#' and no space is a key with its default, or with an example\n"
      + "# where it has none: take the '#' away to set it. 'gapsim schema' prints the JSON Schema of this format.\n"
      + keys(of: "", indent: "")
  }

  private static func keys(of section: String, indent: String) -> String {
    ScenarioKeys.keys(of: section).map { key in
      let comment = wrapped(key.documentation.replacing("`", with: "'"), indent: indent)
      let mark = isSet(key.path) ? "" : "#"
      switch key.form.kind {
      case .section:
        return "\n\(comment)\(mark)\(indent)\(key.name):\n" + keys(of: key.path, indent: indent + "  ")
      case .sections:
        return "\n\(comment)\(indent)\(key.name):\n"
          + listed(keys(of: key.path + "[]", indent: indent + "    "), indent: indent)
          + (key.path == "cohorts" ? latecomers : "")
      case .value: return comment + line(key, indent: indent)
      }
    }.joined()
  }

  /// Whether the template gives the key, or one below it.
  private static func isSet(_ path: String) -> Bool {
    values.keys.contains { $0 == path || $0.hasPrefix(path + ".") || $0.hasPrefix(path + "[]") }
  }

  /// The first key of a section in a list has the dash.
  private static func listed(_ text: String, indent: String) -> String {
    text.replacing("\n\(indent)    name:", with: "\n\(indent)  - name:", maxReplacements: 1)
  }

  private static func line(_ key: ScenarioKey, indent: String) -> String {
    if let value = values[key.path] { return "\(indent)\(key.name): \(value)\n" }
    if case .value(let value) = key.fallback { return "#\(indent)\(key.name): \(value)\n" }
    return "#\(indent)\(key.name): \(key.example)\n"
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
