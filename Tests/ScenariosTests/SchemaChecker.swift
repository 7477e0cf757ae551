import Foundation

/// Checks a value against the part of JSON Schema that the scenario's schema uses; an unknown keyword fails.
struct SchemaChecker {
  private let root: [String: Any]
  private static let annotations: Set = ["$schema", "$defs", "title", "description"]

  init(json: String) throws {
    root = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
  }

  func problems(_ value: Any) -> [String] { problems(value, root, at: "$") }

  private func problems(_ value: Any, _ schema: [String: Any], at path: String) -> [String] {
    schema.keys.sorted().flatMap { keyword in check(keyword, schema[keyword] ?? "", value, schema, at: path) }
  }

  private func check(_ keyword: String, _ rule: Any, _ value: Any, _ schema: [String: Any], at path: String) -> [String]
  {
    let object = value as? [String: Any]
    let text = value as? String
    let number =
      value is Bool
      ? nil : (value as? Double ?? (value as? Int).map { Double($0) } ?? (value as? UInt).map { Double($0) })
    func fail(if failed: Bool) -> [String] { failed ? ["\(path): \(keyword)"] : [] }
    switch keyword {
    case _ where SchemaChecker.annotations.contains(keyword): return []
    case "type":
      let types = rule as? [String] ?? [rule as? String ?? ""]
      return fail(if: !types.contains { matches(value, type: $0, number: number) })
    case "const": return fail(if: "\(rule)" != text)
    case "enum":
      let isOneOfThem = (rule as? [Any] ?? []).contains {
        "\($0)" == "\(value)" || $0 as? Bool != nil && $0 as? Bool == value as? Bool
      }
      return fail(if: !isOneOfThem)
    case "pattern":
      return fail(if: text.map { $0.range(of: rule as? String ?? "", options: .regularExpression) == nil } ?? false)
    case "minimum": return fail(if: (number ?? .infinity) < (rule as? NSNumber)?.doubleValue ?? .nan)
    case "maximum": return fail(if: (number ?? -.infinity) > (rule as? NSNumber)?.doubleValue ?? .nan)
    case "minLength": return fail(if: (text?.count ?? .max) < rule as? Int ?? 0)
    case "maxLength": return fail(if: (text?.count ?? 0) > rule as? Int ?? 0)
    case "minItems": return fail(if: ((value as? [Any])?.count ?? .max) < rule as? Int ?? 0)
    case "maxItems": return fail(if: ((value as? [Any])?.count ?? 0) > rule as? Int ?? 0)
    case "minProperties": return fail(if: (object?.count ?? .max) < rule as? Int ?? 0)
    case "maxProperties": return fail(if: (object?.count ?? 0) > rule as? Int ?? 0)
    case "required": return (rule as? [String] ?? []).flatMap { fail(if: object != nil && object?[$0] == nil) }
    case "additionalProperties":
      let known = schema["properties"] as? [String: Any] ?? [:]
      let others = (object ?? [:]).filter { known[$0.key] == nil }
      guard let inner = rule as? [String: Any] else { return fail(if: !others.isEmpty) }
      return others.sorted { $0.key < $1.key }.flatMap { problems($1, inner, at: "\(path).\($0)") }
    case "properties":
      return (rule as? [String: [String: Any]] ?? [:]).sorted { $0.key < $1.key }.flatMap { name, inner in
        object?[name].map { problems($0, inner, at: "\(path).\(name)") } ?? []
      }
    case "items":
      return (value as? [Any] ?? []).flatMap { problems($0, rule as? [String: Any] ?? [:], at: "\(path)[]") }
    case "anyOf":
      return fail(if: !(rule as? [[String: Any]] ?? []).contains { problems(value, $0, at: path).isEmpty })
    case "$ref":
      let name = (rule as? String)?.replacing("#/$defs/", with: "") ?? ""
      guard let inner = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
        return ["no definition \(name)"]
      }
      return problems(value, inner, at: path)
    default: return ["\(path): keyword \(keyword) is not known here"]
    }
  }

  private func matches(_ value: Any, type: String, number: Double?) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": value is Bool
    case "number": number != nil
    case "integer": number.map { $0 == $0.rounded() } ?? false
    default: false
    }
  }
}
