import Foundation
import PromotionRun
import Runs
import TestSupport
import Testing

@testable import Experiments
@testable import Fixtures
@testable import Presentation
@testable import Results
@testable import Scenarios

/// What a rerun has that the files do not: the gaps where they lie, and the bytes by kind.
@Suite struct RerunTests {
  private static func rerun() async throws -> (rerun: Rerun, scratch: Scratch) {
    let scratch = try Scratch()
    let folder = try await scratch.run(Fixture.lab)
    return (try Rerun(folder.manifest, replication: 2, samples: 50, runs: folder.table(.runs)), scratch)
  }

  @Test func theGapsAreThoseOfTheFirstChecks() async throws {
    let record = try await Self.rerun().rerun.record
    let checked = record.devices.filter { $0.firstCheck != nil }
    expect(record.firstGaps.map(\.device).sorted(), equals: checked.map(\.device))
    for device in record.firstGaps {
      let check = try #require(record.devices[device.device - 1].firstCheck)
      expect(UInt32(device.gaps.count), equals: check.gaps)
      expect(device.gaps.reduce(0) { $0 + $1.count }, equals: check.missingPackets)
    }
  }

  @Test func theBytesByKindOnlyGrowAndEndAtWhatWasSent() async throws {
    let record = try await Self.rerun().rerun.record
    let sent = record.timeline.map(\.sent)
    for (before, after) in zip(sent, sent.dropFirst()) {
      #expect(before.multicastData <= after.multicastData && before.unicastData <= after.unicastData)
      #expect(before.control <= after.control)
    }
    let last = try #require(sent.last)
    #expect(last.multicastData > 0 && last.unicastData > 0 && last.control > 0)
    #expect(last.multicastData + last.unicastData + last.control <= record.serverBytes)
    #expect(last.multicastData <= record.multicastDataPackets * UInt64(1428 + 4 + 66))
  }

  @Test func nothingIsKeptThatWasNotAskedFor() throws {
    let scenario = try Scenario.parse(text: Fixture.lab, file: "fixture.yaml").scenario
    var simulation = Simulation(scenario.network, seed: 1, replication: 1)
    let record = try simulation.run()
    #expect(record.firstGaps.isEmpty && record.roleChanges.isEmpty)
    #expect(record.devices.contains { $0.firstCheck != nil })
  }

  @Test func aReplicationThatIsNotThereIsSaidSo() async throws {
    let scratch = try Scratch()
    let folder = try await scratch.run(Fixture.lab)
    #expect(throws: RerunError.missing(9)) {
      try Rerun(folder.manifest, replication: 9, samples: 50, runs: folder.table(.runs))
    }
  }

  /// What takes long is not run because somebody looks at its pictures: by its devices, or by the packets that it sent.
  @Test(arguments: [true, false]) func whatTakesLongIsNotRunUnasked(byDevices: Bool) async throws {
    let scratch = try Scratch()
    _ = try await scratch.run(Fixture.lab)
    if byDevices {
      let text = Fixture.lab.replacing("count: 6", with: "count: 600000")
      try scratch.sign("run", scenario: Scenario.parse(text: text, file: "long.yaml").scenario.canonicalYAML())
    } else {
      _ = try scratch.forge("run", .runs) { text in
        var rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let packets = try #require(rows[0].firstIndex(of: "multicast_data_packets"))
        rows[1][packets] = "999999999999"
        return rows.map { $0.joined(separator: ",") + "\n" }.joined()
      }
    }
    let gallery = try Presentation.gallery(of: try ResultsFolder(at: scratch.path("run")))
    expect(gallery.pictures.map(\.name), equals: ["completion", "total-gap", "gap-sizes"])
    expect(gallery.omissions.count, equals: 3)
    #expect(gallery.omissions.allSatisfy { $0.reason.contains("with --rerun") }, "\(gallery.omissions)")
  }

  /// Tables that say that a run was short do not let its timeline have samples without end.
  @Test func aRunThatGoesOnBeyondItsTableIsGivenUp() async throws {
    let scratch = try Scratch()
    _ = try await scratch.run(Fixture.lab)
    let folder = try scratch.forge("run", .runs) { text in
      var rows = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let makespan = try #require(rows[0].firstIndex(of: "makespan_s"))
      for row in rows.indices.dropFirst() { rows[row][makespan] = "0" }
      return rows.map { $0.joined(separator: ",") + "\n" }.joined()
    }
    for cost in [Rerun.Cost.little, .any] {
      #expect {
        try Rerun(folder.manifest, replication: 1, samples: 240, runs: folder.table(.runs), cost: cost)
      } throws: {
        "\($0)".contains("makespan_s of runs.csv came out otherwise")
      }
    }
  }

  /// A tiny file is everywhere within half a millisecond, and its server repeats the notice for 20 ms more.
  @Test func aRunMayGoOnLongAfterTheLastCompletion() async throws {
    let scratch = try Scratch()
    let folder = try await scratch.run("{name: one, file: {size: 1 B}, replications: 1, cohorts: [{count: 5}]}")
    let record = try Rerun(folder.manifest, replication: 1, samples: 240, runs: folder.table(.runs)).record
    #expect((240...1200).contains(record.timeline.count), "\(record.timeline.count)")
    expect(record.timeline.last?.complete, equals: 5)
  }

  @Test func thereAreAtLeastAsManySamplesAsAskedFor() async throws {
    let (rerun, _) = try await Self.rerun()
    #expect(rerun.record.timeline.count > 50)
    #expect(rerun.record.timeline.count < 50 * 6)
  }
}
