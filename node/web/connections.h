// Which connections hold a thread of the server, and which of them gives way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace throughgate::node::web {

// A thread serves one connection until that ends. While each has one and another connection waits,
// the one is ended whose client has been silent or slow for longest: whoever opens many and says
// nothing, or a byte at a time, keeps nobody out. None is ended from its answer on until that is
// sent. Threads: any; what a connection is doing is said by the thread that serves it.
class Connections {
 public:
  // `end` makes whatever a thread awaits of that socket fail, and is called under a lock.
  Connections(std::size_t threads, std::function<void(int socket)> end)
      : threads_(threads), end_(std::move(end)) {}

  void wait_for_thread();
  void turned_away();  // there was no room to wait
  void look_again();   // now and then: whoever has got a thread since may be slow too

  void begin(int socket);
  void answering();  // the request is here, so its client has done its part
  void answered();
  void over();  // before the socket is closed: its number may soon be another's

 private:
  struct Served {
    int socket = -1;
    std::uint64_t since = 0;  // in turns
    bool is_answering = false, is_ended = false;
  };

  void make_room();
  Served* slowest();

  const std::size_t threads_;
  const std::function<void(int socket)> end_;
  std::mutex mutex_;
  std::map<std::thread::id, Served> served_;
  std::size_t waiting_ = 0, ended_ = 0;
  std::uint64_t turn_ = 0;
};

}  // namespace throughgate::node::web
