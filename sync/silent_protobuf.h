// Protobuf writes to stderr what it thinks of bytes from elsewhere. What is wrong with them our own
// errors say, in words for people, and no log of ours holds what others sent.
#pragma once

namespace throughgate::sync {

// For the whole process. Called by a program before it reads anything.
void silence_protobuf();

}  // namespace throughgate::sync
