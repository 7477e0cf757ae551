import BlockTransfer
import Network
import PromotionEngine
import TFTPTransfer
import TestSupport
import Testing
import Timebase

@testable import Rivals
@testable import Runs

/// The server of `unicast` alone: its places and its queue.
@Suite struct UnicastServerTests {
  private static let options: TransferOptions = [.blockSize(930), .transferSize(0)]

  private func server(places: Int?) throws -> UnicastServer {
    let file = try #require(FileLayout(size: 5, blockSize: 930))
    var parameters = ProtocolParameters()
    parameters.blockSize = 930
    var configuration = SimulationConfiguration(
      parameters: parameters, file: file, cohorts: [Cohort(name: "lab", count: 9)])
    configuration.rivals.maxTransfers = places
    return UnicastServer(UnicastSettings(configuration), devices: 9)
  }

  /// Which devices are sent something.
  private func receive(
    _ server: inout UnicastServer, _ message: TransferMessage, from device: DeviceID, at now: Nanoseconds
  ) -> [DeviceID] {
    var effects: [UnicastServer.Effect] = []
    server.receive(message, from: device, at: now, into: &effects)
    return recipients(effects, server)
  }

  private func recipients(_ effects: [UnicastServer.Effect], _ server: UnicastServer) -> [DeviceID] {
    #expect(server.breach == nil)
    return effects.compactMap { effect in
      switch effect {
      case .send(_, let device, _), .sendData(_, _, let device, _): device
      case .watch: nil
      }
    }
  }

  private let request = TransferMessage.request(options)

  @Test func requestsAreAnsweredInTheOrderOfArrival() throws {
    var server = try server(places: 2)
    expect(receive(&server, request, from: 4, at: .zero), equals: [4])
    expect(receive(&server, request, from: 2, at: .zero), equals: [2])
    for device: DeviceID in [7, 1, 7, 1, 7] {
      #expect(receive(&server, request, from: device, at: .seconds(1)).isEmpty)
    }
    #expect(server.underWay == 2 && server.waiting == 2)
    expect(receive(&server, .acknowledgment(0), from: 4, at: .seconds(2)), equals: [4])
    expect(receive(&server, .acknowledgment(1), from: 4, at: .seconds(2)), equals: [7])
    #expect(receive(&server, request, from: 4, at: .seconds(2)).isEmpty)
    #expect(server.deadline(of: 7) == .seconds(8) && server.deadline(of: 4) == .never)
    expect(receive(&server, .error(.undefined), from: 2, at: .seconds(3)), equals: [1])
    #expect(receive(&server, .acknowledgment(1), from: 9, at: .seconds(3)).isEmpty)
  }

  /// A device that was not heard for a session timeout has given up. Who is passed over may ask again.
  @Test func whoHasGivenUpIsPassedOver() throws {
    var server = try server(places: 1)
    expect(receive(&server, request, from: 1, at: .zero), equals: [1])
    #expect(receive(&server, request, from: 2, at: .zero).isEmpty)
    #expect(receive(&server, request, from: 3, at: .milliseconds(1)).isEmpty)
    var effects: [UnicastServer.Effect] = []
    server.fire(for: 1, at: .seconds(5), into: &effects)
    #expect(effects.isEmpty)
    server.fire(for: 1, at: .seconds(6), into: &effects)
    #expect(recipients(effects, server) == [3] && server.underWay == 1 && server.waiting == 0)
    #expect(receive(&server, request, from: 2, at: .seconds(7)).isEmpty)
    expect(server.waiting, equals: 1)
  }

  @Test func withoutALimitNobodyWaits() throws {
    var server = try server(places: nil)
    for device in DeviceID(1)...9 { expect(receive(&server, request, from: device, at: .zero), equals: [device]) }
    expect(server.underWay, equals: 9)
    for device in DeviceID(1)...9 { _ = receive(&server, .error(.undefined), from: device, at: .zero) }
    expect(server.underWay, equals: 0)
    for device in DeviceID(1)...9 { expect(receive(&server, request, from: device, at: .zero), equals: [device]) }
  }
}
