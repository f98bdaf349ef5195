// The desk: signs the directory that says who takes part, lets invited computers in, and keeps the
// sharing agreements. Its directory key lives inside this node's encrypted store.
// Threads: those of its OpenNode. Errors: those named, those of Database, and of whatever signs
//   unavailable  other programs of this desk signed at the same moment, time after time
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "node/desk/invitation_table.h"
#include "node/enrolment/letters.h"
#include "node/open_node.h"

namespace throughgate::schema {
class DirectoryPolicy;
}

namespace throughgate::node {

constexpr std::uint64_t directory_ms_max = 60ull * 24 * 60 * 60 * 1000;  // a version's life

constexpr std::size_t desk_tries_max = 10;  // requests brought by hand that nothing opens
constexpr std::uint64_t desk_wait_ms = 60 * 60 * 1000;
constexpr int signing_tries_max = 5;  // where another program of the desk signs at the same moment

struct HubFacts {  // as `throughgate-hub init` prints them
  crypto::VerifyKey key{};
  sync::InstanceId instance;
};

void put_hub(const HubFacts& hub, schema::DirectoryBody& body);

struct AgreementTerms {
  sync::OrganisationId from;
  sync::OrganisationId to;
  std::set<std::uint32_t> dossier_kinds;
  std::uint64_t expires_at_ms = 0;
  std::string reference;
};

// One who was invited, for people to read.
struct Invited {
  sync::MailboxId mailbox;
  sync::Invitation invitation;
  std::optional<sync::Applicant> applicant;  // once a request has come
  std::string words;                         // the applicant's fingerprint
  std::optional<std::uint64_t> approved_in;
  bool answered = false;
  // A letter lies there that the code did not make, or another than the desk's where its answer
  // belongs: nobody comes in by it.
  bool is_spoilt = false;

  bool asks() const { return applicant && !approved_in && !is_spoilt; }  // and waits for an answer
};
std::string standing_in_words(const Invited& invited, std::uint64_t now_ms);

class Desk {
 public:
  explicit Desk(OpenNode& node) : node_(node) {}  // which must outlive it

  // Directory version 1: the central organisation, this node and the hub, under the root list,
  // which names this computer's key_for_root_list() and the hub's. Without one, a root is made
  // whose one key lies here too: for a trial. May be repeated after a crash.
  //   invalid   this node is no node of a central organisation, has a directory already, or a name
  //             cannot be used
  //   denied    the root list names another desk or hub
  //   rejected  signatures are missing from it
  sync::Result<sync::Done> init(const HubFacts& hub, const std::string& organisation_name,
                                const std::string& label,
                                const std::optional<sync::SignedRootList>& root = std::nullopt);

  // The key that the next root list is to name for this computer to be the desk: a new one, the
  // same until a list names it. Fails with `invalid` on no central team's computer.
  sync::Result<crypto::VerifyKey> key_for_root_list();
  // Takes up a root list that enough holders have signed, in the next version; with the hub's facts
  // where it names another hub.
  //   denied    it names another desk's key, or another hub
  //   rejected  it does not follow the one in force, or signatures are missing
  sync::Result<sync::Done> install_root(sync::SignedRootList list,
                                        const std::optional<HubFacts>& hub);
  // The newest, as installed: a SignedRootList. nullopt in a directory from before there were any.
  sync::Result<std::optional<crypto::Bytes>> root_list();

  // Everything signed so far, as throughgate-hub reads it from a file. Fails with `denied` where
  // this desk does not hold the whole list.
  sync::Result<crypto::Bytes> signed_list();

  // A code, good once and for 14 days. For another computer of an organisation that is listed, its
  // id is named, and kind and establishment are taken from the list.
  //   invalid  a name cannot be used, or a prison has no establishment code
  //   denied   a new organisation bears the name of one that is listed or invited
  sync::Result<sync::InvitationCode> invite(sync::Invitation invitation);

