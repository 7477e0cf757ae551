// What the project uses of the GNU Scientific Library.
#ifndef GAPSIM_CGSL_SHIM_H
#define GAPSIM_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

// The simplex of Nelder and Mead. Swift 6 takes GSL's global for mutable state.
static inline const gsl_multimin_fminimizer_type *gapsim_nelder_mead(void) {
  return gsl_multimin_fminimizer_nmsimplex2;
}

#endif
