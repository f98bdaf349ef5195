#include "crypto/init.h"

#include <sodium.h>

namespace throughgate::crypto {

bool start() { return sodium_init() >= 0; }

}  // namespace throughgate::crypto
