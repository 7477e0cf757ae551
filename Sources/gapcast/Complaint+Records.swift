import ArgumentParser
import LiveRecords
import Results

extension Complaint {
  /// Says why records cannot be read, or results not be written. Returns the exit code.
  static func code(saying error: any Error) -> ExitCode {
    if let code = error as? ExitCode { return code }
    say("error: \(error)")
    return switch error {
    case LiveRecordsError.noRecords, LiveRecordsError.missing: noInput
    case LiveRecordsError.full: cannotCreate
    case is LiveRecordsError, is CSVError: dataError
    case ResultsFolderError.missing: noInput
    case is ResultsFolderError: dataError
    case let error as ResultsError: error.isFailedWrite ? inputOutput : cannotCreate
    case ResumeError.changed, ResumeError.unusable: dataError
    case is ResumeError: cannotCreate
    default: ExitCode(70)
    }
  }
}
