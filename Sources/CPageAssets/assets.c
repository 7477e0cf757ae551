#include "CPageAssets.h"

// #embed is of C23; clang has it in every mode.
#pragma clang diagnostic ignored "-Wc23-extensions"

#if !__has_embed("/usr/share/javascript/dygraphs/dygraph.min.js")
#error "dygraphs is missing, the chart library of the pages: install libjs-dygraphs, or run .ci/install-dependencies"
#endif

static const char dygraphs_script[] = {
#embed "/usr/share/javascript/dygraphs/dygraph.min.js"
};
static const char dygraphs_style[] = {
#embed "/usr/share/javascript/dygraphs/dygraph.min.css"
};
// In the order in which they need each other.
static const char script[] = {
#embed "base.js"
  ,
#embed "series.js"
  ,
#embed "drawing.js"
  ,
#embed "cursor.js"
  ,
#embed "charts.js"
  ,
#embed "maps.js"
  ,
#embed "cells.js"
  ,
#embed "blocks.js"
  ,
#embed "tables.js"
  ,
#embed "links.js"
  ,
#embed "replay-draw.js"
  ,
#embed "replay.js"
};
static const char style[] = {
#embed "page.css"
};

#define ASSET(text) {text, sizeof text}
const PageAsset page_asset_dygraphs_script = ASSET(dygraphs_script);
const PageAsset page_asset_dygraphs_style = ASSET(dygraphs_style);
const PageAsset page_asset_script = ASSET(script);
const PageAsset page_asset_style = ASSET(style);
