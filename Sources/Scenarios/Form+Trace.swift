import Network
import Quantities

extension Form where Value == LossTrace {
  /// The lost packets of paths by their numbers: one list for all devices, a list for each, the name of a file, or one of
  /// these under `lost` with its length (N14).
  static var trace: Form {
    let plain = Form<[LossTrace.Recording]>.recordings.map(
      { LossTrace($0) }, from: { $0.hasLength || $0.then != nil ? nil : $0.recordings })
    let keys = Form<TraceKeys>.section(TraceKeys.keys).map({ $0.trace }, from: { TraceKeys($0) })
    return ways(
      "a list of packet numbers, a list of such lists, the name of a file, or {lost: …, length: 300}",
      [(.list, plain), (.text, plain), (.keys, keys)]
    ).shared("trace")
  }
}

/// A trace under keys.
private struct TraceKeys: Sendable {
  var recordings: [LossTrace.Recording] = []
  /// One for all, or one for each device; 0 where it is not known.
  var lengths: [UInt64] = []
  var then: LossTrace.Afterwards?

  init() {}

  init?(_ trace: LossTrace) {
    guard trace.hasLength || trace.then != nil else { return nil }
    recordings = trace.recordings.map { LossTrace.Recording(lost: $0.lost) }
    then = trace.then
    let lengths = trace.recordings.map { $0.length ?? 0 }
    guard trace.hasLength else { return }
    self.lengths = Set(lengths).count == 1 ? [lengths[0]] : lengths
  }

  /// The recordings with their lengths.
  private var measured: [LossTrace.Recording] {
    guard !lengths.isEmpty else { return recordings }
    let count = max(lengths.count, recordings.count)
    return (0..<count).map { index in
      var recording = recordings[recordings.count == 1 ? 0 : index]
      let length = lengths[lengths.count == 1 ? 0 : index]
      recording.length = length == 0 ? nil : length
      return recording
    }
  }

  var trace: LossTrace { LossTrace(measured, then: then) }

  static let keys = Section(TraceKeys(), title: "Loss: `trace`") {
    Key(
      "lost", \.recordings, .recordings, example: "[3, 17, 20-25]",
      "The lost packets: a list for all devices, a list for each, or the name of a file."
    ).required
    Key(
      "length", \.lengths, .lengths, example: "300",
      """
      How many packets were recorded: one number for all devices, or one for each (0 where it is not known). A file of 0 and \
      1, or of `device,lost`, has its own.
      """
    ).defaulting(to: "not known")
    Key(
      "then", \.then, .optional(.choice()), example: "repeat",
      """
      What comes after the last recorded packet: the recording once more (`repeat`), or nothing is lost (`clean`). The run \
      counts the devices that outlive a trace with `clean`.
      """
    ).defaulting(to: "`repeat` where the length is known, else `clean`")
  }.checked { keys, node, place in keys.isPossible(node, place) }

  private func isPossible(_ node: SourceNode, _ place: Place) -> Bool {
    let given = (node.entries ?? []).first { $0.key == "length" }?.value
    if let given, recordings.contains(where: { $0.length != nil }) {
      return place.key("length").refuse(given, "the file itself says how long it is; leave this out") ?? false
    }
    if lengths.count > 1, lengths.count != place.devices || ![1, lengths.count].contains(recordings.count) {
      return place.key("length").refuse(
        given ?? node, "found \(lengths.count) lengths for \(place.devices) devices; give one for all, or one for each")
        ?? false
    }
    for recording in measured {
      guard let length = recording.length, let last = recording.lost.runs.last?.upperBound, length < last else {
        continue
      }
      return place.key("length").refuse(
        given ?? node, "\(length.grouped) is less than packet \(last.grouped), which is lost; let it be at least that")
        ?? false
    }
    if then == .repeat, !measured.contains(where: { $0.length != nil }) {
      return place.key("then").refuse(node, "repeat needs an end; give the `length` of the recording") ?? false
    }
    return true
  }
}

extension Form where Value == [UInt64] {
  /// A length for all devices, or one for each.
  fileprivate static var lengths: Form {
    let number = Form<UInt64>.integer(0...TraceFile.lastPacket)
    return ways(
      "a number of packets, or a list of them",
      [
        (.text, number.map({ [$0] }, from: { $0.count == 1 ? $0[0] : nil })),
        (.list, .list(number, "a list of numbers").map({ $0 }, from: { $0.count > 1 ? $0 : nil })),
      ])
  }
}

extension Form where Value == [LossTrace.Recording] {
  /// What paths lost: one list for all devices, a list for each, or the name of a file.
  fileprivate static var recordings: Form {
    ways("a list of packet numbers, a list of such lists, or the name of a file", [(.list, lists), (.text, file)])
  }

