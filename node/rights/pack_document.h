// A pack as a document to be read.
#pragma once

#include "node/rights/document.h"
#include "node/rights/pack.h"

namespace throughgate::node {

Document document_of(const Pack& pack);

}  // namespace throughgate::node
