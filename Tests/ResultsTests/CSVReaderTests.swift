import Foundation
import TestSupport
import Testing

@testable import Results

@Suite struct CSVReaderTests {
  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(CSVReader(path: "some.csv", bytes: Array(text.utf8))) { _ in true }
  }

  @Test(arguments: [
    ("a,b\n1,2\n", [["1", "2"]]),
    ("a,b\r\n1,2\r\n", [["1", "2"]]),
    ("a,b\n1,2", [["1", "2"]]),
    ("\u{FEFF}a,b\n1,2\n", [["1", "2"]]),
    ("a,b\n,\n", [["", ""]]),
    ("a,b\n\"1,\"\"x\"\"\",\"\"\n", [["1,\"x\"", ""]]),
    ("a,b\n\"1\n2\",\"ä\r\n\"\n3,4\n", [["1\n2", "ä\r\n"], ["3", "4"]]),
    ("a,b\n", []),
    ("a,b", []),
  ])
  func readsWhatTheRFCAllows(text: String, rows: [[String]]) throws {
    let table = try table(text)
    expect(table.header, equals: ["a", "b"])
    expect(table.rows, equals: rows)
  }

  @Test(arguments: [
    ("", "some.csv:1: the file is empty; a line with the names of the columns is expected"),
    ("a,a\n", "some.csv:1: a: the column stands there twice"),
    ("a,b\n1,2\n1\n", "some.csv:3: the row has 1 field, the header 2"),
    ("a,b\n\"1\n\n\",2\n1,2,3\n", "some.csv:5: the row has 3 fields, the header 2"),
    ("a,b\n\n", "some.csv:2: the row has 1 field, the header 2"),
    ("a,b\n1,\"2\n3\n", "some.csv:2: a quote that is not closed"),
    ("a,b\n1,2\"\n", "some.csv:2: a quote within a field that does not begin with one"),
    ("a,b\n\"1\"x,2\n", "some.csv:2: text after the quote that ends a field"),
    ("a,b\n1\r,2\n", "some.csv:2: a carriage return that no line feed follows"),
    ("a,b\n\"1\"\r,2\n", "some.csv:2: text after the quote that ends a field"),
    ("a,b\n1,2\r", "some.csv:2: a carriage return that no line feed follows"),
  ])
  func saysWhatIsWrongAndWhere(text: String, message: String) {
    #expect { try table(text) } throws: { "\($0)" == message }
  }

  @Test func refusesWhatIsNotUTF8() {
    #expect { try CSVReader(path: "some.csv", bytes: [0x61, 0x0A, 0xFF]).drained() } throws: {
      "\($0)" == "some.csv:2: a field that is not UTF-8 text"
    }
  }

  /// Where the pieces end in which a file is read makes no difference.
  @Test(arguments: 1...20) func readsAFileInPiecesOfAnySize(piece: Int) throws {
    let scratch = try Scratch()
    let text = "\u{FEFF}a,b\r\n1,\"x\"\r\n\"\"\"\",\"a,\r\nb\"\nä,🙂\r\n,\n\"0123456789 0123456789\n\n\",y"
    try scratch.write(text, to: "some.csv")
    let file = try InputFile(scratch.path("some.csv"))
    let table = try CSVTable(CSVReader(file, piece: piece)) { _ in true }
    let whole = try self.table(text)
    #expect(table.header == whole.header && table.rows == whole.rows && whole.rows.count == 5)
    #expect(table.rows.indices.allSatisfy { table.line(ofRow: $0) == whole.line(ofRow: $0) })
  }

  @Test(
    arguments: [1, 4, 9, 100], ["1,\"2\n3", "1,2\"\n4,5\n", "1\r,2\n3,4\n", "1,2\r", "\"1\"x,2\n3,4\n", "1\n2,3\n"])
  func saysTheSameOfAFileInPieces(piece: Int, rows: String) throws {
    let scratch = try Scratch()
    try scratch.write("a,b\n" + rows, to: "some.csv")
    let file = try InputFile(scratch.path("some.csv"))
    let expected = #expect(throws: CSVError.self) { try table("a,b\n" + rows) }
    let error = #expect(throws: CSVError.self) { try CSVTable(CSVReader(file, piece: piece)) { _ in true } }
    #expect(error?.line == expected?.line && error?.message == expected?.message)
  }

  @Test func tellsAMissingFileFromAWrongOne() throws {
    let missing = #expect(throws: CSVError.self) { try CSVTable(contentsOf: "/nonexistent/runs.csv") }
    #expect(missing?.isUnreadable == true)
    expect("\(try #require(missing))", equals: "/nonexistent/runs.csv: the file does not exist")
    #expect(throws: CSVError.self) { try CSVTable(contentsOf: NSTemporaryDirectory()) }
  }

  @Test func findsColumnsAndNumbersOrNamesTheirPlace() throws {
    let table = try table("makespan_s,ended\n1.5,\n\"x\ny\",2\nnan,3\n")
    try expect(table.number(0, table.column("makespan_s")), equals: 1.5)
    #expect(try table.number(0, table.column("ended")) == nil)
    #expect { try table.number(1, 0) } throws: { "\($0)" == "some.csv:3: makespan_s: 'x\u{FFFD}y' is not a number" }
    #expect { try table.number(2, 0) } throws: { "\($0)" == "some.csv:5: makespan_s: 'nan' is not a number" }
    #expect { try table.column("makespan") } throws: {
      "\($0)" == "some.csv:1: makespan: the column is missing; is it called 'makespan_s'?"
    }
    #expect { try table.column("cohort") } throws: { "\($0)" == "some.csv:1: cohort: the column is missing" }
  }

  @Test func readsBackWhatTheResultsWrite() throws {
    let texts = ["plain", "a,b", "say \"no\"", "two\nlines", "", "\r\n", "ü"]
    var buffer = CSVBuffer()
    let columns = [Column<String>.text("value", "") { $0 }, .count("one", .number, "") { _ in 1 }]
    buffer.appendHeader(columns)
    for text in texts { buffer.append(text, columns: columns) }
    var reader = try CSVReader(path: "some.csv", bytes: buffer.bytes)
    expect(reader.header, equals: ["value", "one"])
    for text in texts { try expect(reader.next()?.fields, equals: [text, "1"]) }
    #expect(try reader.next() == nil)
  }
}

extension CSVReader {
  fileprivate consuming func drained() throws(CSVError) {
    while try next() != nil {}
  }
}
