import PromotionRun
import Runs
import RandomStreams
import TestSupport
import Testing

@testable import Network

/// N14: recordings that end.
@Suite struct TraceTests {
  private func fates(_ model: LossModel, count: Int, index: Int = 0) -> [Bool] {
    var process = LossProcess(model, index: index, .down(seed: 1, replication: 1, device: 1))
    return (0..<count).map { _ in process.loses(at: .zero) }
  }

  private func recording(_ lost: PacketRuns, of length: UInt64, then: LossTrace.Afterwards? = nil) -> LossModel {
    .trace(LossTrace([LossTrace.Recording(lost: lost, length: length)], then: then))
  }

  /// Every place of the losses in a short recording.
  @Test(arguments: 0..<64) func aRecordingIsRepeatedAsItWas(losses: Int) {
    let once = (0..<6).map { losses >> $0 & 1 == 1 }
    let lost = PacketRuns(numbers: once.indices.filter { once[$0] }.map { UInt64($0 + 1) })
    expect(fates(recording(lost, of: 6), count: 20), equals: (0..<20).map { once[$0 % 6] })
    let clean = fates(recording(lost, of: 6, then: .clean), count: 20)
    expect(clean, equals: once + Array(repeating: false, count: 14))
  }

  @Test func eachDeviceHasItsOwnLength() {
    let trace = LossModel.trace(
      LossTrace([
        LossTrace.Recording(lost: [1], length: 2), LossTrace.Recording(lost: [2], length: 3),
        LossTrace.Recording(lost: [1]),
      ]))
    expect(fates(trace, count: 6, index: 0), equals: [true, false, true, false, true, false])
    expect(fates(trace, count: 6, index: 1), equals: [false, true, false, false, true, false])
    expect(fates(trace, count: 3, index: 2), equals: [true, false, false])
  }

  /// A trace is outlived by the packet after its last one, by itself or in a list.
  @Test(arguments: [0, 1, 2, 3, 4, 5])
  func aTraceIsOutlivedByThePacketAfterItsEnd(packets: Int) {
    func outlived(_ model: LossModel) -> Bool {
      var process = LossProcess(model, .down(seed: 1, replication: 1, device: 1))
      for _ in 0..<packets { _ = process.loses(at: .zero) }
      return process.hasOutlivedTrace
    }
    let outages = LossModel.outages(.list([Outage(at: .seconds(1), lasting: .seconds(1))]))
    for model in [
      recording([2], of: 3, then: .clean), .trace([[1, 3]]), recording([], of: 3, then: .clean),
      .anyOf([recording([2], of: 3, then: .clean), .bernoulli(p: .constant(0.5))]), .anyOf([.trace([[3]]), outages]),
    ] {
      expect(outlived(model), equals: packets > 3)
    }
    for model in [recording([2], of: 3), recording([2], of: 3, then: .repeat), .trace([[]]), .none] {
      #expect(!outlived(model))
    }
  }

  /// A device that is offered more than its trace knows is counted; before the fan-out it is everybody.
  @Test func aRunCountsTheDevicesThatOutliveATrace() throws {
    var configuration = SmallWorld.configuration(devices: 3, blocks: 30, losing: [[2], [90_000], []])
    try expect(run(configuration).outlivedTraces, equals: 1)
    configuration.cohorts[0].upLoss = .trace([[], [], [500]])
    try expect(run(configuration).outlivedTraces, equals: 1, "the third one sends fewer packets")
    configuration.sharedLoss = .trace([[4]])
    try expect(run(configuration).outlivedTraces, equals: 3)
    configuration.sharedLoss = recording([4], of: 10)
    try expect(run(configuration).outlivedTraces, equals: 1)
  }

  /// A device whose recording has one packet of 300 arrive is not complete because the recording ends.
  @Test func aDeadLinkStaysDead() throws {
    func isComplete(_ recording: LossTrace.Recording) throws -> Bool {
      var configuration = SmallWorld.configuration(devices: 2, blocks: 300)
      configuration.cohorts[0].downLoss = .trace(LossTrace([LossTrace.Recording(lost: []), recording]))
      return try run(configuration).devices[1].completed != nil
    }
    #expect(try isComplete(LossTrace.Recording(lost: PacketRuns([2...300]))))
    #expect(try !isComplete(LossTrace.Recording(lost: PacketRuns([2...300]), length: 300)))
  }
}
