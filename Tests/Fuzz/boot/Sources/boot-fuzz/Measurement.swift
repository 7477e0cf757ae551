import Glibc

/// The processor time of this process, in nanoseconds.
func processorTime() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// The most memory that the process has had.
func peakKiB() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss
}

/// The memory that the process has now.
func residentKiB() -> Int {
  let descriptor = open("/proc/self/statm", O_RDONLY)
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 100)
  let count = read(descriptor, &bytes, bytes.count)
  let fields = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
  hold(fields.count > 1, "/proc/self/statm says nothing")
  return (Int(fields[1]) ?? 0) * Int(sysconf(CInt(_SC_PAGESIZE))) / 1024
}

/// Prints the memory after some hours, and fails if it grows.
struct MemoryByHour {
  private let shown: Set<Int>
  private var afterFirst = 0

  init(of hours: Int) { shown = [1, 6, 12, hours] }

  mutating func done(_ hour: Int) {
    let now = residentKiB()
    if hour == 1 { afterFirst = now }
    if shown.contains(hour) { print("after \(hour) h: \(now) KiB") }
    hold(now <= afterFirst + afterFirst / 4, "after \(hour) h there are \(now) KiB, after the first one \(afterFirst)")
  }
}

/// Prints what each fifth of the work cost, and fails if the last one cost far more than the first.
struct Fifths {
  private let count: Int
  private var costs: [Int] = []
  private var begin = processorTime()
  private let unit: String

  init(of count: Int, _ unit: String) {
    self.count = count
    self.unit = unit
  }

  mutating func done(_ step: Int, of what: Int) {
    guard count >= 5, step % (count / 5) == 0 else { return }
    let now = processorTime()
    costs.append((now - begin) / max(1, what))
    print("\(step) of \(count): \(costs.last ?? 0) ns a \(unit), at most \(peakKiB() / 1024) MiB")
    begin = processorTime()
  }

  /// The first fifth fills the tables, so the second one counts.
  func check() {
    guard costs.count >= 5 else { return }
    hold(costs[4] < 3 * costs[1] + 2000, "a \(unit) costs more and more: \(costs) ns")
  }
}

/// Ends the program if something does not hold.
func hold(_ condition: Bool, _ words: @autoclosure () -> String) {
  guard !condition else { return }
  print("boot-fuzz: \(words())")
  exit(1)
}
