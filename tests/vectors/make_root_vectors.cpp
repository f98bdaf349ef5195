#include "schema/directory.pb.h"
#include "sync/directory_snapshot.h"
#include "tests/sync/root_holders.h"
#include "tests/vectors/make_vectors.h"

namespace throughgate::vectors {
namespace {

using namespace sync;
using sync::testing::RootHolders;

constexpr auto list_unsigned =
    "rejected: The central list was refused: it is not signed by the central team.";
constexpr auto root_list_not_next = "stale: This is not the next root list.";
constexpr auto root_list_short_of_holders =
    "rejected: The root list was refused: not enough root key holders have signed it.";
constexpr auto root_list_wrong =
    "rejected: The root list was refused: it does not follow the one held here, or a signature is "
    "wrong.";
constexpr auto snapshot_unsigned =
    "rejected: The snapshot of the central list was refused: it is not signed by the central team.";

void add_root_lists(Vectors& out) {
  const RootHolders holders;
  const auto first = holders.first();
  const auto second = RootHolders::next(first);
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const std::vector<Bytes>& lists) {
    VectorFile vector("root_list", about, expect);
    for (const auto& list : lists) vector.add("list", hex_or_dash(list));
    out["root_list_" + name] = std::move(vector);
  };
  const auto good = encode(holders.by(first, {0, 1}));
  const auto accept = "accept " + crypto::to_hex(root_hash(first));
  add("first", "List 1 of three holders, of whom two have signed; the result is its hash.", accept,
      {good});
  add("all_signed", "The same, signed by all three: its hash is the same.", accept,
      {encode(holders.by(first, {0, 1, 2}))});
  add("second", "A list that follows.", "accept " + crypto::to_hex(root_hash(second)),
      {good, encode(holders.by(second, {1, 2}))});
  add("too_few", "Signed by one holder, where two are needed.", root_list_short_of_holders,
      {encode(holders.by(first, {2}))});
  add("replayed", "List 1 again after list 2.", root_list_not_next,
      {good, encode(holders.by(second, {1, 2})), good});
  add("ahead", "List 2 without list 1.", root_list_not_next, {encode(holders.by(second, {1, 2}))});

  auto needs_one = first;
  needs_one.needed = 1;
  add("other_past", "List 2 that follows another list 1.", root_list_wrong,
      {good, encode(holders.by(RootHolders::next(needs_one), {0, 1}))});
  auto others = RootHolders::next(first);
  const RootHolders strangers(41);
  others.roots = strangers.first().roots;
  auto by_strangers = strangers.by(others, {0, 1});
  add("taken_over", "List 2 of other holders, whom those of list 1 have not signed.",
      root_list_short_of_holders, {good, encode(by_strangers)});
  sign(by_strangers, holders.roots[0]);
  sign(by_strangers, holders.roots[2]);
  add("handed_over", "The same, signed by two holders of list 1 too.",
      "accept " + crypto::to_hex(root_hash(others)), {good, encode(by_strangers)});
  auto by_a_stranger = holders.by(first, {0, 1});
  sign(by_a_stranger, strangers.roots[0]);
  add("stranger", "Signed by two holders, and by somebody who is none.", root_list_wrong,
      {encode(by_a_stranger)});

