import TestSupport
import Testing

@testable import Results

struct FormatTests {
  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e40])
  func whatIsNoNumberIsEmpty(value: Double) {
    expect(Column<Double>.real("x", .number, "") { $0 }.value(value), equals: .empty)
  }

  @Test(arguments: [
    ("plain", "plain"), ("two words", "two words"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
    ("two\nlines", "\"two\nlines\""), ("carriage\rreturn", "\"carriage\rreturn\""), ("crlf\r\n", "\"crlf\r\n\""),
    ("größe", "größe"), ("", ""),
  ])
  func aFieldIsQuotedWhereRFC4180AsksForItAndNowhereElse(text: String, written: String) {
    var buffer = CSVBuffer()
    buffer.append(text, columns: [.text("a", "") { $0 }, .count("b", .number, "") { $0.utf8.isEmpty ? nil : 7 }])
    expect(String(decoding: buffer.bytes, as: UTF8.self), equals: written + (text.isEmpty ? ",\n" : ",7\n"))
  }

  @Test func aHeaderIsQuotedLikeAnyField() {
    var buffer = CSVBuffer()
    buffer.appendHeader(SummaryTable.table(varied: ["a,b"]).columns)
    #expect(String(decoding: buffer.bytes, as: UTF8.self).hasPrefix("scenario,point,\"a,b\",metric,"))
  }
}