  private static var lists: Form {
    let path = Form<PacketRuns>.packetRuns
    return Form(
      description: FormDescription(
        expectation: path.description.expectation,
        schema: {
          let packets = path.description.schema()
          return ScenarioSchema.any([packets, ScenarioSchema.array(of: packets)])
        }),
      read: { node, place in
        let elements = node.elements ?? []
        let lists = elements.count { $0.elements != nil }
        guard lists == 0 || lists == elements.count else {
          return place.refuse(
            node, "mixes packet numbers and lists; give one list of numbers, or one list for each device")
        }
        if lists > 1, lists != place.devices {
          let devices = place.devices == 1 ? "1 device" : "\(place.devices) devices"
          return place.refuse(node, "found \(lists) lists for \(devices); give one list for all, or one for each")
        }
        return (lists == 0 ? [node] : elements).compactMap {
          path.read($0, place).map { LossTrace.Recording(lost: $0) }
        }
      }, write: { .list($0.compactMap { path.write($0.lost) }) })
  }

  private static var file: Form {
    Form(
      description: FormDescription(expectation: "the name of a file", schema: { [("type", .string("string"))] }),
      read: { node, place in place.trace(ofFile: node) }, write: { _ in nil })
  }
}

extension Form where Value == PacketRuns {
  /// The lost packets of one path by their numbers.
  static var packetRuns: Form {
    Form(
      description: FormDescription(
        expectation: "a list of packet numbers",
        schema: {
          let number: ScenarioSchema.Keys = [("type", .string("integer")), ("minimum", .literal("1"))]
          let run = ScenarioSchema.pattern("^[0-9]+(\\s*-\\s*[0-9]+)?$")
          return ScenarioSchema.array(of: ScenarioSchema.any([number, run]))
        }), read: { node, place in place.packets(node) },
      write: { lost in
        .list(
          lost.runs.map {
            $0.count == 1 ? .literal(String($0.lowerBound)) : .string("\($0.lowerBound)-\($0.upperBound)")
          })
      }
    ).shared("packets")
  }
}

/// Traces of lost packets.
extension Place {
  fileprivate func packets(_ node: SourceNode) -> PacketRuns {
    var runs = [ClosedRange<UInt64>]()
    for element in node.elements ?? [] {
      guard let text = element.scalar else {
        error(element.origin, element.isNot("a packet number like 17, or a range like 20-25"))
        continue
      }
      if let run = unwrap(TraceFile.packets(text), element) { runs.append(run) }
    }
    spend(max(runs.count, 1), node)
    return PacketRuns(runs)
  }

  /// Counts runs of lost packets towards the limit of all traces of a scenario; false if they are too many.
  @discardableResult private func spend(_ runs: Int, _ node: SourceNode) -> Bool {
    let most = TraceFile.mostRuns
    guard reader.traceRuns <= most else { return false }  // said already
    reader.traceRuns += runs
    guard reader.traceRuns > most else { return true }
    error(
      node.origin,
      "the traces of the scenario, written out for each device that differs, come to more than \(UInt64(most).grouped) runs"
        + " of lost packets, which is the most that is read")
    return false
  }

  fileprivate func trace(ofFile node: SourceNode) -> [LossTrace.Recording]? {
    guard let name = node.scalar, name.contains(where: { !"0123456789-_ ".contains($0) }) else {
      error(node.origin, "\(node.found) is no file name; write the lost packets as a list, like [3, 17]")
      return nil
    }
    let file = "the trace file '\(name.excerpt)'"
    do {
      var trace = TraceFile(file: name, path: path, devices: devices)
      trace.read(try reader.readFile(name), most: TraceFile.mostRuns - reader.traceRuns)
      switch trace.outcome {
      case .read(let runs):
        guard namesDevices(trace, file, node), spend(runs, node) else { return nil }
        return trace.recordings
      case .broken: reader.report(trace.problems, of: trace.problemCount)
      case .foreign(let reason): error(node.origin, "\(file) \(reason)")
      }
    } catch { self.error(node.origin, "\(file) \(error.message)") }
    return nil
  }

  /// False, with an error, if a file that has every packet leaves devices out. One of lost packets cannot name a device
  /// that lost none, so that only a warning says how many those are.
  private func namesDevices(_ trace: TraceFile, _ file: String, _ node: SourceNode) -> Bool {
    guard let (count, isError) = trace.devicesWithoutRow, count > 0 else { return true }
    let missing = "\(file) has no row for \(UInt64(count).grouped) of \(UInt64(devices).grouped) devices"
    guard isError else {
      warn(node.origin, "\(missing): nothing is lost on the way of those")
      return true
    }
    error(node.origin, "\(missing); give each its rows, or a file of 0 and 1 for all")
    return false
  }
}