  // Fetches what has come in for open invitations, and leaves answers that could not be left
  // before; `hub` may be null: nothing is fetched then. What goes wrong with one letter, or at the
  // exchange, keeps none of the others back; fails by this store alone.
  struct Requests {
    std::vector<Invited> invited;  // oldest invitation first
    std::size_t not_genuine = 0;   // of those, whose letter cannot be read
    std::string fault{};  // the exchange could not be asked about all of them; empty: it was
  };
  sync::Result<Requests> requests(HubClient* hub);

  // Lets the computer in: the next directory version lists it, and its answer is left in the
  // mailbox. `unavailable` with the directory signed already when only the answer could not be
  // left: requests() leaves it later.
  //   not_found  no such request
  //   denied     the invitation is too old, or has been used
  //   invalid    see admit()
  sync::Result<sync::Done> approve(const sync::MailboxId& mailbox, HubClient& hub);

  // The same steps by hand, where one side has no network. The code itself is in no file.
  // The invitation, as a file: for whom, and until when.
  sync::Result<crypto::Bytes> invitation_file(const sync::MailboxId& mailbox);
  // A request that somebody brought; again changes nothing.
  //   invalid    see read_enrolment_file()
  //   not_found  no invitation here has its code
  //   rejected   not made with that code, altered, or the code was used by another computer
  //   denied     the invitation is too old, or there were too many tries
  sync::Result<Invited> take_request(crypto::ByteView file);
  // As approve(); returns the file for the computer, with the list as it is now. May be repeated.
  // Fails with `denied` too where this desk does not hold the whole list.
  sync::Result<crypto::Bytes> approve_by_file(const sync::MailboxId& mailbox);

  // Takes an invitation back: its code is good for nothing from then on, and it is listed no more.
  //   not_found  no such invitation
  //   denied     its computer has been let in
  sync::Result<sync::Done> withdraw(const sync::MailboxId& mailbox);

  // A sharing agreement in the next version; one for the same two organisations is replaced.
  //   not_found  one of them is not listed
  //   invalid    no kind of record, or a day that has passed
  sync::Result<sync::Done> agree(const AgreementTerms& terms);
  // Ends the agreement for the two at once. Fails with `not_found` when there is none in force.
  sync::Result<sync::Done> end_agreement(const sync::OrganisationId& from,
                                         const sync::OrganisationId& to);
  // Programs below these numbers exchange no records from the next version on; what is not given
  // stays. Fails with `invalid` for one newer than this program, which would shut out the desk
  // itself, and where none is given.
  struct Oldest {
    std::optional<std::uint32_t> program{}, protocol{};
  };
  sync::Result<sync::Done> require_at_least(const Oldest& oldest);
  // Whether volunteers that sites record from then on are shared with the central team. What is
  // shared already stays so. Fails with `denied` where it is so already.
  sync::Result<sync::Done> share_volunteers(bool shared);
  // A snapshot of the list as it stands, for newcomers; the next sync hands it to the hub.
  // Fails with `denied` without a root list, `invalid` when the list is too large for one.
  sync::Result<sync::Done> make_snapshot();
  // Erases these dossiers everywhere, for good. Those that are erased already cost nothing.
  sync::Result<sync::Done> erase(const std::vector<sync::DossierId>& dossiers);
  // Nothing is accepted of this computer from the next version on; of one that is withdrawn
  // already, says why anew. `suspect_since_ms` as in EnrolledNode.
  //   not_found  no such computer
  //   denied     it is this one, or there is nothing new to say
  //   invalid    suspect since a time that has not come yet
  sync::Result<sync::Done> revoke(const sync::NodeId& node, sync::RevocationReason reason,
                                  std::uint64_t suspect_since_ms);
  // Says that what forked (node/desk/forks.h) came about by accident: the case that is named, and
  // all that wait of the same computer.
  //   not_found  no such case is held here
  //   denied     it is decided already
  sync::Result<sync::Done> decide_accident(const sync::Hash& entry);
  // The exchange, which has begun anew, waits no longer for what members still hold of these
  // records; none: of all. Fails with `invalid` for too many to be named.
  sync::Result<sync::Done> open_at_exchange(const std::vector<sync::DossierId>& dossiers);
  sync::Result<sync::Done> is_desk();  // `denied` where this computer signs nothing
  // What people read of the list as it is held here.
  struct ListFacts {
    std::uint64_t signed_at_ms = 0;  // by the clock of whoever did; 0: not known here
    std::string signed_by;           // the key's eight words; empty: not known here
    bool signed_here = false;
    std::uint64_t snapshot_of = 0;  // the newest snapshot's version; 0: there is none
  };
  sync::Result<ListFacts> list_facts();
  // A new key or instance. Fails with `denied` when the root list does not name the key.
  sync::Result<sync::Done> name_hub(const HubFacts& hub);
  sync::Result<sync::Done> renew();  // the same once more, good for 60 days from now

