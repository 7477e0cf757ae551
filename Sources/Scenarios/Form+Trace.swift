import Network
import Quantities

extension Form where Value == [PacketRuns] {
  /// The lost packets of a path by their numbers: one list for all devices, a list for each, or the name of a file.
  static var trace: Form {
    ways("a list of packet numbers, a list of such lists, or the name of a file", [(.list, lists), (.text, file)])
      .shared("trace")
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
        return (lists == 0 ? [node] : elements).compactMap { path.read($0, place) }
      }, write: { .list($0.compactMap(path.write)) })
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

  fileprivate func trace(ofFile node: SourceNode) -> [PacketRuns]? {
    guard let name = node.scalar, name.contains(where: { !"0123456789-_ ".contains($0) }) else {
      error(node.origin, "\(node.found) is no file name; write the lost packets as a list, like [3, 17]")
      return nil
    }
    let file = "the trace file '\(name.excerpt)'"
    do {
      var trace = TraceFile(file: name, path: path, devices: devices)
      trace.read(try reader.readFile(name), most: TraceFile.mostRuns - reader.traceRuns)
      switch trace.outcome {
      case .read(let runs): return spend(runs, node) ? trace.lists : nil
      case .broken: reader.report(trace.problems, of: trace.problemCount)
      case .foreign(let reason): error(node.origin, "\(file) \(reason)")
      }
    } catch { self.error(node.origin, "\(file) \(error.message)") }
    return nil
  }
}
