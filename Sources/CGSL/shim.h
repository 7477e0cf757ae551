// What the project uses of the GNU Scientific Library.
#ifndef GAPSIM_CGSL_SHIM_H
#define GAPSIM_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#endif
