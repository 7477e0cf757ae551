import Network
import Foundation
import Timebase
import Runs

/// One session in a process of its own, for scripts that set it beside other programs or against its size.
struct SessionCommand {
  enum Name: String {
    /// Prints when the session begins and ends, in nanoseconds.
    case span
    /// Prints deliveries, losses, seconds of processor time on average, and the process's peak memory in bytes.
    case session
  }

  /// For so long in all sessions are timed.
  private static let leastSeconds = 0.5
  static let usage = "(span | session) DEVICES BLOCKS LOSS [BEGIN END] [--packet-by-packet]"

  let name: Name
  let benchmark: SessionBenchmark
  let delivery: Delivery

  init(_ name: Name, _ arguments: [String]) throws {
    let numbers = arguments.filter { $0 != "--packet-by-packet" }
    delivery = numbers.count == arguments.count ? .byRuns : .packetByPacket
    guard numbers.count == 3 || numbers.count == 5, let devices = Int(numbers[0]), let blocks = Int(numbers[1]),
      let loss = Double(numbers[2]), devices > 0, blocks > 0, 0..<1 ~= loss
    else { throw BenchmarkError("expected: \(Self.usage)") }
    let times = numbers.dropFirst(3).compactMap { Int64($0).map { Nanoseconds($0) } }
    guard times.isEmpty && numbers.count == 3 || times.count == 2 && times[0] <= times[1] else {
      throw BenchmarkError("BEGIN and END are what span prints")
    }
    self.name = name
    benchmark = try SessionBenchmark(
      devices: devices, blocks: blocks, loss: loss, span: times.isEmpty ? nil : times[0]...times[1])
  }

  func run() throws {
    if name == .span {
      return print(benchmark.span.lowerBound.count, benchmark.span.upperBound.count)
    }
    _ = try SessionBenchmark.run(benchmark.session)  // to warm up
    var times: [Double] = []
    var record: RunRecord?
    // A short session is run again and again: one takes no longer than a slow rival's warming up.
    while times.reduce(0, +) < Self.leastSeconds {
      record = nil  // it would count for the peak of memory
      times.append(try seconds { record = try SessionBenchmark.run(benchmark.session, delivery) })
    }
    guard let devices = record?.devices else { return }
    print(
      devices.reduce(0) { $0 + $1.offeredPackets }, devices.reduce(0) { $0 + $1.lostPackets },
      times.reduce(0, +) / Double(times.count), try peakMemory())
  }

  /// The most memory that this process ever held, in bytes; unlike `ru_maxrss`, without what its parent held.
  private func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    guard
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { throw BenchmarkError("no peak of memory in /proc/self/status") }
    return kibibytes * 1024
  }
}
