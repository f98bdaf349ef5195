// What passes between a site and the hub: requests of a site that is signed in and means ill,
// answers of a hub gone wrong. The first byte says which of the five calls, and whether the rest is
// the request or the answer; as a sixth, the rest is what stands inside a file for the hub that the
// site passes on. Nothing that was there before may go, and nobody may be stopped.
#include <iostream>

#include "node/bundles/passing_on.h"
#include "node/handovers/case_file.h"
#include "schema/bundle.pb.h"
#include "schema/wire.pb.h"
#include "sync/parse.h"
#include "sync/wire_values.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::fuzz {
namespace {

using namespace node;
using node::testing::Site;
using schema::Handover;
using Endpoint = HubClient::Endpoint;

crypto::Bytes bytes_of(const google::protobuf::Message& message) {
  const std::string text = message.SerializeAsString();
  return {text.begin(), text.end()};
}

// A prison and a partner that share a handover, which the prison has changed since the partner
// last fetched it.
class Ground {
 public:
  Ground() : id_(node::testing::shared_handover(world_)) {
    world_.sync_all(3);
    change();
  }

  void ask(Endpoint endpoint, crypto::ByteView bytes) {
    if (endpoint == Endpoint::sync) return ask_signed_in<schema::SyncRequest>(endpoint, bytes);
    if (endpoint == Endpoint::fetch) return ask_signed_in<schema::FetchRequest>(endpoint, bytes);
    if (endpoint == Endpoint::carry) return ask_signed_in<schema::CarryRequest>(endpoint, bytes);
    (void)world_.hub().call(endpoint, bytes);
  }

  // Sealed to the hub by the prison, and passed on by the partner: whatever is in it.
  void pass_on(crypto::ByteView bytes) {
    schema::Bundle content;
    if (!sync::parse(bytes, content)) return;
    const auto& maker = world_.prison.node->identity();
    sync::BundleLabel label;
    label.meant_for = sync::BundleFor::hub;
    label.maker = maker.node.bytes;
    label.set = sync::BundleSet::random(random_);
    label.directory_version = bytes.size() % 4;
    const auto file =
        sync::seal_bundle(label, {*sync::hub_as_reader(world_.hub_key().verify_key())}, content,
                          maker.signing_key, random_);
    if (!file) return;
    schema::CarryRequest request;
    request.set_file(sync::to_wire(*file));
    ask_signed_in<schema::CarryRequest>(Endpoint::carry, bytes_of(request));
  }

  void answer(Endpoint endpoint, crypto::ByteView bytes) {
    if (endpoint == Endpoint::carry) keep_one();
    visit([&](Endpoint called, crypto::Bytes& answer) {
      if (called == endpoint) answer.assign(bytes.begin(), bytes.end());
    });
    must_hold(world_.partner);
    if (shown_to_partner() == name()) change();  // it has that page: there is a new one to ask for
  }

  void must_hold(Site& site) {
    const auto held = read_case(*site.records, id_);
    must(held && held->text(Handover::kFamilyNameFieldNumber) == "Example");
  }

  // Does an honest visit of both still bring everything to both?
  bool goes_on() {
    const bool visited = SyncRound(*world_.prison.node, world_.hub()).run().has_value() &&
                         SyncRound(*world_.partner.node, world_.hub()).run().has_value();
    must_hold(world_.prison);
    const bool arrived = visited && shown_to_partner() == name();
    if (arrived) change();
    return arrived;
  }

 private:
  std::string name() const { return "Sam " + std::to_string(changes_); }

  std::string shown_to_partner() {
    return read_case(*world_.partner.records, id_)->text(Handover::kSenderNameFieldNumber);
  }

  void change() {
    ++changes_;
    auto& prison = world_.prison;
    const auto open = prison.records->open({id_, {}, record_type(*Handover::descriptor())->number});
    must(open && prison.records->set_fields(*open, {{"sender-name", name()}}, prison.by));
    world_.sync(prison);
    link_ = {};
    visit([](Endpoint called, crypto::Bytes& answer) {
      if (called == Endpoint::fetch) answer.clear();
    });
  }

  void visit(const std::function<void(Endpoint, crypto::Bytes&)>& spoil) {
    int requests = 0;
    world_.listener = [&](Endpoint called, crypto::ByteView, crypto::Bytes& answer) {
      must(++requests <= 50);  // an answer given for ever is no reason to ask for ever
      spoil(called, answer);
    };
    SyncRound round(*world_.partner.node, world_.hub(), link_);
    (void)round.run();
    (void)node::pass_on(*world_.partner.node, round);
    world_.listener = nullptr;
  }

  // A file of the prison's that the partner is to pass on with its next visit.
  void keep_one() {
    const auto& maker = world_.prison.node->identity();
    sync::BundleLabel label;
    label.meant_for = sync::BundleFor::hub;
    label.maker = maker.node.bytes;
    label.set = sync::BundleSet::random(random_);
    const auto file =
        sync::seal_bundle(label, {*sync::hub_as_reader(world_.hub_key().verify_key())}, {},
                          maker.signing_key, random_);
    must(file.has_value());
    const auto read = sync::read_bundle(*file);
    must(read.bundle.has_value());
    (void)node::keep_to_pass_on(*world_.partner.node, *read.bundle, *file);
  }

  template <class Request>
  void ask_signed_in(Endpoint endpoint, crypto::ByteView bytes) {
    if (link_.token.empty()) visit([](Endpoint, crypto::Bytes&) {});
    Request request;
    if (!sync::parse(bytes, request)) return (void)world_.hub().call(endpoint, bytes);
    auto& credential = *request.mutable_credential();
    credential.Clear();
    credential.set_node(sync::to_wire(world_.partner.node->identity().node.view()));
    credential.set_token(sync::to_wire(link_.token));
    const auto answer = world_.hub().call(endpoint, bytes_of(request));
    must(answer || answer.error().kind == sync::ErrorKind::invalid ||
         answer.error().kind == sync::ErrorKind::stale);
  }

  node::testing::World world_;
  const sync::DossierId id_;
  std::uint64_t changes_ = 0;
  LinkMemory link_;
  sync::testing::SeededRandom random_{7};
};

}  // namespace

void run(crypto::ByteView bytes) {
  static std::optional<Ground> made;
  static std::vector<crypto::Bytes> inputs;  // since both were last visited
  static int visits = 0;                     // of this ground, whose record grows with each
  if (bytes.empty()) return;
  if (!made || visits == 16) {
    made.emplace();
    visits = 0;
  }
  Ground& ground = *made;
  inputs.emplace_back(bytes.begin(), bytes.end());
  constexpr std::array endpoints{Endpoint::hello,   Endpoint::sync,  Endpoint::fetch,
                                 Endpoint::mailbox, Endpoint::carry, Endpoint::carry};
  const auto call = bytes[0] / 2U % endpoints.size();
  const auto endpoint = endpoints[call];
  if (call == 5) {
    ground.pass_on(bytes.subspan(1));
  } else if (bytes[0] % 2 == 0) {
    ground.ask(endpoint, bytes.subspan(1));
  } else {
    ground.answer(endpoint, bytes.subspan(1));
  }
  if (inputs.size() < 16) return;
  if (!ground.goes_on()) {  // the fuzzer keeps the last input only
    for (const auto& each : inputs) std::cerr << "input: " << crypto::to_hex(each) << '\n';
    must(false);
  }
  inputs.clear();
  ++visits;
}

}  // namespace throughgate::fuzz
