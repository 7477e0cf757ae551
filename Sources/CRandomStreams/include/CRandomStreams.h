// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11) for GSL.
#ifndef GAPSIM_CRANDOMSTREAMS_H
#define GAPSIM_CRANDOMSTREAMS_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

// A stream: plain data, to be held and copied by value. `used` words of `output` are spent; 4 means that the block
// at `counter` is the next to be made. The counter's first 64 bits count, the others name the stream.
typedef struct {
  uint32_t key[2];
  uint32_t counter[4];
  uint32_t output[4];
  uint32_t used;
} gapsim_philox_state;

// One block: ten rounds over a counter under a key.
void gapsim_philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]);

// The generator as GSL knows it. Its state is a `gapsim_philox_state`.
const gsl_rng_type *gapsim_philox_type(void);

// The double in [0, 1) made of 53 bits of the next two words.
double gapsim_philox_double(gapsim_philox_state *state);

#endif
