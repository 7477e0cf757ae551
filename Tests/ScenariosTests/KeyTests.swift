import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Scenarios

/// A model of its own: what a key is bound to is no matter of the keys that there are.
private struct Harbour: Sendable {
  struct Pier: Hashable, Sendable {
    var name = ""
    var length: UInt32 = 40
    var opens: Nanoseconds?
  }

  enum Cargo: Hashable, Sendable {
    case nothing
    case boxes(UInt32)
    case sand(Nanoseconds)
  }

  var piers: [Pier] = []
  var cargo = Cargo.nothing
  var isOpen = false
  var mail: UInt32 = 3
  var tugs: UInt32 = 1

  static let pier = Section(Pier()) {
    Key("length", \.length, .integer(10...900), example: "50", "How long it is.")
    Key("opens", \.opens, .orNone(.time(from: .seconds(1))), example: "6 h", "When it opens.")
  }

  static let keys = Section(Harbour()) {
    Key(
      "piers", \.piers,
      .table(.section(pier), named: \.name, "piers by their names") { piers, places in
        for (pier, place) in zip(piers, places) where pier.name == "x" {
          place.error(SourceOrigin(file: "harbour"), "is no name")
        }
      }, example: "{east: {length: 50}}", "Where ships lie."
    ).defaulting(to: "no piers")
    Key("cargo", \.cargo, cargo, example: "{boxes: 3}", "What they bring.")
    Key("is_open", \.isOpen, .flag, example: "true", "Whether there are any.").only(.pxeMTFTP, because: "it tells")
    Key("tugs", \.tugs, .integer(0...99), example: "2", "What pulls them.").quiet
    Key("mail", \.mail, .integer(0...9), example: "1", "Letters.").written { $0.isOpen }
  }

  private static let cargo = Form.oneOf(
    Section(Cargo.nothing) {
      Key(
        "boxes", { .boxes($0) }, from: { if case .boxes(let count) = $0 { count } else { nil } }, .integer(1...9),
        example: "3", "Boxes.")
      Key(
        "sand", { .sand($0) }, from: { if case .sand(let time) = $0 { time } else { nil } }, .time(), example: "1 h",
        "Sand, by the time that it takes.")
    }, what: "cargoes", expectation: "boxes or sand"
  ).orNone(.nothing)
}

@Suite struct KeyTests {
  private func read(_ text: String) throws -> (harbour: Harbour, isWhole: Bool, says: [String]) {
    let reader = ScenarioReader(file: "harbour") { _ throws(ScenarioReader.FileProblem) in "" }
    let node = try #require(try YAMLSource(file: "harbour", text: text).root())
    var harbour = Harbour()
    let isWhole = Harbour.keys.read(node, Place(reader: reader, path: ""), onto: &harbour)
    reader.checkAfterwards(ScenarioDraft())
    return (harbour, isWhole, reader.diagnostics.map { "\($0.path): \($0.message)" })
  }

  @Test func aTableIsReadByNamesAndWrittenInItsOrder() throws {
    let (harbour, isWhole, says) = try read("piers: {west: {length: 10, opens: 2 s}, east: {}}\ncargo: {sand: 1 h}\n")
    #expect(isWhole && says.isEmpty)
    expect(
      harbour.piers, equals: [.init(name: "west", length: 10, opens: .seconds(2)), .init(name: "east", length: 40)])
    expect(harbour.cargo, equals: .sand(.seconds(3600)))
    let written = Harbour.keys.write(harbour)
    let again = try read(written.json())
    #expect((again.harbour.piers, again.harbour.cargo) == (harbour.piers, harbour.cargo))
    expect(Harbour.keys.write(again.harbour), equals: written)
    #expect(written.json().contains("\"west\": {\n      \"length\": 10,\n      \"opens\": \"2 s\""))
  }

