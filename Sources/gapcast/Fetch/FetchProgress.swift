import BootService
import Glibc
import LiveTransport
import PromotionEngine
import Quantities
import Synchronization
import Timebase

/// Shows on a terminal how a download goes on, and keeps what its last line says. In a pipe it shows only warnings.
final class FetchProgress: DownloadObserver {
  private struct Seen {
    var roles: [RoleName] = []
    var completedAt: Nanoseconds?
    var bytesBefore: UInt64 = 0
    var timeBefore = Nanoseconds.zero
    var isShown = false
  }

  private let name: String
  private let isOnTerminal: Bool
  private let seen = Mutex(Seen())

  init(of name: String) {
    self.name = name.printable
    isOnTerminal = isatty(STDERR_FILENO) == 1
  }

  func begins(from own: Endpoint) {}

  func happened(_ event: ClientEvent, at time: Nanoseconds, to client: BootClient) {
    seen.withLock { seen in
      switch event {
      case .entered(.complete): seen.completedAt = time
      case .entered(let role): seen.roles.append(role)
      case .asked, .requested, .granted, .joined, .sessionEnded, .checked, .completed, .ended: return
      }
    }
  }

  func goesOn(_ client: BootClient, at time: Nanoseconds) {
    guard isOnTerminal else { return }
    let line = seen.withLock { seen in
      let elapsed = (time - seen.timeBefore).seconds
      let rate = elapsed > 0 ? Double(client.counts.bytes - seen.bytesBefore) / elapsed : 0
      seen.bytesBefore = client.counts.bytes
      seen.timeBefore = time
      seen.isShown = true
      return self.line(of: client, bytesPerSecond: rate, after: time)
    }
    show("\r\(line)\u{1B}[K")
  }

  func warn(_ words: String) {
    clear()
    Complaint.say("warning: \(words)")
  }

  /// Takes the line of progress away, before something else is printed.
  func clear() {
    let wasShown = seen.withLock { seen in
      defer { seen.isShown = false }
      return seen.isShown
    }
    if wasShown { show("\r\u{1B}[K") }
  }

  /// `boot.img: 48.00 MiB in 4.212 s (95.6 Mbit/s), passive, smart; blocks: 35 232 by multicast, 17 by unicast`
  func lastLine(of client: BootClient) -> String {
    let (roles, completedAt) = seen.withLock { ($0.roles, $0.completedAt ?? .zero) }
    let (counts, seconds) = (client.counts, completedAt.seconds)
    let size = HumanUnits.text(Double(counts.bytes), in: HumanUnits.byteScale(of: Double(counts.bytes)))
    let time = HumanUnits.text(seconds, in: HumanUnits.timeScale(of: seconds))
    let rate = Self.rate(Double(counts.bytes) / max(seconds, 1e-9))
    let way = client.terms?.way ?? .tftp
    let part = way == .tftp ? "plain TFTP" : ([way.rawValue] + roles.map(\.rawValue)).joined(separator: ", ")
    var blocks: [String] = []
    if counts.multicastBlocks > 0 { blocks.append(Self.grouped(counts.multicastBlocks) + " by multicast") }
    if counts.unicastBlocks > 0 { blocks.append(Self.grouped(counts.unicastBlocks) + " by unicast") }
    if counts.duplicates > 0 { blocks.append(Self.grouped(counts.duplicates) + " twice") }
    return "\(name): \(size) in \(time) (\(rate)), \(part); blocks: \(blocks.joined(separator: ", "))"
  }

  private func line(of client: BootClient, bytesPerSecond rate: Double, after time: Nanoseconds) -> String {
    let bytes = client.counts.bytes
    var parts: [String] = []
    if let size = client.terms?.size, size > 0 {
      let scale = HumanUnits.byteScale(of: Double(size))
      let share = HumanUnits.fixed(100 * Double(bytes) / Double(size), decimals: 1)
      parts.append("\(share) % of \(HumanUnits.text(Double(size), in: scale))")
    } else {
      parts.append(HumanUnits.text(Double(bytes), in: HumanUnits.byteScale(of: Double(bytes))))
    }
    parts.append(Self.rate(rate))
    let way = client.terms?.way
    parts.append(way == .tftp ? "plain TFTP" : client.role.rawValue)
    let gaps = client.gaps.count
    if gaps > 0, way != .tftp { parts.append(HumanUnits.plural(gaps, "gap")) }
    if client.role == .complete { parts.append("waits for the group") }
    if let size = client.terms?.size, rate > 0, bytes < size {
      parts.append(HumanUnits.clock(Double(size - bytes) / rate) + " left")
    }
    return "\(name): \(parts.joined(separator: ", "))"
  }

  private static func rate(_ bytesPerSecond: Double) -> String {
    let number = HumanUnits.scaled(bytesPerSecond * 8)
    return number + (number.contains(" ") ? "" : " ") + "bit/s"
  }

  private static func grouped(_ number: UInt64) -> String { HumanUnits.grouped(Double(number), decimals: 0) }

  private func show(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
