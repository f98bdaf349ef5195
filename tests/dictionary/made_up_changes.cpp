#include "tests/dictionary/made_up_changes.h"

#include <stdexcept>

#include "schema/directory.pb.h"
#include "tests/dictionary/typed_values.h"
#include "tests/simulation/machines.h"

namespace throughgate::dictionary {
namespace {

using node::By;
using node::RecordType;
using node::Saved;
using simulation::SeededRandom;

constexpr std::uint64_t minute_ms = 60'000;

template <class T>
T must(sync::Result<T> result) {
  if (!result) throw std::logic_error(result.error().message);
  return *std::move(result);
}

std::string text(sync::ByteView bytes) { return std::string(crypto::as_text(bytes)); }

// A prison and a hub in one process.
class Prison {
 public:
  Prison(std::uint64_t seed, Words words)
      : random_(seed),
        hub_(seed, random_, time_, {}),
        machine_("Prison", seed, random_, time_,
                 std::make_unique<simulation::Link>(hub_, random_, answers_)),
        codes_(must(node::CodeLists::load(CODES_FOLDER))),
        typed_(random_, codes_, words) {
    enrol();
    records_ = std::make_unique<node::RecordService>(machine_.node(), codes_);
  }

  // A dossier with one record of each type that stands in it, each changed a few times.
  void dossier(schema::DossierKind kind) {
    const auto types = node::record_types_in(kind);
    by_.actor = {sync::ActorId::random(random_), typed_.person(), typed_.staff_roles()};
    const auto root =
        begin(records_->new_record(*types.front(), typed_.inputs(*types.front()), by()));
    if (!root) return;
    for (std::size_t i = 1; i < types.size(); ++i) {
      const auto record =
          begin(records_->new_record_in(root->dossier, *types[i], typed_.inputs(*types[i]), by()));
      if (record) edit(*record, 3);
    }
    edit(*root, 6);
  }

  // From here on, what is there is named by its place in the order.
  void sync() {
    must(machine_.sync());
    ++time_.tick;
  }

  MadeUpChanges take() { return std::move(made_); }

 private:
  void enrol() {
    const auto directory_key = crypto::SigningKey::generate(random_);
    const auto recovery = crypto::BoxKey::generate(random_);
    auto& node = machine_.node();
    must(node.make_identity(sync::OrganisationId::random(random_), recovery));
    must(node.pin_anchor(directory_key.verify_key()));
    schema::DirectoryBody body;
    auto& organisation = *body.add_organisations();
    organisation.set_id(text(node.identity().organisation.view()));
    organisation.set_name("HMP Example");
    organisation.set_kind(schema::DirectoryOrganisation::PRISON);
    organisation.set_recovery_key(text(recovery.public_key()));
    auto& listed = *body.add_nodes();
    listed.set_id(text(node.identity().node.view()));
    listed.set_organisation(organisation.id());
    listed.set_verify_key(text(node.identity().signing_key.verify_key()));
    listed.set_box_key(text(node.identity().box_key.public_key()));
    body.mutable_hub()->set_verify_key(text(hub_.key()));
    body.mutable_hub()->set_instance(text(hub_.sequencer().state().instance.view()));
    hub_.trust(directory_key.verify_key());
    const auto step = sync::Directory().sign_next(body, time_.now_ms(), ~0ULL >> 2U, directory_key);
    must(node.take_directory(step));
    must(hub_.sequencer().take_directory({step}, time_.now_ms()));
  }

  const By& by() {
    by_.reason = random_.chance(0.3) ? typed_.sentence() : "";
    machine_.set_clock_offset_ms(
        machine_.clock_offset_ms() +
        static_cast<std::int64_t>(random_.below(40) * minute_ms + random_.below(minute_ms)));
    return by_;
  }

  std::optional<sync::store::RecordName> begin(const sync::Result<Saved>& saved) {
    if (!saved) return refused(saved.error());
    keep(saved->record.dossier, made_.begun);
    return saved->record;
  }

  void edit(const sync::store::RecordName& name, int times) {
    const RecordType& type = *node::record_type(name.type);
    for (int i = 0; i < times; ++i) {
      const auto form = must(records_->open(name));
      const auto saved = records_->set_fields(form, {typed_.input(type)}, by());
      if (!saved) {
        refused(saved.error());
      } else if (saved->entry) {
        keep(name.dossier, made_.edited);
      }
    }
  }

  std::nullopt_t refused(const sync::Error& error) {
    if (error.kind != sync::ErrorKind::invalid && error.kind != sync::ErrorKind::denied)
      must(sync::Result<sync::Done>(error));
    ++made_.refused;
    return std::nullopt;
  }

  // The newest entry of a dossier, as it was before it was packed.
  void keep(const sync::DossierId& dossier, std::vector<sync::Bytes>& out) {
    sync::store::UnitOfWork work(machine_.node().database());
    const auto context = machine_.node().context();
    const sync::store::Replica replica(work, dossier, context);
    const auto row = work.first(
        "SELECT max(id) FROM entry WHERE dossier = ?", sync::store::bound(replica.stored().row()),
        [](const sync::store::Statement& found) { return found.integer(0); });
    const auto held = row ? replica.stored().load(*row) : std::nullopt;
    const auto change_set = held ? replica.open_entry(held->entry) : std::nullopt;
    if (!change_set) throw std::logic_error("an entry of ours does not open");
    out.push_back(must(sync::encode_change_set(*change_set)));
  }

  SeededRandom random_;
  simulation::Time time_;
  simulation::AnswerCounts answers_;
  simulation::HubMachine hub_;
  simulation::NodeMachine machine_;
  node::CodeLists codes_;
  TypedValues typed_;
  std::unique_ptr<node::RecordService> records_;
  By by_;
  MadeUpChanges made_;
};

}  // namespace

MadeUpChanges make_up_changes(std::uint64_t seed, std::size_t volunteers, Words words) {
  Prison prison(seed, words);
  for (std::size_t i = 0; i < volunteers; ++i) {
    prison.dossier(schema::VOLUNTEER);
    if (i % 2 == 0) prison.dossier(schema::CASE);
    if (i % 4 == 0) prison.dossier(schema::PERSON);
    if (i % 10 == 9) prison.sync();
  }
  return prison.take();
}

}  // namespace throughgate::dictionary
