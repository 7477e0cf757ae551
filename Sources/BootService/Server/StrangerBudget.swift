import TFTPWire
import Timebase

/// What goes to those who have not shown that they receive it.
///
/// Whoever sends under another's address makes a server send to that address. So this counts all that goes to an
/// address before somebody there has acknowledged DATA:
///
/// - all of it together has a share of the rate, ``BootServerSettings/strangerBytes``;
/// - one host gets at most ``mostAnswers`` packets or windows a second, and begins at most
///   ``BootServerSettings/mostHalfOpen`` transfers that it does not go on with;
/// - ERRORs about packets that belong to nothing have a smaller share, ``BootServerSettings/strayAnswers``.
///
/// What is beyond is not sent, as if it were lost, and a client that is really there asks again.
///
/// Who has been sent least of a ``Kind`` comes first: the more a host has been sent of it, up to ``mostCounted``, the more
/// of the share it leaves to others. So who asks again and again under the same addresses, be they ten thousand, keeps
/// nobody from beginning, once each of them was sent as much as somebody needs for that.
struct StrangerBudget: Sendable {
  /// What is known of a host.
  private struct Host: Sendable {
    /// Transfers and memberships that nobody there has gone on with.
    var halfOpen = 0
    /// When the second began that its answers are counted for.
    var since: Nanoseconds
    var answers = 0
    /// How many of each kind it was sent, with no minute between two of them.
    var had: [Kind: Int64] = [:]

    /// Whether it says anything yet.
    func counts(at now: Nanoseconds, for memory: Nanoseconds) -> Bool { halfOpen > 0 || now < since.later(by: memory) }
  }

  /// What is sent.
  enum Kind: Hashable, Sendable {
    case answer
    /// It shall drive a session (R15).
    case election
    case window
  }

  /// How many packets or windows a host gets in a second.
  static let mostAnswers = 32
  /// How long it is remembered what a host was sent.
  private static let memory = Nanoseconds.seconds(60)
  /// How many of a kind a host has been sent when it leaves half of the share to others, which is the most.
  private static let mostCounted: Int64 = 8
  /// How many hosts may be kept before those that say nothing any more are dropped.
  private static let leastHosts = 1024
  /// How many may be kept that were only sent something in the last minute.
  private static let mostRemembered = 65_536

  private let mostHalfOpen: Int
  private var hosts: [HostAddress: Host] = [:]
  private var hostLimit = StrangerBudget.leastHosts
  private var bytes: TokenBucket
  private var errors: TokenBucket

  init(_ settings: BootServerSettings) {
    mostHalfOpen = settings.mostHalfOpen
    bytes = TokenBucket(perSecond: settings.strangerBytes)
    errors = TokenBucket(perSecond: settings.strayAnswers)
  }

  /// Whether one more ERROR about a packet that belongs to nothing may be sent.
  mutating func allowsError(at now: Nanoseconds) -> Bool { errors.takesWhole(at: now) }

  /// Whether a packet or a window of so many bytes may be sent to a host. If so, it is counted.
  mutating func allows(_ kind: Kind, of count: Int, to host: HostAddress, at now: Nanoseconds) -> Bool {
    var known = self[host, now]
    if now >= known.since.later(by: Self.memory) { known.had = [:] }
    if now >= known.since.later(by: .seconds(1)) {
      known.since = now
      known.answers = 0
    }
    let had = known.had[kind, default: 0]
    let left = 500_000_000 / Self.mostCounted * had
    guard host.isLoopback || known.answers < Self.mostAnswers, bytes.takes(count, leaving: left, at: now)
    else { return false }
    known.answers += 1
    known.had[kind] = min(had + 1, Self.mostCounted)
    keep(known, of: host, at: now)
    return true
  }

  /// Whether a host may begin something more. Nobody forges this machine's own addresses.
  func mayBegin(_ host: HostAddress) -> Bool {
    host.isLoopback || (hosts[host]?.halfOpen ?? 0) < mostHalfOpen
  }

  /// A host has begun something.
  mutating func begin(_ host: HostAddress, at now: Nanoseconds) {
    var known = self[host, now]
    known.halfOpen += 1
    keep(known, of: host, at: now)
  }

  /// A host has acknowledged DATA. What it was sent before is no reason to let it wait when it asks for the next file.
  mutating func prove(_ host: HostAddress) { hosts[host]?.had = [:] }

  /// A host has gone on with something that it began, or has left it.
  mutating func end(_ host: HostAddress) {
    guard let known = hosts[host] else { return }
    hosts[host]?.halfOpen = max(0, known.halfOpen - 1)
  }

  private subscript(host: HostAddress, now: Nanoseconds) -> Host { hosts[host] ?? Host(since: now) }

  private mutating func keep(_ known: Host, of host: HostAddress, at now: Nanoseconds) {
    if hosts.count >= hostLimit {
      hosts = hosts.filter { $0.value.counts(at: now, for: Self.memory) }
      if hosts.count > Self.mostRemembered { hosts = hosts.filter { $0.value.counts(at: now, for: .seconds(1)) } }
      hostLimit = max(Self.leastHosts, 2 * hosts.count)
    }
    hosts[host] = known
  }
}

/// So much a second. At most a second's worth is saved up.
struct TokenBucket: Sendable {
  private let perSecond: Int64
  /// What may be taken now, in parts of a billion; below 0 after something that was larger than the rest.
  private var credit: Int64
  private var countedAt = Nanoseconds.zero

  init(perSecond: Int) {
    self.perSecond = Int64(clamping: max(0, min(perSecond, 1_000_000_000)))
    credit = self.perSecond * 1_000_000_000
  }

  /// Takes one, if there is one.
  mutating func takesWhole(at now: Nanoseconds) -> Bool {
    fill(at: now)
    guard credit >= 1_000_000_000 else { return false }
    credit -= 1_000_000_000
    return true
  }

  /// Takes so much, if there is anything: what is large is not kept waiting for ever, and then paid for.
  ///
  /// - Parameter left: how much of what can be saved up is for others, in parts of a billion.
  mutating func takes(_ count: Int, leaving left: Int64, at now: Nanoseconds) -> Bool {
    fill(at: now)
    guard credit > perSecond * left else { return false }
    credit -= Int64(min(max(0, count), 1_000_000_000)) * 1_000_000_000
    return true
  }

  private mutating func fill(at now: Nanoseconds) {
    guard now > countedAt else { return }
    // A billion a second at most, for up to two seconds and more: no product is beyond 64 bits.
    let elapsed = min(now.count.subtractingReportingOverflow(countedAt.count).partialValue.magnitude, 2_000_000_000)
    countedAt = now
    credit = min(perSecond * 1_000_000_000, credit + Int64(elapsed) * perSecond)
  }
}
