import Dispatch
import Glibc
import Synchronization

/// Cleans up before a signal ends the process, which then dies by that signal as if nothing had caught it.
///
/// There may be several at a time; the last one cleans up first. A signal that is ignored, as under `nohup`, stays
/// ignored.
package final class Interruption {
  private typealias CleanUp = @Sendable () -> Void

  /// A signal that was caught before: its source, and the action that feeds it.
  private struct Caught {
    var source: any DispatchSourceSignal
    var action: sigaction
  }

  /// Who cleans up before the process ends.
  private struct Watch {
    var cleanUps: [(number: Int, body: CleanUp)] = []
    var next = 0
  }

  private static let watch = Mutex(Watch())
  /// Held while signals are caught, which waits for the queue. A signal is dealt with on the queue, and takes ``watch`` alone.
  private static let caught = Mutex([Int32: Caught]())
  private static let queue = DispatchQueue(label: "gapsim.interruption")

  private let number: Int

  /// Calls `cleanUp` when the process is told to end.
  package init(_ cleanUp: @escaping @Sendable () -> Void) {
    number = Self.watch.withLock { watch in
      watch.next += 1
      watch.cleanUps.append((watch.next, cleanUp))
      return watch.next
    }
    Self.caught.withLock { caught in
      for signal in [SIGINT, SIGTERM, SIGHUP] where !Self.isIgnored(signal) { Self.catch(signal, &caught) }
    }
  }

  /// Gives signals back to who had them before. If one is being dealt with, the process ends here: what is cleaned up
  /// under the hands of somebody who writes is no error of theirs.
  package func end() {
    Self.queue.sync {}
    Self.caught.withLock { caught in
      let isLast = Self.watch.withLock { watch in
        watch.cleanUps.removeAll { $0.number == number }
        return watch.cleanUps.isEmpty
      }
      guard isLast else { return }
      for signal in caught.keys where !Self.isIgnored(signal) { Glibc.signal(signal, SIG_DFL) }
    }
  }

  /// Sets the action of a signal. Dispatch does that for the first source of a signal alone, so there is one for good, and
  /// its action is set again.
  private static func `catch`(_ signal: Int32, _ caught: inout [Int32: Caught]) {
    if var action = caught[signal]?.action {
      sigaction(signal, &action, nil)
      return
    }
    let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
    let isRegistered = DispatchSemaphore(value: 0)
    source.setRegistrationHandler { isRegistered.signal() }
    source.setEventHandler { die(of: signal) }
    source.activate()
    isRegistered.wait()
    var action = sigaction()
    sigaction(signal, nil, &action)
    caught[signal] = Caught(source: source, action: action)
  }

  /// Does not return: whoever is cleaned up under waits in ``end()`` for the end of the process.
  private static func die(of signal: Int32) {
    for cleanUp in watch.withLock({ $0.cleanUps.reversed().map(\.body) }) { cleanUp() }
    // Dispatch reads signals too, and may read this one before a thread takes it. So it is sent until it ends the process.
    while true {
      Glibc.signal(signal, SIG_DFL)
      kill(getpid(), signal)
      usleep(1000)
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