  auto bit = good;
  bit.back() ^= 1;
  add("signature_bit", "One bit of a signature flipped.", root_list_wrong, {bit});
  bit = good;
  bit[100] ^= 1;
  add("key_bit", "One bit of a holder's key flipped.", root_list_wrong, {bit});
  auto cut = good;
  cut.pop_back();
  add("short", "Cut short.", "malformed", {cut});
  auto longer = good;
  longer.push_back(0);
  add("long", "A byte too many.", "malformed", {longer});
  auto unneeded = first;
  unneeded.needed = 0;
  add("needs_nobody", "That nobody need sign.", "malformed",
      {encode(SignedRootList{unneeded, {}})});
  auto twice = first;
  twice.roots.push_back(twice.roots.front());
  add("holder_twice", "With a holder twice.", "malformed", {encode(holders.by(twice, {0, 1}))});
}

VectorFile steps(const Anchor& anchor, const std::string& about, const std::string& expect,
                 const std::vector<DirectoryStep>& all) {
  VectorFile vector("directory", about, expect);
  vector.add("directory_key", anchor.root);
  for (const auto& step : all) {
    vector.add("step", hex_or_dash(step.header) + " " + hex_or_dash(step.body) + " " +
                           crypto::to_hex(step.signature) + " " + hex_or_dash(step.root_list));
  }
  return vector;
}

void add_rooted_directories(Vectors& out) {
  RootHolders holders;
  const auto first = holders.first();
  const auto anchor = root_hash(first);
  Directory directory;
  const auto sign_next = [&](const crypto::SigningKey& key, const Bytes& list) {
    return directory.sign_next({}, 1'800'000'000'000, 1'810'000'000'000, key, list);
  };
  const auto begun = sign_next(holders.directory_key, encode(holders.by(first, {0, 1})));
  if (!directory.apply(begun, anchor)) return;
  out["directory_root"] =
      steps(anchor, "A step that brings root list 1; directory_key is this list's hash.",
            "accept 1", {begun});
  out["directory_other_root"] = steps(
      root_hash(RootHolders(41).first()), "The same, under another root.",
      "rejected: The central list was refused: it stands under another root than this computer's.",
      {begun});

  const auto fresh = crypto::SigningKey::generate(holders.random);
  auto second = RootHolders::next(first);
  second.directory_keys = {fresh.verify_key()};
  const auto rotated = sign_next(fresh, encode(holders.by(second, {1, 2})));
  if (!directory.apply(rotated, anchor)) return;
  out["directory_rotated"] = steps(anchor, "The holders name another directory key.", "accept 3",
                                   {begun, rotated, sign_next(fresh, {})});
  out["directory_old_key"] = steps(anchor, "The key before it signs once more.", list_unsigned,
                                   {begun, rotated, sign_next(holders.directory_key, {})});
}

void add_twice(Vectors& out) {
  const RootHolders holders;
  const auto& key = holders.directory_key;
  const auto add = [&](const std::string& name, const std::string& about, const std::string& why,
                       const schema::DirectoryBody& body) {
    const Directory directory;
    out["directory_" + name] =
        steps(key.verify_key(), about, "rejected: The central list was refused: it " + why,
              {directory.sign_next(body, 1'800'000'000'000, 1'810'000'000'000, key)});
  };
  schema::DirectoryBody body;
  for (int i = 0; i < 2; ++i) {
    auto& agreement = *body.add_agreements();
    agreement.set_id("made-up-agreemnt");
    agreement.set_from("made-up-prison-1");
    agreement.set_to("made-up-partner1");
    agreement.add_dossier_kinds(10);
  }
  add("agreement_twice", "A step that lists an agreement twice.", "lists an agreement twice.",
      body);
  body.Clear();
  auto& organisation = *body.add_organisations();
  organisation.set_id("made-up-prison-1");
  organisation.set_name("HMP Made Up");
  organisation.set_kind(schema::DirectoryOrganisation::PRISON);
  organisation.set_recovery_key(std::string(32, 'r'));
  auto& node = *body.add_nodes();
  node.set_id("made-up-node-one");
  node.set_organisation("made-up-prison-1");
  node.set_verify_key(std::string(32, 'v'));
  node.set_box_key(std::string(32, 'b'));
  body.add_revoked_nodes(node.id());
  body.add_revoked_nodes(node.id());
  add("revoked_twice", "A step that revokes a node twice.", "withdraws a computer twice.", body);
  body.clear_revoked_nodes();
  body.add_revocations()->set_node(node.id());
  add("why_of_nobody", "A step that says why of a node that is not revoked.",
      "says why of a computer that it does not withdraw.", body);
  body.Clear();
  body.add_erased_dossiers("made-up-dossier1");
  body.add_erased_dossiers("made-up-dossier1");
  add("erased_twice", "A step that erases a dossier twice.", "erases a record twice.", body);
}

schema::DirectoryBody made_up_body() {
  schema::DirectoryBody body;
  auto& organisation = *body.add_organisations();
  organisation.set_id("made-up-prison-1");
  organisation.set_name("HMP Made Up");
  organisation.set_kind(schema::DirectoryOrganisation::PRISON);
  organisation.set_recovery_key(std::string(32, 'r'));
  organisation.set_establishment("LEI");
  auto& node = *body.add_nodes();
  node.set_id("made-up-node-one");
  node.set_organisation("made-up-prison-1");
  node.set_verify_key(std::string(32, 'v'));
  node.set_box_key(std::string(32, 'b'));
  node.set_label("Reception PC");
  body.add_erased_dossiers("made-up-dossier1");
  return body;
}

void add_snapshots(Vectors& out) {
  RootHolders holders;
  const auto first = holders.first();
  Anchor anchor = root_hash(first);
  const Bytes list = encode(holders.by(first, {0, 1}));
  Directory directory;
  const auto step = directory.sign_next(made_up_body(), 1'800'000'000'000, 1'810'000'000'000,
                                        holders.directory_key, list);
  if (!directory.apply(step, anchor)) return;
  anchor.version = directory.version();
  anchor.head = directory.head();
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const Anchor& told, const Bytes& snapshot) {
    VectorFile vector("directory_snapshot", about, expect);
    vector.add("root", told.root).add("version", std::to_string(told.version));
    vector.add("head", told.head);
    out["directory_snapshot_" + name] = std::move(vector.add("snapshot", snapshot));
  };
  const auto good = sign_snapshot(directory, {list}, holders.directory_key);
  add("good", "Of version 1; the result is the directory's state.",
      "accept " + crypto::to_hex(directory.state()), anchor, good);
  add("untold", "Where the anchor tells nothing of the list.",
      "accept " + crypto::to_hex(directory.state()), anchor.root, good);
  Anchor other = anchor;
  other.root = root_hash(RootHolders(41).first());
  add("other_root", "Under another root.",
      "rejected: The snapshot of the central list was refused: it stands under another root than "
      "this computer's.",
      other, good);
  other = anchor;
  other.head[0] ^= 1;
  add("other_list", "Of another list than the anchor tells of.",
      "rejected: The snapshot of the central list was refused: it is not of the list that the "
      "central team told this computer of.",
      other, good);
  add("forged", "Signed by another key.", snapshot_unsigned, anchor,
      sign_snapshot(directory, {list}, holders.hub_key));
  add("no_root_list", "Without the root list.",
      "rejected: The snapshot of the central list was refused: it is damaged.", anchor,
      sign_snapshot(directory, {}, holders.directory_key));
  auto bit = good;
  bit[list.size() + 20] ^= 1;
  add("bit", "One bit of the state flipped.", snapshot_unsigned, anchor, bit);
  auto cut = good;
  cut.pop_back();
  add("short", "Cut short.", snapshot_unsigned, anchor, cut);
  schema::DirectoryBody revoking;
  revoking.add_revoked_nodes("made-up-node-one");
  auto& why = *revoking.add_revocations();
  why.set_node("made-up-node-one");
  why.set_reason(schema::NodeRevocation::STOLEN);
  why.set_suspect_since_ms(1'799'000'000'000);
  const auto next =
      directory.sign_next(revoking, 1'800'000'000'000, 1'810'000'000'000, holders.directory_key);
  if (!directory.apply(next, anchor)) return;
  add("revocation", "Of version 2, which revokes a node and says why: the state in its form 2.",
      "accept " + crypto::to_hex(directory.state()), anchor.root,
      sign_snapshot(directory, {list}, holders.directory_key));
}

}  // namespace

void add_root_vectors(Vectors& out) {
  add_snapshots(out);
  add_root_lists(out);
  add_rooted_directories(out);
  add_twice(out);
}

}  // namespace throughgate::vectors
