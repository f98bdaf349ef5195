#include "sync/store/unit_of_work.h"

#include <unistd.h>
#include <catch_amalgamated.hpp>

#include <filesystem>

namespace throughgate::sync::store {
namespace {

// Two connections to one new file.
class TwoConnections {
 public:
  TwoConnections() : writer_(open()), reader_(open()) {
    UnitOfWork work(writer_);
    work.run("CREATE TABLE number (value INTEGER)");
    REQUIRE(work.commit());
  }
  TwoConnections(const TwoConnections&) = delete;
  TwoConnections& operator=(const TwoConnections&) = delete;
  ~TwoConnections() {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + end);
  }

  Database& writer() { return writer_; }
  Database& reader() { return reader_; }

 private:
  Database open() const {
    OpenOptions options;
    options.access = Access::create;
    options.busy_timeout_ms = 0;
    auto database = Database::open(path_, crypto::DatabaseKey(), options);
    REQUIRE(database);
    return std::move(*database);
  }

  std::string path_ =
      (std::filesystem::temp_directory_path() / ("tg-unit-" + std::to_string(::getpid()))).string();
  Database writer_;
  Database reader_;
};

std::uint64_t count(UnitOfWork& work) {
  return work.first("SELECT count(*) FROM number", bound(), unsigned_column).value_or(99);
}

}  // namespace

TEST_CASE("a reading unit sees one moment, and neither waits for a writer nor keeps it waiting",
          "[unit_of_work]") {
  TwoConnections file;
  UnitOfWork writing(file.writer());
  writing.run("INSERT INTO number VALUES (1)");
  UnitOfWork reading(file.reader(), Purpose::reading);
  CHECK(count(reading) == 0);
  REQUIRE(writing.commit());
  CHECK(count(reading) == 0);
  REQUIRE(reading.commit());
  UnitOfWork later(file.reader(), Purpose::reading);
  CHECK(count(later) == 1);
}

TEST_CASE("two writing units do not stand beside each other", "[unit_of_work]") {
  TwoConnections file;
  UnitOfWork first(file.writer());
  UnitOfWork second(file.reader());
  CHECK(second.failed());
}

}  // namespace throughgate::sync::store
