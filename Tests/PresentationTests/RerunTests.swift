import Foundation
import PromotionRun
import Rivals
import Runs
import TestSupport
import Testing
import Timebase

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

  /// The span comes from the run itself, whether or not a device is complete, and the steps grow with it.
  @Test(arguments: [
    (Fixture.switchedOff, 0.1, 0.101), (Fixture.cutShort, 0.09, 0.3), (Fixture.givesUpLate, 6, 6.1),
    (Fixture.forsaken, 0.015, 0.016), (Fixture.lab, 0.05, 5),
  ]) func theTimelineGoesOnToTheEndOfTheLastDevice(yaml: String, from: Double, to: Double) async throws {
    let scratch = try Scratch()
    let folder = try await scratch.run(yaml)
    for cost in [Rerun.Cost.little, .any] {
      let samples = try Rerun(
        folder.manifest, replication: 1, samples: 240, runs: folder.table(.runs), cost: cost
      ).record.timeline
      #expect((240...1201).contains(samples.count), "\(samples.count)")
      let end = Double(try #require(samples.last).time.count) / 1e9
      #expect((from...to).contains(end), "\(end)")
      #expect(samples.dropLast().allSatisfy { $0.complete + $0.failed < $0.devices })
    }
  }

  /// A timeline whose steps grew is that of its last step from the beginning.
  @Test(
    arguments: [
      Fixture.switchedOff, Fixture.cutShort, Fixture.givesUpLate, Fixture.forsaken, Fixture.lab, Fixture.ports,
    ], [1, 2, 5]) func longerStepsAddUpWhatShorterOnesSaw(yaml: String, microseconds: Int64) throws
  {
    var network = try Scenario.parse(text: yaml, file: "fixture.yaml").scenario.network
    network.timelineStep = .microseconds(microseconds)
    network.mostTimelineSteps = 20
    let grown = try network.run(seed: 1, replication: 1)
    #expect((3...21).contains(grown.timeline.count), "\(grown.timeline.count)")
    network.timelineStep = grown.timeline[1].time
    network.mostTimelineSteps = nil
    let even = try network.run(seed: 1, replication: 1)
    expect(grown.timeline, equals: Array(even.timeline.prefix(grown.timeline.count)))
    if grown.ended == .complete { expect(grown.timeline.count, equals: even.timeline.count) }
    // Nobody sees by its figures that a run was looked at.
    expect(grown.serverBytes, equals: even.serverBytes)
    expect(grown.events, equals: even.events)
  }

  @Test(arguments: [Fixture.switchedOff, Fixture.cutShort]) func aRunThatNobodyCompletedHasItsPictures(
    yaml: String
  ) async throws {
    let scratch = try Scratch()
    let gallery = try Presentation.gallery(of: try await scratch.run(yaml))
    let pictures = Dictionary(uniqueKeysWithValues: gallery.pictures.map { ($0.name, $0) })
    let (roles, uplink) = (try #require(pictures["roles"]), try #require(pictures["uplink"]))
    #expect(roles.alternative.contains("at most 1 active") && roles.alternative.contains("at most 4 passive"))
    #expect(roles.data.rows.count >= 240 && uplink.data.rows.count >= 240)
    // The server sends at the rate of the uplink.
    let rates = uplink.data.rows.map { row in row.dropFirst(2).compactMap(Double.init).reduce(0, +) }
    #expect((rates.max() ?? 0) > 80, "\(rates.max() ?? 0)")
  }

  /// A step that is longer than the run leaves `timeline.csv` with one row.
  @Test func aTimelineOfOneRowIsNoPicture() async throws {
    let scratch = try Scratch()
    let gallery = try Presentation.gallery(of: try await scratch.run(Fixture.cutShort + "\ntimeline: 10 s\n"))
    let roles = try #require(gallery.pictures.first { $0.name == "roles" })
    #expect(roles.data.rows.count >= 240)
  }

  @Test func aRunThatIsOverAtOnceHasNoPictureAndSaysWhy() async throws {
    let scratch = try Scratch()
    let yaml = Fixture.cutShort.replacing("events: 1200", with: "events: 1")
    let gallery = try Presentation.gallery(of: try await scratch.run(yaml))
    #expect(gallery.pictures.isEmpty)
    for title in ["Roles over time", "Bytes on the uplink over time"] {
      let omission = try #require(gallery.omissions.first { $0.title == title })
      expect(omission.reason, equals: "replication 1 was over within a microsecond")
    }
  }

  @Test func thereAreAtLeastAsManySamplesAsAskedFor() async throws {
    let (rerun, _) = try await Self.rerun()
    #expect(rerun.record.timeline.count > 50)
    #expect(rerun.record.timeline.count < 50 * 6)
  }
}

extension TimelineSample {
  fileprivate var devices: Int { joining + active + passive + smart + complete + failed }
}
