import Foundation

/// One line of the table.
struct Row {
  var what: String
  var ours: String
  var rival: String
  var ratio: String
}

/// The rows so far, and how numbers look in them.
struct Report {
  private var rows: [Row] = []

  mutating func add(_ what: String, ours: String, rival: String, ratio: Double) {
    rows.append(
      Row(
        what: what,
        ours: ours,
        rival: rival,
        ratio: ratio < 0.01 ? String(format: "%.1e", ratio) : number(ratio, digits: 2)
      )
    )
  }

  mutating func append(_ other: Report) { rows += other.rows }

  var markdown: String {
    (["| what | gapsim | rival | gapsim ÷ rival |", "| --- | ---: | ---: | ---: |"]
      + rows.map { "| \($0.what) | \($0.ours) | \($0.rival) | \($0.ratio) |" }).joined(separator: "\n")
  }
}

func number(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }

func nanoseconds(_ seconds: Double, per count: Double) -> String { number(seconds * 1e9 / count, digits: 1) + " ns" }

func rate(_ count: Double, in seconds: Double) -> String { number(count / seconds / 1e6, digits: 1) + " M/s" }

/// Names the machine and how busy it is.
func machine() -> String {
  let processor =
    (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n")
    .first { $0.hasPrefix("model name") }?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
  let memory = Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)
  return "\(processor ?? "unknown processor"), \(ProcessInfo.processInfo.activeProcessorCount) cores, "
    + "\(number(memory, digits: 0)) GiB, load \(load())"
}

/// The load of the last minute.
func load() -> String {
  var averages = [0.0]
  return getloadavg(&averages, 1) == 1 ? number(averages[0], digits: 1) : "unknown"
}
