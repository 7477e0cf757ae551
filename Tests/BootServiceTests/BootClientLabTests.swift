import BlockTransfer
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import BootService

@Suite("Clients and a boot server in memory")
struct BootClientLabTests {
  private func parameters(window: UInt32, threshold: UInt64) -> ProtocolParameters {
    var parameters = ProtocolParameters()
    parameters.blockSize = 128
    parameters.windowSize = window
    parameters.promotion.threshold = threshold
    return parameters
  }

  @Test("All get the file, whatever is lost", arguments: UInt64(1)...24)
  func losses(seed: UInt64) {
    let loss = [0, 10, 50][Int(seed % 3)]
    let parameters = parameters(window: seed % 2 == 0 ? 1 : 8, threshold: seed % 4 == 0 ? 0 : 4000)
    var lab = MemoryLab(parameters, lossPerThousand: UInt32(loss), seed: seed)
    let modes: [ClientMode] = [.auto, .promotion, .rfc2090, .tftp]
    for index in 0..<6 {
      let mode = seed % 5 == 0 ? modes[index % modes.count] : .auto
      lab.add(mode, parameters, at: .milliseconds(Int64(index) * Int64(seed % 4)))
    }
    lab.run()
    for station in lab.stations {
      expect(station.client.outcome, equals: .complete)
      expect(station.file, equals: MemoryLab.content)
      if seed % 5 != 0 { expect(station.client.terms?.way, equals: .promotion) }
    }
  }

  @Test(
    "A thousand forged addresses that ask each second delay eight devices by a timeout and the notices, once there are many",
    arguments: [3100, 4700, 9000])
  func flood(begin: Int64) {
    let parameters = parameters(window: 8, threshold: 4000)
    var lab = MemoryLab(parameters, lossPerThousand: 0, seed: 1)
    // The first session is over before the last of them ask.
    for index in 0..<8 { lab.add(.promotion, parameters, at: .milliseconds(begin + 6 * Int64(index))) }
    lab.forge(addresses: 1000)
    lab.run()
    for station in lab.stations {
      expect(station.file, equals: MemoryLab.content)
      #expect(station.completedAt ?? .never < ms(begin) + parameters.timeout + ms(150))
    }
    #expect(lab.stations.contains { $0.completedAt ?? .zero > ms(begin) + parameters.timeout }, "somebody had to wait")
  }

  @Test("With so much loss that some give up, nobody says that a wrong file is whole", arguments: UInt64(1)...12)
  func heavyLosses(seed: UInt64) {
    let parameters = parameters(window: 4, threshold: 4000)
    var lab = MemoryLab(parameters, lossPerThousand: 350, seed: seed)
    for _ in 0..<4 { lab.add(.auto, parameters) }
    lab.run()
    for station in lab.stations {
      #expect(station.client.outcome != nil)
      if station.client.outcome == .complete { expect(station.file, equals: MemoryLab.content) }
    }
  }

  @Test("A server without groups serves by unicast who would take a group")
  func noGroups() {
    let parameters = parameters(window: 4, threshold: 0)
    var lab = MemoryLab(parameters, lossPerThousand: 10, seed: 1)
    var settings = BootServerSettings(parameters: parameters)
    settings.groups = nil
    lab.server = BootServer(settings)
    lab.add(.auto, parameters)
    lab.add(.rfc2090, parameters)
    lab.run()
    expect(lab.stations[0].client.terms?.way, equals: .tftp)
    expect(lab.stations[0].file, equals: MemoryLab.content)
    expect(lab.stations[1].client.outcome, equals: .failed(.notGranted(.rfc2090)))
  }
}
