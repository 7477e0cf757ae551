import EventSimulation
import PromotionEngine
import TFTPWire
import Timebase

// The devices: switching on and off, deadlines, and what they want done.
extension Simulation {
  mutating func switchOn(_ device: DeviceID) {
    let index = Int(device) - 1
    prefetchStation(of: device + 1)
    guard stations[index].device.role == .joining else { return }  // switched off before
    events += 1
    stations[index].isOn = true
    stations[index].device.switchOn(at: now.time, under: settings[stations[index].cohort], into: &deviceEffects)
    settle(index)
  }

  mutating func switchOff(_ device: DeviceID) {
    let index = Int(device) - 1
    events += 1
    catchUp(device)
    stations[index].isOn = false
    if !stations[index].device.isAtItsEnd { stations[index].tally.left = true }
    stations[index].device.switchOff(into: &deviceEffects)
    settle(index)
  }

  mutating func receive(_ arrival: Arrival, at index: Int) {
    stations[index].device.receive(
      arrival.message, over: arrival.channel, at: now.time, under: settings[stations[index].cohort],
      into: &deviceEffects)
  }

  /// After an input: carries out what the device wants, watches its deadline, and sees how it follows the group.
  mutating func settle(_ index: Int) {
    if deviceEffects.count == 1 {
      carryOut(deviceEffects.removeLast(), at: index)
    } else if !deviceEffects.isEmpty {
      for effect in deviceEffects { carryOut(effect, at: index) }
      deviceEffects.removeAll(keepingCapacity: true)
    }
    stations[index].alarm.see(now.place)
    foreseeNothing(of: index)
    follow(index)
    watch(index)
    #if DEBUG
      checkInvariants(of: index)
    #endif
  }

  private mutating func carryOut(_ effect: DeviceEffect, at index: Int) {
    switch effect {
    case .send(let message, let leavesAt):
      send(message, from: index, leavesAt: leavesAt)
    case .drawReportDelay:
      let window = configuration.parameters.promotion.reportWindow
      let delay = stations[index].reportDelays?.uniform(upTo: UInt64(window.count)) ?? 0
      stations[index].device.delayReport(by: Nanoseconds(Int64(delay)))
    case .checked(let figures):
      countCheck(figures, at: index)
    case .entered(let role):
      enter(role, at: index)
    }
  }

  /// A message of a device is on its way to the server (N3).
  @inline(__always)
  mutating func send(_ message: Message, from index: Int, leavesAt: Nanoseconds) {
    let device = DeviceID(index + 1)
    if stations[index].hasJitter {
      queue.schedule(.leavesDevice(device, message), at: leavesAt)
    } else {
      queue.schedule(.reachesServer(device, message), at: leavesAt + stations[index].latency, in: .third)
    }
  }

  private mutating func enter(_ role: RoleName, at index: Int) {
    switch role {
    case .complete:
      stations[index].complete(at: now.time)
      return
    case .smart:
      if stations[index].tally.promoted == nil { stations[index].tally.promoted = now.time }
      ledger.countPromotion(&stations[index].tally)
      checkPromotion(of: index)
    case .passive:
      ledger.countPassive(DeviceID(index + 1), &stations[index].tally)
    case .active, .joining, .failed:
      break
    }
    stations[index].tally.roles.append(role)
  }

  private mutating func countCheck(_ figures: GapReport, at index: Int) {
    if figures.missingPackets > 0 { stations[index].tally.missedAtCheck = true }
    guard stations[index].tally.firstCheck == nil else { return }
    stations[index].tally.firstCheck = figures
    ledger.countGaps(stations[index].device.gaps, with: figures)
    firstGaps?.append(DeviceGaps(device: index + 1, gaps: stations[index].device.gaps.gaps))
  }
}
