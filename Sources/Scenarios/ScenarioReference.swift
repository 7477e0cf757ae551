import Quantities

/// The reference page of scenario files and the help on a key, made from the table of keys.
package enum ScenarioReference {
  /// The page in Markdown.
  package static var markdown: String {
    introduction
      + ScenarioKeys.sections.map { "\n## \($0.title)\n" + $0.keys.map(entry).joined() }.joined()
      + distributions
  }

  /// The help on a terminal for a key, or for all keys whose path begins with `prefix`.
  package static func help(prefix: String = "") -> String {
    let keys = ScenarioKeys.all.filter { $0.path.hasPrefix(prefix) }
    let width = keys.map(\.path.count).max() ?? 0
    return keys.map { key in
      let fallback = key.fallback.text.map { "default: \($0)" } ?? "required"
      let padding = String(repeating: " ", count: width - key.path.count)
      return "\(key.path)\(padding)  \(key.documentation.replacing("`", with: "")) (\(fallback))\n"
    }.joined()
  }

  /// The path of a key that `path` was probably meant for; nil if none is near enough.
  package static func nearest(to path: String) -> String? {
    nearest(to: path, among: ScenarioKeys.all.map(\.path))
  }

  /// The word that was probably meant; nil if none is near enough.
  package static func nearest(to word: String, among words: [String]) -> String? {
    Spelling.nearest(to: word, among: words)
  }

  private static var introduction: String {
    let units = [Quantity.size, .time, .rate].map { dimension in
      "| \(dimension.name) | \(dimension.unitNames.map { "`\($0)`" }.joined(separator: ", ")) | `\(dimension.example)` |"
    }
    return """
      # Scenario files

      This page is generated from the table that the program reads scenarios by. A scenario is a YAML file. A key that is
      not listed here is an error, and so is a quantity without its unit. `gapsim schema` prints the same as a JSON Schema
      for editors; `gapsim init` writes a file to start from; `--set key.path=value` (`--set protocol.blksize='512 B'`,
      `--set 'cohorts[0].count=10'`) takes the place of a value for one run. Rules (`R12`, `N3`) are those of the protocol's
      description.

      | quantity | units | example |
      | --- | --- | --- |
      \(units.joined(separator: "\n"))
      | a probability | `%`, or none from 0 to 1 | `1 %`, `0.01` |

      Quantities are read exactly: one that is no whole number of bytes, nanoseconds or bits per second is an error.
      Whole numbers may be grouped by `_` (`10_000_000`). A key with the default `none` takes the word `none` too.
      Anchors, aliases, merge keys, tags and several documents in one file are not supported. JSON is YAML, and is read.
      `-` in place of the file reads the scenario from the standard input; a pipe (`<(envsubst < lab.yaml)`) is read too.
      Of what is wrong the first 20 errors are told, and how many there are besides.

      """
  }

  private static func entry(_ key: ScenarioKey) -> String {
    var facts = ["Takes \(key.form.expectation)."]
    if let range = key.form.range { facts.append("Allowed: \(range).") }
    facts.append(key.fallback.text.map { "Default: \($0)." } ?? "Required.")
    return
      "\n### `\(key.path)`\n\n\(key.documentation)\n\n\(facts.joined(separator: " ")) Example: `\(key.name): \(key.example)`\n"
  }

  private static var distributions: String {
    let rows = DistributionForm.all.map { form in
      let parameters =
        form.isList
        ? "a list*, such as `[120 us, 130 us, 128 us]`, of at most \(UInt64(DistributionForm.mostValues).grouped), or the name of a file; `weights` beside it"
        : form.parameters.map { "`\($0.name)`\(unit($0, form)) \($0.documentation)" }.joined(
          separator: "; "
        )
      let uses = DistributionForm.Use.allCases.filter { form.uses.contains($0) }.map(\.rawValue).joined(separator: ", ")
      return "| `\(form.name)` | \(uses) | \(parameters) | \(form.documentation) |"
    }
    return """

      ## Distributions

      Where a key takes a distribution, it is one key, the distribution's name in the GNU Scientific Library, over its
      parameters: `latency: {uniform: {low: 1 ms, high: 5 ms}}`. A fixed value is written by itself (`5 ms`,
      or `{constant: 5 ms}`). Parameters marked
      with * measure what is drawn: in a time they have a unit, a probability may be a share. The others are plain numbers.
      A time that is drawn becomes whole nanoseconds, and 0 if it is below 0; a probability below 0 or above 1 becomes 0 or 1.
      `values` takes what was measured in place of parameters; it draws a whole number, the place in the list, each as likely
      (Lemire, 2019), so that a value that stands there twice comes twice as often. With `weights` beside it, one number for
      each value, it draws each as often as its weight says (GSL's `gsl_ran_discrete`):
      `{values: [0.1 %, 2 %], weights: [9, 1]}`. A file, in the scenario's folder or below, has a value in each line, with
      its unit; `value, weight` if it has weights. `#` begins a comment, and a header `value` or `value,weight` may stand
      first.

      | name | draws | parameters | shape |
      | --- | --- | --- | --- |
      \(rows.joined(separator: "\n"))

      """
  }

  private static func unit(_ parameter: DistributionForm.Parameter, _ form: DistributionForm) -> String {
    if case .number = parameter.measure { ":" } else { "*:" }
  }
}
