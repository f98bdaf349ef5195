// The desk's keys and the root above them: which key signs, and how the holders' word is taken up.
#include "node/desk/desk.h"
#include "schema/directory.pb.h"
#include "sync/store/directory_table.h"
#include "sync/store/settings_table.h"
#include "sync/wire_values.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::RootList;
using sync::SignedRootList;
using sync::store::SettingsTable;
using sync::store::UnitOfWork;
namespace setting = sync::store::setting;

using Key = std::optional<crypto::SigningKey>;

Key kept_key(SettingsTable& settings, std::string_view name) {
  auto seed = settings.find(name);
  if (!seed || seed->size() != 32) return std::nullopt;
  Key key(std::in_place, crypto::Secret<32>(std::span<const std::uint8_t, 32>(*seed)));
  crypto::wipe(*seed);
  return key;
}

void keep(SettingsTable& settings, std::string_view name, const crypto::SigningKey& key) {
  const auto seed = key.seed();
  settings.set(name, seed.view());
}

Error not_the_desk() {
  return {ErrorKind::denied,
          "Only the central team's own computers, once set up with \"desk init\", do this."};
}

Error names_another() {
  return {ErrorKind::denied,
          "The root list names another desk's key than this computer's, so this computer signs "
          "nothing. Where it is to be the desk, make a request with \"desk key\" for the root key "
          "holders."};
}

Error still_missing(const SignedRootList& list, const RootList* previous) {
  const auto quorum = sync::quorum_of(list, previous);
  if (!quorum) {
    return {ErrorKind::rejected,
            "This root list does not follow the one in force here, or somebody signed it who is no "
            "holder. \"root show\" prints what it says. Nothing was changed."};
  }
  const auto missing = [](std::size_t needed, std::size_t have) {
    return std::to_string(needed > have ? needed - have : 0);
  };
  return {ErrorKind::rejected,
          "Signatures are missing: " + missing(list.list.needed, quorum->of_own) +
              " of its own holders" +
              (previous ? ", " + missing(previous->needed, quorum->of_previous) +
                              " of the holders of the list before"
                        : "") +
              ". Each of them runs \"root sign\" with this file. Nothing was changed."};
}

}  // namespace

struct Desk::Keys {
  Key own;
  Key next;
  Key trial_root;

  // The one that the root list names; without a root list the desk's own. Null: none of them.
  crypto::SigningKey* named_by(const RootList* root) {
    for (auto* key : {&own, &next}) {
      if (*key && (!root || root->has_directory_key((*key)->verify_key()))) return &**key;
    }
    return nullptr;
  }
};

