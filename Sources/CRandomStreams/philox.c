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

static inline double get_double_above_zero(gapsim_philox_state *state) {
  double u;
  do u = get_double(state);
  while (u == 0);
  return u;
}

uint64_t gapsim_philox_geometric(gapsim_philox_state *state, double log_of_failure) {
  return (uint64_t)(log(get_double_above_zero(state)) / log_of_failure + 1);
}

// The thread sanitizer watches the function that chooses among clones, too, and that runs before the sanitizer has begun.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ONE_PROCESSOR
#endif
#endif

// Where the processor can, eight numbers are taken at once, each in a lane of 64 bits.
#if defined(__x86_64__) && defined(__linux__) && !defined(ONE_PROCESSOR)
#define FOR_ANY_PROCESSOR __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define FOR_ANY_PROCESSOR
#endif
enum { LANES = 8, DOUBLES = LANES * WORDS / 2 };
typedef uint64_t lanes __attribute__((vector_size(LANES * sizeof(uint64_t))));
typedef double doubles __attribute__((vector_size(LANES * sizeof(double))));
typedef int32_t halves __attribute__((vector_size(LANES * sizeof(int32_t))));

// What the doubles of the next eight blocks of one stream are times 2^53: the first ones of the blocks, then the second ones. The
// counter's first word must not overflow in them. Only the lower half of a lane is a word.
static inline void blocks_at_once(gapsim_philox_state *state, lanes numbers[2]) {
  const uint64_t low = UINT32_MAX;
  const lanes none = {0};
  lanes c0 = none + (uint64_t)state->counter[0] + (lanes){0, 1, 2, 3, 4, 5, 6, 7};
  lanes c1 = none + (uint64_t)state->counter[1];
  lanes c2 = none + (uint64_t)state->counter[2];
  lanes c3 = none + (uint64_t)state->counter[3];
  lanes k0 = none + (uint64_t)state->key[0], k1 = none + (uint64_t)state->key[1];
  for (int round = 0; round < ROUNDS; round++) {
    const lanes product0 = (uint64_t)multiplier0 * (c0 & low);
    const lanes product1 = (uint64_t)multiplier1 * (c2 & low);
    c0 = product1 >> 32 ^ c1 ^ k0;
    c1 = product1;
    c2 = product0 >> 32 ^ c3 ^ k1;
    c3 = product0;
    k0 += key_step0;
    k1 += key_step1;
  }
  numbers[0] = (c0 << 32 | (c1 & low)) >> 11;
  numbers[1] = (c2 << 32 | (c3 & low)) >> 11;
  state->counter[0] += LANES;
}

// What the bits of a double in [2^52, 2^53) and in [2^84, 2^85) are above those of a whole number, and of that times 2^32.
static const uint64_t from_2_to_the_52 = 0x4330000000000000u, from_2_to_the_84 = 0x4530000000000000u;

// The logarithms of eight numbers of 53 bits times 2^-53, with an error below 2e-11; anything for 0.
//
// A number is m 2^k, m from the root of 1/2 to that of 2; log m = 2 (s + s^3/3 + s^5/5 + ...) with s = (m - 1) / (m + 1). What
// is left out is at most 2 s^13/13 / (1 - s^2), and s is below 0.1716.
static inline void logarithms(const lanes *numbers, doubles *logs) {
  const doubles number = ((doubles)(*numbers >> 32 | from_2_to_the_84) - 0x1p84) +
                         ((doubles)((*numbers & UINT32_MAX) | from_2_to_the_52) - 0x1p52);
  const uint64_t root_of_half = 0x3FE6A09E667F3BCDu;
  const lanes k = ((lanes)number - root_of_half) >> 52;
  const doubles m = (doubles)((lanes)number - (k << 52));
  const doubles s = (m - 1) / (m + 1);
  const doubles z = s * s;
  const doubles series = 1 + z * (1. / 3 + z * (1. / 5 + z * (1. / 7 + z * (1. / 9 + z * (1. / 11)))));
  *logs = ((doubles)(k | from_2_to_the_52) - (0x1p52 + 53)) * M_LN2 + 2 * s * series;
}