  @Test(arguments: [
    ("piers: {west: {length: 9}}", ["piers.west.length: '9' is out of range; allowed: 10 … 900"]),
    ("piers: {west: {width: 9}}", ["piers.west.width: unknown key; allowed here: length, opens"]),
    ("piers: [1]", ["piers: found a list, expected piers by their names"]),
    ("piers: {x: {}}", ["piers.x: is no name"]),
    ("cargo: {boxes: 1, sand: 1 s}", ["cargo: found several cargoes (boxes, sand); give one"]),
    ("cargo: {}", ["cargo: found no keys, expected boxes or sand"]),
    ("cargo:", ["cargo: has no value; give boxes or sand, or none"]),
    ("cargo: {sand: 1 B}", ["cargo.sand: '1 B' is a size, but a time is expected, like '6.5 s'; allowed: 0 s … 365 d"]),
    ("is_open: true", ["is_open: has no effect in mode rfc2090; only pxe-mtftp knows it"]),
  ])
  func whatIsWrongIsSaidAtItsPath(text: String, says: [String]) throws {
    try expect(read(text).says, equals: says)
  }

  @Test func aWrongValueLeavesTheDefaultAndTheRestIsRead() throws {
    let (harbour, _, says) = try read("mail: x\npiers: {east: {length: x}}\ncargo: {boxes: 2}\n")
    expect(says.count, equals: 2)
    #expect((harbour.mail, harbour.piers, harbour.cargo) == (3, [.init(name: "east")], .boxes(2)))
  }

  @Test func aKeyUnderAConditionIsWrittenWhereItHolds() {
    var harbour = Harbour()
    expect(Harbour.keys.write(harbour).json(), equals: "{\n  \"is_open\": false\n}")
    harbour.isOpen = true
    expect(Harbour.keys.write(harbour).json(), equals: "{\n  \"is_open\": true,\n  \"mail\": 3\n}")
  }

  @Test func aQuietKeyIsWrittenWhereItIsNotTheDefault() throws {
    var harbour = Harbour()
    harbour.tugs = 2
    expect(Harbour.keys.write(harbour).json(), equals: "{\n  \"is_open\": false,\n  \"tugs\": 2\n}")
    try expect(read("tugs: 2").harbour.tugs, equals: 2)
  }

  @Test func whatPeopleAreToldComesFromTheSameLine() throws {
    let section = Harbour.keys.described(at: "harbour")
    expect(
      section.keys.map(\.path),
      equals: ["harbour.piers", "harbour.cargo", "harbour.is_open", "harbour.tugs", "harbour.mail"])
    expect(
      section.keys.map(\.fallback),
      equals: [.described("no piers"), .nothing, .value("false"), .value("1"), .value("3")])
    expect(section.keys[2].documentation, equals: "Whether there are any. `pxe-mtftp` only: it tells.")
    let pier = try #require(section.keys[0].sections.first)
    expect(pier.keys.map(\.path), equals: ["harbour.piers.*.length", "harbour.piers.*.opens"])
    expect(pier.keys.map(\.fallback), equals: [.value("40"), .nothing])
    let schema = ScenarioValue.keys(ScenarioSchema.section(section)).json()
    for part in ["\"additionalProperties\": {", "\"maxProperties\": 1", "\"const\": \"none\"", "\"minimum\": 10"] {
      #expect(schema.contains(part), "\(part)")
    }
  }

  /// The table says what the model's own value is, in a person's words.
  @Test(arguments: [
    ("limits.time", "24 h"), ("limits.events", "10_000_000_000"), ("protocol.group_timeout", "6.5 s"),
    ("protocol.block_numbers", "16"), ("cohorts[].join", "0 s"), ("loss.gilbert_elliott.k", "1"),
    ("protocol.promotion.smart_listens", "true"), ("sweep.max_replications", "1000"), ("expect[].in", "every"),
  ])
  func defaultsAreTheModelsInWords(path: String, text: String) {
    expect(ScenarioKeys.key(path).fallback, equals: .value(text))
  }
}
