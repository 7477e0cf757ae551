// A hint to the processor that Swift has no word for.
#ifndef GAPSIM_CMEMORYHINTS_PREFETCH_H
#define GAPSIM_CMEMORYHINTS_PREFETCH_H

// Asks for a cache line that will be written soon. Nothing else comes of it, whatever the address.
static inline void gapsim_prefetch(const void *address) { __builtin_prefetch(address, 1); }

#endif