// The numbers that `gapsim_philox_geometric` takes from the doubles of eight blocks; false where a logarithm of that little error
// does not decide one.
static inline int decided_trials(const lanes numbers[2], double reciprocal, uint32_t trials[DOUBLES]) {
  halves undecided = {0};
  for (int half = 0; half < 2; half++) {
    doubles logs;
    logarithms(&numbers[half], &logs);
    const doubles value = logs * reciprocal + 1;
    // More than both logarithms' errors, and the roundings of this value and of the other.
    const doubles margin = (value - reciprocal) * 1e-10;
    const halves least = __builtin_convertvector(value - margin, halves);
    const halves most = __builtin_convertvector(value + margin, halves);
    undecided |= (least != most) | __builtin_convertvector(numbers[half] == 0, halves);
    for (int lane = 0; lane < LANES; lane++) trials[2 * lane + half] = (uint32_t)least[lane];
  }
  int32_t any = 0;
  for (int lane = 0; lane < LANES; lane++) any |= undecided[lane];
  return any == 0;
}

FOR_ANY_PROCESSOR
void gapsim_philox_geometrics(gapsim_philox_state *state, double log_of_failure, uint32_t *trials, size_t count) {
  const double reciprocal = 1 / log_of_failure;
  size_t done = 0;
  while (done < count) {
    if (state->used == WORDS && count - done >= DOUBLES && state->counter[0] <= UINT32_MAX - LANES) {
      const gapsim_philox_state before = *state;
      lanes numbers[2];
      blocks_at_once(state, numbers);
      if (decided_trials(numbers, reciprocal, trials + done)) {
        done += DOUBLES;
        continue;
      }
      *state = before;
    }
    trials[done++] = (uint32_t)gapsim_philox_geometric(state, log_of_failure);
  }
}

// One number, as GSL computes it from a mean in seconds and a double.
static inline uint64_t exponential(double seconds, double uniform) {
  return (uint64_t)round(-seconds * log1p(-uniform) * 1e9);
}

// The numbers that `exponential` takes from the doubles of eight blocks. Where a logarithm of that little error does not decide
// one, it is made singly. A double u is known times 2^53, so 1 - u is too.
static inline void exponentials_at_once(
    const lanes numbers[2], const double seconds[2], uint64_t nanoseconds[DOUBLES]) {
  for (int half = 0; half < 2; half++) {
    const lanes rest = ((uint64_t)1 << 53) - numbers[half];
    doubles logs;
    logarithms(&rest, &logs);
    const double mean = seconds[half] * 1e9;
    const doubles value = logs * -mean;
    // More than the logarithm's error, and the roundings of this value and of the other.
    const doubles margin = mean * 4e-11 + value * 1e-14;
    const lanes least = (lanes)(value - margin + 0x1p52);
    const lanes undecided = (lanes)(least != (lanes)(value + margin + 0x1p52));
    uint64_t any = 0;
    for (int lane = 0; lane < LANES; lane++) {
      nanoseconds[2 * lane + half] = least[lane] - from_2_to_the_52;
      any |= undecided[lane];
    }
    if (any == 0) continue;
    for (int lane = 0; lane < LANES; lane++) {
      if (undecided[lane]) nanoseconds[2 * lane + half] = exponential(seconds[half], (double)numbers[half][lane] * 0x1p-53);
    }
  }
}

FOR_ANY_PROCESSOR
void gapsim_philox_exponentials(
    gapsim_philox_state *state, const double seconds[2], uint64_t *nanoseconds, size_t count) {
  size_t done = 0;
  while (done < count) {
    const int is_even = done % 2 == 0;
    if (is_even && state->used == WORDS && count - done >= DOUBLES && state->counter[0] <= UINT32_MAX - LANES) {
      lanes numbers[2];
      blocks_at_once(state, numbers);
      exponentials_at_once(numbers, seconds, nanoseconds + done);
      done += DOUBLES;
    } else {
      nanoseconds[done++] = exponential(seconds[is_even ? 0 : 1], get_double(state));
    }
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
