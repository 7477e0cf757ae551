import CGSL
import RandomStreams

/// The search for the least value of a function of several numbers, by the simplex of Nelder and Mead in GSL.
enum Minimizer {
  /// A point, and the function's value there.
  struct Least {
    var point: [Double]
    var value: Double
  }

  /// What stands for a value that is not finite: GSL would give up.
  private static let beyond = 1e300

  private final class Function {
    let body: ([Double]) -> Double
    init(_ body: @escaping ([Double]) -> Double) { self.body = body }
  }

  /// Goes down from a point.
  ///
  /// - Parameters:
  ///   - step: the size of the first simplex in each direction.
  ///   - tolerance: the size of the simplex at which the search ends.
  ///   - most: the most iterations.
  static func descend(
    from start: [Double], step: Double, tolerance: Double, most: Int, _ body: ([Double]) -> Double
  ) -> Least {
    GSL.prepare()
    guard !start.isEmpty else { return Least(point: [], value: body([])) }
    return withoutActuallyEscaping(body) { body in
      let function = Function(body)
      return withExtendedLifetime(function) { search(function, start, step, tolerance, most) }
    }
  }

  private static func search(
    _ function: Function, _ start: [Double], _ step: Double, _ tolerance: Double, _ most: Int
  ) -> Least {
    let count = start.count
    let nothing = Least(point: start, value: beyond)
    guard let point = gsl_vector_alloc(count), let steps = gsl_vector_alloc(count),
      let search = gsl_multimin_fminimizer_alloc(gapsim_nelder_mead(), count)
    else { return nothing }
    defer {
      gsl_multimin_fminimizer_free(search)
      gsl_vector_free(steps)
      gsl_vector_free(point)
    }
    for (index, value) in start.enumerated() { gsl_vector_set(point, index, value) }
    gsl_vector_set_all(steps, step)
    var target = gsl_multimin_function(
      f: { vector, context in
        guard let vector, let context else { return Minimizer.beyond }
        let point = (0..<vector.pointee.size).map { gsl_vector_get(vector, $0) }
        let value = Unmanaged<Function>.fromOpaque(context).takeUnretainedValue().body(point)
        return value.isFinite ? value : Minimizer.beyond
      },
      n: count, params: Unmanaged.passUnretained(function).toOpaque())
    guard gsl_multimin_fminimizer_set(search, &target, point, steps) == 0 else { return nothing }
    for _ in 0..<most {
      guard gsl_multimin_fminimizer_iterate(search) == 0,
        gsl_multimin_fminimizer_size(search) > tolerance
      else { break }
    }
    let found = search.pointee.x
    return Least(point: (0..<count).map { gsl_vector_get(found, $0) }, value: search.pointee.fval)
  }
}
