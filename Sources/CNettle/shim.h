// What the project uses of Nettle. Its names are macros, which Swift does not see, and so are its lengths.
#ifndef GAPSIM_CNETTLE_SHIM_H
#define GAPSIM_CNETTLE_SHIM_H

#include <nettle/sha2.h>

static inline void gapsim_sha256_init(struct sha256_ctx *context) { sha256_init(context); }

static inline void gapsim_sha256_update(struct sha256_ctx *context, size_t length, const uint8_t *data) {
  sha256_update(context, length, data);
}

/// Writes 32 bytes.
static inline void gapsim_sha256_digest(struct sha256_ctx *context, uint8_t *digest) {
  sha256_digest(context, SHA256_DIGEST_SIZE, digest);
}

#endif
