import TestSupport
import Testing
import Timebase

@testable import LiveTransport

@Suite("Pacing")
struct PacerTests {
  @Test(
    "Over a second no more is sent than the rate, plus one burst", arguments: [1_000_000, 100_000_000, 10_000_000_000])
  func keepsTheRate(rate: UInt64) {
    var pacer = Pacer(rate: rate, at: .zero)
    var sent: Int64 = 0
    var now = Nanoseconds.zero
    while now < .seconds(1) {
      pacer.advance(to: now)
      while pacer.maySend {
        pacer.sent(Pacer.wireBytes(1432))
        sent += Pacer.wireBytes(1432) * 8
      }
      #expect(pacer.pause > .zero)
      now += max(pacer.pause, .milliseconds(1))
    }
    let burst = max(8 * 80_000, Int64(rate) / 500)
    #expect(sent <= Int64(rate) + burst + 8 * 1498)
    #expect(Double(sent) >= Double(rate) * 0.98)
  }

  @Test("Without a rate everything may be sent")
  func unlimited() {
    var pacer = Pacer(rate: nil, at: .zero)
    pacer.sent(.max / 16)
    #expect(pacer.maySend)
    expect(pacer.pause, equals: .zero)
  }

  @Test("Small packets count as the frames that they are")
  func frames() {
    expect(Pacer.wireBytes(4), equals: 84)
    expect(Pacer.wireBytes(1432), equals: 1498)
  }
}
