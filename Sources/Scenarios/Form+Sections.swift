/// Keys below a key.
extension Form {
  /// A value with its own keys. Messages about anything else say `expectation`.
  static func section(_ section: Section<Value>, expecting expectation: String = "keys") -> Form {
    Form(
      description: FormDescription(
        expectation: "a section of keys",
        schema: { ScenarioSchema.section(section.described(at: ""), mayBeEmpty: true) },
        takesEmpty: true, kind: .section, nested: { [section.described(at: $0)] }),
      read: { node, place in
        guard node.entries != nil || node.scalar == "" else { return place.mismatch(node, expected: expectation) }
        var value = section.model
        return section.read(node, place, onto: &value) ? value : nil
      }, write: { section.write($0) })
  }

  /// A value that is one of several, each under its own key. Messages call several of them `what`.
  static func oneOf(_ section: Section<Value>, what: String, expectation: String) -> Form {
    Form(
      description: FormDescription(
        expectation: expectation,
        schema: {
          ScenarioSchema.section(section.described(at: "")) + [
            ("minProperties", .literal("1")), ("maxProperties", .literal("1")),
          ]
        },
        nested: { path in
          var section = section.described(at: path)
          section.isChoice = true
          return [section]
        }),
      read: { node, place in
        guard node.entries?.isEmpty == false else { return place.mismatch(node, expected: expectation) }
        let mapping = place.reader.mapping(node, section.names, place)
        let given = section.keys.filter { mapping[$0.name] != nil }
        guard given.count == 1 else {
          let found = given.map(\.name).joined(separator: ", ")
          return given.isEmpty ? nil : place.refuse(node, "found several \(what) (\(found)); give one")
        }
        var value = section.model
        return given[0].required.read(mapping, place, onto: &value) ? value : nil
      },
      write: { value in
        section.keys.contains { $0.write(value, default: section.model) != nil } ? section.write(value) : nil
      })
  }
}

/// Lists and tables. Wrong elements are left out.
extension Form {
  /// Checks the elements together; each comes with its place.
  typealias Check<Element> = @Sendable ([Element], [Place]) -> Void

  /// A list whose elements all have the same form.
  static func list<Element>(
    _ element: Form<Element>, _ expectation: String, check: @escaping Check<Element> = { _, _ in }
  ) -> Form where Value == [Element] {
    Form(
      description: FormDescription(
        expectation: expectation, schema: { ScenarioSchema.array(of: element.description.schema()) },
        kind: element.description.kind == .section ? .sections : .value,
        nested: { element.description.nested($0 + "[]") }),
      read: { node, place in
        guard let nodes = node.elements else { return place.mismatch(node, expected: expectation) }
        let read = nodes.enumerated().compactMap { index, node in
          element.read(node, place.element(index)).map { (value: $0, place: place.element(index)) }
        }
        check(read.map(\.value), read.map(\.place))
        return read.map(\.value)
      }, write: { .list($0.compactMap(element.write)) })
  }

  /// Values by their names: `{trunk: {rate: 1 Gbit/s}, wifi: {rate: 54 Mbit/s}}`. `name` is the property for the name.
  static func table<Element>(
    _ element: Form<Element>, named name: WritableKeyPath<Element, String> & Sendable, _ expectation: String,
    check: @escaping Check<Element> = { _, _ in }
  ) -> Form where Value == [Element] {
    Form(
      description: FormDescription(
        expectation: expectation,
        schema: { [("type", .string("object")), ("additionalProperties", .keys(element.description.schema()))] },
        nested: { element.description.nested($0 + ".*") }),
      read: { node, place in
        guard let entries = node.entries else { return place.mismatch(node, expected: expectation) }
        let read = entries.compactMap { entry -> (value: Element, place: Place)? in
          let place = place.key(entry.key.excerpt)
          place.reader.note(entry.value.origin, of: place.path)
          guard var value = element.read(entry.value, place) else { return nil }
          value[keyPath: name] = entry.key
          return (value, place)
        }
        check(read.map(\.value), read.map(\.place))
        return read.map(\.value)
      },
      write: {
        $0.isEmpty ? nil : .keys($0.compactMap { value in element.write(value).map { (value[keyPath: name], $0) } })
      })
  }

  /// A list with at least one element, and at most this many. Messages call them `what`.
  func limited<Element>(to most: Int, _ what: String) -> Form where Value == [Element] {
    var form = refusing { [expectation = description.expectation] node, _ in
      let count = node.elements?.count ?? 0
      if count == 0 { return node.isNot(expectation) }
      guard count > most else { return nil }
      return "has \(UInt64(count).grouped) \(what); allowed: at most \(UInt64(most).grouped)"
    }
    form.description.takesEmpty = true
    form.description.schema = { [schema = description.schema] in
      var keys = schema()
      keys.insert(("minItems", .literal("1")), at: 1)
      return keys
    }
    return form
  }
}

/// The content of a file.
enum Shape: Sendable { case text, keys, list }

extension Form {
  /// A value that may be written in several ways, which differ in their shape. A canonical text has keys if possible,
  /// otherwise a list.
  static func ways(_ expectation: String, _ ways: [(shape: Shape, form: Form)]) -> Form {
    let form = { @Sendable (shape: Shape) in ways.first { $0.shape == shape }?.form }
    return Form(
      description: FormDescription(
        expectation: expectation, schema: { ScenarioSchema.any(ways.map { $0.form.description.schema() }) },
        nested: { path in ways.flatMap { $0.form.description.nested(path) } }),
      read: { node, place in
        let shape: Shape =
          switch node.content {
          case .scalar: .text
          case .mapping: .keys
          case .sequence: .list
          }
        guard let form = form(shape) else { return place.mismatch(node, expected: expectation) }
        return form.read(node, place)
      }, write: { form(.keys)?.write($0) ?? form(.list)?.write($0) ?? form(.text)?.write($0) },
      say: { form(.text)?.say($0) })
  }
}
