#include "crypto/secret.h"

#include <catch_amalgamated.hpp>
#include <concepts>
#include <memory>
#include <ostream>
#include <type_traits>

#include "crypto/box_key.h"
#include "crypto/content_key.h"
#include "crypto/signing_key.h"
#include "tests/crypto/example_bytes.h"
#include "tests/crypto/freed_memory.h"

using namespace throughgate::crypto;

namespace {

template <typename Type>
concept Copied = std::copy_constructible<Type> || std::is_copy_assignable_v<Type>;
template <typename Type>
concept Printed = requires(std::ostream& out, const Type& value) {
  out << value;
};
template <typename Type>
concept Compared = requires(const Type& a, const Type& b) {
  a == b;
};
template <typename Type>
concept PassedAsBytes = std::convertible_to<Type, ByteView> || std::convertible_to<Type, Bytes> ||
    std::convertible_to<Type, std::string_view> || std::convertible_to<Type, std::string> ||
    std::convertible_to<Type, bool>;

template <typename Type>
constexpr bool kept_close = std::is_nothrow_move_constructible_v<Type> && !Copied<Type> &&
                            !Printed<Type> && !Compared<Type> && !PassedAsBytes<Type>;

static_assert(Copied<Bytes> && Printed<std::string> && Compared<Bytes> && PassedAsBytes<Bytes>);
static_assert(kept_close<Secret<32>> && kept_close<SecretText>);
static_assert(kept_close<SigningKey> && kept_close<BoxKey> && kept_close<ContentKey>);
static_assert(!std::convertible_to<Bytes, Secret<32>> &&
              !std::convertible_to<std::string, SecretText>);

const std::string short_password = "hunter in a tree";  // longer than lies inside a std::string
const std::string tiny_password = "moss & fern";        // lies inside it

// Memory of ours in which a value lives and dies, so that it may be looked at afterwards.
template <typename Type>
class Grave {
 public:
  template <typename... Arguments>
  explicit Grave(Arguments&&... arguments)
      : value_(new (memory_.data()) Type(std::forward<Arguments>(arguments)...)) {}
  Type& value() { return *value_; }
  void bury() { std::destroy_at(value_); }
  bool holds(ByteView bytes) const {
    return std::search(memory_.begin(), memory_.end(), bytes.begin(), bytes.end()) != memory_.end();
  }

 private:
  alignas(Type) ByteArray<sizeof(Type)> memory_{};
  Type* value_;
};

}  // namespace

TEST_CASE("a destroyed secret leaves nothing behind", "[secret]") {
  const Bytes bytes(32, 0xa5);
  Grave<Secret<32>> grave(std::span<const std::uint8_t, 32>(bytes.data(), 32));
  REQUIRE(grave.holds(bytes));
  grave.bury();
  CHECK_FALSE(grave.holds(Bytes{0xa5}));
}

TEST_CASE("a secret moved from is all zero, the one moved to holds it", "[secret]") {
  auto first = secret_of("0102030405060708091011121314151617181920212223242526272829303132");
  const Bytes bytes(first.view().begin(), first.view().end());

  Secret<32> second(std::move(first));
  CHECK(std::ranges::equal(second.view(), bytes));
  CHECK(std::ranges::all_of(first.view(), [](auto byte) { return byte == 0; }));  // NOLINT

  Secret<32> third;
  third = std::move(second);
  CHECK(std::ranges::equal(third.view(), bytes));
  CHECK(std::ranges::all_of(second.view(), [](auto byte) { return byte == 0; }));  // NOLINT
}

TEST_CASE("a secret moved onto itself stays what it is", "[secret]") {
  auto secret = secret_of("0102030405060708091011121314151617181920212223242526272829303132");
  auto& itself = secret;
  secret = std::move(itself);
  CHECK(secret.view()[0] == 1);

  SecretText text(short_password);
  auto& same = text;
  text = std::move(same);
  CHECK(text.view() == short_password);
}

TEST_CASE("a duplicate is a secret of its own", "[secret]") {
  auto first = secret_of("0102030405060708091011121314151617181920212223242526272829303132");
  const auto second = first.duplicate();
  wipe(first.writable());
  CHECK(second.view()[0] == 1);
}

TEST_CASE("a destroyed short text leaves nothing behind", "[secret]") {
  Grave<SecretText> grave(tiny_password);
  REQUIRE(grave.holds(as_bytes(tiny_password)));
  grave.bury();
  CHECK_FALSE(grave.holds(as_bytes(tiny_password).subspan(1)));  // a lost first letter is not wiped
}

TEST_CASE("a short text moved from leaves nothing behind", "[secret]") {
  Grave<SecretText> grave(tiny_password);
  SecretText next(std::move(grave.value()));
  CHECK(next.view() == tiny_password);
  CHECK_FALSE(grave.holds(as_bytes(tiny_password).subspan(1)));

  Grave<SecretText> other(tiny_password);
  next = std::move(other.value());
  CHECK(next.view() == tiny_password);
  CHECK_FALSE(other.holds(as_bytes(tiny_password).subspan(1)));
  grave.bury();
  other.bury();
}

TEST_CASE("no freed memory holds a text that was kept secret", "[secret]") {
  SECTION("one that was destroyed") {
    const FreedMemory freed(as_bytes(short_password));
    { const SecretText text{std::string(short_password)}; }
    CHECK_FALSE(freed.held_secret());
  }
  SECTION("one that was replaced") {
    const FreedMemory freed(as_bytes(short_password));
    {
      SecretText text{std::string(short_password)};
      text = SecretText(std::string(200, 'x'));
    }
    CHECK_FALSE(freed.held_secret());
  }
  SECTION("and the eye that looks sees a text that was not") {
    const FreedMemory freed(as_bytes(short_password));
    { const std::string text(short_password); }
    CHECK(freed.held_secret());
  }
}
