#include "CRandomStreams.h"

#include <math.h>

enum { ROUNDS = 10, WORDS = GAPSIM_PHILOX_WORDS };

// The multipliers of a round and the steps of the key (Salmon et al., table 2 and section 4.3).
static const uint32_t multiplier0 = 0xD2511F53u, multiplier1 = 0xCD9E8D57u;
static const uint32_t key_step0 = 0x9E3779B9u, key_step1 = 0xBB67AE85u;

// Words in variables rather than in arrays, so that any compiler keeps them in registers through all rounds.
static inline void block(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < ROUNDS; round++) {
    const uint64_t product0 = (uint64_t)multiplier0 * c0;
    const uint64_t product1 = (uint64_t)multiplier1 * c2;
    c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)product1;
    c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)product0;
    k0 += key_step0;
    k1 += key_step1;
  }
  output[0] = c0, output[1] = c1, output[2] = c2, output[3] = c3;
}

void gapsim_philox_block(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]) {
  block(counter, key, output);
}

static inline uint32_t next_word(gapsim_philox_state *state) {
  if (state->used >= WORDS) {
    block(state->counter, state->key, state->output);
    if (++state->counter[0] == 0) ++state->counter[1];
    state->used = 0;
  }
  return state->output[state->used++];
}

static unsigned long get(void *state) { return next_word(state); }

static inline double get_double(void *state) {
  const uint64_t high = next_word(state);
  const uint64_t low = next_word(state);
  return (double)((high << 32 | low) >> 11) * 0x1p-53;
}

// Where the processor can, four words are multiplied at once: integers, so that the numbers are the same.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_ANY_PROCESSOR __attribute__((target_clones("avx2", "default")))
#else
#define FOR_ANY_PROCESSOR
#endif

// Four blocks at once, of one stream: a lane each, of 64 bits for the products. Only the lower half of a lane is a word.
typedef uint64_t lanes __attribute__((vector_size(4 * sizeof(uint64_t))));
enum { LANES = 4, DOUBLES = LANES * WORDS / 2 };

// The doubles of the next four blocks; the counter's first word must not overflow in them.
static inline void four_blocks(gapsim_philox_state *state, double output[DOUBLES]) {
  const uint64_t low = UINT32_MAX;
  const lanes none = {0};
  lanes c0 = none + (uint64_t)state->counter[0] + (lanes){0, 1, 2, 3};
  lanes c1 = none + (uint64_t)state->counter[1];
  lanes c2 = none + (uint64_t)state->counter[2];
  lanes c3 = none + (uint64_t)state->counter[3];
  uint32_t k0 = state->key[0], k1 = state->key[1];
  for (int round = 0; round < ROUNDS; round++) {
    const lanes product0 = (uint64_t)multiplier0 * (c0 & low);
    const lanes product1 = (uint64_t)multiplier1 * (c2 & low);
    c0 = product1 >> 32 ^ c1 ^ (uint64_t)k0;
    c1 = product1;
    c2 = product0 >> 32 ^ c3 ^ (uint64_t)k1;
    c3 = product0;
    k0 += key_step0;
    k1 += key_step1;
  }
  const lanes first = (c0 << 32 | (c1 & low)) >> 11, second = (c2 << 32 | (c3 & low)) >> 11;
  for (int lane = 0; lane < LANES; lane++) {
    output[2 * lane] = (double)(int64_t)first[lane] * 0x1p-53;
    output[2 * lane + 1] = (double)(int64_t)second[lane] * 0x1p-53;
  }
  state->counter[0] += LANES;
}

static inline double get_double_above_zero(gapsim_philox_state *state) {
  double u;
  do u = get_double(state);
  while (u == 0);
  return u;
}

uint64_t gapsim_philox_geometric(gapsim_philox_state *state, double log_of_failure) {
  return (uint64_t)(log(get_double_above_zero(state)) / log_of_failure + 1);
}

FOR_ANY_PROCESSOR
void gapsim_philox_geometrics(gapsim_philox_state *state, double log_of_failure, uint32_t *trials, size_t count) {
  size_t done = 0;
  while (done < count) {
    const gapsim_philox_state before = *state;
    double u[DOUBLES];
    size_t drawn = 1;
    u[0] = 0;
    if (state->used == WORDS && count - done >= DOUBLES && state->counter[0] <= UINT32_MAX - LANES) {
      four_blocks(state, u);
      drawn = DOUBLES;
    }
    double product = u[0];
    for (size_t i = 1; i < drawn; i++) product *= u[i];
    if (product == 0) {  // one by one: a zero is passed over
      *state = before;
      u[0] = get_double_above_zero(state);
      drawn = 1;
    }
    for (size_t i = 0; i < drawn; i++) trials[done + i] = (uint32_t)(log(u[i]) / log_of_failure + 1);
    done += drawn;
  }
}

// GSL seeds with one number; streams are named by their counter instead (see RandomStream).
static void set(void *state, unsigned long seed) {
  gapsim_philox_state *s = state;
  *s = (gapsim_philox_state){.key = {(uint32_t)seed, (uint32_t)((uint64_t)seed >> 32)}, .used = WORDS};
}

static const gsl_rng_type philox_type = {
    "philox4x32-10", 0xffffffffUL, 0, sizeof(gapsim_philox_state), set, get, get_double,
};

const gsl_rng_type *gapsim_philox_type(void) { return &philox_type; }
