#include "sync/silent_protobuf.h"

#include <google/protobuf/stubs/logging.h>

namespace throughgate::sync {

void silence_protobuf() { google::protobuf::SetLogHandler(nullptr); }

}  // namespace throughgate::sync
