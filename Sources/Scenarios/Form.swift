/// What a key takes: how a value of the model is read, written and described.
///
/// A key has one form, and forms are made of forms: an optional one, a list of them, one of several. So the reader, the
/// canonical text, the JSON Schema and the reference page cannot differ about a key.
struct Form<Value: Sendable>: Sendable {
  /// What people and editors are told.
  var description: FormDescription
  /// The value that the word `none` stands for; nil where the word is not taken.
  var none: Value?
  /// Whether a value is what `none` stands for.
  var isNone: @Sendable (Value) -> Bool = { _ in false }
  /// Reads what is neither empty nor `none`; nil if it is wrong, which the place has been told then.
  var read: @Sendable (SourceNode, Place) -> Value?
  /// Writes the one text that there is for a value; nil if it is left open, or is no value of this form.
  var write: @Sendable (Value) -> ScenarioValue?
  /// The value as a person would write it, for a default; nil if that takes more than a word.
  var say: @Sendable (Value) -> String? = { _ in nil }
}

/// What people and editors are told about a form.
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

  /// What is taken: `a time, like '6.5 s'`.
  var expectation: String
  /// The values that are in range; nil when any are.
  var range: String?
  /// The JSON Schema, as the keys of an object.
  var schema: @Sendable () -> ScenarioSchema.Keys
  /// Whether the word `none` leaves a key open.
  var takesNone = false
  /// Whether nothing at all is a value too, or has an error of its own.
  var takesEmpty = false
  /// How a template shows it.
  var kind = Kind.value
  /// The sections that stand below a key of this path.
  var nested: @Sendable (String) -> [KeySection] = { _ in [] }
  /// The name of the schema, where several keys share it, and the schema itself.
  var definition: (name: String, schema: @Sendable () -> ScenarioSchema.Keys)?
}

extension Form {
  /// The same values as part of other ones.
  ///
  /// - Parameters:
  ///   - make: The whole for a part; nil if it is wrong, which the place has been told then.
  ///   - take: The part of a whole; nil if it has none.
  func map<Whole>(
    _ make: @escaping @Sendable (Value, SourceNode, Place) -> Whole?, from take: @escaping @Sendable (Whole) -> Value?
  ) -> Form<Whole> {
    Form<Whole>(
      description: description, read: { node, place in read(node, place).flatMap { make($0, node, place) } },
      write: { take($0).flatMap(write) }, say: { take($0).flatMap(say) })
  }

  /// The same values as part of other ones, each of which is right.
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

  /// The same, and the word `none` for one of the values, which a canonical text has if it `isWritten`.
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

  /// The same values but where something is wrong with them.
  func refusing(_ problem: @escaping @Sendable (SourceNode, Place) -> String?) -> Form {
    var form = self
    form.read = { [read] node, place in
      if let problem = problem(node, place) { place.refuse(node, problem) } else { read(node, place) }
    }
    return form
  }

  /// The same under a name: several keys share its schema, and the keys below it, whose paths begin with the name.
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
