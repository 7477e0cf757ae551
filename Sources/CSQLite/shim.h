// What the project uses of SQLite.
#ifndef GAPSIM_CSQLITE_SHIM_H
#define GAPSIM_CSQLITE_SHIM_H

#include <sqlite3.h>

/// Binds text that SQLite copies. The constant that says so is a cast, which Swift does not see.
static inline int gapsim_sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
  return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}

#endif
