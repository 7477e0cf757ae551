import Network
import Timebase

extension Cohort {
  /// How many of its devices are surely switched off so long before they join, or earlier (N7, N8).
  ///
  /// A device that leaves at the very instant of its join sends its request, but receives nothing.
  func devicesThatLeave(beforeJoiningBy lead: Nanoseconds) -> Int {
    switch leave {
    case .never, .at(.drawn): 0
    case .at(.constant(let time)): devices(joiningFrom: Int128(time.count) + Int128(lead.count))
    case .devices(let leaves):
      leaves.count { earliestJoin(ofDevice: $0.device) >= Int128($0.at.count) + Int128(lead.count) }
    }
  }

  /// How many of its devices join at an instant or later, even if what is drawn is as small as it can be.
  private func devices(joiningFrom instant: Int128) -> Int {
    switch join {
    case .at: earliestJoin(ofDevice: 1) >= instant ? count : 0
    case .list(let times): times.count { Int128($0.count) >= instant }
    case .every(let interval, let start):
      if Int128(start.count) >= instant {
        count
      } else if interval.least > .zero {
        max(0, count - Int(clamping: (instant - Int128(start.count) - 1) / Int128(interval.least.count)))
      } else {
        0
      }
    }
  }

  /// When a device, counted from 1, joins at the earliest, in nanoseconds.
  private func earliestJoin(ofDevice number: Int) -> Int128 {
    switch join {
    case .at(let time): Int128(time.least.count)
    case .every(let interval, let start): Int128(start.count) + Int128(number) * Int128(interval.least.count)
    case .list(let times): times.indices.contains(number - 1) ? Int128(times[number - 1].count) : 0
    }
  }
}
