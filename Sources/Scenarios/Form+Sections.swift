import Quantities

/// Keys below a key.
extension Form {
  /// A value with keys of its own.
  package static func section(_ section: Section<Value>) -> Form {
    Form(
      description: FormDescription(
        expectation: "a section of keys", schema: { ScenarioSchema.section(section.described(at: "")) },
        takesEmpty: true, kind: .section, nested: { [section.described(at: $0)] }),
      read: { node, place in
        var value = section.model
        return section.read(node, place, onto: &value) ? value : nil
      },
      write: { section.write($0) })
  }

  /// A value that is one of several, each under a key of its own.
  ///
  /// - Parameter what: What several of them are called.
  static func oneOf(_ section: Section<Value>, what: String, expectation: String) -> Form {
    Form(
      description: FormDescription(
        expectation: expectation,
        schema: {
          ScenarioSchema.section(section.described(at: ""))
            + [("minProperties", .literal("1")), ("maxProperties", .literal("1"))]
        },
        nested: { path in
          var section = section.described(at: path)
          section.isChoice = true
          return [section]
        }),
      read: { node, place in
        guard node.entries?.isEmpty == false else {
          place.mismatch(node, expected: expectation)
          return nil
        }
        let mapping = place.reader.mapping(node, section.names, place)
        let given = section.keys.filter { mapping[$0.name] != nil }
        guard given.count == 1 else {
          if given.count > 1 {
            let found = given.map(\.name).joined(separator: ", ")
            place.error(node.origin, "found several \(what) (\(found)); give one")
          }
          return nil
        }
        var value = section.model
        return given[0].required.read(mapping, place, onto: &value) ? value : nil
      },
      write: { value in section.keys.contains { $0.write(value) != nil } ? section.write(value) : nil })
  }
}

/// Lists and tables.
extension Form {
  /// A list, each of whose elements has the same form; those that are wrong are left out.
  package static func list<Element>(_ element: Form<Element>, _ expectation: String) -> Form where Value == [Element] {
    Form(
      description: FormDescription(
        expectation: expectation,
        schema: { ScenarioSchema.array(of: element.description.schema()) },
        nested: { element.description.nested($0 + "[]") }),
      read: { node, place in
        guard let nodes = node.elements else {
          place.mismatch(node, expected: expectation)
          return nil
        }
        return nodes.enumerated().compactMap { element.read($1, place.element($0)) }
      },
      write: { .list($0.compactMap(element.write)) })
  }

  /// A list of sections.
  ///
  /// - Parameters:
  ///   - element: What each element is, where something else stands there.
  ///   - check: What is wrong with elements together; it is handed the place of each.
  static func sections<Element>(
    _ section: Section<Element>,
    _ expectation: String = "a list of sections, each begun by '- '",
    element: String,
    check: @escaping @Sendable ([Element], [Place]) -> Void
  ) -> Form where Value == [Element] {
    Form(
      description: FormDescription(
        expectation: expectation,
        schema: { ScenarioSchema.array(of: ScenarioSchema.section(section.described(at: ""))) },
        kind: .sections, nested: { [section.described(at: $0 + "[]")] }),
      read: { node, place in
        guard let nodes = node.elements else {
          place.mismatch(node, expected: expectation)
          return nil
        }
        var (values, places) = ([Element](), [Place]())
        for (index, node) in nodes.enumerated() {
          let place = place.element(index)
          guard node.entries != nil else {
            place.mismatch(node, expected: element)
            continue
          }
          var value = section.model
          guard section.read(node, place, onto: &value) else { continue }
          values.append(value)
          places.append(place)
        }
        check(values, places)
        return values
      },
      write: { .list($0.map { section.write($0) }) })
  }

  /// The same with at least one element and at most so many.
  func holding<Element>(_ counts: ClosedRange<Int>, _ what: String) -> Form where Value == [Element] {
    var form = self
    form.description.takesEmpty = true
    form.description.schema = { [schema = description.schema] in
      var keys = schema()
      keys.insert(("minItems", .literal(String(counts.lowerBound))), at: 1)
      return keys
    }
    form.read = { [read, expectation = description.expectation] node, place in
      guard let elements = node.elements, elements.count >= counts.lowerBound else {
        place.mismatch(node, expected: expectation)
        return nil
      }
      guard elements.count <= counts.upperBound else {
        let (found, most) = (UInt64(elements.count).grouped, UInt64(counts.upperBound).grouped)
        place.error(node.origin, "has \(found) \(what); allowed: at most \(most)")
        return nil
      }
      return read(node, place)
    }
    return form
  }

  /// Sections by their names: `{trunk: {rate: 1 Gbit/s}, wifi: {rate: 54 Mbit/s}}`.
  ///
  /// - Parameters:
  ///   - name: Where an element has its name.
  ///   - check: What is wrong with elements together; it is handed the place of each.
  package static func table<Element>(
    _ section: Section<Element>,
    named name: WritableKeyPath<Element, String> & Sendable,
    _ expectation: String,
    check: @escaping @Sendable ([Element], [Place]) -> Void
  ) -> Form where Value == [Element] {
    Form(
      description: FormDescription(
        expectation: expectation,
        schema: {
          let element = ScenarioValue.keys(ScenarioSchema.section(section.described(at: "")))
          return [("type", .string("object")), ("additionalProperties", element)]
        },
        nested: { [section.described(at: $0 + ".*")] }),
      read: { node, place in
        guard let entries = node.entries else {
          place.mismatch(node, expected: expectation)
          return nil
        }
        var (values, places) = ([Element](), [Place]())
        for entry in entries {
          let place = place.key(entry.key.excerpt)
          var value = section.model
          value[keyPath: name] = entry.key
          guard section.read(entry.value, place, onto: &value) else { continue }
          values.append(value)
          places.append(place)
        }
        check(values, places)
        return values
      },
      write: { $0.isEmpty ? nil : .keys($0.map { ($0[keyPath: name], section.write($0)) }) })
  }
}

/// Several ways to write a value, told apart by what stands there.
extension Form {
  /// One way to write a value.
  package struct Way: Sendable {
    fileprivate enum Shape { case text, keys, list }
    fileprivate let shape: Shape
    fileprivate let form: Form

    /// Text on one line.
    static func text(_ form: Form) -> Way { Way(shape: .text, form: form) }
    /// Keys with values.
    static func keys(_ form: Form) -> Way { Way(shape: .keys, form: form) }
    /// A list.
    static func list(_ form: Form) -> Way { Way(shape: .list, form: form) }
  }

  /// A value that may be written as text, as keys or as a list. In a canonical text it has keys if it can, else a list.
  package static func ways(_ expectation: String, _ ways: [Way]) -> Form {
    func form(_ shape: Way.Shape) -> Form? { ways.first { $0.shape == shape }?.form }
    let (text, keys, list) = (form(.text), form(.keys), form(.list))
    return Form(
      description: FormDescription(
        expectation: expectation,
        schema: { ScenarioSchema.any(ways.map { $0.form.description.schema() }) },
        nested: { path in ways.flatMap { $0.form.description.nested(path) } }),
      read: { node, place in
        let form =
          switch node.content {
          case .scalar: text
          case .mapping: keys
          case .sequence: list
          }
        guard let form else {
          place.mismatch(node, expected: expectation)
          return nil
        }
        return form.read(node, place)
      },
      write: { keys?.write($0) ?? list?.write($0) ?? text?.write($0) },
      say: { text?.say($0) })
  }
}
