import PromotionEngine

/// A key of a section, bound to a value of the model. Everything about the key is said here.
///
/// The reader, the canonical text, the JSON Schema, the reference page, the help and the template come from here. The
/// default is the model's own value, so it is in one place too.
struct Key<Root: Sendable>: Sendable {
  let name: String
  private let example: String
  private let documentation: String
  private let form: FormDescription
  private let readValue: @Sendable (SourceNode, Place, inout Root) -> Bool
  private let writeValue: @Sendable (Root) -> ScenarioValue?
  private let fallback: @Sendable (Root) -> ScenarioKey.Fallback
  private var isRequired = false
  private var defaultText: String?
  private var mode: MulticastMode?
  private var reason: String?
  private var devices: (KeyPath<Root, Int> & Sendable)?
  private var derive: @Sendable (ScenarioReader.Mapping, Place, inout Root) -> Void = { _, _, _ in }
  private var isWritten: @Sendable (Root) -> Bool = { _ in true }
  private var isQuiet = false

  /// Binds a key to a property of the model.
  init<Value>(
    _ name: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ form: Form<Value>, example: String,
    _ documentation: String
  ) {
    self.init(name, form.description, example, documentation) { node, place, root in
      let isNone = form.none != nil && node.scalar == "none"
      guard let value = isNone ? form.none : form.read(node, place) else { return false }
      root[keyPath: path] = value
      return true
    } write: {
      form.write($0[keyPath: path])
    } fallback: { root in
      let value = root[keyPath: path]
      return form.isNone(value) ? .nothing : .value(form.say(value) ?? "")
    }
  }

  /// Binds a key to a part of the model that has its own keys.
  ///
  /// They are read onto the part as it is. Several sections may share a part; each key names its own property of it.
  init<Part>(
    _ name: String, _ path: WritableKeyPath<Root, Part> & Sendable, _ section: Section<Part>, example: String,
    _ documentation: String
  ) {
    self.init(name, Form.section(section).description, example, documentation) { node, place, root in
      section.read(node, place, onto: &root[keyPath: path])
    } write: {
      section.write($0[keyPath: path])
    } fallback: { _ in
      .described("all defaults")
    }
  }

  /// Binds a key to a case of an enumeration. The key makes the whole model, and is written if the model has this case.
  init<Payload>(
    _ name: String, _ make: @escaping @Sendable (Payload) -> Root, from take: @escaping @Sendable (Root) -> Payload?,
    _ form: Form<Payload>, example: String, _ documentation: String
  ) {
    self.init(name, form.description, example, documentation) { node, place, root in
      guard let payload = form.read(node, place) else { return false }
      root = make(payload)
      return true
    } write: {
      take($0).flatMap(form.write)
    } fallback: { _ in
      .described("not used")
    }
  }

  private init(
    _ name: String, _ form: FormDescription, _ example: String, _ documentation: String,
    read: @escaping @Sendable (SourceNode, Place, inout Root) -> Bool,
    write: @escaping @Sendable (Root) -> ScenarioValue?, fallback: @escaping @Sendable (Root) -> ScenarioKey.Fallback
  ) {
    self.name = name
    self.form = form
    self.example = example
    self.documentation = documentation
    readValue = read
    writeValue = write
    self.fallback = fallback
  }
}

/// Further properties of a key.
extension Key {
  /// It must be given.
  var required: Key { with { $0.isRequired = true } }

  /// Its default in words, if no value of the model says it.
  func defaulting(to text: String) -> Key { with { $0.defaultText = text } }

  /// It has an effect in only one mode. Its documentation says so, with the reason if there is one.
  func only(_ mode: MulticastMode, because reason: String? = nil) -> Key {
    with {
      $0.mode = mode
      $0.reason = reason
    }
  }

  /// Its value is for this many devices.
  func devices(_ count: KeyPath<Root, Int> & Sendable) -> Key { with { $0.devices = count } }

  /// Its default follows from the keys beside it.
  func derived(_ derive: @escaping @Sendable (ScenarioReader.Mapping, Place, inout Root) -> Void) -> Key {
    with { $0.derive = derive }
  }

  /// The canonical text has it under a condition.
  func written(if isWritten: @escaping @Sendable (Root) -> Bool) -> Key { with { $0.isWritten = isWritten } }

  /// The canonical text has it only where it is not the default.
  ///
  /// So a key that came later leaves the manifests and digests of older scenarios as they were.
  var quiet: Key { with { $0.isQuiet = true } }

  private func with(_ change: (inout Key) -> Void) -> Key {
    var key = self
    change(&key)
    return key
  }
}

extension Key {
  /// Reads it onto the model; false if it is missing or wrong, and the model needs it.
  ///
  /// A wrong value leaves the default, so reading goes on and one pass finds all errors.
  func read(_ mapping: ScenarioReader.Mapping, _ section: Place, onto root: inout Root) -> Bool {
    derive(mapping, section, &root)
    guard let node = mapping[name] else {
      guard isRequired else { return true }
      if mapping.isWhole {
        let what = form.kind == .sections ? "a list" : "it"
        section.key(name).error(mapping.origin, "is missing; add \(what), like '\(name): \(example)'")
      }
      return false
    }
    var place = section.key(name)
    if let devices { place.devices = root[keyPath: devices] }
    if let mode { place.warn(node.origin, unless: mode) }
    if node.scalar == "", !form.takesEmpty {
      let none = form.takesNone && !form.expectation.hasPrefix("none") ? ", or none" : ""
      place.error(node.origin, "has no value; give \(form.expectation)\(none)")
      return !isRequired
    }
    return readValue(node, place, &root) || !isRequired
  }

  /// The canonical text; nil if it is left open. The default is what `model` has.
  func write(_ root: Root, default model: Root) -> ScenarioValue? {
    guard isWritten(root), let value = writeValue(root) else { return nil }
    return isQuiet && value == writeValue(model) ? nil : value
  }

  /// Its entry in the table, in a section with this path. The default is that of `model`.
  func described(in section: String, model: Root) -> ScenarioKey {
    let path = section.isEmpty ? name : "\(section).\(name)"
    let only = mode.map { " `\($0.rawValue)` only\(reason.map { ": " + $0 } ?? "")." } ?? ""
    return ScenarioKey(
      path: path, form: form, fallback: isRequired ? .required : defaultText.map { .described($0) } ?? fallback(model),
      documentation: documentation + only, example: example, sections: form.nested(path),
      accepts: { node, place in
        var root = model
        return readValue(node, place, &root)
      })
  }
}
