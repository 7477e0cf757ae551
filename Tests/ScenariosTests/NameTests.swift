import TestSupport
import Testing

@testable import Scenarios

/// Names stand in file names and in columns that other programs read.
@Suite struct NameTests {
  private static func quoted(_ name: String) -> String { ScenarioValue.string(name).json() }

  private func verdict(_ text: String, file: String = "lab.yaml") -> [ScenarioDiagnostic] {
    do { return try Scenario.parse(text: text, file: file).warnings } catch { return error.diagnostics }
  }

  private func scenario(named name: String) -> String {
    "name: \(Self.quoted(name))\nfile: {size: 1 KiB}\ncohorts: [{count: 1}]\n"
  }

  private func cohort(named name: String) -> String {
    "file: {size: 1 KiB}\ncohorts: [{name: \(Self.quoted(name))}]\n"
  }

  private static let hostile = [
    "=1+1", "=HYPERLINK(\"http://example.org\")", "+1", "-1", "-2", "@SUM(1)", " =1", "\u{202E}txt", "a\u{2066}b",
    "\u{FEFF}lab",
    "a\u{200B}", "a\u{2028}b",
    "a\u{200F}",
    "a\u{1B}[31m", "a\nb", "",
  ]

  @Test(arguments: hostile + ["..", ".", ".hidden", "../up", "a/b", "/etc/x", "baselines/lab"])
  func aNameThatIsAPathOrAFormulaIsAnError(name: String) {
    let errors = verdict(scenario(named: name)).filter { $0.severity == .error }
    expect(errors.map(\.path), equals: ["name"], "\(errors)")
  }

  @Test(arguments: hostile)
  func aCohortThatIsAFormulaIsAnError(name: String) {
    let errors = verdict(cohort(named: name)).filter { $0.severity == .error }
    expect(errors.map(\.path), equals: ["cohorts[0].name"], "\(errors)")
  }

  @Test(arguments: [
    "NA", "na", "N/A", "NaN", "nan", "null", "NULL", "None", "nil", "#N/A", "<NA>", "0012", "12", "1e3", "0x12", "inf",
    " 7 ",
  ])
  func aNameThatReadersTakeForSomethingElseIsAWarning(name: String) {
    for (text, path) in [(scenario(named: name), "name"), (cohort(named: name), "cohorts[0].name")]
    where !(path == "name" && name.contains("/")) {
      let diagnostics = verdict(text)
      expect(diagnostics.map(\.severity), equals: [.warning], "\(diagnostics)")
      expect(diagnostics.map(\.path), equals: [path])
    }
  }

  @Test(arguments: ["lab", "Raum 1, \"Nord\"", "Nashville", "12 desks", "a-b", "a.b", "naïve", "日本", "👩‍👩‍👧", "nan-1"])
  func otherNamesAreNothingToSpeakOf(name: String) {
    #expect(verdict(scenario(named: name)).isEmpty)
    #expect(verdict(cohort(named: name)).isEmpty)
  }

  /// A file's name has at most 255 bytes, and the program adds to it.
  @Test(arguments: [("x", 200), ("ж", 100), ("日", 66), ("👩", 50)])
  func aNameHasNoMoreBytesThanAFileName(letter: String, most: Int) {
    let longest = String(repeating: letter, count: most)
    #expect(verdict(scenario(named: longest)).isEmpty)
    #expect(".\(longest)-sweep.plots.partial.1234567890".utf8.count <= 255)
    let errors = verdict(scenario(named: longest + letter))
    #expect(!errors.isEmpty && errors.allSatisfy { $0.severity == .error && $0.path == "name" })
  }

  @Test func theNameOfAFileIsHeldToTheSame() {
    let text = "file: {size: 1 KiB}\ncohorts: [{count: 1}]\n"
    expect(verdict(text, file: "2024.yaml").map(\.severity), equals: [.warning])
    expect(verdict(text, file: "-rf.yaml").map(\.severity), equals: [.error])
    expect(verdict(text, file: String(repeating: "ж", count: 120) + ".yaml").map(\.severity), equals: [.error])
    #expect(verdict("name: lab\n" + text, file: "2024.yaml").isEmpty)
  }
}
