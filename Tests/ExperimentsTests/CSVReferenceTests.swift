import TestSupport
import Testing

@testable import Experiments

struct CSVReferenceTests {
  @Test func theReferencePageIsMadeFromTheTables() throws {
    try Golden.expect(CSVReference.markdown, at: Golden.repository.appending(path: "docs/csv-reference.md"))
  }
}
