import PromotionEngine
import Timebase

/// How long the sender of slices waits for the answers to a question, and how often it asks again.
///
/// As udpcast does, it asks again a little later than answers have taken so far, and that up to ten times, since a lost
/// question or answer is more likely than a lost device. Only then it waits for a whole `timeout`, `retries` times.
struct SlicesQuestion: Sendable {
  /// How often it is repeated soon.
  private static let soon = 10

  /// When it was asked: first, and then again.
  private var times: [Nanoseconds]
  /// The longest time that an answer has taken.
  private var slowest: Nanoseconds?
  /// After the repeats that came soon.
  private var patience: Patience?
  private(set) var deadline: Nanoseconds

  /// A question that is asked now.
  init(at now: Nanoseconds, _ wait: AnswerWait, under parameters: ProtocolParameters) {
    times = [now]
    deadline = now + wait.timeout(under: parameters)
  }

  /// How often it was repeated.
  var repeats: UInt32 { UInt32(times.count - 1) }

  /// An answer to the question when it was repeated so often has come.
  mutating func answered(after repeats: UInt32, at now: Nanoseconds) {
    guard repeats < times.count else { return }
    slowest = max(slowest ?? .zero, now - times[Int(repeats)])
  }

  /// What it tells of the answers' times.
  func add(to wait: inout AnswerWait) {
    if let slowest { wait.add(slowest) }
  }

  /// Counts one more repeat, sent at `now`; false when the repeats are exhausted.
  mutating func repeats(at now: Nanoseconds, _ wait: AnswerWait, under parameters: ProtocolParameters) -> Bool {
    if times.count < Self.soon {
      deadline = now + wait.timeout(under: parameters)
    } else {
      if patience == nil {
        patience = Patience(from: now, after: 0, under: parameters)
      } else if patience?.repeats(at: now, under: parameters) == false {
        return false
      }
      deadline = patience?.deadline ?? .never
    }
    times.append(now)
    return true
  }
}

/// How long answers take: a moving average of the slowest answer to each question.
struct AnswerWait: Sendable {
  /// udpcast begins with 10 ms.
  private var average = Nanoseconds.milliseconds(10)

  /// 1.1 times the average, at most a whole timeout.
  func timeout(under parameters: ProtocolParameters) -> Nanoseconds {
    min(parameters.timeout, Nanoseconds(max(1, average.count + average.count / 10)))
  }

  /// A question was answered by all, the slowest answer after this time.
  mutating func add(_ time: Nanoseconds) {
    average = Nanoseconds(average.count - average.count / 10 + time.count / 10)
  }
}
