import Quantities

/// The JSON Schema (draft 2020-12) of scenario files, made from the table of keys.
public enum ScenarioSchema {
  /// The schema's text.
  public static var json: String { value.json() + "\n" }

  static var value: ScenarioValue {
    .keys([
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("gapsim scenario")),
      (
        "description",
        .string("A scenario of the promotion protocol's simulator, format version \(ScenarioKeys.formatVersion).")
      ),
      ("type", .string("object")),
      ("additionalProperties", .literal("false")),
      ("required", .list(required(of: ""))),
      ("properties", .keys(properties(of: ""))),
      ("$defs", .keys(definitions)),
    ])
  }

  // MARK: - Keys

  private static func properties(of section: String) -> [(String, ScenarioValue)] {
    ScenarioKeys.keys(of: section).map { ($0.name, property($0)) }
  }

  private static func required(of section: String) -> [ScenarioValue] {
    ScenarioKeys.keys(of: section).filter { $0.fallback == .required }.map { .string($0.name) }
  }

  private static func property(_ key: ScenarioKey) -> ScenarioValue {
    var text = key.documentation.replacing("`", with: "'")
    if let range = key.form.range { text += " Allowed: \(range)." }
    if let fallback = key.fallback.text { text += " Default: \(fallback)." }
    var keys: [(String, ScenarioValue)] = [("description", .string(text))]
    let form = schema(key)
    if key.takesNone, key.form != .loss, key.form != .leaves {
      keys.append(("anyOf", .list([.keys([("const", .string("none"))]), .keys(form)])))
    } else {
      keys += form
    }
    return .keys(keys)
  }

  private static func schema(_ key: ScenarioKey) -> [(String, ScenarioValue)] {
    switch key.form {
    case .section: section(key.path)
    case .sections:
      [("type", .string("array")), ("minItems", .literal("1")), ("items", .keys(section(key.path + "[]")))]
    case .name:
      [
        ("type", .list([.string("string"), .string("number")])), ("minLength", .literal("1")),
        ("maxLength", .literal("200")), ("pattern", .string("^\\s*[^\\s=+@-]")),
      ]
    case .text: [("type", .string("string")), ("maxLength", .literal("10000"))]
    case .integer(let range): integer(range)
    case .quantity(let dimension, _): reference(dimension)
    case .choice(let words):
      [
        (
          "enum",
          .list(words.flatMap { word in UInt64(word) == nil ? [.string(word)] : [.literal(word), .string(word)] })
        )
      ]
    case .flag: [("type", .string("boolean"))]
    case .timeModel: reference("time_model")
    case .countModel: reference("count_model")
    case .probabilityModel: reference("probability_model")
    case .bernoulli: [("anyOf", .list([.keys(reference("probability_model")), .keys(section("loss.bernoulli"))]))]
    case .loss: reference("loss")
    case .join: reference("join")
    case .leaves: reference("leaves")
    case .trace: reference("trace")
    case .conditions:
      [("type", .string("array")), ("items", any(.keys(reference("condition")), .keys(section("expect[]"))))]
    case .condition: reference("condition")
    case .share: reference("probability")
    case .vary:
      [
        (
          "anyOf",
          .list([varied, .keys([("type", .string("array")), ("minItems", .literal("1")), ("items", varied)])])
        )
      ]
    case .pointConditions:
      [("anyOf", .list([.keys([("type", .string("string"))]), array(of: .keys([("type", .string("string"))]))]))]
    case .metrics:
      [
        ("type", .string("array")), ("minItems", .literal("1")),
        ("items", .keys([("enum", .list(RunsTable.metrics.map { .string($0.name) }))])),
      ]
    }
  }

  private static let varied = ScenarioValue.keys([("type", .string("object")), ("minProperties", .literal("1"))])

  private static func section(_ path: String) -> [(String, ScenarioValue)] {
    let required = required(of: path)
    return [("type", .string("object")), ("additionalProperties", .literal("false"))]
      + (required.isEmpty ? [] : [("required", .list(required))])
      + [("properties", .keys(properties(of: path)))]
  }

  private static func integer(_ range: ClosedRange<UInt64>) -> [(String, ScenarioValue)] {
    [
      ("type", .list([.string("integer"), .string("string")])),
      ("minimum", .literal(String(range.lowerBound))), ("maximum", .literal(String(range.upperBound))),
      ("pattern", .string("^[0-9]+([_ ][0-9]+)*$")),
    ]
  }

  private static func reference(_ name: String) -> [(String, ScenarioValue)] { [("$ref", .string("#/$defs/\(name)"))] }
  private static func reference(_ dimension: Quantity) -> [(String, ScenarioValue)] {
    reference(String(dimension.name.drop { $0 != " " }.dropFirst()))
  }

  // MARK: - Shared forms

  private static var definitions: [(String, ScenarioValue)] {
    [Quantity.size, .time, .rate].map { dimension in
      (
        String(dimension.name.drop { $0 != " " }.dropFirst()),
        .keys([("type", .string("string")), ("pattern", .string(dimension.pattern))])
      )
    } + [
      ("number", any(.keys([("type", .string("number"))]), pattern("^[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$"))),
      (
        "probability",
        any(
          .keys([("type", .string("number")), ("minimum", .literal("0")), ("maximum", .literal("1"))]),
          pattern("^\\+?[0-9]+(\\.[0-9]+)?\\s*%$|^\\+?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$")
        )
      ),
      ("time_model", any(fixed(.keys(reference(.time))) + distributions(for: .time))),
      (
        "count_model",
        any(fixed(.keys(integer(0...ScenarioReader.longestRun))) + distributions(for: .count))
      ),
      ("probability_model", any(fixed(.keys(reference("probability"))) + distributions(for: .probability))),
      ("loss", any(.keys([("const", .string("none"))]), oneKey("loss"))),
      (
        "join",
        any(.keys(reference(.time)), array(of: .keys(reference(.time))), someKeys("join"))
      ),
      (
        "leaves",
        any(
          .keys([("const", .string("none"))]),
          .keys(reference(.time)),
          .keys(section("leaves")),
          array(of: .keys(section("leaves[]")))
        )
      ),
      (
        "packets",
        array(
          of: any(
            .keys([("type", .string("integer")), ("minimum", .literal("1"))]),
            pattern("^[0-9]+(\\s*-\\s*[0-9]+)?$")
          )
        )
      ),
      (
        "condition",
        pattern(
          "^\\s*((\(Expectation.metrics.joined(separator: "|")))|"
            + "(\(Expectation.cohortMetrics.joined(separator: "|")))\\s+of\\s+('([^']|'')*'|[^<>=!']+))"
            + "\\s*([<>]=?|[=!]=)\\s*[^\\s<>=!].*$")
      ),
      (
        "trace",
        any(.keys(reference("packets")), array(of: .keys(reference("packets"))), .keys([("type", .string("string"))]))
      ),
    ]
  }

  private static func any(_ forms: ScenarioValue...) -> ScenarioValue { any(forms) }
  private static func any(_ forms: [ScenarioValue]) -> ScenarioValue { .keys([("anyOf", .list(forms))]) }
  private static func array(of items: ScenarioValue) -> ScenarioValue {
    .keys([("type", .string("array")), ("items", items)])
  }
  private static func pattern(_ text: String) -> ScenarioValue {
    .keys([("type", .string("string")), ("pattern", .string(text))])
  }

  private static func someKeys(_ path: String) -> ScenarioValue {
    .keys(section(path) + [("minProperties", .literal("1"))])
  }

  private static func oneKey(_ path: String) -> ScenarioValue {
    .keys(section(path) + [("minProperties", .literal("1")), ("maxProperties", .literal("1"))])
  }

  /// A fixed value, by itself or as a distribution.
  private static func fixed(_ value: ScenarioValue) -> [ScenarioValue] {
    [
      value,
      .keys([
        ("type", .string("object")), ("additionalProperties", .literal("false")),
        ("required", .list([.string("constant")])), ("properties", .keys([("constant", value)])),
      ]),
    ]
  }

  private static func distributions(for use: DistributionForm.Use) -> [ScenarioValue] {
    DistributionForm.forms(for: use).map { form in
      if form.isList { return list(form, for: use) }
      var properties = form.parameters.map { ($0.name, parameter($0, for: use)) }
      var required = form.parameters.map(\.name)
      if form.name == "lognormal" {
        properties.append(("median", measured(for: use, "The median; 'zeta' is its logarithm.")))
        required.removeAll { $0 == "zeta" }
      }
      let parameters = ScenarioValue.keys([
        ("description", .string(form.documentation.replacing("`", with: "'"))), ("type", .string("object")),
        ("additionalProperties", .literal("false")), ("required", .list(required.map { .string($0) })),
        ("properties", .keys(properties)),
      ])
      return .keys([
        ("type", .string("object")), ("additionalProperties", .literal("false")),
        ("required", .list([.string(form.name)])), ("properties", .keys([(form.name, parameters)])),
      ])
    }
  }

  private static func list(_ form: DistributionForm, for use: DistributionForm.Use) -> ScenarioValue {
    let item = use == .count ? .keys(integer(0...ScenarioReader.longestRun)) : measured(for: use, "a measured value")
    let values = ScenarioValue.keys([
      ("description", .string(form.documentation)), ("type", .string("array")), ("minItems", .literal("1")),
      ("maxItems", .literal(String(DistributionForm.mostValues))), ("items", item),
    ])
    return .keys([
      ("type", .string("object")), ("additionalProperties", .literal("false")),
      ("required", .list([.string(form.name)])), ("properties", .keys([(form.name, values)])),
    ])
  }

  private static func parameter(_ parameter: DistributionForm.Parameter, for use: DistributionForm.Use) -> ScenarioValue
  {
    let text = parameter.documentation.replacing("`", with: "'")
    return switch parameter.measure {
    case .value, .positiveValue: measured(for: use, text)
    case .number(let range):
      .keys([("description", .string(text))] + reference(range.upperBound <= 1 ? "probability" : "number"))
    }
  }

  private static func measured(for use: DistributionForm.Use, _ text: String) -> ScenarioValue {
    .keys([("description", .string(text))] + (use == .time ? reference(.time) : reference("probability")))
  }
}
