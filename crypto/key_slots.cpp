#include "crypto/key_slots.h"

#include "crypto/content_key.h"
#include "crypto/context.h"
#include "crypto/hash.h"

namespace throughgate::crypto {
namespace {

constexpr Context name_context("slot name");
constexpr Context recovery_context("slot recovery");
constexpr Context sealed_key_context("slot sealed key");
constexpr Context decoy_salt_context("slot decoy salt");
constexpr Context decoy_cost_context("slot decoy cost");
constexpr Context mark_context("slot mark");

constexpr std::uint16_t version = 1;
constexpr std::uint8_t password_kind = 1;
constexpr std::uint8_t key_file_kind = 2;
constexpr std::uint8_t recovery_kind = 3;

constexpr std::size_t file_head_size = 2 + 16;
constexpr std::size_t place_size = 1 + 8;  // kind and id: where a slot stands in the file
constexpr std::size_t cost_at = place_size;
constexpr std::size_t salt_at = cost_at + 8 + 8;
constexpr std::size_t sealed_key_size = content_overhead + 32;
constexpr std::size_t password_size = salt_at + 16 + sealed_key_size;
constexpr std::size_t key_file_size = place_size + sealed_key_size;
constexpr std::size_t recovery_size = place_size + sealed_box_overhead + 32;

std::size_t size_of_kind(std::uint8_t kind) {  // 0: no such kind
  switch (kind) {
    case password_kind:
      return password_size;
    case key_file_kind:
      return key_file_size;
    case recovery_kind:
      return recovery_size;
    default:
      return 0;
  }
}

void append(Bytes& bytes, ByteView more) { bytes.insert(bytes.end(), more.begin(), more.end()); }

template <typename Number>
void append_number(Bytes& bytes, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
  }
}

template <typename Number>
Number number_at(ByteView bytes, std::size_t at) {
  std::uint64_t number = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;) number = number << 8 | bytes[at + i];
  return static_cast<Number>(number);
}

Bytes place(std::uint8_t kind, std::span<const std::uint8_t, 8> id) {
  Bytes bytes{kind};
  append(bytes, id);
  return bytes;
}

Bytes recovery_place(const BoxPublicKey& key) {
  const Hash digest = hash(recovery_context, {key});
  return place(recovery_kind, std::span(digest).first<8>());
}

// Each name has a password slot; of the other kinds a file holds one, whatever its id.
bool stand_in_one_place(ByteView a, ByteView b) {
  if (a[0] != b[0]) return false;
  return a[0] != password_kind ||
         std::equal(a.begin(), a.begin() + place_size, b.begin(), b.begin() + place_size);
}

PassphraseCost cost_of(ByteView password_slot) {
  return {number_at<std::uint64_t>(password_slot, cost_at),
          number_at<std::uint64_t>(password_slot, cost_at + 8)};
}

Bytes password_head(ByteView place, const PassphraseCost& cost, const ByteArray<16>& salt) {
  Bytes head(place.begin(), place.end());
  head.reserve(password_size);
  append_number(head, cost.opslimit);
  append_number(head, cost.memlimit);
  append(head, salt);
  return head;
}

std::optional<ContentKey> password_key(std::string_view password, ByteView slot) {
  ByteArray<16> salt;
  std::copy_n(slot.begin() + salt_at, salt.size(), salt.begin());
  auto key = derive_key(password, salt, cost_of(slot));
  if (!key) return std::nullopt;
  return ContentKey(std::move(*key));
}

Bytes sealed_slot(Bytes head, const ContentKey& sealing, const DatabaseKey& key, Random& random) {
  append(head, sealing.seal(sealed_key_context, head, key.view(), random));
  return head;
}

std::optional<DatabaseKey> take_key(std::optional<Bytes> plain) {
  if (!plain || plain->size() != 32) return std::nullopt;
  DatabaseKey key(std::span<const std::uint8_t, 32>(plain->data(), 32));
  wipe(*plain);
  return key;
}

std::optional<DatabaseKey> open_sealed_slot(const ContentKey& sealing, ByteView slot) {
  const std::size_t sealed_at = slot.size() - sealed_key_size;
  return take_key(sealing.open(sealed_key_context, slot.first(sealed_at), slot.subspan(sealed_at)));
}

}  // namespace

KeySlots KeySlots::create(Random& random) {
  KeySlots made;
  made.file_salt_ = random.bytes<16>();
  return made;
}

std::optional<KeySlots> KeySlots::parse(ByteView file) {
  if (file.size() < file_head_size || number_at<std::uint16_t>(file, 0) != version) {
    return std::nullopt;
  }
  KeySlots parsed;
  std::copy_n(file.begin() + 2, parsed.file_salt_.size(), parsed.file_salt_.begin());

  for (ByteView rest = file.subspan(file_head_size); !rest.empty();) {
    const std::size_t size = size_of_kind(rest[0]);
    if (size == 0 || size > rest.size()) return std::nullopt;
    const ByteView slot = rest.first(size);
    if (slot[0] == password_kind && !within_bounds(cost_of(slot))) return std::nullopt;
    if (parsed.find(slot) != nullptr || !parsed.put({slot.begin(), slot.end()})) {
      return std::nullopt;
    }
    rest = rest.subspan(size);
  }
  return parsed;
}

