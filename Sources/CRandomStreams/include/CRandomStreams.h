// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11) for GSL.
#ifndef GAPSIM_CRANDOMSTREAMS_H
#define GAPSIM_CRANDOMSTREAMS_H

#include <gsl/gsl_rng.h>
#include <stddef.h>
#include <stdint.h>

// The 32-bit words of a block.
#define GAPSIM_PHILOX_WORDS 4

// A stream: plain data, to be held and copied by value. `used` words of `output` are spent; all of them means that the
// block at `counter` is the next to be made. The counter's first 64 bits count, the others name the stream.
typedef struct {
  uint32_t key[2];
  uint32_t counter[4];
  uint32_t output[GAPSIM_PHILOX_WORDS];
  uint32_t used;
} gapsim_philox_state;

// One block: ten rounds over a counter under a key.
void gapsim_philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t output[GAPSIM_PHILOX_WORDS]);

// The number of trials up to and including the first success, as `gsl_ran_geometric` draws it from the same state: for a
// probability in (0, 1) whose `log(1 - p)` was taken before, for many draws have the same.
uint64_t gapsim_philox_geometric(gapsim_philox_state *state, double log_of_failure);

// The next `count` of these numbers, which must not exceed 31 bits.
void gapsim_philox_geometrics(gapsim_philox_state *state, double log_of_failure, uint32_t *trials, size_t count);

// The next `count` numbers of nanoseconds that `gsl_ran_exponential` draws from the same state with these means in seconds by
// turns, at most 1e5, rounded as `round` does.
void gapsim_philox_exponentials(
    gapsim_philox_state *state, const double means[2], uint64_t *nanoseconds, size_t count);

// The generator as GSL knows it: words of 32 bits, doubles in [0, 1) of 53 bits, each of two words (the upper one
// first). Its state is a `gapsim_philox_state`. A function, for Swift takes a global of C for shared mutable state.
const gsl_rng_type *gapsim_philox_type(void);

#endif
