extension Scenario {
  /// The scenario as it is run, in YAML: defaults filled in, overrides applied, traces written out.
  ///
  /// It depends only on the value, names no file, and reads back to the same scenario.
  package func canonicalYAML() -> String {
    // Emitting a tree that this file makes cannot fail. JSON is YAML too.
    YAMLEmitter.text(of: canonical) ?? canonicalJSON()
  }

  /// The same in JSON.
  package func canonicalJSON() -> String { canonical.json() + "\n" }

  /// The keys in the order of the reference page. Keys that are left open are not written.
  package var canonical: ScenarioValue { ScenarioDraft.keys.write(ScenarioDraft(self)) }
}
