/// The form of a key's value: how a value of the model is read, written and described.
///
/// A key has one form, and forms are made of forms: an optional one, a list of them, one of several. So the reader, the
/// canonical text, the JSON Schema and the reference page always agree about a key.
struct Form<Value: Sendable>: Sendable {
  /// The description for people and editors.
  var description: FormDescription
  /// The value of the word `none`; nil if the word is not allowed.
  var none: Value?
  /// Whether a value is that of `none`.
  var isNone: @Sendable (Value) -> Bool = { _ in false }
  /// Reads a node that is neither empty nor `none`; nil if it is wrong. Then the place has reported it.
  var read: @Sendable (SourceNode, Place) -> Value?
  /// Writes a value in its only written form; nil if it is left open, or is no value of this form.
  var write: @Sendable (Value) -> ScenarioValue?
  /// The value as a person would write it, for a default; nil if one word is not enough.
  var say: @Sendable (Value) -> String? = { _ in nil }
}

/// The description of a form for people and editors.
struct FormDescription: Sendable {
  /// How a template shows a key.
  enum Kind: Sendable {
    /// On one line.
    case value
    /// As a heading, with the keys below it.
    case section
    /// As a list of sections.
    case sections
  }

  /// The expected values: `a time, like '6.5 s'`.
  var expectation: String
  /// The values in range; nil if there is no limit.
  var range: String?
  /// The JSON Schema, as the keys of an object.
  var schema: @Sendable () -> ScenarioSchema.Keys
  /// Whether the word `none` leaves a key open.
  var takesNone = false
  /// Whether an empty value is allowed, or has its own error.
  var takesEmpty = false
  /// How a template shows it.
  var kind = Kind.value
  /// The sections below a key with this path.
  var nested: @Sendable (String) -> [KeySection] = { _ in [] }
  /// The name of the schema, if several keys share it, and the schema itself.
  var definition: (name: String, schema: @Sendable () -> ScenarioSchema.Keys)?
}

extension Form {
  /// The same values as a part of other ones.
  ///
  /// - Parameters:
  ///   - make: The whole for a part; nil if it is wrong. Then the place has reported it.
  ///   - take: The part of a whole; nil if it has none.
  func map<Whole>(
    _ make: @escaping @Sendable (Value, SourceNode, Place) -> Whole?, from take: @escaping @Sendable (Whole) -> Value?
  ) -> Form<Whole> {
    Form<Whole>(
      description: description, read: { node, place in read(node, place).flatMap { make($0, node, place) } },
      write: { take($0).flatMap(write) }, say: { take($0).flatMap(say) })
  }

  /// The same values as a part of other ones, all of which are valid.
  func map<Whole>(_ make: @escaping @Sendable (Value) -> Whole, from take: @escaping @Sendable (Whole) -> Value?)
    -> Form<Whole>
  { map({ part, _, _ in make(part) }, from: take) }

  /// A value that may be left open, though no word says so.
  static func optional<Wrapped>(_ form: Form<Wrapped>) -> Form where Value == Wrapped? {
    form.map({ $0 }, from: { $0 })
  }

  /// A value that the word `none` leaves open.
  static func orNone<Wrapped>(_ form: Form<Wrapped>) -> Form where Value == Wrapped? {
    optional(form).takingNone(as: nil) { $0 == nil }
  }

  /// The same, with the word `none` for one of the values. A canonical text has it if it `isWritten`.
  func orNone(_ none: Value, isWritten: Bool = false) -> Form where Value: Equatable {
    var form = takingNone(as: none) { $0 == none }
    if isWritten { form.write = { [write] in $0 == none ? .string("none") : write($0) } }
    return form
  }

  private func takingNone(as none: Value, isNone: @escaping @Sendable (Value) -> Bool) -> Form {
    var form = self
    form.none = .some(none)
    form.isNone = isNone
    form.write = { [write] in isNone($0) ? nil : write($0) }
    form.description.takesNone = true
    form.description.schema = { [schema = description.schema] in
      ScenarioSchema.any([[("const", .string("none"))], schema()])
    }
    return form
  }

  /// The same values, with a check that may refuse them.
  func refusing(_ problem: @escaping @Sendable (SourceNode, Place) -> String?) -> Form {
    var form = self
    form.read = { [read] node, place in
      if let problem = problem(node, place) { place.refuse(node, problem) } else { read(node, place) }
    }
    return form
  }

  /// The same under a name. Several keys share its schema and the keys below it; the paths of these begin with the
  /// name.
  func shared(_ name: String) -> Form {
    var form = self
    form.description.definition = (name, description.schema)
    form.description.schema = { ScenarioSchema.reference(name) }
    form.description.nested = { [nested = description.nested] _ in
      nested(name).map { section in
        var section = section
        section.isShared = true
        return section
      }
    }
    return form
  }
}
