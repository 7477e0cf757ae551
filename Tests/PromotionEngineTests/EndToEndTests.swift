import BlockTransfer
import TFTPWire
import Testing
import Timebase

@testable import PromotionEngine

@Suite("From end to end, over bytes")
struct EndToEndTests {
  /// Loses every so-many-th packet down to device 2 and later ones, and now and then one up.
  private static func scripted(_ way: Lab.Way, _ device: DeviceID, _ number: Int) -> Bool {
    switch way {
    case .down: number % (5 + Int(device) * 2) == 3
    case .up: number % 9 == 4
    }
  }

  @Test("without loss one session does it all", arguments: [UInt32(1), 4], MulticastMode.allCases)
  func lossless(windowSize: UInt32, mode: MulticastMode) throws {
    var lab = Lab(size: 16 * 40 + 5, devices: 4, isLost: { _, _, _ in false }) {
      $0.windowSize = windowSize
      $0.mode = mode
    }
    try lab.run(spread: .zero)
    #expect(lab.everyoneHasTheFile)
    #expect(lab.sessions == 1 && lab.promotions == 0)
  }

  @Test(
    "with scripted loss both ways everyone completes by sessions alone",
    arguments: [UInt32(1), 4],
    ActiveOrder.allCases
  )
  func sessions(windowSize: UInt32, order: ActiveOrder) throws {
    var lab = Lab(size: 16 * 40, devices: 5, isLost: Self.scripted) {
      $0.windowSize = windowSize
      $0.activeOrder = order
    }
    try lab.run(spread: ms(2))
    #expect(lab.everyoneHasTheFile)
    #expect(lab.sessions > 1 && lab.promotions == 0)
  }

  @Test("and by promotion", arguments: [1, 3], SmartOrder.allCases)
  func promotion(maxSmart: Int, order: SmartOrder) throws {
    var lab = Lab(size: 16 * 40 + 1, devices: 6, isLost: Self.scripted) {
      $0.promotion.threshold = 16 * 12
      $0.promotion.maxSmart = maxSmart
      $0.promotion.smartOrder = order
      $0.promotion.smartWindow = 2
      $0.promotion.reportWindow = ms(400)
    }
    try lab.run(spread: .zero)
    #expect(lab.everyoneHasTheFile)
    #expect(lab.promotions >= 1)
  }

  @Test("and in MTFTP, by sessions or by promotion", arguments: [UInt64(0), 192])
  func mtftp(threshold: UInt64) throws {
    var lab = Lab(size: 16 * 40, devices: 4, isLost: Self.scripted) {
      $0.mode = .pxeMTFTP
      $0.promotion.threshold = threshold
    }
    try lab.run(spread: ms(3))
    #expect(lab.everyoneHasTheFile)
    #expect(lab.promotions > 0 || threshold == 0)
  }

  @Test("and with block numbers of 32 bits")
  func wide() throws {
    var lab = Lab(size: 16 * 40, devices: 3, isLost: Self.scripted) { $0.wideBlockNumbers = true }
    try lab.run(spread: .zero)
    #expect(lab.everyoneHasTheFile)
  }

  @Test("when the active device's answers are lost for a while the session is abandoned, and everyone completes yet")
  func deafServer() throws {
    var lab = Lab(
      size: 16 * 40,
      devices: 3,
      isLost: { way, device, number in
        way == .up && device == 1 && (10...40).contains(number)
      }
    ) { $0.retries = 20 }
    try lab.run(spread: .zero)
    #expect(lab.everyoneHasTheFile)
    #expect(lab.sessions > 1)
  }
}