 private:
  sync::Result<crypto::SigningKey> directory_key();
  struct Keys;
  sync::Result<Keys> keys();
  sync::Result<sync::SignedRootList> trial_root(const crypto::VerifyKey& hub_key);
  sync::Result<sync::SignedRootList> first_root(const std::optional<sync::SignedRootList>& given,
                                                const crypto::VerifyKey& hub_key);
  sync::Result<sync::Done> sign_first(const sync::SignedRootList& list,
                                      const schema::DirectoryBody& body);
  sync::Result<sync::Done> is_central();
  sync::Result<sync::Done> init_now(const HubFacts& hub, const std::string& organisation_name,
                                    const std::string& label,
                                    const std::optional<sync::SignedRootList>& root);
  sync::Result<sync::Done> agree_now(const AgreementTerms& terms);
  sync::Result<sync::Done> end_agreement_now(const sync::OrganisationId& from,
                                             const sync::OrganisationId& to);
  sync::Result<sync::Done> revoke_now(const sync::NodeId& node, sync::RevocationReason reason,
                                      std::uint64_t suspect_since_ms);
  sync::Result<sync::Done> install_root_now(sync::SignedRootList list,
                                            const std::optional<HubFacts>& hub);
  sync::Result<sync::Done> name_hub_now(const HubFacts& hub);
  // What is signed follows from the list as it is: where somebody has signed meanwhile, it is made
  // anew on theirs.
  sync::Result<sync::Done> on_the_newest_list(
      const std::function<sync::Result<sync::Done>()>& sign_one);
  sync::Result<sync::Done> sign_next(const schema::DirectoryBody& body);
  sync::Result<sync::Done> change_policy(
      const std::function<void(schema::DirectoryPolicy&)>& change);
  sync::Result<sync::Done> sign_with(const crypto::SigningKey& key,
                                     const schema::DirectoryBody& body,
                                     sync::ByteView root_list = {});
  sync::Result<std::vector<InvitationRow>> rows();
  sync::Result<InvitationRow> row_of(const sync::MailboxId& mailbox);  // `not_found`
  sync::Result<sync::Trust> trust_for(const InvitationRow& row, const sync::Applicant& applicant);
  sync::Result<sync::Done> is_new(const sync::Invitation& invitation);
  sync::Result<sync::Done> change(const std::function<void(InvitationTable&)>& write);
  // What stood against it at the exchange (`rejected`: in the letter that lies there); nothing did:
  // nullopt. Those that return it fail by this store alone.
  using Fault = std::optional<sync::Error>;
  sync::Result<Fault> fetch(InvitationRow& row, HubClient& hub);
  sync::Result<Fault> exchange_letters(InvitationRow& row, HubClient& hub);
  sync::Result<std::uint64_t> let_in(const InvitationRow& row, const sync::Applicant& applicant);
  sync::Result<Fault> answer(const InvitationRow& row, const sync::Applicant& applicant,
                             HubClient& hub);

  OpenNode& node_;
};

}  // namespace throughgate::node
