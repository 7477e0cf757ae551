import Foundation
import TestSupport
import Testing

@testable import Fixtures
@testable import Presentation
@testable import Results

/// Results that are not as they should be: an error with the file and the line, or a picture that is left out.
@Suite struct MalformedResultsTests {
  @Test(arguments: [
    (
      ResultFile.devices, "completed_s", "completed",
      "devices.csv:1: completed_s: the column is missing; is it called 'completed'?"
    ),
    (.devices, ",desks,0.000000000", ",desks,zero", "devices.csv:2: join_s: 'zero' is not a number"),
    (.gaps, "\n", "\nlab,0,1,1,0,0\n", "gaps.csv:2: a size and a count of at least 1 are expected"),
    (
      .runs, "threshold_bytes", "threshold",
      "runs.csv:1: threshold_bytes: the column is missing"
    ),
    (.devices, "\n", "\n\"lab\n", "devices.csv:2: a quote that is not closed"),
  ])
  func aRun(file: ResultFile, found: String, written: String, message: String) async throws {
    let scratch = try Scratch()
    _ = try await scratch.run(Fixture.lab)
    let folder = try scratch.forge("run", file) { text in
      text.replacingCharacters(in: try #require(text.range(of: found)), with: written)
    }
    #expect { try Presentation.gallery(of: folder) } throws: { "\($0)" == scratch.path("run") + "/" + message }
  }

  @Test(arguments: [
    ("threshold_bytes", "threshold", "tune.csv:1: threshold_bytes: the column is missing"),
    ("chosen", "best", "tune.csv:5: status: 'best' is none of chosen, alive, eliminated"),
    ("14.3,", "x,", "tune.csv:5: objective_mean: 'x' is not a number"),
    ("lab,4,40000", "lab,4,", "tune.csv:5: threshold_bytes: a number of at least 0 is expected"),
  ])
  func aTuning(found: String, written: String, message: String) throws {
    let scratch = try Scratch()
    _ = try scratch.tuning()
    let folder = try scratch.forge("tune", .tune) { $0.replacing(found, with: written) }
    #expect { try Presentation.gallery(of: folder) } throws: {
      "\($0)".hasPrefix(scratch.path("tune") + "/" + message)
    }
  }

  /// Numbers that no run has, in every column that is drawn: an error that names the place, or a picture; never a trap.
  @Test(arguments: ["0", "5e-324", "1e308", "-1e308"])
  func numbersBeyondAllRunsTrapNothing(number: String) async throws {
    let scratch = try Scratch()
    _ = try await scratch.run(Fixture.lab + "\ntimeline: 100 ms\n")
    // What is no scenario is not run again, which would take most of the time.
    try scratch.sign("run", scenario: "none")
    _ = try scratch.sweep(
      keys: ["protocol.promotion.threshold", "protocol.windowsize"],
      points: ["0 B", "4 KiB", "1 MiB"].flatMap { [[$0, "1"], [$0, "4"]] })
    _ = try scratch.tuning()
    for (name, files) in [
      ("run", [ResultFile.runs, .devices, .sessions, .gaps, .summary, .timeline]), ("sweep", [.runs, .summary]),
      ("tune", [.tune]),
    ] {
      for file in files {
        let original = try scratch.text("\(name)/\(file.rawValue)")
        let rows = original.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        for column in rows[0].indices where rows.dropFirst().contains(where: { Double($0[column]) != nil }) {
          let changed = rows.enumerated().map { index, row -> String in
            var row = row
            // Its opposite in every other row.
            if index > 0 { row[column] = Substring(index.isMultiple(of: 2) && number == "1e308" ? "-1e308" : number) }
            return row.joined(separator: ",")
          }
          let folder = try scratch.forge(name, file) { _ in changed.joined(separator: "\n") + "\n" }
          do {
            let gallery = try Presentation.gallery(of: folder)
            #expect(!gallery.pictures.isEmpty || !gallery.omissions.isEmpty)
            _ = try Report(folder: folder, gallery: gallery, drawings: [:], link: nil).page.html()
          } catch let error as CSVError {
            expect(error.path, equals: folder.path(of: file))
          }
        }
        _ = try scratch.forge(name, file) { _ in original }
      }
    }
  }

  /// The trap that was: an interval without end.
  @Test func hugeIntervalsAreDrawnOrLeftOutWithANote() throws {
    let scratch = try Scratch()
    _ = try scratch.tuning()
    let folder = try scratch.forge("tune", .tune) { $0.replacing("20.1,20.9", with: "-1e308,1e308") }
    let drawn = try? Presentation.draw(directory: folder.path)
    #expect(drawn.map { $0.gallery.pictures.count + $0.gallery.omissions.count } ?? 2 == 2)
    _ = try? Presentation.report(directory: folder.path)
  }

  @Test func aDirectoryWithoutAManifestIsNone() throws {
    let scratch = try Scratch()
    try scratch.write("a,b\n", to: "other/runs.csv")
    #expect { try ResultsFolder(at: scratch.path("other")) } throws: { "\($0)".contains("there is no manifest.json") }
    #expect { try ResultsFolder(at: scratch.path("none")) } throws: { "\($0)".contains("does not exist") }
    try scratch.write("{}", to: "other/manifest.json")
    #expect { try ResultsFolder(at: scratch.path("other")) } throws: { "\($0)".contains("no manifest of gapsim") }
  }

  @Test func aRunThatComesOutOtherwiseLacksThePicturesThatNeedIt() async throws {
    let scratch = try Scratch()
    _ = try await scratch.run(Fixture.lab)
    let folder = try scratch.forge("run", .runs) { runs in
      let fields = runs.split(separator: "\n")[1].split(separator: ",", omittingEmptySubsequences: false)
      var altered = fields
      altered[17] = "1"
      return runs.replacing(fields.joined(separator: ","), with: altered.joined(separator: ","))
    }
    let gallery = try Presentation.gallery(of: folder)
    expect(gallery.pictures.map(\.name), equals: ["completion", "total-gap", "gap-sizes"])
    expect(gallery.omissions.count, equals: 3)
    #expect(gallery.omissions.allSatisfy { $0.reason.contains("server_bytes of runs.csv came out otherwise") })
  }

  @Test func aTimelineThatWasWrittenIsTheOneThatIsDrawn() async throws {
    let scratch = try Scratch()
    let folder = try await scratch.run(Fixture.lab + "\ntimeline: 100 ms\n")
    let roles = try #require(try Presentation.gallery(of: folder).pictures.first { $0.name == "roles" })
    let stored = try folder.table(.timeline)
    expect(roles.data.rows.count, equals: stored.rows.count { $0[2] == "1" })
  }
}
