import BootService
import LiveTransport
import Timebase

/// What is told of a download goes to the terminal, and to its record if one is kept.
struct FetchObservers: DownloadObserver {
  let progress: FetchProgress
  let records: DeviceRecords?

  func begins(from own: Endpoint) { records?.begins(from: own) }

  func happened(_ event: ClientEvent, at time: Nanoseconds, to client: BootClient) {
    progress.happened(event, at: time, to: client)
    records?.happened(event, at: time, to: client)
  }

  func goesOn(_ client: BootClient, at time: Nanoseconds) {
    progress.goesOn(client, at: time)
    records?.goesOn(client, at: time)
  }

  func warn(_ words: String) { progress.warn(words) }
}
