import Dispatch
import NIOPosix

/// Does what may wait for the disk, one thing after the other, away from the event loop.
final class DiskQueue: Sendable {
  private let pool = NIOThreadPool(numberOfThreads: 1)

  init() { pool.start() }

  /// Does something, after all that was asked for before.
  func run(_ work: @escaping @Sendable () -> Void) {
    pool.submit { state in
      if case .active = state { work() }
    }
  }

  /// Waits for all that was asked for, and ends. It must not be called on an event loop.
  func finish() {
    let done = DispatchSemaphore(value: 0)
    pool.submit { _ in done.signal() }
    done.wait()
    try? pool.syncShutdownGracefully()
  }
}
