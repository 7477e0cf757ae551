/// Keys of one section, and the part of the model that they are bound to.
struct Section<Root: Sendable>: Sendable {
  /// The model without any key: all defaults.
  let model: Root
  /// The heading on the reference page; nil for the path.
  let title: String?
  let keys: [Key<Root>]
  /// The names of the keys.
  let names: [String]
  /// Checks a model whose keys are valid, each by itself; false if it cannot be used.
  private var check: @Sendable (Root, SourceNode, Place) -> Bool = { _, _, _ in true }
  /// The right section for a word that is no key here.
  private var hint: @Sendable (String, ScenarioReader.Mapping) -> String? = { _, _ in nil }

  /// Binds keys to a model.
  init(_ model: Root, title: String? = nil, @KeyBuilder<Root> keys: () -> [Key<Root>]) {
    self.model = model
    self.title = title
    self.keys = keys()
    names = self.keys.map(\.name)
  }

  /// The same with a check of its keys together.
  func checked(_ check: @escaping @Sendable (Root, SourceNode, Place) -> Bool) -> Section {
    var section = self
    section.check = check
    return section
  }

  /// The same with a hint for words that belong elsewhere.
  func hinting(_ hint: @escaping @Sendable (String, ScenarioReader.Mapping) -> String?) -> Section {
    var section = self
    section.hint = hint
    return section
  }

  /// Reads the keys of a mapping onto the model; false if a key that the model needs is missing or wrong.
  func read(_ node: SourceNode, _ place: Place, onto root: inout Root) -> Bool {
    let mapping = place.reader.mapping(node, names, place, hint: hint)
    return read(mapping, place, onto: &root) && check(root, node, place)
  }

  /// The same for an open mapping.
  func read(_ mapping: ScenarioReader.Mapping, _ place: Place, onto root: inout Root) -> Bool {
    var isWhole = mapping.isWhole
    for key in keys where !key.read(mapping, place, onto: &root) { isWhole = false }
    return isWhole
  }

  /// The keys with their values, in order. Keys that are left open are not written.
  func write(_ root: Root) -> ScenarioValue {
    .keys(keys.compactMap { key in key.write(root, default: model).map { (key.name, $0) } })
  }

  /// The entries of its keys in the table, with this beginning of their paths.
  func described(at path: String) -> KeySection {
    KeySection(path: path, title: title, keys: keys.map { $0.described(in: path, model: model) })
  }
}

/// Lists the keys of a section, one after the other.
@resultBuilder
enum KeyBuilder<Root: Sendable> {
  static func buildExpression(_ key: Key<Root>) -> Key<Root> { key }
  static func buildBlock(_ keys: Key<Root>...) -> [Key<Root>] { keys }
}
