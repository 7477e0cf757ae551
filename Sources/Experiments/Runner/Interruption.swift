import Dispatch
import Glibc

/// Cleans up before a signal ends the process, which then dies by that signal as if nothing had caught it.
///
/// A signal that is ignored, as under `nohup`, stays ignored.
package final class Interruption {
  private let queue = DispatchQueue(label: "gapsim.interruption")
  private let sources: [(number: Int32, source: any DispatchSourceSignal)]

  /// Calls `cleanUp` when the process is told to end.
  package init(_ cleanUp: @escaping @Sendable () -> Void) {
    let queue = queue
    sources = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }.map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        cleanUp()
        signal(number, SIG_DFL)
        kill(getpid(), number)
      }
      signal(number, SIG_IGN)
      source.activate()
      return (number, source)
    }
  }

  /// Gives signals back to the system. If one is being dealt with, the process ends here: what is cleaned up under the hands
  /// of somebody who writes is no error of theirs.
  package func end() {
    queue.sync {}
    for (number, source) in sources {
      source.cancel()
      signal(number, SIG_DFL)
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
