/// Keys that stand together, and the part of the model that they are bound to.
struct Section<Root: Sendable>: Sendable {
  /// The model as it is when no key is given: all defaults.
  let model: Root
  /// The heading on the reference page; nil for the path.
  let title: String?
  let keys: [Key<Root>]
  /// The names of the keys.
  let names: [String]
  /// What is wrong with a model whose keys are right, each by itself; false if it cannot be used.
  private var check: @Sendable (Root, SourceNode, Place) -> Bool = { _, _, _ in true }
  /// Where a word that is no key here belongs.
  private var hint: @Sendable (String, ScenarioReader.Mapping) -> String? = { _, _ in nil }

  /// Binds keys to a model.
  init(_ model: Root, title: String? = nil, @KeyBuilder<Root> keys: () -> [Key<Root>]) {
    self.model = model
    self.title = title
    self.keys = keys()
    names = self.keys.map(\.name)
  }

  /// The same with a check of what its keys say together.
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

  /// Reads the keys of a mapping onto the model; false if one is missing or wrong that the model cannot do without.
  func read(_ node: SourceNode, _ place: Place, onto root: inout Root) -> Bool {
    let mapping = place.reader.mapping(node, names, place, hint: hint)
    return read(mapping, place, onto: &root) && check(root, node, place)
  }

  /// The same for a mapping that is open already.
  func read(_ mapping: ScenarioReader.Mapping, _ place: Place, onto root: inout Root) -> Bool {
    var isWhole = mapping.isWhole
    for key in keys where !key.read(mapping, place, onto: &root) { isWhole = false }
    return isWhole
  }

  /// The keys with their values, in order; those that are left open are not written.
  func write(_ root: Root) -> ScenarioValue {
    .keys(keys.compactMap { key in key.write(root, default: model).map { (key.name, $0) } })
  }

  /// What the table says about its keys, where their paths begin so.
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
