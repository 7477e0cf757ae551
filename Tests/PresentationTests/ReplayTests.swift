import Foundation
import TestSupport
import Testing

@testable import Experiments
@testable import Fixtures
@testable import Presentation
@testable import Results

@Suite struct ReplayTests {
  private static func replay() async throws -> (replay: Replay, folder: ResultsFolder) {
    let folder = try await Scratch().run(Fixture.lab)
    return (try #require(try Replay(RunData(folder))), folder)
  }

  @Test func eachDeviceHasTheTimesAndTheRolesOfDevicesCSV() async throws {
    let (replay, folder) = try await Self.replay()
    let table = try folder.table(.devices)
    let column = try ["replication", "device", "cohort", "join_s", "roles", "promoted_s", "completed_s", "gap_bytes"]
      .map { try table.column($0) }
    let rows = table.rows.map { row in column.map { row[$0] } }.filter { $0[0] == "1" }
    #expect(rows.count == replay.devices.count && replay.all == rows.count && replay.sample == nil)
    for (row, device) in zip(rows, replay.devices) {
      #expect("\(device.device)" == row[1] && replay.cohorts[device.cohort] == row[2])
      #expect(device.join == Double(row[3]) && device.promoted == Double(row[5]) && device.completed == Double(row[6]))
      expect(device.gap.map { Double($0) }, equals: Double(row[7]))
      let roles = stride(from: 1, to: device.roles.count, by: 2).map { replay.roles[Int(device.roles[$0])].name }
      expect(roles.joined(separator: ">"), equals: row[4])
      let times = stride(from: 0, to: device.roles.count, by: 2).map { device.roles[$0] }
      #expect(times == times.sorted() && (times.last ?? 0) <= replay.end)
      if let promoted = device.promoted { #expect(times.contains(promoted)) }
    }
  }

  @Test func sessionsAndRatesAreThoseOfTheRun() async throws {
    let (replay, folder) = try await Self.replay()
    let sessions = try folder.table(.sessions)
    let (replication, begin) = (try sessions.column("replication"), try sessions.column("begin_s"))
    expect(
      replay.sessions.map(\.begin), equals: sessions.rows.filter { $0[replication] == "1" }.map { Double($0[begin]) })
    let seconds = zip(replay.times, replay.times.dropFirst()).map { $1 - $0 }
    let bytes = replay.uplink.reduce(0) { sum, rate in sum + zip(rate.rates, seconds).reduce(0) { $0 + $1.0 * $1.1 } }
    let runs = try folder.table(.runs)
    let sent = try #require(try runs.number(0, runs.column("server_bytes")))
    #expect(abs(bytes / 8e-6 - sent) < sent / 100)
  }

  @Test func itIsWrittenForTheScript() async throws {
    let json = try await Self.replay().replay.json
    let read = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(Set(["cohorts", "devices", "end", "roles", "sessions", "times", "uplink"]).isSubset(of: read.keys))
    #expect(!json.contains("</"))
  }

  @Test func ofTooManyDevicesTheSlowestAndTheFailedAreThereAndItSaysSo() throws {
    let devices = (1...9000).map { number in
      Replay.Device(
        device: number, cohort: 0, join: 0, completed: number.isMultiple(of: 900) ? nil : Double(number % 77))
    }
    let sample = Replay.Sample(of: devices)
    #expect(sample.devices.count == Replay.largest && Set(sample.devices.map(\.device)).count == Replay.largest)
    expect(sample.devices.count { $0.completed == nil }, equals: 10)
    let slowest = devices.filter { $0.completed == 76 }
    #expect(slowest.allSatisfy(sample.devices.contains))
    // Even: a tenth of all numbers in each tenth of the sample, as far as the slowest allow.
    let early = sample.devices.count { $0.device <= 4500 }
    #expect((900...1100).contains(early))
    expect(
      sample.words,
      equals:
        "2000 of 9000 devices: the 500 that were complete last, 10 that were never complete, and an even choice of "
        + "the others.")
  }

  @Test func aFewDevicesAreAllThere() {
    let devices = (1...2000).map { Replay.Device(device: $0, cohort: 0, join: 0) }
    let sample = Replay.Sample(of: devices)
    #expect(sample.devices == devices && sample.words == nil)
  }
}
