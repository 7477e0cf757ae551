import Foundation
import Testing

/// Files of measurements that are wrong in one way each, and stay as tests.
@Suite struct MeasurementCorpusTests {
  private static let folder = "Tests/Fuzz/corpus/measurements"
  private static let files =
    ((try? FileManager.default.contentsOfDirectory(atPath: Program.package.appendingPathComponent(folder).path)) ?? [])
    .sorted()

  /// Each is fitted, or refused with words: by itself, and against the sender's.
  @Test(arguments: files)
  func eachIsFittedOrRefused(file: String) throws {
    let path = "\(Self.folder)/\(file)"
    for arguments in [[path, "--packets", "100"], [path, "--sent", "\(Self.folder)/good.pcap"]] {
      let outcome = try Program.run(["fit"] + arguments)
      #expect(outcome.status == 0 || outcome.status == 65, "\(outcome.status): \(outcome.errors)")
      #expect(outcome.status == 0 || outcome.errors.contains(path), "\(outcome.errors)")
      #expect(!outcome.output.contains("\u{1B}") && !outcome.errors.contains("\u{1B}"))
    }
  }

  @Test func theCorpusIsThere() {
    #expect(Self.files.count >= 20 && Self.files.contains("good.pcap"))
  }
}
