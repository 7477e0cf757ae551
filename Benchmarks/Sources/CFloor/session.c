#include "CFloor.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

// xoshiro256** (Blackman, Vigna), seeded by SplitMix64.
typedef struct {
  uint64_t s[4];
} generator;

static inline uint64_t rotated(uint64_t x, int by) { return x << by | x >> (64 - by); }

static inline uint64_t next(generator *g) {
  uint64_t *s = g->s;
  const uint64_t result = rotated(s[1] * 5, 7) * 9;
  const uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotated(s[3], 45);
  return result;
}

static generator seeded(uint64_t seed) {
  generator g;
  for (int i = 0; i < 4; i++) {
    uint64_t z = seed += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    g.s[i] = z ^ z >> 31;
  }
  return g;
}

typedef struct {
  uint32_t first, last;
} gap;

typedef struct {
  gap *gaps;
  size_t count, room;
} gap_list;

static inline void lose(gap_list *list, uint32_t block) {
  if (list->count > 0 && list->gaps[list->count - 1].last + 1 == block) {
    list->gaps[list->count - 1].last = block;
    return;
  }
  if (list->count == list->room) {
    list->room = list->room ? list->room * 2 : 8;
    list->gaps = realloc(list->gaps, list->room * sizeof(gap));
    if (!list->gaps) abort();
  }
  list->gaps[list->count++] = (gap){block, block};
}

// The figures of a gap report: missing blocks, gaps, the largest one, chains, and the longest of those.
static uint64_t check(const gap_list *list, uint32_t continuity, uint64_t *losses) {
  uint64_t missing = 0, largest = 0, chains = 0, longest = 0, chain = 0;
  for (size_t i = 0; i < list->count; i++) {
    const gap g = list->gaps[i];
    const uint64_t size = g.last - g.first + 1;
    missing += size;
    if (size > largest) largest = size;
    if (i > 0 && g.first - list->gaps[i - 1].last - 1 <= continuity) {
      chain++;
      if (chain == 2) chains++;
      if (chain > longest) longest = chain;
    } else {
      chain = 1;
    }
  }
  *losses += missing;
  return missing * 31 + list->count * 37 + largest * 41 + chains * 43 + longest * 47;
}

cfloor_session cfloor_session_by_losses(uint32_t devices, uint32_t blocks, double p, uint64_t seed) {
  cfloor_session session = {0, 0};
  gap_list *lists = calloc(devices, sizeof(gap_list));
  if (!lists) abort();
  const double scale = 1 / log1p(-p);
  for (uint32_t device = 0; device < devices; device++) {
    generator g = seeded(seed + device);
    uint64_t block = 0;
    while (true) {
      const double u = (double)((next(&g) >> 11) + 1) * 0x1p-53;
      block += (uint64_t)(log(u) * scale) + 1;
      if (block > blocks) break;
      lose(&lists[device], (uint32_t)block);
    }
  }
  for (uint32_t device = 0; device < devices; device++) {
    session.digest += check(&lists[device], 1, &session.losses);
    free(lists[device].gaps);
  }
  free(lists);
  return session;
}

cfloor_session cfloor_session_by_packets(uint32_t devices, uint32_t blocks, double p, uint64_t seed) {
  cfloor_session session = {0, 0};
  struct device {
    generator g;
    gap_list list;
  } *all = calloc(devices, sizeof(struct device));
  if (!all) abort();
  for (uint32_t device = 0; device < devices; device++) all[device].g = seeded(seed + device);
  for (uint32_t block = 1; block <= blocks; block++) {
    for (uint32_t device = 0; device < devices; device++) {
      if ((double)(next(&all[device].g) >> 11) * 0x1p-53 < p) lose(&all[device].list, block);
    }
  }
  for (uint32_t device = 0; device < devices; device++) {
    session.digest += check(&all[device].list, 1, &session.losses);
    free(all[device].list.gaps);
  }
  free(all);
  return session;
}
