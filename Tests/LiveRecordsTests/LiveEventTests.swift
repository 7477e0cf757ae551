import BlockTransfer
import Network
import PromotionEngine
import Runs
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import LiveRecords

/// Events are text and back, and nothing that is read can trap.
struct LiveEventTests {
  private static let report = GapReport(
    missingPackets: 5, totalGapBytes: 7000, gaps: 2, largestGap: 3, chains: 1, longestChain: 2)
  private static var gaps: GapMap {
    var gaps = GapMap(blocks: 20)
    _ = gaps.fill(1, through: 3)
    _ = gaps.fill(5, through: 9)
    _ = gaps.fill(12, through: 20)
    return gaps
  }
  private static var sent: SentCounts {
    var sent = SentCounts()
    sent.control(payload: 30, framing: Framing(mtu: 1500))
    return sent
  }

  static let events: [LiveEvent] = [
    .begins(
      RecordHeader(
        source: .device, file: "a file %41\u{1b}\n= x", server: "[::1]:69", own: "[fe80::1]:4", group: "",
        began: .seconds(9))),
    .requested(from: "10.0.0.1:2"), .accepted(sessionsEnded: 3), .entered(.smart),
    .checked(report, CheckedGaps(gaps), session: 4), .reported(report), .sessionOpened(sent), .sessionBegan,
    .sessionEnded(.handedOver, sent), .sent(sent), .heard(HeardCounts()),
    .over(.interrupted, reason: "SIGTERM, by hand"),
  ]

  @Test(arguments: events)
  func eachReadsBack(event: LiveEvent) throws {
    let written = Recording.Event(time: .milliseconds(12), device: 7, event: event)
    expect(Recording.Event(line: written.line), equals: written)
    #expect(!written.line.contains("\n") && !written.line.contains("\u{1b}"))
  }

  @Test func gapsKeepTheirPlaces() throws {
    let gaps = CheckedGaps(Self.gaps)
    expect(gaps.sizes, equals: [1: 1, 2: 1])
    expect(gaps.places, equals: [Gap(first: 4, last: 4), Gap(first: 10, last: 11)])
    #expect(LiveEvent.checked(Self.report, gaps, session: 1).detail.hasSuffix("sizes=1*1,2*1 at=4,10+2"))
  }

  @Test(arguments: [
    "", "1", "1 - sent", "x - session_began ", "-1 - session_began ", "1 0 session_began ", "1 -3 session_began ",
    "9223372036854775807 - session_began ", "1 9999999999 session_began ", "1 - nothing ", "1 - sent multicast=1",
    "1 - entered role=king", "1 - checked missing=1", "1 - accepted k=99999999999", "1 - requested from=%zz",
    "1 - requested from=%f", "1 - heard sessions=-1",
    "1 - begins record=device file=a server=b began=9223372036854775807",
    "1 - checked missing=1 bytes=1 gaps=1 largest=1 chains=0 longest=0 k=0 sizes=1*1 at=4294967295+2",
    "1 - checked missing=1 bytes=1 gaps=1 largest=1 chains=0 longest=0 k=0 sizes=1*1 at=0",
    "1 - checked missing=1 bytes=1 gaps=1 largest=1 chains=0 longest=0 k=0 sizes=1*1 at=1+0",
  ])
  func whatIsNoEventIsRefused(line: String) { #expect(Recording.Event(line: line) == nil) }
}
