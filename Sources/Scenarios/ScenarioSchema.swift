import Network
import Quantities

/// The JSON Schema (draft 2020-12) of scenario files, made from the table of keys.
package enum ScenarioSchema {
  /// A schema as the keys of an object, in order.
  typealias Keys = [(String, ScenarioValue)]

  /// The schema's text.
  package static var json: String { value.json() + "\n" }

  static var value: ScenarioValue {
    .keys(
      [
        ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
        ("title", .string("gapsim scenario")),
        (
          "description",
          .string("A scenario of the promotion protocol's simulator, format version \(ScenarioKeys.formatVersion).")
        ),
      ] + section(ScenarioKeys.sections[0]) + [("$defs", .keys(definitions))])
  }

  // MARK: - Keys

  /// The schema of a section, as the keys of an object. One without required keys `mayBeEmpty`: a key with nothing after it
  /// is null in YAML.
  static func section(_ section: KeySection, mayBeEmpty: Bool = false) -> Keys {
    let required = section.keys.filter { $0.fallback == .required }.map { ScenarioValue.string($0.name) }
    let object = ScenarioValue.string("object")
    let type = mayBeEmpty && required.isEmpty ? ScenarioValue.list([object, .string("null")]) : object
    return [("type", type), ("additionalProperties", .literal("false"))]
      + (required.isEmpty ? [] : [("required", .list(required))])
      + [("properties", .keys(section.keys.map { ($0.name, property($0)) }))]
  }

  private static func property(_ key: ScenarioKey) -> ScenarioValue {
    var text = key.documentation.replacing("`", with: "'")
    if let range = key.form.range { text += " Allowed: \(range)." }
    if let fallback = key.fallback.text { text += " Default: \(fallback)." }
    return .keys([("description", .string(text))] + key.form.schema())
  }

  /// The schema of a whole number.
  static func integer(_ range: ClosedRange<UInt64>) -> Keys {
    [
      ("type", .list([.string("integer"), .string("string")])),
      ("minimum", .literal(String(range.lowerBound))), ("maximum", .literal(String(range.upperBound))),
      ("pattern", .string("^[0-9]+([_ ][0-9]+)*$")),
    ]
  }

  /// A schema that stands elsewhere.
  static func reference(_ name: String) -> Keys { [("$ref", .string("#/$defs/\(name)"))] }
  static func reference(_ dimension: Quantity) -> Keys { reference(name(dimension)) }
  private static func name(_ dimension: Quantity) -> String { String(dimension.name.drop { $0 != " " }.dropFirst()) }

  /// Text that matches a regular expression (ECMA 262).
  static func pattern(_ text: String) -> Keys { [("type", .string("string")), ("pattern", .string(text))] }

  /// A list of at least so many elements.
  static func array(of element: Keys, least: Int = 0) -> Keys {
    [("type", .string("array"))] + (least > 0 ? [("minItems", .literal(String(least)))] : [])
      + [("items", .keys(element))]
  }

  /// One of several schemas; the alternatives of one are alternatives of the whole.
  static func any(_ schemas: [Keys]) -> Keys {
    let alternatives = schemas.flatMap { schema -> [ScenarioValue] in
      if case .list(let inner)? = schema.first?.1, schema[0].0 == "anyOf" { inner } else { [.keys(schema)] }
    }
    return [("anyOf", .list(alternatives))]
  }

  /// An object of which each of these keys must be there, and no other may.
  private static func object(
    _ properties: [(String, Keys)], optional: Set<String> = [], description: String? = nil
  ) -> Keys {
    [
      ("description", description.map { .string($0) }), ("type", .string("object")),
      ("additionalProperties", .literal("false")),
      ("required", .list(properties.map(\.0).filter { !optional.contains($0) }.map { .string($0) })),
      ("properties", .keys(properties.map { ($0.0, .keys($0.1)) })),
    ].compactMap { key, value in value.map { (key, $0) } }
  }

  // MARK: - Shared forms

  private static var definitions: [(String, ScenarioValue)] {
    let plain: [(String, Keys)] =
      [Quantity.size, .time, .rate].map { (name($0), pattern($0.pattern)) } + [
        (
          "number",
          any([[("type", .string("number"))], pattern("^[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$")])
        ),
        (
          "probability",
          any([
            [("type", .string("number")), ("minimum", .literal("0")), ("maximum", .literal("1"))],
            pattern("^\\+?[0-9]+(\\.[0-9]+)?\\s*%$|^\\+?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$"),
          ])
        ),
      ]
    let models: [(String, Keys)] = DistributionForm.Use.allCases.map { ("\($0.rawValue)_model", drawn(for: $0)) }
    let shared = [
      Form.loss.description.definition, Form.join.description.definition, Form.leaves.description.definition,
      Form.packetRuns.description.definition, Form<LossModel>.model.description.definition,
      Form.condition.description.definition, Form.trace.description.definition,
    ].compactMap(\.self).map { ($0.name, $0.schema()) }
    return (plain + models + shared).map { ($0.0, .keys($0.1)) }
  }

  /// A fixed value, by itself or as a distribution, or what it is drawn from.
  private static func drawn(for use: DistributionForm.Use) -> Keys {
    let fixed = use.measured.description.schema()
    return any(
      [fixed, object([("constant", fixed)])] + DistributionForm.forms(for: use).map { distribution($0, for: use) })
  }

  private static func distribution(_ form: DistributionForm, for use: DistributionForm.Use) -> Keys {
    let documentation = form.documentation.replacing("`", with: "'")
    guard !form.isList else {
      let item = use == .count ? use.measured.description.schema() : measured(for: use, "a measured value")
      let most = ("maxItems", ScenarioValue.literal(String(DistributionForm.mostValues)))
      var list = array(of: item, least: 1)
      list.insert(most, at: 2)
      let values = [("description", ScenarioValue.string(documentation))] + any([list, [("type", .string("string"))]])
      let weights = array(of: reference("number"), least: 1)
      return object(
        [(form.name, values), (MeasuredValues.weightsKey, weights)], optional: [MeasuredValues.weightsKey])
    }
    var properties = form.parameters.map { ($0.name, parameter($0, for: use)) }
    let isLognormal = form.name == "lognormal"
    if isLognormal { properties.append(("median", measured(for: use, "The median; 'zeta' is its logarithm."))) }
    let parameters = object(
      properties, optional: isLognormal ? ["zeta", "median"] : [], description: documentation)
    return object([(form.name, parameters)])
  }

  private static func parameter(_ parameter: DistributionForm.Parameter, for use: DistributionForm.Use) -> Keys {
    let text = parameter.documentation.replacing("`", with: "'")
    return switch parameter.measure {
    case .value, .positiveValue: measured(for: use, text)
    case .number(let range):
      [("description", .string(text))] + reference(range.upperBound <= 1 ? "probability" : "number")
    }
  }

  private static func measured(for use: DistributionForm.Use, _ text: String) -> Keys {
    [("description", .string(text))] + use.measured.description.schema()
  }
}
