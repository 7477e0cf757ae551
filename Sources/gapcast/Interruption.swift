import Dispatch
import Glibc

/// Tells somebody that a signal asks the program to end. A signal that is ignored, as under `nohup`, stays ignored.
final class Interruption {
  private let sources: [any DispatchSourceSignal]

  /// Calls `body` with the signal's number, from another thread.
  init(_ body: @escaping @Sendable (Int32) -> Void) {
    let queue = DispatchQueue(label: "gapcast.interruption")
    sources = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }.map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { body(number) }
      signal(number, SIG_IGN)
      source.activate()
      return source
    }
  }

  /// Ends the program by a signal, as if nothing had caught it.
  static func die(of number: Int32) -> Never {
    signal(number, SIG_DFL)
    kill(getpid(), number)
    _exit(128 + number)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
