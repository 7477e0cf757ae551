#pragma once
#include <stddef.h>

// Text that a page contains as it is: UTF-8, not terminated.
typedef struct {
  const char *bytes;
  size_t count;
} PageAsset;

// dygraphs, the chart library (MIT), and its style sheet, as Debian's libjs-dygraphs ships them.
extern const PageAsset page_asset_dygraphs_script;
extern const PageAsset page_asset_dygraphs_style;
// The page's own scripts (charts, tables, links), and the style of what they make.
extern const PageAsset page_asset_script;
extern const PageAsset page_asset_style;
