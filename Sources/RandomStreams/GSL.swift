import CGSL

/// The GNU Scientific Library as this process uses it.
public enum GSL {
  /// GSL's own error handler ends the process. Without it functions return NaN or a code, which their callers check.
  private static let withoutErrorHandler: Void = { _ = gsl_set_error_handler_off() }()

  /// Makes GSL report errors by its results. Every call into GSL goes through here; only the first one does anything.
  @inline(__always)
  public static func prepare() { withoutErrorHandler }
}
