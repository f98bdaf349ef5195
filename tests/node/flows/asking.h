// A prison that asks for records to be erased, and a desk that signs.
#pragma once

#include "node/desk/erasures.h"
#include "records/case.pb.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {

// A volunteer with all that stands beside them, and a desk that signs.
struct Asking : World {
  static constexpr const char* name = "Rosemary";
  sync::DossierId volunteer;
  std::vector<sync::DossierId> beside;

  Asking() {
    give_desk_the_key();
    volunteer = recorded("volunteer", {{"given-name", name}, {"family-name", "Planted"}});
    for (const char* type : {"volunteer-file", "vetting-notes", "diversity"}) {
      beside.push_back(recorded(type, {{"volunteer", volunteer.hex()}}));
    }
    sync_all();
  }
  sync::DossierId recorded(const std::string& type, const std::vector<FieldInput>& inputs) {
    return must(prison.records->new_record(*record_type(type), inputs, prison.by)).record.dossier;
  }
  sync::DossierId ask(const sync::DossierId& subject, WithPerson with_person = WithPerson::no) {
    const auto plan = must(plan_erasure(*prison.records, subject, with_person));
    return must(ErasureRequests(*prison.records)
                    .ask(plan, {schema::ErasureRequest::PERSON_ASKED, "they asked", {}, {}},
                         prison.by))
        .record.dossier;
  }
  DeskErasures erasures() { return DeskErasures(*desk.records); }
  bool holds(Site& site, const sync::DossierId& id) {
    return static_cast<bool>(site.reader().dossier(id));
  }
  // An assignment in a handover, with the volunteer's name copied into it.
  sync::DossierId copied_into_a_handover() {
    const auto handover = shared_handover(*this);
    must(prison.records->new_record_in(handover, *record_type("assignment"),
                                       {{"volunteer-source", volunteer.hex()},
                                        {"volunteer-name", name},
                                        {"volunteer-telephone", "07700 900123"}},
                                       prison.by));
    sync_all();
    return handover;
  }
};

}  // namespace throughgate::node::testing
