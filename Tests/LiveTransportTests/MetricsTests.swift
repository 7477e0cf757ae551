import BootService
import Foundation
import Glibc
import Metrics
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import LiveTransport

/// What a scrape says, and to whom.
struct MetricsTests {
  private let registry = PrometheusRegistry()

  @Test func aScrapeHasEachSeriesWithItsLabels() {
    let labels = [("group", "boot.img"), ("kind", "multicast")]
    Counter(label: LiveMetric.dataBytes.rawValue, dimensions: labels, factory: registry).increment(by: 1428)
    Counter(label: LiveMetric.dataBytes.rawValue, dimensions: labels, factory: registry).increment(by: 2)
    Meter(label: LiveMetric.groups.rawValue, dimensions: [], factory: registry).set(3)
    expect(
      registry.text,
      equals: """
        # HELP gapcast_groups groups that have devices
        # TYPE gapcast_groups gauge
        gapcast_groups 3
        # HELP gapcast_data_bytes_total the payload of that DATA, in bytes
        # TYPE gapcast_data_bytes_total counter
        gapcast_data_bytes_total{group="boot.img",kind="multicast"} 1430

        """)
  }

  @Test func aHistogramCountsWhatIsAtMostEachBound() {
    let timer = Timer(
      label: LiveMetric.completion.rawValue, dimensions: [("group", "a")], factory: registry)
    timer.recordNanoseconds(500_000_000)
    timer.recordNanoseconds(1_500_000_000)
    timer.recordNanoseconds(5_000_000_000_000)
    let lines = registry.text.split(separator: "\n").map(String.init)
    #expect(lines.contains("gapcast_completion_seconds_bucket{group=\"a\",le=\"0.5\"} 1"))
    #expect(lines.contains("gapcast_completion_seconds_bucket{group=\"a\",le=\"2\"} 2"))
    #expect(lines.contains("gapcast_completion_seconds_bucket{group=\"a\",le=\"1000\"} 2"))
    #expect(lines.contains("gapcast_completion_seconds_bucket{group=\"a\",le=\"+Inf\"} 3"))
    #expect(lines.contains("gapcast_completion_seconds_sum{group=\"a\"} 5002"))
    #expect(lines.contains("gapcast_completion_seconds_count{group=\"a\"} 3"))
  }

  @Test func labelsAreEscaped() {
    Counter(label: LiveMetric.promotions.rawValue, dimensions: [("group", "a\"b\\c\nd")], factory: registry).increment()
    #expect(registry.text.contains(#"gapcast_promotions_total{group="a\"b\\c\nd"} 1"#))
  }

  /// Names of files come from strangers; the scrape stays small.
  @Test func seriesBeyondTheLimitAreCountedTogether() {
    for number in 0..<1000 {
      Counter(label: LiveMetric.promotions.rawValue, dimensions: [("group", "file-\(number)")], factory: registry)
        .increment()
    }
    let lines = registry.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    expect(lines.count, equals: PrometheusRegistry.mostSeries)
    let rest = 1000 - (PrometheusRegistry.mostSeries - 1)
    #expect(lines.contains("gapcast_promotions_total{group=\"other\"} \(rest)"))
  }

  @Test func eachMetricHasAUnitOrCountsThings() {
    for metric in LiveMetric.allCases {
      #expect(metric.rawValue.hasPrefix("gapcast_"))
      let isTotal = metric.rawValue.hasSuffix("_total")
      expect(isTotal, equals: metric.kind == .counter, "\(metric)")
      if case .histogram = metric.kind {
        #expect(metric.rawValue.hasSuffix("_seconds") || metric.rawValue.hasSuffix("_bytes"))
        expect(metric.kind.bounds, equals: metric.kind.bounds.sorted())
      }
    }
  }

  @Test(arguments: LiveMetric.allCases)
  func theDocumentationListsIt(metric: LiveMetric) throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/live.md")
    let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
    let row = "| `\(metric.rawValue)` | \(metric.kind.word) | \(labels) | \(metric.help) |\n"
    #expect(try String(contentsOf: page, encoding: .utf8).contains(row))
  }

  @Test(arguments: [
    ("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK", true),
    ("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK", false),
    ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 404 Not Found", false),
    ("POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.1 405 Method Not Allowed", false),
    ("no HTTP at all\r\n\r\n", "HTTP/1.1 400 Bad Request", false),
  ])
  func theEndpointAnswersOneRequest(request: String, status: String, hasMetrics: Bool) throws {
    Meter(label: LiveMetric.groups.rawValue, dimensions: [], factory: registry).set(1)
    let endpoint = try MetricsEndpoint.start(
      at: Endpoint(host: HostAddress(127, 0, 0, 1), port: 0), on: MultiThreadedEventLoopGroup.singleton,
      text: { [registry] in registry.text })
    defer { endpoint.stop() }
    let answer = try Self.ask(request, at: #require(endpoint.address))
    #expect(answer.hasPrefix(status))
    expect(answer.contains("gapcast_groups 1"), equals: hasMetrics)
  }

  /// Sends a request, and gives all that comes until the other end closes.
  private static func ask(_ request: String, at address: SocketAddress) throws -> String {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let connected = address.withSockAddr { connect(socket, $0, socklen_t($1)) }
    try #require(connected == 0)
    send(socket, request, request.utf8.count, 0)
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(socket, &piece, piece.count, 0), count > 0 { answer += piece.prefix(count) }
    return String(decoding: answer, as: UTF8.self)
  }
}
