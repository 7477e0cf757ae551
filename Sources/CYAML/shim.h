// What the project uses of libyaml.
#ifndef GAPSIM_CYAML_SHIM_H
#define GAPSIM_CYAML_SHIM_H

#include <yaml.h>

#endif
