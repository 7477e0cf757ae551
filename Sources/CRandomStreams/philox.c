#include "CRandomStreams.h"

static void bump_key(uint32_t key[2]) {
  key[0] += 0x9E3779B9u;
  key[1] += 0xBB67AE85u;
}

static void round_once(uint32_t c[4], const uint32_t key[2]) {
  const uint64_t p0 = (uint64_t)0xD2511F53u * c[0];
  const uint64_t p1 = (uint64_t)0xCD9E8D57u * c[2];
  const uint32_t c1 = c[1], c3 = c[3];
  c[0] = (uint32_t)(p1 >> 32) ^ c1 ^ key[0];
  c[1] = (uint32_t)p1;
  c[2] = (uint32_t)(p0 >> 32) ^ c3 ^ key[1];
  c[3] = (uint32_t)p0;
}

void gapsim_philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]) {
  uint32_t k[2] = {key[0], key[1]};
  for (int i = 0; i < 4; i++) output[i] = counter[i];
  for (int round = 0; round < 10; round++) {
    if (round > 0) bump_key(k);
    round_once(output, k);
  }
}

static inline uint32_t next_word(gapsim_philox_state *state) {
  if (state->used == 4) {
    gapsim_philox_block(state->counter, state->key, state->output);
    if (++state->counter[0] == 0) ++state->counter[1];
    state->used = 0;
  }
  return state->output[state->used++];
}

static unsigned long get(void *state) { return next_word(state); }

double gapsim_philox_double(gapsim_philox_state *state) {
  const uint64_t high = next_word(state);
  const uint64_t low = next_word(state);
  return (double)((high << 32 | low) >> 11) * 0x1p-53;
}

static double get_double(void *state) { return gapsim_philox_double(state); }

// GSL seeds with one number; streams are named by their counter instead (see RandomStream).
static void set(void *state, unsigned long seed) {
  gapsim_philox_state *s = state;
  *s = (gapsim_philox_state){.key = {(uint32_t)seed, (uint32_t)((uint64_t)seed >> 32)}, .used = 4};
}

static const gsl_rng_type philox_type = {
    "philox4x32-10", 0xffffffffUL, 0, sizeof(gapsim_philox_state), set, get, get_double,
};

const gsl_rng_type *gapsim_philox_type(void) { return &philox_type; }