Result<Desk::Keys> Desk::keys() {
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  SettingsTable settings(work);
  Keys out{kept_key(settings, setting::desk_key), kept_key(settings, setting::next_desk_key),
           kept_key(settings, setting::trial_root)};
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<crypto::SigningKey> Desk::directory_key() {
  auto held = keys();
  if (!held) return held.error();
  if (node_.directory().version() == 0 || (!held->own && !held->next)) return not_the_desk();
  auto* key = held->named_by(node_.directory().root());
  if (!key) return names_another();
  return std::move(*key);
}

Result<crypto::VerifyKey> Desk::key_for_root_list() {
  if (auto central = is_central(); !central) return central.error();
  auto held = keys();
  if (!held) return held.error();
  const auto* root = node_.directory().root();
  // From before there were root lists: the first one names the key that everybody knows.
  if (!root && node_.directory().version() > 0 && held->own) return held->own->verify_key();
  const auto is_named = [&](const crypto::SigningKey& key) {
    return root && root->has_directory_key(key.verify_key());
  };
  if (held->next && !is_named(*held->next)) return held->next->verify_key();
  const auto fresh = crypto::SigningKey::generate(node_.random());
  UnitOfWork work(node_.database());
  SettingsTable settings(work);
  if (held->next) keep(settings, setting::desk_key, *held->next);
  keep(settings, setting::next_desk_key, fresh);
  if (auto done = work.commit(); !done) return done.error();
  return fresh.verify_key();
}

// One holder, whose key lies in this store beside the desk's: enough to try everything out.
Result<SignedRootList> Desk::trial_root(const crypto::VerifyKey& hub_key) {
  auto held = keys();
  if (!held) return held.error();
  if (!held->own || !held->trial_root) {
    UnitOfWork work(node_.database());
    SettingsTable settings(work);
    if (!held->own) {
      held->own.emplace(crypto::SigningKey::generate(node_.random()));
      keep(settings, setting::desk_key, *held->own);
    }
    if (!held->trial_root) {
      held->trial_root.emplace(crypto::SigningKey::generate(node_.random()));
      keep(settings, setting::trial_root, *held->trial_root);
    }
    if (auto done = work.commit(); !done) return done.error();
  }
  SignedRootList out;
  out.list.roots = {held->trial_root->verify_key()};
  out.list.directory_keys = {held->own->verify_key()};
  out.list.hub_keys = {hub_key};
  sign(out, *held->trial_root);
  return out;
}

Result<SignedRootList> Desk::first_root(const std::optional<SignedRootList>& given,
                                        const crypto::VerifyKey& hub_key) {
  if (!given) return trial_root(hub_key);
  auto held = keys();
  if (!held) return held.error();
  if (!held->named_by(&given->list)) return names_another();
  if (!given->list.has_hub_key(hub_key)) {
    return Error{ErrorKind::denied,
                 "The root list does not name the key of this exchange. Have the holders make one "
                 "with a request that \"desk key --hub-file FILE\" wrote. Nothing was changed."};
  }
  if (!check(*given, nullptr)) return still_missing(*given, nullptr);
  return *given;
}

Result<Done> Desk::sign_first(const SignedRootList& list, const schema::DirectoryBody& body) {
  auto held = keys();
  if (!held) return held.error();
  auto* key = held->named_by(&list.list);
  return key ? sign_with(*key, body, encode(list)) : Result<Done>(names_another());
}

Result<Done> Desk::install_root(SignedRootList list, const std::optional<HubFacts>& hub) {
  return on_the_newest_list([&] { return install_root_now(list, hub); });
}

Result<Done> Desk::install_root_now(SignedRootList list, const std::optional<HubFacts>& hub) {
  auto held = keys();
  if (!held) return held.error();
  const auto& directory = node_.directory();
  if (directory.version() == 0) return not_the_desk();
  const auto* root = directory.root();
  if (root && *root == list.list) return Done{};  // as after a crash
  auto* key = held->named_by(&list.list);
  if (!key) return names_another();
  if (root && held->trial_root && root->has_root(held->trial_root->verify_key())) {
    sign(list, *held->trial_root);  // its holder is whoever runs this
  }
  if (!check(list, root)) return still_missing(list, root);
  schema::DirectoryBody body;
  if (hub) {
    put_hub(*hub, body);
  } else if (!list.list.has_hub_key(directory.hub_key())) {
    return Error{ErrorKind::denied,
                 "This root list names another exchange than the central list does. Name the new "
                 "one with it: --hub-file FILE. Nothing was changed."};
  }
  return sign_with(*key, body, encode(list));
}

// A new exchange's key needs the holders' word; at a trial they sit here.
Result<Done> Desk::name_hub(const HubFacts& hub) {
  return on_the_newest_list([&] { return name_hub_now(hub); });
}

Result<Done> Desk::name_hub_now(const HubFacts& hub) {
  if (auto key = directory_key(); !key) return key.error();
  schema::DirectoryBody body;
  put_hub(hub, body);
  const auto* root = node_.directory().root();
  if (!root || root->has_hub_key(hub.key)) return sign_next(body);
  const auto held = keys();
  if (!held) return held.error();
  if (!held->trial_root || root->needed > 1 || !root->has_root(held->trial_root->verify_key())) {
    return Error{ErrorKind::denied,
                 "The root list does not name this exchange's key. Write a request with \"desk key "
                 "--hub-file FILE\", have the root key holders sign a list with it, and take that "
                 "up with \"desk root\". Nothing was changed."};
  }
  SignedRootList next{*root, {}};
  next.list.version = root->version + 1;
  next.list.previous = sync::root_hash(*root);
  next.list.hub_keys = {hub.key};
  return install_root_now(std::move(next), hub);
}

Result<std::optional<crypto::Bytes>> Desk::root_list() {
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  auto all = sync::store::DirectoryTable(work).root_lists();
  if (auto done = work.commit(); !done) return done.error();
  return all.empty() ? std::optional<crypto::Bytes>() : std::optional(std::move(all.back()));
}

}  // namespace throughgate::node