Bytes KeySlots::serialize() const {
  Bytes file;
  append_number(file, version);
  append(file, file_salt_);
  for (const Bytes& slot : slots_) append(file, slot);
  return file;
}

bool KeySlots::set_password(std::string_view sign_in_name, std::string_view password,
                            const DatabaseKey& key, const PassphraseCost& cost, Random& random) {
  Bytes head = password_head(password_place(sign_in_name), cost, random.bytes<16>());
  const auto sealing = password_key(password, head);
  return sealing && put(sealed_slot(std::move(head), *sealing, key, random));
}

bool KeySlots::set_key_file(const Secret<32>& file_key, const DatabaseKey& key, Random& random) {
  Bytes head = place(key_file_kind, random.bytes<8>());
  return put(sealed_slot(std::move(head), ContentKey(file_key.duplicate()), key, random));
}

bool KeySlots::set_recovery(const BoxPublicKey& recovery_key, const DatabaseKey& key) {
  const Bytes sealed = seal_to(recovery_key, key.view());
  if (sealed.empty()) return false;
  Bytes slot = recovery_place(recovery_key);
  append(slot, sealed);
  return put(std::move(slot));
}

bool KeySlots::remove_password(std::string_view sign_in_name) {
  return remove(password_place(sign_in_name));
}

bool KeySlots::remove_key_file() { return remove(ByteArray<1>{key_file_kind}); }

std::optional<DatabaseKey> KeySlots::open_with_password(std::string_view sign_in_name,
                                                        std::string_view password) const {
  const Bytes wanted = password_place(sign_in_name);
  const Bytes* held = find(wanted);
  const Bytes slot = held != nullptr ? *held : decoy(wanted);
  const auto sealing = password_key(password, slot);
  if (!sealing) return std::nullopt;
  return open_sealed_slot(*sealing, slot);
}

std::optional<DatabaseKey> KeySlots::open_with_key_file(const Secret<32>& file_key) const {
  const Bytes* slot = find(ByteArray<1>{key_file_kind});
  if (slot == nullptr) return std::nullopt;
  return open_sealed_slot(ContentKey(file_key.duplicate()), *slot);
}

std::optional<DatabaseKey> KeySlots::open_with_recovery(const BoxKey& recovery_key) const {
  const Bytes wanted = recovery_place(recovery_key.public_key());
  const Bytes* slot = find(wanted);
  if (slot == nullptr || !std::equal(wanted.begin(), wanted.end(), slot->begin())) {
    return std::nullopt;
  }
  return take_key(recovery_key.open(ByteView(*slot).subspan(place_size)));
}

bool KeySlots::has_password(std::string_view sign_in_name) const {
  return find(password_place(sign_in_name)) != nullptr;
}

std::optional<Hash> KeySlots::password_mark(std::string_view sign_in_name) const {
  const Bytes* slot = find(password_place(sign_in_name));
  return slot ? std::optional(hash(mark_context, {*slot})) : std::nullopt;
}

std::size_t KeySlots::password_count() const {
  return static_cast<std::size_t>(std::count_if(
      slots_.begin(), slots_.end(), [](const Bytes& slot) { return slot[0] == password_kind; }));
}

Bytes KeySlots::password_place(std::string_view sign_in_name) const {
  const Hash digest = keyed_hash(file_salt_, name_context, {as_bytes(sign_in_name)});
  return place(password_kind, std::span(digest).first<8>());
}

// A slot that no password opens, for a name that has none. Its cost is that of one of the others,
// chosen by the name, so that trying a name twice or after a change of costs tells nothing either.
Bytes KeySlots::decoy(ByteView wanted) const {
  std::vector<PassphraseCost> costs;
  for (const Bytes& slot : slots_) {
    if (slot[0] == password_kind) costs.push_back(cost_of(slot));
  }
  if (costs.empty()) costs.emplace_back();

  const auto draw = keyed_hash_128(file_salt_, decoy_cost_context, {wanted});
  const auto& cost = costs[number_at<std::uint64_t>(draw, 0) % costs.size()];
  Bytes slot =
      password_head(wanted, cost, keyed_hash_128(file_salt_, decoy_salt_context, {wanted}));
  slot.resize(password_size);
  return slot;
}

const Bytes* KeySlots::find(ByteView wanted) const {
  const auto found = std::find_if(slots_.begin(), slots_.end(), [wanted](const Bytes& slot) {
    return stand_in_one_place(slot, wanted);
  });
  return found == slots_.end() ? nullptr : &*found;
}

bool KeySlots::put(Bytes slot) {
  const auto old = std::find_if(slots_.begin(), slots_.end(), [&slot](const Bytes& held) {
    return stand_in_one_place(held, slot);
  });
  if (old != slots_.end()) {
    *old = std::move(slot);
    return true;
  }
  if (slots_.size() == key_slots_max) return false;
  slots_.push_back(std::move(slot));
  return true;
}

bool KeySlots::remove(ByteView wanted) {
  return std::erase_if(
             slots_, [wanted](const Bytes& slot) { return stand_in_one_place(slot, wanted); }) > 0;
}

}  // namespace throughgate::crypto
