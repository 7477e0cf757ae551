import Glibc

/// Seconds of processor time that this thread has used: what others do beside it counts less than on a clock.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The seconds of processor time that `body` takes.
func seconds(of body: () throws -> Void) rethrows -> Double {
  let start = processorSeconds()
  try body()
  return processorSeconds() - start
}

func median(_ samples: [Double]) -> Double {
  let sorted = samples.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// What some rivals took, round by round: in each round one after the other, so that a load on the machine meets all.
struct Samples {
  private(set) var byRival: [[Double]]

  /// Measures each rival once to warm up and then in `rounds` rounds; a rival gives the seconds that it took.
  init(rounds: Int, _ rivals: [() throws -> Double]) throws {
    byRival = rivals.map { _ in [] }
    for round in 0...rounds {
      for (index, rival) in rivals.enumerated() {
        let seconds = try rival()
        if round > 0 { byRival[index].append(seconds) }
      }
    }
  }

  /// The median of one rival's seconds.
  func seconds(_ rival: Int) -> Double { median(byRival[rival]) }

  /// The median over the rounds of how many times as long one took as the other.
  func ratio(_ rival: Int, to other: Int) -> Double { median(zip(byRival[rival], byRival[other]).map { $0 / $1 }) }
}
