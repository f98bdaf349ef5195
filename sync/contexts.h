// Every label that the sync formats hash, sign or seal under: one for each kind of message.
#pragma once

#include "crypto/context.h"

namespace throughgate::sync::contexts {

constexpr crypto::Context entry_hash{"tg entry hash"};
constexpr crypto::Context entry_signature{"tg entry sign"};
constexpr crypto::Context entry_part{"tg entry part"};
constexpr crypto::Context entry_seal{"tg entry seal"};
constexpr crypto::Context dossier_id{"tg dossier id"};
constexpr crypto::Context key_commitment{"tg key commit"};
constexpr crypto::Context chain_start{"tg chain start"};
constexpr crypto::Context chain_link{"tg chain link"};
constexpr crypto::Context head_leaf{"tg head leaf"};
constexpr crypto::Context head_node{"tg head node"};
constexpr crypto::Context heads_signature{"tg heads sign"};
constexpr crypto::Context verdict_signature{"tg verdict sign"};
constexpr crypto::Context envelope_list{"tg envelopes"};
constexpr crypto::Context projection_digest{"tg digest"};
constexpr crypto::Context policy_version{"tg policy"};
constexpr crypto::Context reconcile_item{"tg reconcile"};
constexpr crypto::Context directory_hash{"tg dir hash"};
constexpr crypto::Context directory_signature{"tg dir sign"};
constexpr crypto::Context root_hash{"tg root hash"};
constexpr crypto::Context root_signature{"tg root sign"};
constexpr crypto::Context directory_snapshot{"tg dir snapshot"};
constexpr crypto::Context challenge_answer{"tg challenge"};
constexpr crypto::Context cursor{"tg cursor"};
constexpr crypto::Context enrol_request{"tg enrol ask"};
constexpr crypto::Context enrol_reply{"tg enrol reply"};
constexpr crypto::Context enrol_invitation{"tg enrol invite"};
constexpr crypto::Context enrolment_file{"tg enrol file"};
constexpr crypto::Context invitation_check{"tg code check"};
constexpr crypto::Context invitation_mailbox{"tg code mailbox"};
constexpr crypto::Context invitation_request_key{"tg code ask key"};
constexpr crypto::Context invitation_reply_key{"tg code rep key"};
constexpr crypto::Context invitation_own_key{"tg code own key"};
constexpr crypto::Context dictionary{"tg dictionary"};
constexpr crypto::Context sheet_number{"tg sheet number"};
constexpr crypto::Context sheet_vouch{"tg sheet vouch"};
constexpr crypto::Context backup_part{"tg backup part"};
constexpr crypto::Context backup_signature{"tg backup sign"};
constexpr crypto::Context inventory{"tg inventory"};
constexpr crypto::Context bundle_signature{"tg bundle sign"};
constexpr crypto::Context bundle_part{"tg bundle part"};
constexpr crypto::Context bundle_seal{"tg bundle seal"};
constexpr crypto::Context handover_code{"tg handover code"};
constexpr crypto::Context unlock_words{"tg unlock words"};
constexpr crypto::Context erasure_receipt{"tg erased"};
constexpr crypto::Context purge_receipt{"tg purged"};

}  // namespace throughgate::sync::contexts
