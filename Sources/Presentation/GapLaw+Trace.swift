import Network

extension LossTrace {
  /// How many gaps of 1, 2, … blocks the recordings leave to a device on average, if each block is sent once and nothing
  /// else: what a device hears besides moves them by a few packets.
  func gaps(in blocks: Int, upTo longest: Int, framesOfBlock: Int, devices: Int) -> [Double] {
    let used = recordings.prefix(recordings.count == 1 ? 1 : max(1, devices))
    var gaps = [Double](repeating: 0, count: max(1, min(longest, blocks)))
    for recording in used {
      // Runs that touch in blocks, though not in frames, are one gap.
      let runs = PacketRuns(
        lost(of: recording, frames: UInt64(blocks) * UInt64(framesOfBlock)).map {
          ($0.lowerBound - 1) / UInt64(framesOfBlock) + 1...($0.upperBound - 1) / UInt64(framesOfBlock) + 1
        })
      for run in runs.runs where run.count <= gaps.count { gaps[run.count - 1] += 1 / Double(used.count) }
    }
    return gaps
  }

  /// What is lost of the first frames.
  private func lost(of recording: Recording, frames: UInt64) -> [ClosedRange<UInt64>] {
    let last = recording.lost.runs.last?.upperBound ?? 0
    let length = max(recording.length ?? last, last)
    let isRepeated = recording.length != nil && then != .clean
    guard last > 0 else { return [] }
    var lost: [ClosedRange<UInt64>] = []
    var passed: UInt64 = 0
    repeat {
      for run in recording.lost.runs where passed + run.lowerBound <= frames {
        lost.append(passed + run.lowerBound...min(passed + run.upperBound, frames))
      }
      passed += length
    } while isRepeated && passed < frames
    return lost
  }
}
