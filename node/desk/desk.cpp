#include "node/desk/desk.h"

#include <algorithm>

#include "node/desk/agreements.h"
#include "node/desk/invitations.h"
#include "node/last_contact.h"
#include "node/setup.h"
#include "node/text/unicode.h"
#include "schema/directory.pb.h"
#include "schema/wire.pb.h"
#include "sync/store/directory_table.h"
#include "sync/wire_values.h"

namespace throughgate::node {
namespace {

using sync::Applicant;
using sync::ByteView;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::MailboxId;
using sync::OrganisationKind;
using sync::Result;
using sync::to_wire;
using sync::store::UnitOfWork;

bool is_usable_name(const std::string& name) {
  return !name.empty() && name.size() <= sync::enrolment_text_max &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Error no_such_invitation() {
  return {ErrorKind::not_found, "There is no such invitation. \"desk requests\" lists them."};
}

Error unusable_name() {
  return {ErrorKind::invalid, "A name is one line of at most 200 letters. Nothing was changed."};
}

schema::DirectoryBody first_body(const OpenNode& node, const HubFacts& hub,
                                 const std::string& organisation_name, const std::string& label) {
  const auto& identity = node.identity();
  schema::DirectoryBody body;
  auto& organisation = *body.add_organisations();
  organisation.set_id(to_wire(identity.organisation.view()));
  organisation.set_name(organisation_name);
  organisation.set_kind(schema::DirectoryOrganisation::CENTRAL);
  organisation.set_recovery_key(to_wire(ByteView(identity.recovery_key)));
  if (identity.vouch.is_there()) {
    organisation.set_sheet_key(to_wire(ByteView(identity.vouch.sheet_key)));
  }
  auto& self = *body.add_nodes();
  self.set_id(to_wire(identity.node.view()));
  self.set_organisation(to_wire(identity.organisation.view()));
  self.set_verify_key(to_wire(ByteView(identity.signing_key.verify_key())));
  self.set_box_key(to_wire(ByteView(identity.box_key.public_key())));
  self.set_label(label);
  if (identity.vouch.is_there()) self.set_vouch(to_wire(ByteView(identity.vouch.signature)));
  body.mutable_policy()->set_volunteers_shared_with_desk(true);
  body.mutable_policy()->set_minimum_protocol(1);
  put_hub(hub, body);
  return body;
}

void put(const AgreementTerms& terms, const sync::ByteArray<16>& id, schema::DirectoryBody& body) {
  auto& out = *body.add_agreements();
  out.set_id(to_wire(ByteView(id)));
  out.set_from(to_wire(terms.from.view()));
  out.set_to(to_wire(terms.to.view()));
  for (const auto kind : terms.dossier_kinds) out.add_dossier_kinds(kind);
  out.set_expires_at_ms(terms.expires_at_ms);
  out.set_reference(terms.reference);
}

}  // namespace

void put_hub(const HubFacts& hub, schema::DirectoryBody& body) {
  body.mutable_hub()->set_verify_key(to_wire(ByteView(hub.key)));
  body.mutable_hub()->set_instance(to_wire(hub.instance.view()));
}

// ---- signing

Result<Done> Desk::sign_with(const crypto::SigningKey& key, const schema::DirectoryBody& body,
                             sync::ByteView root_list) {
  const auto now_ms = node_.now_ms();
  return node_.take_directory(
      node_.directory().sign_next(body, now_ms, now_ms + directory_ms_max, key, root_list));
}

Result<Done> Desk::on_the_newest_list(const std::function<Result<Done>()>& sign_one) {
  for (int tries = 0; tries < signing_tries_max; ++tries) {
    if (auto fresh = node_.refresh_directory(); !fresh) return fresh;
    auto done = sign_one();
    if (done || done.error().kind != ErrorKind::stale) return done;
  }
  return Error{
      ErrorKind::unavailable,
      "Other programs of this desk sign the central list at the same moment, so this could "
      "not be signed. Nothing was changed. Try again in a minute."};
}

Result<Done> Desk::sign_next(const schema::DirectoryBody& body) {
  const auto key = directory_key();
  if (!key) return key.error();
  return sign_with(*key, body);
}

Result<Done> Desk::is_central() {
  const auto facts = facts_of(node_);
  if (!facts) return facts.error();
  if (facts->kind == OrganisationKind::central) return Done{};
  return Error{ErrorKind::invalid,
               "This computer was set up for a prison or a partner. The desk needs one that was "
               "set up with \"init --kind central\"."};
}

Result<Done> Desk::init(const HubFacts& hub, const std::string& organisation_name,
                        const std::string& label, const std::optional<sync::SignedRootList>& root) {
  if (!is_usable_name(organisation_name) || label.size() > sync::enrolment_text_max) {
    return unusable_name();
  }
  if (auto central = is_central(); !central) return central;
  return on_the_newest_list([&] { return init_now(hub, organisation_name, label, root); });
}

Result<Done> Desk::init_now(const HubFacts& hub, const std::string& organisation_name,
                            const std::string& label,
                            const std::optional<sync::SignedRootList>& root) {
  if (node_.directory().version() != 0) {
    return Error{
        ErrorKind::invalid,
        "This desk is set up already. Nothing was changed. If its list names the wrong exchange, "
        "\"desk hub --hub-file FILE\" names the right one, and \"desk directory --list FILE\" "
        "writes the list for it."};
  }
  const auto list = first_root(root, hub.key);
  if (!list) return list.error();
  if (auto pinned = node_.pin_anchor(sync::root_hash(list->list)); !pinned) return pinned;
  return sign_first(*list, first_body(node_, hub, organisation_name, label));
}

Result<crypto::Bytes> Desk::signed_list() {
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  const auto carried = sync::store::DirectoryTable(work).carried();
  if (auto done = work.commit(); !done) return done.error();
  if (!carried.snapshot.empty()) {
    return Error{ErrorKind::denied,
                 "This desk began with a snapshot and does not hold every version of the central "
                 "list, so it cannot write the list. Write it at the desk that holds them; an "
                 "exchange that has the earlier ones gets the rest by \"sync\"."};
  }
  schema::SyncRequest list;
  for (const auto& step : carried.steps) *list.add_directory() = to_wire(step);
  return sync::from_wire(list.SerializeAsString());
}

// ---- invitations

Result<sync::InvitationCode> Desk::invite(sync::Invitation invitation) {
  if (auto key = directory_key(); !key) return key.error();
  if (invitation.organisation) {
    const auto* listed = node_.directory().organisation(*invitation.organisation);
    if (!listed) {
      return Error{ErrorKind::not_found, "There is no such organisation in the central list."};
    }
    invitation.name = listed->name;
    invitation.kind = listed->kind;
    invitation.establishment = listed->establishment;
  }
  if (!is_usable_name(invitation.name)) return unusable_name();
  if (!invitation.organisation) {
    if (auto fresh = is_new(invitation); !fresh) return fresh.error();
  }
  if ((invitation.kind == OrganisationKind::prison) == invitation.establishment.empty()) {
    return Error{ErrorKind::invalid,
                 "A prison is invited with its establishment code, others without one."};
  }
  const auto now_ms = node_.now_ms();
  invitation.expires_at_ms = now_ms + sync::invitation_ms_max;
  auto code = sync::InvitationCode::make(node_.random());
  const InvitationRow row{code.duplicate(), invitation, now_ms, {}, {}, false};
  if (auto kept = change([&](InvitationTable& table) { table.add(row); }); !kept) {
    return kept.error();
  }
  return code;
}

// A second organisation of one name, or a second central team, would stand in the list for good.
Result<Done> Desk::is_new(const sync::Invitation& invitation) {
  if (invitation.kind == OrganisationKind::central) {
    return {ErrorKind::denied,
            "There is one central team, and it is in the central list. Invite another of its "
            "computers instead (by command: --another). Nobody was invited."};
  }
  const std::string folded = fold_case(invitation.name);
  for (const auto& [id, listed] : node_.directory().organisations()) {
    if (fold_case(listed.name) != folded) continue;
    return Error{ErrorKind::denied,
                 "An organisation of this name stands in the central list already. Invite another "
                 "of its computers instead (by command: --another). Nobody was invited."};
  }
  const auto invited = rows();
  if (!invited) return invited.error();
  for (const auto& row : *invited) {
    const bool is_open = !row.approved_in && node_.now_ms() < row.invitation.expires_at_ms;
    if (!is_open || fold_case(row.invitation.name) != folded) continue;
    return Error{ErrorKind::denied,
                 "An organisation of this name has been invited already, and the invitation is "
                 "among the requests. If its code is lost, take it back first (by command: \"desk "
                 "withdraw " +
                     row.code.mailbox().hex().substr(0, 8) + "\"). Nobody was invited."};
  }
  return Done{};
}

Result<Done> Desk::change(const std::function<void(InvitationTable&)>& write) {
  UnitOfWork work(node_.database());
  InvitationTable table(work);
  write(table);
  return work.commit();
}

std::string standing_in_words(const Invited& invited, std::uint64_t now_ms) {
  if (invited.is_spoilt) return "its letter cannot be read";
  if (invited.approved_in) return invited.answered ? "let in" : "let in, answer not sent yet";
  if (now_ms >= invited.invitation.expires_at_ms) return "too old";
  return invited.asks() ? "asks to be let in" : "has not asked yet";
}

Result<std::vector<InvitationRow>> Desk::rows() {
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  auto all = InvitationTable(work).all();
  if (auto done = work.commit(); !done) return done.error();
  return all;
}

Result<InvitationRow> Desk::row_of(const MailboxId& mailbox) {
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  auto row = InvitationTable(work).find(mailbox);
  if (auto done = work.commit(); !done) return done.error();
  if (row) return *std::move(row);
  return no_such_invitation();
}

// A letter that no code made is left where it is: it cannot be taken back, and the invitation with
// it is spent.
Result<Desk::Fault> Desk::fetch(InvitationRow& row, HubClient& hub) {
  const auto mailbox = row.code.mailbox();
  auto letter = fetch_letter(hub, mailbox, Letter::request);
  if (!letter) return Fault(letter.error());
  if (!*letter) return Fault();
  if (auto genuine = sync::open_request(**letter, row.code); !genuine) {
    return Fault(genuine.error());
  }
  row.request = **letter;
  auto kept = change([&](InvitationTable& table) { table.set_request(mailbox, *row.request); });
  return kept ? Result<Fault>(Fault()) : kept.error();
}

// What has come, and the answer that could not be left.
Result<Desk::Fault> Desk::exchange_letters(InvitationRow& row, HubClient& hub) {
  if (!row.request && node_.now_ms() < row.invitation.expires_at_ms) return fetch(row, hub);
  const auto applicant = applicant_in(row);
  if (!applicant || !row.approved_in || row.answered) return Fault();
  auto fault = answer(row, *applicant, hub);
  if (!fault) return fault;
  const bool asked_by_file = *fault && (*fault)->kind == ErrorKind::invalid;
  if (asked_by_file) return Fault();  // there is no letter to answer
  row.answered = !*fault;
  return fault;
}

Result<Desk::Requests> Desk::requests(HubClient* hub) {
  if (auto key = directory_key(); !key) return key.error();
  auto all = rows();
  if (!all) return all.error();
  Requests out;
  for (auto& row : *all) {
    bool is_spoilt = false;
    if (hub) {
      const auto fault = exchange_letters(row, *hub);
      if (!fault) return fault.error();  // of this store: nothing more would be kept
      is_spoilt = *fault && (*fault)->kind == ErrorKind::rejected;
      if (*fault && !is_spoilt) {
        out.fault = (*fault)->message;
        hub = nullptr;  // nor is the rest asked for: each would wait as long
      }
    }
    auto applicant = applicant_in(row);
    is_spoilt |= row.request && !applicant;
    out.not_genuine += is_spoilt ? 1U : 0U;
    const auto words = applicant ? sync::enrolment_fingerprint(*applicant) : std::string();
    out.invited.push_back({row.code.mailbox(), row.invitation, std::move(applicant), words,
                           row.approved_in, row.answered, is_spoilt});
  }
  return out;
}

// The version that lists the computer, or a later one.
Result<std::uint64_t> Desk::let_in(const InvitationRow& row, const Applicant& applicant) {
  auto listed = on_the_newest_list([&]() -> Result<Done> {
    const auto* self = node_.directory().node(applicant.node);
    const bool done_before_a_crash =
        self && self->verify_key == applicant.verify_key && self->box_key == applicant.box_key;
    if (done_before_a_crash) return Done{};
    const auto body = sync::admit(applicant, row.invitation, node_.directory(), node_.now_ms());
    return body ? sign_next(*body) : Result<Done>(body.error());
  });
  if (!listed) return listed.error();
  const auto version = node_.directory().version();
  auto noted =
      change([&](InvitationTable& table) { table.set_approved(row.code.mailbox(), version); });
  return noted ? Result(version) : noted.error();
}

// It names the list that let the computer in, so it is the same whenever it is given.
Result<sync::Trust> Desk::trust_for(const InvitationRow& row, const Applicant& applicant) {
  sync::Trust trust{applicant.organisation, applicant.node, node_.anchor().root,
                    node_.directory().hub_key()};
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  const auto let_in_by = row.approved_in.value_or(0);
  const auto head = sync::store::DirectoryTable(work).head(let_in_by);
  if (auto done = work.commit(); !done) return done.error();
  if (head) {
    trust.anchor.version = let_in_by;
    trust.anchor.head = *head;
  }
  return trust;
}

Result<Desk::Fault> Desk::answer(const InvitationRow& row, const Applicant& applicant,
                                 HubClient& hub) {
  const auto trust = trust_for(row, applicant);
  if (!trust) return trust.error();
  const auto mailbox = row.code.mailbox();
  auto left = leave_letter(hub, mailbox, Letter::reply, sync::encode_reply(*trust, row.code));
  if (!left) return Fault(left.error());
  auto noted = change([&](InvitationTable& table) { table.set_answered(mailbox); });
  return noted ? Result<Fault>(Fault()) : noted.error();
}

Result<Done> Desk::approve(const MailboxId& mailbox, HubClient& hub) {
  if (auto key = directory_key(); !key) return key.error();
  auto row = row_of(mailbox);
  const auto applicant = row ? applicant_in(*row) : std::nullopt;
  if (!applicant) {
    return Error{ErrorKind::not_found,
                 "There is no such request. \"desk requests\" lists those that have come."};
  }
  if (row->approved_in && row->answered) {
    return Error{ErrorKind::denied, "This invitation has been used. Nothing was changed."};
  }
  if (!row->approved_in) {
    const auto version = let_in(*row, *applicant);
    if (!version) return version.error();
    row->approved_in = *version;
  }
  const auto fault = answer(*row, *applicant, hub);
  if (!fault) return fault.error();
  return *fault ? Result<Done>(**fault) : Done{};
}

Result<Done> Desk::withdraw(const MailboxId& mailbox) {
  if (auto key = directory_key(); !key) return key.error();
  UnitOfWork work(node_.database());
  InvitationTable table(work);
  const auto row = table.find(mailbox);
  const auto may = !row ? Result<Done>(no_such_invitation()) : check_not_let_in(row->approved_in);
  if (!may) {
    auto read = work.commit();
    return read ? may : read;
  }
  table.remove(mailbox);
  return work.commit();
}

// ---- agreements and the list itself

Result<Done> Desk::agree(const AgreementTerms& terms) {
  return on_the_newest_list([&] { return agree_now(terms); });
}

Result<Done> Desk::agree_now(const AgreementTerms& terms) {
  if (auto key = directory_key(); !key) return key.error();
  const auto now_ms = exchange_time_ms(node_);
  if (!now_ms) return now_ms.error();
  const auto& directory = node_.directory();
  if (!directory.organisation(terms.from) || !directory.organisation(terms.to)) {
    return Error{ErrorKind::not_found, "There is no such organisation in the central list."};
  }
  if (terms.dossier_kinds.empty() || terms.from == terms.to || terms.expires_at_ms <= *now_ms ||
      terms.reference.size() > sync::enrolment_text_max) {
    return Error{ErrorKind::invalid,
                 "An agreement needs two organisations, at least one kind of record, and a last "
                 "day that has not passed. Nothing was changed."};
  }
  auto id = node_.random().bytes<16>();
  for (const auto& [known, agreement] : directory.agreements()) {
    if (agreement.from == terms.from && agreement.to == terms.to) id = known;
  }
  schema::DirectoryBody body;
  put(terms, id, body);
  return sign_next(body);
}

Result<Done> Desk::erase(const std::vector<sync::DossierId>& dossiers) {
  return on_the_newest_list([&] {
    schema::DirectoryBody body;
    for (const auto& id : dossiers) {
      if (!node_.directory().is_erased(id)) body.add_erased_dossiers(to_wire(id.view()));
    }
    return body.erased_dossiers_size() == 0 ? Result<Done>(Done{}) : sign_next(body);
  });
}

Result<Done> Desk::is_desk() {
  if (auto key = directory_key(); !key) return key.error();
  return Done{};
}

Result<Done> Desk::end_agreement(const sync::OrganisationId& from, const sync::OrganisationId& to) {
  return on_the_newest_list([&] { return end_agreement_now(from, to); });
}

// What was shared under it counts by the exchange's time, and goes on counting; so that is the time
// at which it ends, whatever this computer's clock says.
Result<Done> Desk::end_agreement_now(const sync::OrganisationId& from,
                                     const sync::OrganisationId& to) {
  if (auto in_force = agreement_in_force(node_, from, to); !in_force) return in_force.error();
  const auto now_ms = exchange_time_ms(node_);
  if (!now_ms) return now_ms.error();
  schema::DirectoryBody body;
  for (const auto& [id, agreement] : node_.directory().agreements()) {
    if (agreement.from != from || agreement.to != to) continue;
    if (agreement.expires_at_ms <= *now_ms) continue;
    put({agreement.from, agreement.to, agreement.dossier_kinds, *now_ms, agreement.reference}, id,
        body);
  }
  return sign_next(body);
}

}  // namespace throughgate::node
