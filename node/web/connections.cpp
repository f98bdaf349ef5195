#include "node/web/connections.h"

namespace throughgate::node::web {

void Connections::wait_for_thread() {
  const std::lock_guard lock(mutex_);
  ++waiting_;
  make_room();
}

void Connections::turned_away() {
  const std::lock_guard lock(mutex_);
  --waiting_;
}

void Connections::look_again() {
  const std::lock_guard lock(mutex_);
  make_room();
}

void Connections::begin(int socket) {
  const std::lock_guard lock(mutex_);
  --waiting_;
  served_[std::this_thread::get_id()] = {.socket = socket, .since = ++turn_};
}

void Connections::answering() {
  const std::lock_guard lock(mutex_);
  served_[std::this_thread::get_id()].is_answering = true;
}

void Connections::answered() {
  const std::lock_guard lock(mutex_);
  Served& own = served_[std::this_thread::get_id()];
  own.is_answering = false;
  own.since = ++turn_;
  make_room();
}

void Connections::over() {
  const std::lock_guard lock(mutex_);
  const auto own = served_.find(std::this_thread::get_id());
  if (own->second.is_ended) --ended_;
  served_.erase(own);
}

void Connections::make_room() {
  while (served_.size() - ended_ + waiting_ > threads_) {
    Served* const found = slowest();
    if (!found) return;
    found->is_ended = true;
    ++ended_;
    end_(found->socket);
  }
}

Connections::Served* Connections::slowest() {
  Served* found = nullptr;
  for (auto& [thread, each] : served_) {
    if (each.is_answering || each.is_ended) continue;
    if (!found || each.since < found->since) found = &each;
  }
  return found;
}

}  // namespace throughgate::node::web
